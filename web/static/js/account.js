// Who is signed in, in the map page's header.

import { byId } from "./dom.js";
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

export function startAccount(configured = null) {
  account = configured;
  // The way to the sign-in page and back keeps what the map shows.
  for (const link of document.querySelectorAll("a[data-keeps-view]")) {
    link.addEventListener("click", () => { link.hash = location.hash; });
  }
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
    const { leaves } = byId("sign-out").dataset;
    if (leaves) location.assign(leaves);
    else location.reload();
  } catch (error) {
    byId("sign-out-fault").textContent = say("failed", { reason: error.message });
    byId("sign-out-fault").hidden = false;
  }
}
