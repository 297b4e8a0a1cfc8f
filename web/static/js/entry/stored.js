// What was stored, said calmly: the units of both editions, the distance to the border.

import { ask } from "../api.js";
import { data, el } from "../dom.js";
import { dateText, label, number, say } from "../text.js";
import { outboxLink } from "./queue.js";

function titleOf(subject, { kind, case_code: code }) {
  switch (subject) {
    case "incident": return label("incident_kind", kind);
    case "outreach": return label("outreach_kind", kind);
    default: return code;
  }
}

const LEVELS_OF = { commune_2025: ["2025", "commune"], province_2025: ["2025", "province"], commune_2024: ["2024", "commune"], district_2024: ["2024", "district"], province_2024: ["2024", "province"] };

async function namesOf(properties, edition) {
  const known = Object.entries(LEVELS_OF).filter(([name, [of]]) => of === edition && properties[name]);
  const units = await Promise.all(known.map(([name, [, level]]) => ask(`stored-${name}`, `/units/${edition}/${level}/${properties[name]}`)));
  return units.map((unit) => unit.full_name).join(", ");
}

export function deletedBox(again) {
  return el("section", { class: "stored" }, el("h2", {}, say("entry_deleted")), el("button", { type: "button", class: "action", on: { click: again } }, say("entry_another")));
}

function waitingText({ state, stopped, reason, problem }) {
  if (state === "refused") return [say("outbox_refused"), problem?.detail].filter(Boolean).join(". ");
  if (state === "conflict") return say("outbox_conflict");
  if (stopped === "sign-in") return say("outbox_sign_in");
  if (stopped === "other-account") return say("outbox_other_account", { name: reason });
  return say("entry_kept_hint");
}

// A record that is safe on this device: `tell` says what holds it, `leave` that it waits no more.
export function keptBox(outcome, again) {
  const title = el("h2", {}, say("entry_kept"));
  const why = el("p", { class: "lead" }, data(waitingText(outcome)));
  const element = el("section", { class: "stored waits", role: "status" }, el("p", { class: "tickmark", "aria-hidden": "true" }, "…"), title, why,
    el("button", { type: "button", class: "action", on: { click: again } }, say("entry_another")), el("p", {}, outboxLink(say("entry_outbox"))));
  const tell = (item) => { if (item.state !== "waiting") why.replaceChildren(data(waitingText(item))); };
  const leave = () => { title.textContent = say("entry_left"); why.remove(); };
  return { element, tell, leave };
}

export function storedBox(subject, record, { again, correct }) {
  const properties = subject === "network" ? { ...record.places[0].properties, ...record.properties } : record.properties;
  const facts = el("dl", { class: "facts" });
  const row = (term, text) => text && facts.append(el("dt", {}, term), el("dd", {}, data(text)));
  row(say("entry_when"), dateText(properties.occurred_from ?? properties.dismantled_on ?? ""));
  const fill = async () => {
    const [now, before] = await Promise.all([namesOf(properties, "2025"), namesOf(properties, "2024")]);
    row(say("entry_now"), now);
    row(say("entry_before"), before);
    if (properties.border_m !== null && properties.border_m !== undefined) row(say("border_distance"), `${number(properties.border_m / 1000, 1)} km${properties.measured_from === "edge" ? `, ${say("search_from_edge")}` : ""}`);
    if (subject === "incident") row(say("entry_victims"), number(properties.victims));
  };
  fill().catch(() => {});
  return el("section", { class: "stored", role: "status" },
    el("p", { class: "tickmark", "aria-hidden": "true" }, "✓"), el("h2", {}, say("entry_stored")),
    el("p", { class: "lead" }, data(titleOf(subject, properties))), facts,
    el("button", { type: "button", class: "action", on: { click: again } }, say("entry_another")),
    el("button", { type: "button", class: "quiet", on: { click: correct } }, say("entry_correct")),
    el("p", { class: "hint" }, say("entry_number"), " ", el("code", {}, record.id)));
}
