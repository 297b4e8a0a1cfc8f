// The records entered last in the own units.

import { ask, Dropped } from "../api.js";
import { byId, data, el } from "../dom.js";
import { dateText, label, say } from "../text.js";

const SUBJECTS = { incident: "incident", outreach_event: "outreach", network: "network" };

function nameOf(entry) {
  switch (entry.record_type) {
    case "incident": return label("incident_kind", entry.kind);
    case "outreach_event": return label("outreach_kind", entry.kind);
    default: return entry.case_code;
  }
}

function stateOf({ is_deleted: isDeleted, version }) {
  if (isDeleted) return say("entry_state_deleted");
  return version > 1 ? say("entry_state_changed") : say("entry_state_stored");
}

export async function showMine(box, open) {
  const list = el("ul", { class: "list" });
  box.replaceChildren(el("h2", {}, say("entry_mine")), list);
  try {
    const { entries, has_demo: hasDemo } = await ask("mine", "/entries");
    byId("demo").hidden = !hasDemo;
    list.replaceChildren(...entries.map((entry) => el("li", {}, el("button", {
      type: "button", disabled: entry.is_deleted, on: { click: () => open(SUBJECTS[entry.record_type], entry.id) },
    },
    el("span", { class: "name" }, data(nameOf(entry)), el("small", { class: "state" }, stateOf(entry))),
    el("span", { class: "parent" }, data([entry.occurred_from && dateText(entry.occurred_from), entry.place_text ?? entry.unit_name].filter(Boolean).join(" · ")))))));
    if (!entries.length) list.replaceChildren(el("li", { class: "hint" }, say("entry_mine_none")));
  } catch (error) {
    if (!(error instanceof Dropped)) list.replaceChildren(el("li", { class: "hint" }, error.message));
  }
}
