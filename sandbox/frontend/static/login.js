// Signing in, and resuming a session whose access token ran out while its refresh token still works.
import { busy, recheckWhileTyping, validated } from "./fields.js";
import { SignInRefused, accessToken, forget, hasSession, safeRedirect, signIn } from "./session.js";
import { flash, showFlashes, toast } from "./toasts.js";
import { wake } from "./wake.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const rules = {
  email: (value) => {
    if (!value.trim()) return "El correo electrónico es obligatorio";
    return EMAIL.test(value.trim()) ? "" : "Dirección de correo inválida";
  },
  password: (value) => {
    if (!value) return "La contraseña es obligatoria";
    return value.length >= 6 ? "" : "La contraseña debe tener al menos 6 caracteres";
  },
};

const form = document.getElementById("login-form");
const alert = document.getElementById("login-error");
const redirect = new URLSearchParams(location.search).get("redirect");

showFlashes();
recheckWhileTyping(form, rules);
form.addEventListener("submit", submit);
wake(form);
if (redirect && hasSession()) resume();

async function submit(event) {
  event.preventDefault();
  alert.hidden = true;
  if (!validated(form, rules)) return;
  const done = busy(form.querySelector("[type=submit]"), "Iniciando sesión...");
  try {
    await signIn(form.elements.email.value.trim(), form.elements.password.value);
    flash("Inicio de sesión exitoso");
    location.assign(safeRedirect(redirect));
  } catch (error) {
    refuse(error);
    done();
  }
}

function refuse(error) {
  const refused = error instanceof SignInRefused;
  alert.textContent = refused
    ? "Credenciales inválidas. Por favor, intenta de nuevo."
    : "Ocurrió un error al iniciar sesión. Por favor, intenta de nuevo.";
  alert.hidden = false;
  const reason = error.message ? `Error de inicio de sesión: ${error.message}` : "No se pudo iniciar sesión";
  toast(refused ? reason : "Error inesperado al iniciar sesión", { kind: "error" });
}

async function resume() {
  try {
    await accessToken();
    location.replace(safeRedirect(redirect));
  } catch {
    forget(); // The refresh token is spent too; the form is already there.
  }
}
