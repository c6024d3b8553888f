// The list of contacts: search, pages, and the way to create, edit, delete, import and export.
import { explain, request, requestJson } from "./api.js";
import { deleteAfterAsking } from "./delete_contact.js";
import { openImport } from "./import_contacts.js";
import { tagList } from "./tags.js";
import { toast } from "./toasts.js";
import { wake } from "./wake.js";

const PAGE_SIZE = 10;
const SKELETON_ROWS = 5;

const byId = (id) => document.getElementById(id);
const rows = byId("contacts-rows");
const search = byId("search");
const address = new URLSearchParams(location.search);
const shown = { page: Math.max(Number.parseInt(address.get("page"), 10) || 1, 1), search: address.get("search") ?? "" };
let latest = 0;

search.value = shown.search;
byId("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  show({ page: 1, search: search.value.trim() });
});
byId("previous").addEventListener("click", () => show({ page: shown.page - 1 }));
byId("next").addEventListener("click", () => show({ page: shown.page + 1 }));
byId("new-contact").addEventListener("click", () => location.assign("/contacts/new"));
byId("open-import").addEventListener("click", () => openImport(load));
byId("export").addEventListener("click", exportContacts);
wake(byId("main"));
load();

function show(change) {
  Object.assign(shown, change);
  const query = new URLSearchParams({ ...(shown.search && { search: shown.search }), ...(shown.page > 1 && { page: shown.page }) });
  history.replaceState(null, "", `/contacts${query.size ? `?${query}` : ""}`);
  return load();
}

// Answers may overtake each other: only the latest question's answer is drawn.
async function load() {
  const turn = (latest += 1);
  wait();
  try {
    const page = await requestJson(`/api/contacts/?${query()}`);
    if (turn !== latest) return;
    if (!page.data.length && shown.page > 1) return show({ page: Math.max(page.totalPages, 1) });
    draw(page);
  } catch {
    if (turn === latest) fail();
  }
}

function query() {
  const skip = (shown.page - 1) * PAGE_SIZE;
  return new URLSearchParams({ skip, limit: PAGE_SIZE, ...(shown.search && { search: shown.search }) });
}

function wait() {
  byId("contacts-table").hidden = false;
  byId("contacts-table").setAttribute("aria-busy", "true");
  byId("contacts-error").hidden = byId("contacts-empty").hidden = true;
  const skeleton = byId("skeleton-row").content;
  rows.replaceChildren(...Array.from({ length: SKELETON_ROWS }, () => skeleton.cloneNode(true)));
}

function draw(page) {
  settle();
  rows.replaceChildren(...page.data.map(row));
  byId("contacts-table").hidden = !page.data.length;
  byId("contacts-empty").hidden = Boolean(page.data.length);
  byId("pagination").hidden = !page.data.length;
  byId("position").textContent = `Página ${page.page} de ${page.totalPages} · ${page.total} contactos`;
  byId("previous").disabled = page.page <= 1;
  byId("next").disabled = page.page >= page.totalPages;
}

function fail() {
  settle();
  rows.replaceChildren();
  byId("contacts-table").hidden = byId("pagination").hidden = true;
  byId("contacts-error").hidden = false;
}

function settle() {
  byId("contacts-table").removeAttribute("aria-busy");
}

function row(contact) {
  const element = byId("contact-row").content.cloneNode(true);
  const cell = (name) => element.querySelector(`[data-${name}]`);
  Object.assign(cell("name"), { textContent: contact.name, href: `/contacts/${contact.id}` });
  cell("phone").append(contact.phone_number);
  cell("email").append(contact.email ?? "-");
  cell("tags").append(tagList(contact.tags));
  cell("edit").addEventListener("click", () => location.assign(`/contacts/${contact.id}?edit`));
  cell("delete").addEventListener("click", () => remove(contact));
  return element;
}

async function remove(contact) {
  try {
    if (!(await deleteAfterAsking(contact))) return;
    toast("Contacto eliminado correctamente");
    await load();
  } catch (error) {
    toast(explain(error, "Error al eliminar el contacto"), { kind: "error" });
  }
}

async function exportContacts() {
  toast("Exportando contactos...");
  try {
    const answer = await request("/api/contacts/export");
    download(await answer.blob(), `contactos_${new Date().toISOString().slice(0, 10)}.csv`);
    toast("Contactos exportados correctamente");
  } catch (error) {
    toast(explain(error, "Error al exportar contactos"), { kind: "error" });
  }
}

function download(blob, name) {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
