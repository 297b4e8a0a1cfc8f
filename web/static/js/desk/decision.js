// The form of a decision, and what was decided before.

import { ask } from "../api.js";
import { SETTLED_MS, data, el } from "../dom.js";
import { labelled } from "../entry/fields.js";
import { newIdentifier } from "../entry/identifiers.js";
import { PersonalDataWatch } from "../entry/personal-data.js";
import { swatch } from "../legend.js";
import { dateText, say, timeText } from "../text.js";
import { decisionMark, decisionName, priorityName } from "./words.js";

const SHORTEST = 3;
// Units of a province, asked for once.
const listed = new Map();
const letterOf = (decision) => ({ confirm: say("decision_key_confirm"), dismiss: say("decision_key_dismiss"), watch: say("decision_key_watch") })[decision];

export class DecisionForm {
  // `review` is the hotspot with its decisions; `draft` what was written before; `save` sends it.
  constructor(review, unit, { draft, save }) {
    Object.assign(this, { review, unit, save, id: newIdentifier(), made: performance.now() });
    const [newest] = review.versions;
    this.proposed = newest && !newest.stands ? newest : null;
    this.radios = ["confirm", "dismiss", "watch"].map((value) => el("input", { type: "radio", name: "decision", value, required: true }));
    this.reason = el("textarea", { rows: 3, maxlength: 2000, minlength: SHORTEST, required: true });
    this.priority = el("select", {}, [1, 2, 3].map((value) => el("option", { value, selected: value === 2 }, priorityName(value))));
    this.due = el("input", { type: "date", min: today() });
    this.responsible = responsibleSelect(review, unit);
    this.watch = new PersonalDataWatch();
    this.watch.watch(this.reason);
    this.button = el("button", { class: "action" }, say("desk_save"));
    this.note = el("p", { class: "hint", role: "status" });
    this.element = this.build();
    this.fill(draft ?? this.startingValues());
    this.tell();
  }

  build() {
    const choices = this.radios.map((radio) => el("label", { class: `segment ${radio.value}` }, radio,
      el("span", {}, decisionName(radio.value), el("kbd", { "aria-hidden": "true" }, letterOf(radio.value).toUpperCase()))));
    const form = el("form", { id: "decision", class: "decision-form" },
      el("h3", {}, say("desk_decide"), ": ", data(this.review.full_name)),
      el("div", { class: "segments", role: "radiogroup", "aria-label": say("desk_decide") }, choices),
      this.note,
      labelled(say("desk_reason"), this.reason), this.watch.element,
      el("div", { class: "pair" }, labelled(say("desk_priority"), this.priority), labelled(say("desk_due"), this.due)),
      labelled(say("desk_responsible"), this.responsible),
      this.button);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    form.addEventListener("input", () => { this.id = newIdentifier(); this.tell(); });
    return form;
  }

  // What somebody proposed is there to be agreed with, but for the reason: that is one's own. Of what
  // was decided, all but the decision stands until it is changed; a day that has passed does not.
  startingValues() {
    const [known] = this.review.versions;
    const isAhead = known?.due_on >= today();
    return {
      decision: this.proposed?.decision ?? null, reason: "", priority: known?.priority ?? 2, due: isAhead ? known.due_on : "",
      responsible: known?.responsible_code ? `${known.responsible_level}/${known.responsible_code}` : "",
    };
  }

  fill({ decision, reason, priority, due, responsible }) {
    for (const radio of this.radios) radio.checked = radio.value === decision;
    this.reason.value = reason;
    this.priority.value = priority;
    this.due.value = due;
    if (responsible && ![...this.responsible.options].some(({ value }) => value === responsible)) {
      this.responsible.append(el("option", { value: responsible }, responsible.split("/")[1]));
    }
    this.responsible.value = responsible;
  }

  get decision() {
    return this.radios.find((radio) => radio.checked)?.value ?? null;
  }

  values() {
    return {
      decision: this.decision, reason: this.reason.value, priority: this.priority.value, due: this.due.value, responsible: this.responsible.value,
    };
  }

