// The question before a contact is deleted.
import { request } from "./api.js";

const dialog = document.getElementById("delete-dialog");

// Resolves to whether the contact was deleted; rejects with the API's error.
export async function deleteAfterAsking(contact) {
  dialog.querySelector("[data-contact-name]").textContent = contact.name;
  dialog.returnValue = "cancel";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "confirm") return false;
  await request(`/api/contacts/${contact.id}`, { method: "DELETE" });
  return true;
}
