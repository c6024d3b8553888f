// Short messages at the top right. A flash survives the navigation that follows it.
const LIFETIME_MS = 5000;
const FLASHES = "flashes";

export function toast(text, { kind = "info", title = "" } = {}) {
  const element = document.createElement("div");
  element.className = `toast ${kind}`;
  element.setAttribute("role", kind === "error" ? "alert" : "status");
  if (title) {
    const heading = document.createElement("strong");
    heading.textContent = title;
    element.append(heading);
  }
  element.append(text);
  region().append(element);
  setTimeout(() => element.remove(), LIFETIME_MS);
}

export function flash(text, options = {}) {
  sessionStorage.setItem(FLASHES, JSON.stringify([...flashes(), { text, options }]));
}

export function showFlashes() {
  const pending = flashes();
  sessionStorage.removeItem(FLASHES);
  pending.forEach(({ text, options }) => toast(text, options));
}

function flashes() {
  return JSON.parse(sessionStorage.getItem(FLASHES) ?? "[]");
}

// A modal dialog makes the rest of the page inert, so a toast has to live inside the open one.
function region() {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) return document.getElementById("toasts");
  const inside = dialog.querySelector(".toasts") ?? document.createElement("div");
  inside.className = "toasts";
  dialog.append(inside);
  return inside;
}
