// Calls to the backend as the signed-in person. An expired session ends at /login with its notice.
import { config } from "./config.js";
import { SessionExpired, accessToken, forget, loginPath } from "./session.js";
import { flash } from "./toasts.js";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function request(path, { method = "GET", json, form } = {}) {
  const headers = { Authorization: `Bearer ${await tokenOrLogin()}` };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(config.apiUrl + path, { method, headers, body: form ?? JSON.stringify(json) });
  if (answer.status === 401) return leave();
  if (!answer.ok) throw new ApiError(answer.status, await messageOf(answer));
  return answer;
}

export async function requestJson(path, options) {
  const answer = await request(path, options);
  return answer.json();
}

// What a person reads about a failed action: the API's own words when it refuses the right to act, else `otherwise`.
export function explain(error, otherwise) {
  return error.status === 403 ? error.message : otherwise;
}

async function tokenOrLogin() {
  try {
    return await accessToken();
  } catch (error) {
    if (error instanceof SessionExpired) return leave();
    throw error;
  }
}

function leave() {
  forget();
  flash("Sesión expirada. Por favor, inicia sesión nuevamente.", { kind: "error" });
  location.assign(loginPath());
  return new Promise(() => {}); // The page is being left: nobody waits for an answer any more.
}

async function messageOf(answer) {
  const isJson = answer.headers.get("content-type")?.includes("json");
  return isJson ? ((await answer.json()).message ?? "") : "";
}
