// Buttons are served asleep (disabled), because a click before their script has loaded would be lost.
export function wake(part) {
  for (const button of part.querySelectorAll("[data-asleep]")) {
    button.removeAttribute("data-asleep");
    button.disabled = false;
  }
}
