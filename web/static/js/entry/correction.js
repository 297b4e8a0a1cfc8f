// Correcting a record: why, what became of it so far, two versions that meet, taking it out.

import { ask } from "../api.js";
import { data, el } from "../dom.js";
import { dateText, label, say } from "../text.js";
import { labelled } from "./fields.js";
import { send } from "./sending.js";

const SHORTEST_REASON = 3;
const LISTS = {
  kind: "incident_kind", status: "status", destination: "destination", agency: "agency", channels: "channel", purposes: "purpose",
  precision: "coord_precision", organiser: "agency", audiences: "audience", partners: "agency", scope: "network_scope", lead_agency: "agency",
};

const isSame = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

function fieldName(field) {
  switch (field) {
    case "geometry": case "point": case "place_text": case "places": return say("entry_place");
    case "legs": return say("entry_legs");
    case "occurred_from": case "occurred_to": case "dismantled_on": return say("entry_when");
    case "kind": case "scope": return say("entry_kind");
    case "channels": return say("entry_channel");
    case "destination": return say("entry_destination");
    case "victims": return say("entry_victims_total");
    case "victims_by": return say("entry_victims_by");
    case "narrative": return say("entry_narrative");
    case "notes": return say("entry_notes");
    case "status": return say("entry_status");
    case "agency": case "organiser": case "lead_agency": return say("entry_agency");
    case "suspects": return say("entry_suspects");
    case "purposes": return say("entry_purpose");
    case "precision": case "accuracy_m": return say("entry_precision");
    case "attendance": return say("entry_attendance");
    case "partners": return say("entry_partners");
    default: return field;
  }
}

function valueText(field, value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return "–";
  if (value.coordinates) return value.coordinates.slice().reverse().map((degree) => degree.toFixed(5)).join("; ");
  if (field === "places") return value.map((place) => place.properties.place_text ?? label("network_node_role", place.properties.role)).join(" → ");
  if (Array.isArray(value)) return value.map((item) => valueText(field, item)).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => `${name}: ${valueText(name, inner)}`).join("; ");
  if (field === "kind") return label("incident_kind", label("outreach_kind", value));
  if (LISTS[field]) return label(LISTS[field], value);
  return /^\d{4}-\d\d-\d\d(T|$)/.test(value) ? dateText(value) : String(value);
}

export class Correction {
  constructor(form, record, { onRemoved, onSubmit }) {
    Object.assign(this, { form, record, onRemoved, onSubmit });
    // What the form makes of the record as it was: only what differs from it was changed here.
    this.base = this.parts(form.feature());
    this.reason = el("input", { type: "text", maxlength: 500, autocomplete: "off", required: true });
    form.personal.watch(this.reason);
    this.head = el("header", { class: "correction" }, el("h2", {}, say("entry_correcting")),
      el("p", { class: "hint" }, say("entry_version", { version: record.properties.version, who: record.properties.updated_by ?? "–", day: dateText(record.properties.updated_at) })));
    this.history = el("details", { class: "part details", on: { toggle: () => this.showHistory() } }, el("summary", {}, say("entry_history")), el("ol", { class: "versions" }));
    const remove = el("button", { type: "button", class: "quiet danger", on: { click: () => this.remove() } }, say("entry_delete"));
    this.foot = el("div", { class: "foot" }, this.history, remove);
    form.personal.element.before(el("div", { class: "part reason", "data-stop": true }, labelled(say("entry_reason"), this.reason, say("entry_reason_hint"))));
    form.sendButton.textContent = say("entry_send_change");
  }

  problem() {
    return this.reason.value.trim().length >= SHORTEST_REASON ? null : { element: this.reason, text: say("entry_reason_missing") };
  }

  // What the form shows of a record; what the server adds, or no form shows, is nobody's to choose.
  parts({ geometry, properties, places, legs }) {
    const shown = Object.keys({ ...this.form.place?.readPlace().properties, ...this.form.properties() });
    return { ...Object.fromEntries(shown.map((name) => [name, properties[name] ?? null])), ...(places ? { places, legs } : { geometry }) };
  }

