// Questions to the API of this host. One question of a kind at a time: a newer one drops the older.

import { currentLanguage, say } from "./text.js";

const ROOT = "/api/v1";
const running = new Map();

export class Dropped extends Error {}

export function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null && item !== undefined && item !== "") query.append(name, item);
    }
  }
  const text = query.toString();
  return ROOT + path + (text ? `?${text}` : "");
}

async function refusalOf(response) {
  const { status } = response;
  try {
    const problem = await response.json();
    const reason = problem.detail ?? problem.title ?? response.statusText;
    return Object.assign(new Error(reason), { status, code: problem.code });
  } catch {
    return Object.assign(new Error(`${status} ${response.statusText}`), { status });
  }
}

// For whom the page was made: somebody else may have signed in with the browser since.
export function forWhom() {
  const { account } = document.querySelector("[data-account]")?.dataset ?? {};
  return account ? { "X-Account": account } : {};
}

export async function ask(purpose, path, parameters = {}, options = {}) {
  running.get(purpose)?.abort();
  const controller = new AbortController();
  running.set(purpose, controller);
  let response;
  try {
    // No extra headers on GET, so that what the page preloaded is used.
    const language = options.method || options.inLanguage ? { "Accept-Language": currentLanguage() } : {};
    response = await fetch(address(path, parameters), {
      ...options, headers: { ...language, ...(options.method && forWhom()), ...options.headers }, signal: controller.signal,
    });
    if (!response.ok) throw await refusalOf(response);
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    if (controller.signal.aborted) throw new Dropped(purpose);
    throw response ? error : new Error(say("offline"));
  } finally {
    if (running.get(purpose) === controller) running.delete(purpose);
  }
}

// A file of JSON among the static ones.
export async function fileOf(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.json();
}

export const send = (purpose, path, body, method = "POST") => ask(purpose, path, {}, {
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
});
