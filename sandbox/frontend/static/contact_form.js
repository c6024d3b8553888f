// The form for a contact, shared by creating and editing.
import { explain, requestJson } from "./api.js";
import { busy, recheckWhileTyping, validated } from "./fields.js";
import { editTags } from "./tags.js";
import { toast } from "./toasts.js";
import { wake } from "./wake.js";

const PHONE = /^\+?[0-9]{9,15}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const rulesFor = (contact) => ({
  name: (value) => (value.trim() ? "" : "El nombre es obligatorio"),
  phone_number: (value) => {
    if (!value.trim()) return "El número de teléfono es obligatorio";
    // A viewer is shown a masked number; left as it is, it is nobody's mistake.
    const fine = value === contact.phone_number || PHONE.test(value.trim());
    return fine ? "" : "Formato de teléfono inválido. Debe tener entre 9 y 15 dígitos";
  },
  email: (value) => (!value.trim() || EMAIL.test(value.trim()) ? "" : "Email inválido"),
});

// `send` is the method and path of the API; `onSaved` and `onCancel` decide what follows.
export function contactForm({ contact = {}, send, failure, onSaved, onCancel }) {
  const form = document.getElementById("contact-form");
  const { name, phone_number: phone, email, notes, tags } = form.elements;
  [name, phone, email, notes].forEach((field) => (field.value = contact[field.name] ?? ""));
  const list = document.getElementById("tag-list");
  const readTags = editTags(tags, list, document.getElementById("tag-item"), contact.tags ?? []);
  const rules = rulesFor(contact);
  const values = () => ({
    name: name.value.trim(),
    phone_number: phone.value.trim(),
    email: email.value.trim() || null,
    notes: notes.value,
    tags: readTags(),
  });

  recheckWhileTyping(form, rules);
  document.getElementById("cancel").addEventListener("click", onCancel);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!validated(form, rules)) return;
    const done = busy(form.querySelector("[type=submit]"), "Guardando...");
    try {
      onSaved(await requestJson(send.path, { method: send.method, json: changes(contact, values()) }));
    } catch (error) {
      toast(explain(error, failure), { kind: "error" });
      done();
    }
  });
  wake(form);
  name.focus();
}

function changes(before, after) {
  const differs = ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]);
  return Object.fromEntries(Object.entries(after).filter(differs));
}
