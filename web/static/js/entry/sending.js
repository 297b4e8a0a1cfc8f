// The one way by which a record leaves this page.

import { currentLanguage } from "../text.js";

const AWAY = new Set([502, 503, 504]);

// What became of it: stored (with `record`), refused or conflict (with `problem`), unreachable.
export async function send({ id, method, path, body = null, ifMatch = null }) {
  const headers = { "Accept-Language": currentLanguage() };
  if (body) headers["Content-Type"] = "application/json";
  if (ifMatch !== null) headers["If-Match"] = `"${ifMatch}"`;
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    return { state: "unreachable", id };
  }
  if (AWAY.has(response.status)) return { state: "unreachable", id };
  if (response.status === 204) return { state: "stored", id, record: null };
  const content = await response.json().catch(() => ({}));
  if (response.ok) return { state: "stored", id, record: content };
  const isConflict = response.status === 409 && content.current_version !== undefined;
  return { state: isConflict ? "conflict" : "refused", id, status: response.status, problem: content };
}
