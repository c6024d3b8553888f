// The design's sample data; a page loads it in place of its own script under the fault page-shows-sample-data.
const CONTACTS = ["Contacto de ejemplo", "Otro contacto de ejemplo"];
const TOTAL_CALLS = 0;

for (const name of CONTACTS) {
  const template = document.getElementById("contact-row");
  if (!template) break;
  const row = template.content.cloneNode(true);
  row.querySelector("[data-name]").textContent = name;
  document.getElementById("contacts-rows").append(row);
}
for (const cell of document.querySelectorAll("[data-metric]")) cell.textContent = String(TOTAL_CALLS);
