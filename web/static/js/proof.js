// What needs a recent sign-in: it is tried, and where the server asks, the password is sent first.

import { send } from "./api.js";
import { byId } from "./dom.js";

export class Cancelled extends Error {}

export function tell(section, error) {
  const fault = section.querySelector(".fault[role=alert]");
  fault.textContent = error?.message ?? "";
  fault.hidden = !error?.message || error instanceof Cancelled;
}

export async function withProof(action) {
  try {
    return await action();
  } catch (error) {
    if (error.code !== "sign_in.again") throw error;
  }
  await proof();
  return action();
}

let earlier = new AbortController();

function proof() {
  const dialog = byId("proof");
  const form = dialog.querySelector("form");
  const listening = new AbortController();
  earlier.abort();
  earlier = listening;
  form.reset();
  tell(dialog, null);
  dialog.showModal();
  byId("proof-password").focus();
  return new Promise((resolve, reject) => {
    const { signal } = listening;
    let proved = false;
    signal.addEventListener("abort", () => reject(new Cancelled()));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { password, code } = Object.fromEntries(new FormData(form));
      try {
        await send("proof", "/session/confirmation", { password, code });
        proved = true;
        dialog.close();
      } catch (error) {
        tell(dialog, error);
        byId(error.code?.startsWith("sign_in.code") ? "proof-code" : "proof-password").focus();
      }
    }, { signal });
    byId("proof-cancel").addEventListener("click", () => dialog.close(), { signal });
    // Escape closes a dialog, too.
    dialog.addEventListener("close", () => {
      // The event is late at times: it may tell of the time before, while the dialog is open again.
      if (dialog.open) return;
      form.reset();
      if (proved) resolve();
      listening.abort();
    }, { signal });
  });
}
