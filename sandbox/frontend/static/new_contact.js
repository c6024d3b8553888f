// /contacts/new
import { contactForm } from "./contact_form.js";
import { flash } from "./toasts.js";

const toList = () => location.assign("/contacts");

contactForm({
  send: { method: "POST", path: "/api/contacts/" },
  failure: "Error al crear el contacto",
  onCancel: toList,
  onSaved: () => {
    flash("Contacto creado correctamente");
    toList();
  },
});