  async showHistory() {
    if (!this.history.open) return;
    const list = this.history.querySelector("ol");
    try {
      const { versions } = await ask("history", `${this.form.path}/${this.record.id}/history`);
      list.replaceChildren(...versions.map((version) => this.version(version)));
    } catch (error) {
      list.replaceChildren(el("li", {}, error.message));
    }
  }

  version({ action, at, by, reason, changes }) {
    return el("li", {}, el("p", {}, el("strong", {}, this.actionText(action)), ` · ${dateText(at)} · `, data(by ?? "–")),
      reason && el("p", { class: "parent" }, data(reason)),
      el("dl", { class: "changes" }, changes.map(({ field, before, after }) => [el("dt", {}, fieldName(field)),
        el("dd", {}, el("del", {}, data(valueText(field, before))), " → ", el("ins", {}, data(valueText(field, after))))])));
  }

  actionText(action) {
    switch (action) {
      case "created": return say("entry_action_created");
      case "deleted": return say("entry_action_deleted");
      case "restored": return say("entry_action_restored");
      default: return say("entry_action_changed");
    }
  }

  // Both versions, field by field. What only one side has changed is chosen already.
  meet(mine, theirs) {
    const [own, other] = [this.parts(mine), this.parts(theirs)];
    const fields = Object.keys(own).filter((name) => !isSame(own[name], other[name]));
    const rows = fields.map((name) => this.choice(name, own[name], other[name]));
    const done = el("button", { type: "button", class: "action", on: { click: () => this.settle(mine, theirs, rows) } }, say("entry_conflict_send"));
    const box = el("section", { class: "conflict", role: "alert", tabindex: -1 }, el("h3", {}, say("entry_conflict")),
      el("p", {}, say("entry_conflict_hint", { who: theirs.properties.updated_by ?? "–" })), rows.map((row) => row.element), done);
    this.form.notice.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
    (box.querySelector("input") ?? done).focus({ preventScroll: true });
  }

  choice(name, own, other) {
    const option = (value, text, content, checked) => el("label", { class: "version-choice" },
      el("input", { type: "radio", name: `conflict-${name}`, value, checked }), el("span", {}, el("small", {}, text), data(valueText(name, content))));
    const [mineSame, otherSame] = [isSame(own, this.base[name]), isSame(other, this.base[name])];
    const element = el("fieldset", {}, el("legend", {}, fieldName(name)),
      option("mine", say("entry_conflict_mine"), own, otherSame && !mineSame), option("theirs", say("entry_conflict_theirs"), other, mineSame));
    return { name, element, chosen: () => element.querySelector("input:checked")?.value };
  }

  settle(mine, theirs, rows) {
    const open = rows.find((row) => !row.chosen());
    if (open) {
      this.form.tell(say("entry_conflict_open"));
      open.element.querySelector("input").focus();
      return;
    }
    const merged = { ...theirs, properties: { ...theirs.properties } };
    for (const { name, chosen } of rows) {
      if (chosen() === "theirs") continue;
      if (["geometry", "places", "legs"].includes(name)) merged[name] = mine[name];
      else merged.properties[name] = mine.properties[name];
    }
    this.record = theirs;
    this.form.notice.replaceChildren();
    this.form.write(merged, { keep: true });
    this.base = this.parts(theirs);
    this.onSubmit();
  }

  async remove() {
    const wrong = this.problem();
    if (wrong) {
      this.form.tell(wrong.text);
      wrong.element.focus();
      return;
    }
    const asked = new URLSearchParams({ reason: this.reason.value.trim(), personal_data_checked: this.form.personal.checked });
    const path = `${this.form.path}/${this.record.id}?${asked}`;
    const sent = { recordType: this.form.recordType, id: this.record.id, method: "DELETE", path, ifMatch: this.record.properties.version };
    this.onRemoved(await send(sent), sent);
  }
}
