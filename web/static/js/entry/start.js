// Who enters: known from the session where the server answers, else from what this device keeps.

import { byId } from "../dom.js";
import { Unreachable, request } from "../offline/server.js";
import { current, endSession, forget, onLockChange } from "../offline/session.js";
import { askPassword, startUnlock } from "../offline/unlock.js";
import { keepProfile, profileOf } from "../offline/vault.js";
import { startWorker } from "../offline/worker-start.js";
import { currentLanguage, setTexts } from "../text.js";
import { open, unlocked } from "./main.js";

const ENTERING_ROLES = ["officer", "leader"];
const configuration = JSON.parse(byId("configuration").textContent);
let shown = null;

function show(account) {
  shown = account;
  byId("gate").hidden = true;
  for (const place of document.querySelectorAll("[data-who]")) place.textContent = account[place.dataset.who];
  if (account.opened_by === "provider") byId("sign-out").dataset.leaves = "/sign-in/provider/leave";
  byId("account").hidden = false;
  const mayEnter = ENTERING_ROLES.includes(account.role);
  byId("not-yours").hidden = mayEnter;
  byId("desk").hidden = !mayEnter;
  if (mayEnter) open({ ...configuration, account });
}

// Nothing that was typed is shown while the device is locked.
function gate() {
  for (const id of ["desk", "not-yours", "account"]) byId(id).hidden = true;
  byId("gate").append(byId("unlock"));
  byId("gate").hidden = false;
  askPassword(shown?.username);
}

function signInAddress() {
  const query = new URLSearchParams(location.search);
  const language = currentLanguage() === "en" ? { lang: "en" } : {};
  query.delete("lang");
  const here = location.pathname + (query.size ? `?${query}` : "");
  return `/sign-in?${new URLSearchParams({ ...language, next: here })}`;
}

// The session's account, null for a stranger; undefined while the server is away.
async function askServer() {
  try {
    const { status, content } = await request("GET", "/api/v1/session");
    return status === 200 ? content : null;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return undefined;
  }
}

async function afterUnlock() {
  const opened = await current();
  if (shown && opened.username !== shown.username) location.reload();
  else if (byId("gate").hidden) await unlocked();
  else if (shown) {
    byId("gate").hidden = true;
    byId("account").hidden = false;
    byId("desk").hidden = false;
    await unlocked();
  } else await begin();
}

async function begin() {
  const opened = await current();
  const kept = opened && await profileOf(opened);
  // What the device knows is shown at once; a weak network is not waited for.
  if (kept) show(kept);
  const account = await askServer();
  if (account?.must_enrol) location.replace("/account");
  else if (account && opened && account.username !== opened.username) {
    // Somebody else has signed in with this browser since.
    await forget();
    location.reload();
  } else if (account) {
    if (opened) await keepProfile(opened, account);
    if (!kept) show(account);
  } else if (kept) return;
  else if (account === null) location.replace(signInAddress());
  else gate();
}

setTexts(configuration);
startWorker();
startUnlock(afterUnlock);
onLockChange((opened) => { if (!opened) gate(); });
await endSession();
await begin();
document.body.dataset.ready = "yes";
