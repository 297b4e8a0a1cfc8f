// The form that unlocks the device: with a network a sign-in, without one it opens what is kept.

import { byId } from "../dom.js";
import { say } from "../text.js";
import { SignInRefused, current, unlock } from "./session.js";
import { NoVault, WrongPassword } from "./vault.js";

function refusal(error) {
  if (error instanceof WrongPassword) return say("outbox_wrong_password");
  if (error instanceof NoVault) return say("outbox_no_vault");
  if (error instanceof SignInRefused) return error.message;
  throw error;
}

// The password was right and stays in the form; the code goes with it the next time.
function askForCode() {
  byId("unlock-code-part").hidden = false;
  byId("unlock-code").required = true;
  byId("unlock-code").value = "";
  byId("unlock-code").focus();
}

function forgetCode() {
  byId("unlock-code-part").hidden = true;
  byId("unlock-code").required = false;
  byId("unlock-code").value = "";
}

// `opened` is called when the device was unlocked with it.
export function startUnlock(opened) {
  const button = byId("unlock").querySelector("button");
  byId("unlock").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    byId("unlock-fault").hidden = true;
    try {
      await unlock(byId("username").value, byId("password").value, byId("unlock-code").value);
      byId("unlock").hidden = true;
      byId("password").value = "";
      forgetCode();
      await opened();
    } catch (error) {
      byId("unlock-fault").textContent = refusal(error);
      byId("unlock-fault").hidden = false;
      if (error.code?.startsWith("sign_in.code")) askForCode();
      else byId("password").select();
    } finally {
      button.disabled = false;
    }
  });
}

// Shows the form, with the name of whoever is known already.
export async function askPassword(username = "") {
  const opened = await current();
  byId("username").value = (opened?.username ?? username) || byId("username").value;
  byId("unlock").hidden = false;
}
