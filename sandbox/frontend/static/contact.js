// /contacts/{id}: one contact, to be read, edited or deleted.
import { explain, requestJson } from "./api.js";
import { contactForm } from "./contact_form.js";
import { deleteAfterAsking } from "./delete_contact.js";
import { tagList } from "./tags.js";
import { flash, toast } from "./toasts.js";

const byId = (id) => document.getElementById(id);
const path = `/api/contacts/${encodeURIComponent(byId("contact").dataset.contactId)}`;
const toList = () => location.assign("/contacts");

load();

async function load() {
  try {
    const contact = await requestJson(path);
    byId("edit").addEventListener("click", () => edit(contact));
    byId("delete").addEventListener("click", () => remove(contact));
    if (new URLSearchParams(location.search).has("edit")) edit(contact);
    else show(contact);
  } catch (error) {
    byId("contact-error").textContent = error.status === 404 ? "Contacto no encontrado" : "Error al cargar el contacto";
    byId("contact-error").hidden = false;
  } finally {
    byId("contact-loading").hidden = true;
  }
}

function show(contact) {
  const field = (name) => byId("contact-details").querySelector(`[data-field=${name}]`);
  for (const name of ["name", "phone_number", "email", "notes"]) field(name).textContent = contact[name] || "-";
  field("tags").append(tagList(contact.tags));
  byId("contact-details").hidden = byId("contact-actions").hidden = false;
}

function edit(contact) {
  byId("contact-heading").textContent = "Editar Contacto";
  byId("contact-details").hidden = byId("contact-actions").hidden = true;
  byId("contact-edit").hidden = false;
  contactForm({
    contact,
    send: { method: "PUT", path },
    failure: "Error al actualizar el contacto",
    onCancel: toList,
    onSaved: () => {
      flash("Contacto actualizado correctamente");
      toList();
    },
  });
}

async function remove(contact) {
  try {
    if (!(await deleteAfterAsking(contact))) return;
    flash("Contacto eliminado exitosamente");
    toList();
  } catch (error) {
    toast(explain(error, "Error al eliminar el contacto"), { kind: "error" });
  }
}
