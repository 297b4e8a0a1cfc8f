// The page of one's own account: password, one-time codes, sessions, tokens.

import { ask, send } from "./api.js";
import { byId, data, el } from "./dom.js";
import { tell, withProof } from "./proof.js";
import { startSecondFactor } from "./second-factor.js";
import "./signed-out.js";
import { number, say, setTexts, timeText } from "./text.js";

export function open(configuration) {
  setTexts(configuration);
  startPassword();
  startSecondFactor(configuration.mustEnrol);
  if (configuration.mustEnrol) return;
  showSessions().catch((error) => tell(byId("sessions"), error));
  startTokens();
}

function startPassword() {
  const section = byId("password-part");
  const form = section.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(form));
    section.querySelector(".done").textContent = "";
    try {
      if (typed.new !== typed.again) throw new Error(say("passwords_differ"));
      await send("password", "/session/password", { old: typed.old, new: typed.new }, "PUT");
      form.reset();
      tell(section, null);
      section.querySelector(".done").textContent = say("password_changed");
      if (byId("sessions")) await Promise.all([showSessions(), showTokens()]);
    } catch (error) {
      tell(section, error);
    }
  });
}

// A list with a button in each row; where a row goes, the heading takes the focus.
function fillRows(section, rows) {
  section.querySelector(".rows").replaceChildren(...rows);
}

function ending(section, purpose, path, show) {
  return async () => {
    try {
      await ask(purpose, path, {}, { method: "DELETE" });
      await show();
      tell(section, null);
      const heading = section.querySelector("h2");
      heading.tabIndex = -1;
      heading.focus();
    } catch (error) {
      tell(section, error);
    }
  };
}

async function showSessions() {
  const section = byId("sessions");
  const found = await ask("sessions", "/sessions");
  section.querySelector(".part-hint").textContent = say("sessions_end", {
    minutes: number(found.rest_minutes), hours: number(found.life_hours),
  });
  fillRows(section, found.sessions.map((one) => el("li", {},
    el("p", {}, data(one.client || say("client_unknown"))),
    el("p", { class: "hint" }, say("session_line", {
      begun: timeText(one.created_at), seen: timeText(one.last_seen_at), address: one.address,
      rest: timeText(one.rests_until), end: timeText(one.expires_at),
    })),
    one.current
      ? el("p", { class: "mark-current" }, say("session_current"))
      : el("button", {
        type: "button", class: "action other",
        on: { click: ending(section, `session-${one.id}`, `/sessions/${one.id}`, showSessions) },
      }, say("session_end")))));
}

async function showTokens() {
  const section = byId("tokens");
  const found = await ask("tokens", "/tokens");
  fillRows(section, found.map((one) => el("li", {},
    el("p", {}, data(one.name)),
    el("p", { class: "hint" }, say("token_line", {
      scopes: one.scopes.includes("write") ? say("scope_write") : say("scope_read"),
      begun: timeText(one.created_at), end: timeText(one.expires_at),
    })),
    el("button", {
      type: "button", class: "action other",
      on: { click: ending(section, `token-${one.id}`, `/tokens/${one.id}`, showTokens) },
    }, say("token_revoke")))));
}

function startTokens() {
  const section = byId("tokens");
  const form = section.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, days, write } = Object.fromEntries(new FormData(form));
    const wanted = { name, days: Number(days), scopes: write ? ["read", "write"] : ["read"] };
    try {
      const made = await withProof(() => send("token", "/tokens", wanted));
      form.reset();
      tell(section, null);
      section.querySelector(".done").replaceChildren(say("token_shown"), el("code", {}, made.token));
      await showTokens();
    } catch (error) {
      tell(section, error);
    }
  });
  showTokens().catch((error) => tell(section, error));
}
