// What is planned against a confirmed hotspot: patrols and sessions, and the event that came of each.

import { ask, Dropped } from "../api.js";
import { SETTLED_MS, data, el } from "../dom.js";
import { labelled } from "../entry/fields.js";
import { newIdentifier } from "../entry/identifiers.js";
import { PersonalDataWatch } from "../entry/personal-data.js";
import { dateText, label, say } from "../text.js";
import { responsibleSelect, today } from "./decision.js";
import { actionKind, actionState } from "./words.js";


export class ActionList {
  // `draft` is a plan that was begun; `changed` gets the hotspot as it is after a change.
  constructor(review, unit, { draft, changed }) {
    Object.assign(this, { review, unit, changed, draft: draft ?? null, made: performance.now() });
    this.path = `/hotspot-reviews/${review.edition}/${review.level}/${review.code}/actions`;
    this.fault = el("p", { class: "fault", role: "alert", hidden: true });
    const isConfirmed = review.review?.standing_decision === "confirm";
    this.element = review.actions.length || (isConfirmed && review.may_plan)
      ? el("section", { class: "actions", tabindex: -1 }, el("h3", {}, say("actions")),
        el("ol", {}, review.actions.map((action) => this.row(action))),
        isConfirmed && review.may_plan ? this.planForm() : null, this.fault)
      : el("p", { class: "hint later" }, say("actions_later"));
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  row(action) {
    const about = [
      dateText(action.planned_on), action.responsible_name, action.event_external_id && say("action_of_event", { id: action.event_external_id, date: dateText(action.event_on) }),
    ].filter(Boolean).join(" · ");
    return el("li", {},
      el("p", {}, el("strong", {}, actionKind(action.kind)), " ", el("span", { class: `state ${action.state}` }, actionState(action.state))),
      el("p", { class: "hint" }, data(about)), action.note ? el("p", {}, data(action.note)) : null,
      this.review.may_plan ? this.answers(action) : null);
  }

  answers(action) {
    const events = action.events.length
      ? el("select", {}, el("option", { value: "" }, say("action_no_event")),
        action.events.map((event) => el("option", { value: event.id }, [dateText(event.held_on), label("outreach_kind", event.kind), event.external_id].join(" · "))))
      : null;
    const change = (state, event = events?.value || null) => this.change(action, { state, outreach_event_id: event });
    const button = (text, click) => el("button", { type: "button", class: "plain-action", on: { click } }, text);
    const again = button(say("action_reopen"), () => change("planned", null));
    // What was done may be entered as an event only later.
    if (action.state !== "planned") {
      const lacks = action.state === "done" && !action.event_external_id && events;
      return el("div", { class: "answers" }, lacks ? labelled(say("action_event"), events) : null,
        el("div", { class: "pair" }, lacks ? button(say("action_link"), () => { if (events.value) change("done"); }) : null, again));
    }
    return el("div", { class: "answers" }, events ? labelled(say("action_event"), events) : null,
      el("div", { class: "pair" }, button(say("action_mark_done"), () => change("done")), button(say("action_mark_dropped"), () => change("dropped"))));
  }

  planForm() {
    const kind = el("select", {}, ["patrol", "session"].map((value) => el("option", { value }, actionKind(value))));
    const day = el("input", { type: "date", required: true, min: today() });
    const responsible = responsibleSelect(this.review, this.unit);
    const note = el("textarea", { rows: 2, maxlength: 2000 });
    if (this.draft) {
      [kind.value, day.value, note.value] = [this.draft.kind, this.draft.day, this.draft.note];
      responsible.value = this.draft.responsible;
    }
    const watch = new PersonalDataWatch();
    watch.watch(note);
    let id = newIdentifier();
    const form = el("form", { class: "plan-action" },
      el("div", { class: "pair" }, labelled(say("action_kind"), kind), labelled(say("action_day"), day)),
      labelled(say("desk_responsible"), responsible), labelled(say("action_note"), note), watch.element,
      el("button", { class: "action" }, say("action_plan")));
    form.addEventListener("input", () => {
      id = newIdentifier();
      this.draft = { kind: kind.value, day: day.value, note: note.value, responsible: responsible.value };
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!watch.settled()) {
        watch.tick.focus();
        return;
      }
      const [level, code] = responsible.value.split("/");
      this.send(this.path, "POST", {
        id, kind: kind.value, planned_on: day.value, note: note.value.trim() || null, responsible: code ? { level, code } : null,
        personal_data_checked: watch.checked,
      });
    });
    return form;
  }

  change(action, values) {
    const { kind, planned_on, note, responsible_level: level, responsible_code: code } = action;
    const responsible = code ? { level, code } : null;
    // Its note was looked at when it was written.
    const body = { kind, planned_on, note, responsible, personal_data_checked: true, ...values };
    return this.send(`${this.path}/${action.id}`, "PUT", body, { "If-Match": `"${action.version}"` });
  }

  async send(path, method, body, headers = {}) {
    if (this.isBusy || performance.now() - this.made < SETTLED_MS) return;
    this.isBusy = true;
    this.fault.hidden = true;
    const begun = this.draft;
    try {
      if (method === "POST") this.draft = null;
      const fresh = await ask(`action ${path}`, path, {}, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } });
      this.changed(fresh);
    } catch (error) {
      this.draft ??= begun;
      if (error instanceof Dropped) return;
      this.fault.textContent = say("desk_not_saved", { reason: error.message });
      this.fault.hidden = false;
    } finally {
      this.isBusy = false;
    }
  }
}
