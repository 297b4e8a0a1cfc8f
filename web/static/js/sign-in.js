// The sign-in page: the form goes to the API, and the map opens as it was left.

import { send } from "./api.js";
import { byId } from "./dom.js";
import { openFromSignInPage } from "./offline/session.js";
import { setTexts } from "./text.js";

export function open(configuration) {
  setTexts(configuration);
  const form = byId("sign-in");
  const button = form.querySelector("button");
  // What the map showed is after the # of the address; it comes along.
  for (const id of ["back", "other-language"]) byId(id).hash = location.hash;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    byId("fault").hidden = true;
    try {
      const { username, password, code } = Object.fromEntries(new FormData(form));
      const session = await send("sign-in", "/session", { username, password, code });
      await openFromSignInPage(session, password);
      location.replace(byId("back").href);
    } catch (error) {
      if (error.code?.startsWith("sign_in.code")) askForCode(error);
      else refuse(error.message);
      button.disabled = false;
    }
  });
  button.disabled = false;
}

// The password was right and stays in the form; the code goes with it the next time.
function askForCode(error) {
  byId("code-part").hidden = false;
  byId("code").required = true;
  byId("fault").textContent = error.message;
  byId("fault").hidden = false;
  byId("code").value = "";
  byId("code").focus();
}

function refuse(reason) {
  byId("fault").textContent = reason;
  byId("fault").hidden = false;
  byId("password").value = "";
  byId("password").focus();
}