  tell() {
    const { decision, proposed } = this;
    const needsTwo = this.review.two_persons && decision && decision !== "watch";
    const mayAgree = proposed && this.review.why.some(({ code }) => code === "second");
    const agrees = mayAgree && decision === proposed.decision;
    this.note.textContent = agrees ? say("desk_agrees", { by: proposed.decided_by }) : needsTwo ? say("desk_needs_two") : "";
    const written = this.reason.value.trim().length;
    this.reason.setCustomValidity(this.reason.value && written < SHORTEST ? say("desk_reason_short") : "");
    this.button.textContent = agrees ? say("desk_agree") : say("desk_save");
  }

  begin() {
    this.element.scrollIntoView({ block: "start" });
    (this.radios.find((radio) => radio.checked) ?? this.radios[0]).focus();
  }

  // A letter chooses the decision; its reason has still to be written.
  take(letter) {
    const radio = this.radios.find(({ value }) => letterOf(value) === letter);
    if (!radio) return false;
    radio.checked = true;
    this.id = newIdentifier();
    this.tell();
    this.reason.focus();
    return true;
  }

  async submit() {
    // What has just come up where another form was is not what a second tap was meant for.
    if (this.isBusy || performance.now() - this.made < SETTLED_MS) return;
    if (!this.watch.settled()) {
      this.watch.tick.focus();
      return;
    }
    this.isBusy = this.button.disabled = true;
    const [level, code] = this.responsible.value.split("/");
    await this.save({
      id: this.id, decision: this.decision, reason: this.reason.value.trim(), priority: Number(this.priority.value),
      due_on: this.due.value || null, responsible: code ? { level, code } : null, run_id: this.review.run_id,
      personal_data_checked: this.watch.checked,
    }, this.review.version);
    this.isBusy = this.button.disabled = false;
  }
}

// The day in Vietnam.
export const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);

// Today's units that may be responsible: the hotspot itself and its province first, then its neighbours.
export function responsibleSelect({ edition, level, code, full_name: name }, { parent_code: parent, parent_name: parentName }) {
  const isOfToday = edition === "2025" && level === "commune";
  const own = isOfToday ? [el("option", { value: `commune/${code}` }, name), el("option", { value: `province/${parent}` }, parentName)] : [];
  const select = el("select", {}, el("option", { value: "" }, "–"), own);
  const asked = isOfToday ? { edition, level, parent } : { edition: "2025", level: "province" };
  const key = JSON.stringify(asked);
  if (!listed.has(key)) listed.set(key, ask(`responsible ${key}`, "/units", asked));
  listed.get(key).then(({ units }) => {
    const chosen = select.value;
    const there = new Set([...select.options].map(({ value }) => value));
    const rest = units.map((unit) => [`${asked.level}/${unit.code}`, unit.full_name]).filter(([value]) => !there.has(value) || value === chosen);
    for (const [value, text] of rest.sort((one, other) => one[1].localeCompare(other[1], "vi"))) {
      if (there.has(value)) [...select.options].find((option) => option.value === value).textContent = text;
      else select.append(el("option", { value }, text));
    }
    select.value = chosen;
  }).catch(() => { listed.delete(key); });
  return select;
}

// What was decided before, the newest first.
export function pastDecisions({ versions }, legend) {
  if (!versions.length) return null;
  return el("section", { class: "past" }, el("h3", {}, say("desk_before")), el("ol", {}, versions.map((one) => el("li", {},
    el("p", {}, decisionMark(one), " ",
      el("span", { class: "hint" }, data(one.decided_by), " · ", timeText(one.decided_at))),
    el("p", {}, data(one.reason)),
    one.seconds ? el("p", { class: "hint" }, say("desk_seconds")) : null,
    el("p", { class: "hint" }, swatch(legend.get(String(one.seen_class ?? 0)) ?? legend.get("none")), " ", details(one))))));
}

function details(one) {
  return [
    `${say("desk_priority")}: ${priorityName(one.priority)}`,
    one.due_on && `${say("desk_due")}: ${dateText(one.due_on)}`,
    one.responsible_name && `${say("desk_responsible")}: ${one.responsible_name}`,
  ].filter(Boolean).join(" · ");
}
