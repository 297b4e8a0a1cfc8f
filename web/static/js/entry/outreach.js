// The form of an outreach event.

import { el } from "../dom.js";
import { say } from "../text.js";
import { Choice, codeSelect, Counter, labelled, property, section } from "./fields.js";
import { RecordForm } from "./form.js";
import { Period } from "./period.js";
import { PlacePicker } from "./place.js";

const FREQUENT = ["legal_education", "village", "mobile", "loudspeaker", "market", "school", "door"];
const FREQUENT_PARTNERS = ["HLHPN", "CA_X", "UBND_X", "DBP", "DTN", "MTTQ", "SGD"];

export class OutreachForm extends RecordForm {
  constructor({ map, account, codesOf }) {
    super("outreach_event", "/outreach-events");
    const codes = (list) => codesOf[list];
    const { next } = this;
    this.account = account;
    this.place = new PlacePicker({ map, account, onNext: next });
    this.period = new Period();
    this.kind = new Choice({ list: "outreach_kind", codes: codes("outreach_kind"), frequent: FREQUENT, onNext: next });
    this.audiences = new Choice({ list: "audience", codes: codes("audience"), frequent: codes("audience").slice(0, 8), several: true, onNext: next });
    this.attendance = new Counter(say("entry_attendance"), { empty: true });
    this.sessions = new Counter(say("entry_sessions"));
    this.materials = new Counter(say("entry_materials"), { empty: true });
    this.hours = el("input", { type: "text", inputmode: "decimal", maxlength: 6, autocomplete: "off" });
    this.topics = el("input", { type: "text", maxlength: 500, autocomplete: "off" });
    this.organiser = codeSelect("agency", codes("agency"));
    this.partners = new Choice({ list: "agency", codes: codes("agency"), frequent: FREQUENT_PARTNERS, several: true });
    this.model = codeSelect("prevention_model", codes("prevention_model"));
    this.notes = el("textarea", { rows: 3, maxlength: 20000, "aria-label": say("entry_notes") });
    this.parts = [
      this.period, property("kind", this.kind), property("audiences", this.audiences, { empty: [] }), property("attendance", this.attendance),
      property("sessions", this.sessions, { empty: 1 }), property("materials", this.materials), this.hoursPart(), this.topicsPart(),
      property("organiser", this.organiser), property("partners", this.partners, { empty: [] }), property("prevention_model", this.model),
      property("notes", this.notes),
    ];
    this.checks = [{ problem: () => (this.kind.value ? null : { element: this.kind.inputs[0], text: say("entry_kind_missing") }) }, { problem: () => this.countProblem() }];
    for (const input of [this.notes, this.place.input, this.topics]) this.personal.watch(input);
    this.build([
      section(say("entry_place"), { key: say("entry_key_place") }, this.place.element),
      section(say("entry_when"), { key: say("entry_key_when") }, this.period.element),
      section(say("entry_outreach_kind"), { key: say("entry_key_kind") }, this.kind.element),
      section(say("entry_audience"), { key: say("entry_key_audience") }, this.audiences.element),
      section(say("entry_reach"), { key: say("entry_key_victims") }, el("div", { class: "columns" },
        this.count(say("entry_attendance"), this.attendance), this.count(say("entry_sessions"), this.sessions),
        labelled(say("entry_hours"), this.hours), this.count(say("entry_materials"), this.materials))),
      section(say("entry_topics"), { key: say("entry_key_topics"), hint: say("entry_topics_hint") }, this.topics),
      section(say("entry_notes"), { key: say("entry_key_narrative") }, this.notes),
      el("div", { class: "part columns" }, labelled(say("entry_organiser"), this.organiser), labelled(say("entry_model"), this.model)),
      section(say("entry_partners"), {}, this.partners.element),
    ]);
    this.topics.setAttribute("aria-label", say("entry_topics"));
    this.write({ geometry: null, properties: { organiser: account.agency, sessions: 1 } });
  }

  count(text, counter) {
    return el("div", { class: "field" }, el("span", { class: "label" }, text), counter.element);
  }

  hoursPart() {
    return {
      read: () => ({ hours: this.hours.value.trim() === "" ? null : Number(this.hours.value.replace(",", ".")) }),
      write: ({ hours }) => { this.hours.value = hours ?? ""; },
    };
  }

  topicsPart() {
    return {
      read: () => ({ topics: this.topics.value.split(/[;,]/).map((topic) => topic.trim()).filter(Boolean) }),
      write: ({ topics = [] }) => { this.topics.value = topics.join("; "); },
    };
  }

  countProblem() {
    const wrong = [this.attendance, this.sessions, this.materials].find((counter) => !/^\s*\d*\s*$/.test(counter.input.value));
    if (wrong) return { element: wrong.input, text: say("entry_count_wrong") };
    return Number.isFinite(this.hoursPart().read().hours ?? 0) ? null : { element: this.hours, text: say("entry_count_wrong") };
  }

  remember() {
    this.place.keep();
  }
}
