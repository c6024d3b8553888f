// Validation messages under their fields: announced, and tied to the field for screen readers.

// `rules` maps a field name to a function from its value to a message, or "" when the value is fine.
export function validated(form, rules) {
  const failing = Object.keys(rules).filter((name) => !check(form, name, rules[name]));
  if (failing.length) form.elements[failing[0]].focus();
  return failing.length === 0;
}

export function recheckWhileTyping(form, rules) {
  for (const [name, rule] of Object.entries(rules)) {
    const field = form.elements[name];
    field.addEventListener("input", () => {
      if (field.getAttribute("aria-invalid") === "true") check(form, name, rule);
    });
  }
}

export function fieldError(field, message) {
  const id = `${field.id}-error`;
  document.getElementById(id)?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  if (!message) return;
  const element = document.createElement("p");
  Object.assign(element, { id, className: "field-error", textContent: message });
  element.setAttribute("role", "alert");
  field.after(element);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
}

export function busy(button, text) {
  const before = button.textContent;
  button.disabled = true;
  button.textContent = text;
  return () => {
    button.disabled = false;
    button.textContent = before;
  };
}

function check(form, name, rule) {
  const message = rule(form.elements[name].value);
  fieldError(form.elements[name], message);
  return !message;
}
