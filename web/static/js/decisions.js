// What leaders decided on hotspots, told on the map to those who are responsible there.

import { ask } from "./api.js";
import { byId, data, el } from "./dom.js";
import { decisionMark } from "./desk/words.js";
import { state } from "./state.js";
import { dateText, say } from "./text.js";

let asked = { layer: null, answer: null };

// The newest decisions of a layer by code, asked for once; nothing for who has not signed in.
export function decisions(edition, level) {
  const layer = `${edition}/${level}`;
  if (!byId("account") || level === "province") return new Map();
  if (asked.layer !== layer) asked = { layer, answer: load(edition, level) };
  return asked.answer;
}

// After a leader has decided something: they are asked for anew when they are next shown.
export function forgetDecisions() {
  asked = { layer: null, answer: null };
}

async function load(edition, level) {
  try {
    const { hotspots } = await ask(`decisions ${edition}/${level}`, "/hotspot-reviews", { edition, level, waiting: false });
    tellWaiting(hotspots.filter(({ why }) => why.length).length);
    return new Map(hotspots.filter(({ review }) => review).map(({ code, review }) => [code, review]));
  } catch {
    // The map does without them, and asks again when it is next shown.
    forgetDecisions();
    return new Map();
  }
}

// How many wait, in the account's menu and on its name.
function tellWaiting(waiting) {
  const link = byId("desk-waiting");
  if (!link) return;
  link.textContent = waiting ? `(${waiting})` : "";
  const badge = byId("desk-badge");
  badge.hidden = !waiting;
  badge.replaceChildren(el("span", { "aria-hidden": "true" }, String(waiting)), el("span", { class: "hidden-text" }, say("desk_waiting_badge", { count: waiting })));
}

// Marks beside the names of a list of units.
export async function markDecisions(list) {
  const reviews = await decisions(state.edition, state.level);
  for (const button of list.querySelectorAll("button[data-code]")) {
    button.querySelector(".decision")?.remove();
    const review = reviews.get(button.dataset.code);
    if (review) button.querySelector(".name").after(decisionMark(review));
  }
}

// Of one unit: what was decided, by whom, since when and why, and what is planned there; else null.
export async function decisionSection(code) {
  const path = `${state.edition}/${state.level}/${code}`;
  if (!(await decisions(state.edition, state.level)).has(code)) return null;
  const { versions: [newest], actions } = await ask("unit-decision", `/hotspot-reviews/${path}`, {}, { inLanguage: true });
  const done = actions.filter((action) => action.state === "done").length;
  return el("section", { class: "leaders" }, el("h3", {}, say("panel_review")),
    el("p", {}, decisionMark(newest)),
    el("p", {}, data(newest.reason)),
    el("p", { class: "hint" }, data(say("panel_review_by", { by: newest.decided_by, date: dateText(newest.decided_at) })),
      newest.due_on ? ` · ${say("desk_due")}: ${dateText(newest.due_on)}` : ""),
    newest.responsible_name ? el("p", { class: "hint" }, say("desk_responsible"), ": ", data(newest.responsible_name)) : null,
    actions.length ? el("p", { class: "hint" }, say("panel_actions", { count: actions.length, done })) : null,
    byId("desk-link") ? el("a", { class: "to-desk", href: `/desk${location.search}#${path}` }, say("panel_review_open")) : null);
}
