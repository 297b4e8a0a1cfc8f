// Who works on this device: the open vault, handed from page to page in memory and never written.

import { begin, watchIdle } from "./idle.js";
import { Unreachable, request } from "./server.js";
import { keepProfile, openOrMakeVault, openVault } from "./vault.js";
import { startWorker } from "./worker-start.js";

const SIGN_OUT_LATER = "bienmap-sign-out";
const OTHER_TABS_ANSWER = 150;
const WORKER_ANSWERS = 1_000;
const INSTALLED = 3_000;
const tabs = new BroadcastChannel("bienmap-keys");
const listeners = new Set();
let opened = null;
let asked;

// `code` is the server's: one that begins with "sign_in.code" asks for the one-time code.
export class SignInRefused extends Error {
  constructor({ code, detail }) {
    super(detail);
    this.code = code ?? "";
  }
}

// Called with the open vault, or null when it was locked, here or in another tab.
export function onLockChange(listener) { listeners.add(listener); }

function set(found) {
  if (found && !opened) begin();
  opened = found;
  for (const listener of listeners) listener(opened);
}

tabs.addEventListener("message", ({ data }) => {
  if (data.type === "ask" && opened) tabs.postMessage({ type: "key", opened });
  if (data.type === "lock") set(null);
});

async function worker() {
  return (await navigator.serviceWorker?.getRegistration("/"))?.active ?? null;
}

async function tellWorker(message) {
  (await worker())?.postMessage(message);
}

async function askWorker() {
  const active = await worker();
  if (!active) return null;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    active.postMessage({ type: "ask" }, [port2]);
    setTimeout(() => resolve(null), WORKER_ANSWERS);
  });
}

function askTabs() {
  return new Promise((resolve) => {
    const hear = ({ data }) => { if (data.type === "key") resolve(data.opened); };
    tabs.addEventListener("message", hear);
    tabs.postMessage({ type: "ask" });
    setTimeout(() => { tabs.removeEventListener("message", hear); resolve(null); }, OTHER_TABS_ANSWER);
  });
}

// The worker may sleep soon and forget; the last page to leave tells it once more.
addEventListener("pagehide", () => {
  if (opened) navigator.serviceWorker?.controller?.postMessage({ type: "keep", opened });
});

// The open vault, or null while it is locked.
export async function current() {
  if (opened) return opened;
  asked ??= askWorker().then((found) => found ?? askTabs());
  const found = await asked;
  if (found && !opened) set(found);
  return opened;
}

// After the server took name and password.
async function openAfterSignIn(session, password) {
  localStorage.removeItem(SIGN_OUT_LATER);
  const found = await openOrMakeVault(session.username, password);
  await keepProfile(found, session);
  set(found);
  await tellWorker({ type: "keep", opened });
}

watchIdle(() => { if (opened) forget(); });

// From the page to sign in, so that the entry pages open without asking again. A device that can
// keep nothing still signs in.
export async function openFromSignInPage(session, password) {
  if (!isSecureContext || session.role === "administrator") return;
  try {
    await workerInstalled();
    await openAfterSignIn(session, password);
  } catch (error) {
    console.info(error);
  }
}

// The first time on a device the worker takes a moment to come; it is not waited for long.
async function workerInstalled() {
  if (!await startWorker()) return;
  await Promise.race([navigator.serviceWorker.ready, new Promise((resolve) => { setTimeout(resolve, INSTALLED); })]);
}

// With a network this is a sign-in, without one it opens what is on the device.
// Throws SignInRefused, and from the vault WrongPassword or NoVault.
export async function unlock(username, password, code = "") {
  let answer = null;
  try {
    answer = await request("POST", "/api/v1/session", { body: { username, password, code } });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  if (answer && answer.status !== 201) throw new SignInRefused(answer.content ?? {});
  if (answer) return openAfterSignIn(answer.content, password);
  set(await openVault(username, password));
  return tellWorker({ type: "keep", opened });
}

// Locks here and in all tabs at once.
export async function forget() {
  asked = Promise.resolve(null);
  set(null);
  tabs.postMessage({ type: "lock" });
  await tellWorker({ type: "forget" });
}

// Signs out: the server's session ends as soon as it can be reached. The answer is whether it has.
export async function lock() {
  await forget();
  localStorage.setItem(SIGN_OUT_LATER, "yes");
  return endSession();
}

export async function endSession() {
  if (!localStorage.getItem(SIGN_OUT_LATER)) return true;
  try {
    await request("DELETE", "/api/v1/session");
    localStorage.removeItem(SIGN_OUT_LATER);
    return true;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return false;
  }
}
