// Records that may be the one about to be sent: who enters it decides.

import { ask } from "../api.js";
import { SETTLED_MS, data, el } from "../dom.js";
import { dateText, label, number, say } from "../text.js";

const KINDS = { incident: "incident_kind", outreach_event: "outreach_kind" };

export const mayBeThere = (form) => form.recordType in KINDS;

export async function similarTo(form, id) {
  const { first, last } = form.period.range;
  const { geometry } = form.place.readPlace();
  const body = { id, kind: form.kind.value, first, last, geometry, commune: form.place.commune };
  const { records } = await ask("similar", `${form.path}/similar`, {}, {
    method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
  });
  return records;
}

function people({ victims, attendance }) {
  if (victims != null) return say("entry_similar_victims", { count: number(victims) });
  return attendance == null ? null : say("entry_similar_attendance", { count: number(attendance) });
}

// Its buttons wait for a moment.
export function similarBox(recordType, records, { onSame, onAnyway }) {
  const box = el("section", { class: "similar", role: "alert", tabindex: -1 }, el("h3", {}, say("entry_similar")),
    el("ul", {}, records.map((one) => el("li", {},
      el("div", {}, el("strong", {}, data(label(KINDS[recordType], one.kind))), ` · ${dateText(one.occurred_from)}`,
        one.distance_m === null ? null : ` · ${say("entry_similar_distance", { metres: number(one.distance_m) })}`,
        el("span", { class: "parent" }, data([one.place_text, one.commune_name, people(one)].filter(Boolean).join(" · ")))),
      el("button", { type: "button", class: "quiet", on: { click: () => onSame(one) } }, say("entry_similar_same"))))),
    el("button", { type: "button", class: "action", on: { click: onAnyway } }, say("entry_similar_anyway")));
  const buttons = [...box.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  setTimeout(() => { for (const button of buttons) button.disabled = false; }, SETTLED_MS);
  return box;
}
