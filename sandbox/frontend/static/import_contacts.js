// The dialog that uploads a CSV file of contacts.
import { explain, requestJson } from "./api.js";
import { busy, fieldError } from "./fields.js";
import { toast } from "./toasts.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("import-dialog");
const form = byId("import-form");
const input = byId("csv-file");
const submit = form.querySelector("[type=submit]");
let afterwards = () => {};

byId("import-cancel").addEventListener("click", () => dialog.close());
input.addEventListener("change", choose);
form.addEventListener("submit", upload);

export function openImport(onImported) {
  afterwards = onImported;
  form.reset();
  fieldError(input, "");
  byId("import-result").hidden = true;
  submit.disabled = true;
  dialog.showModal();
}

function choose() {
  const problem = problemOf(input.files[0]);
  fieldError(input, problem);
  submit.disabled = Boolean(problem);
}

function problemOf(file) {
  if (!file) return "Por favor, selecciona un archivo CSV";
  return file.name.toLowerCase().endsWith(".csv") ? "" : "Por favor, selecciona un archivo CSV válido";
}

async function upload(event) {
  event.preventDefault();
  const done = busy(submit, "Importando...");
  byId("import-progress").hidden = false;
  const content = new FormData();
  content.append("file", input.files[0]);
  try {
    report(await requestJson("/api/contacts/import", { method: "POST", form: content }));
  } catch (error) {
    refuse(explain(error, "Error al importar contactos"));
  } finally {
    done();
    byId("import-progress").hidden = true;
  }
}

function report({ imported, errors }) {
  if (!imported) return refuse("No se pudo importar ningún contacto");
  byId("import-count").textContent = `Se importaron ${imported} contactos correctamente`;
  byId("import-rejected").textContent = `Filas con errores: ${errors}`;
  byId("import-rejected").hidden = !errors;
  byId("import-result").hidden = false;
  afterwards();
}

function refuse(text) {
  fieldError(input, text);
  toast(text, { kind: "error" });
}
