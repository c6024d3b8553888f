// A plain list of what the API has: the campaigns, the calls.
import { requestJson } from "./api.js";

const list = document.getElementById("list");
const { source, shown } = list.dataset;

try {
  const answer = await requestJson(source);
  const rows = Array.isArray(answer) ? answer : answer.data;
  list.replaceChildren(...rows.map((row) => Object.assign(document.createElement("li"), { textContent: row[shown] })));
  document.getElementById("list-empty").hidden = Boolean(rows.length);
} catch {
  document.getElementById("list-error").hidden = false;
}
list.removeAttribute("aria-busy");
