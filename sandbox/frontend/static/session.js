// The signed-in session: tokens from Supabase, kept for scripts and, as a cookie, for the server's page guard.
import { config } from "./config.js";

const KEY = "sb-auth-token";
const COOKIE = "sb-access-token";
const REFRESH_BEFORE_S = 60;

export class SignInRefused extends Error {}
export class SessionExpired extends Error {}

export async function signIn(email, password) {
  keep(await token("password", { email, password }));
}

export async function signOut() {
  const { access_token: accessToken } = stored() ?? {};
  const answer = await supabase("/logout?scope=local", { headers: { Authorization: `Bearer ${accessToken}` } });
  // A session that the server no longer knows is as good as ended.
  if (!answer.ok && ![401, 403, 404].includes(answer.status)) throw new Error(`logout: ${answer.status}`);
  forget();
}

// An access token that is good for at least a minute. Tabs take turns, because a refresh token works once.
export async function accessToken() {
  const session = stored();
  if (session && remainingS(session) > REFRESH_BEFORE_S) return session.access_token;
  return navigator.locks.request(KEY, renewed);
}

async function renewed() {
  const session = stored();
  if (!session) throw new SessionExpired();
  if (remainingS(session) > REFRESH_BEFORE_S) return session.access_token;
  try {
    return keep(await token("refresh_token", { refresh_token: session.refresh_token })).access_token;
  } catch (error) {
    if (error instanceof SignInRefused) throw new SessionExpired();
    throw error;
  }
}

export function keepFresh() {
  const session = stored();
  if (!session) return;
  const wait = Math.max(remainingS(session) - REFRESH_BEFORE_S, 1) * 1000;
  setTimeout(() => accessToken().then(keepFresh, () => {}), wait);
}

export function hasSession() {
  return stored() !== null;
}

export function forget() {
  localStorage.removeItem(KEY);
  setCookie("", 0);
}

// Only a path of this site is followed after signing in; anything else would make /login an open redirect.
export function safeRedirect(target) {
  const url = new URL(target || "/", location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";
}

export function loginPath() {
  const here = location.pathname + location.search;
  return `/login?redirect=${encodeURIComponent(here).replaceAll("%2F", "/")}`;
}

async function token(grant, body) {
  const answer = await supabase(`/token?grant_type=${grant}`, { body });
  const content = await answer.json();
  if (answer.ok) return content;
  if (answer.status >= 500) throw new Error(`token: ${answer.status}`);
  throw new SignInRefused(content.error_code === "invalid_credentials" ? "Credenciales inválidas" : (content.msg ?? ""));
}

function supabase(path, { body, headers = {} }) {
  return fetch(`${config.supabaseUrl}/auth/v1${path}`, {
    method: "POST",
    headers: { apikey: config.supabaseAnonKey, "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
}

function keep(session) {
  const lifetimeS = session.expires_in;
  const kept = { ...session, expires_at: Math.floor(Date.now() / 1000) + lifetimeS };
  localStorage.setItem(KEY, JSON.stringify(kept));
  setCookie(kept.access_token, lifetimeS);
  return kept;
}

function stored() {
  return JSON.parse(localStorage.getItem(KEY));
}

function remainingS(session) {
  return session.expires_at - Date.now() / 1000;
}

function setCookie(value, lifetimeS) {
  document.cookie = `${COOKIE}=${value}; path=/; max-age=${lifetimeS}; SameSite=Lax; Secure`;
}
