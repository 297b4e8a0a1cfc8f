// Who is signed in, in the map page's header.

import { byId, el } from "./dom.js";
import { tellSignedOut } from "./signed-out.js";
import { say } from "./text.js";

// Whether a record of these properties lies in a unit of the person who signed in and may change it.
let account = null;

export function mayCorrect(properties) {
  if (!account || !["officer", "leader"].includes(account.role)) return false;
  return account.jurisdictions.some((own) => {
    const [column, code] = own.split(" ");
    return column.startsWith("country") || properties[column] === code;
  });
}

// Whether counts of the whole country are shown as they are.
export const seesAll = () => account?.role !== "administrator" && Boolean(account?.jurisdictions.some((own) => own.startsWith("country")));
export const isAdministrator = () => account?.role === "administrator";

// Whether the person who signed in is one who takes papers into meetings.
export const mayBrief = () => ["leader", "planner"].includes(account?.role);

// The way to the sign-in page and back keeps what the map shows.
function keepView(link) {
  link.addEventListener("click", () => { link.hash = location.hash; });
  return link;
}

// What a layer of records says to whoever is not signed in, with the way to do so; else null.
export function signInOffer() {
  const link = document.querySelector("header a[data-keeps-view]");
  if (!link || byId("account")) return null;
  return el("span", {}, say("sign_in_for_records"), " ", keepView(el("a", { href: link.href }, link.textContent)));
}

export function startAccount(configured = null) {
  account = configured;
  document.querySelectorAll("a[data-keeps-view]").forEach(keepView);
  const menu = byId("account");
  if (!menu) return;
  byId("sign-out").addEventListener("click", signOut);
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

async function signOut() {
  try {
    // Loaded when it is needed: the map does without it.
    const { lock } = await import("./offline/session.js");
    if (!await lock()) throw new Error(say("offline"));
    tellSignedOut();
    const { leaves } = byId("sign-out").dataset;
    if (leaves) location.assign(leaves);
    else location.reload();
  } catch (error) {
    byId("sign-out-fault").textContent = error.message;
    byId("sign-out-fault").hidden = false;
  }
}
