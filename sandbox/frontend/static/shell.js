// The header: notifications, profile menu, signing out; and the toasts left by the page before.
import { keepFresh, signOut } from "./session.js";
import { flash, showFlashes, toast } from "./toasts.js";
import { wake } from "./wake.js";

showFlashes();
keepFresh();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelectorAll(".menu-anchor").forEach(popover);
document.getElementById("sign-out")?.addEventListener("click", leave);
wake(document.querySelector(".header"));

async function leave() {
  try {
    await signOut();
  } catch {
    toast("Error al cerrar sesión", { kind: "error" });
    return;
  }
  flash("Has cerrado sesión correctamente", { title: "Sesión cerrada" });
  location.assign("/login");
}

function popover(anchor) {
  const [button, panel] = [anchor.querySelector("[aria-expanded]"), anchor.querySelector(".popover")];
  const items = [...panel.querySelectorAll("[role=menuitem]")];
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) items[0]?.focus();
  };
  button.addEventListener("click", () => show(panel.hidden));
  document.addEventListener("click", (event) => anchor.contains(event.target) || show(false));
  anchor.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !anchor.contains(event.relatedTarget)) show(false);
  });
  anchor.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      show(false);
      button.focus();
    }
    moveFocus(event, items);
  });
}

function moveFocus(event, items) {
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (here < 0 || next === undefined) return;
  event.preventDefault();
  items.at(next % items.length).focus();
}
