// The form of an incident.

import { el } from "../dom.js";
import { say } from "../text.js";
import { remember, remembered } from "./drafts.js";
import { Choice, codeSelect, Counter, labelled, property, section } from "./fields.js";
import { RecordForm } from "./form.js";
import { Period } from "./period.js";
import { PlacePicker } from "./place.js";
import { Victims } from "./victims.js";

const FREQUENT = {
  incident_kind: ["tip", "case150", "foiled", "rescue", "self_return", "handover", "missing"],
  channel: ["facebook", "zalo", "tiktok", "phone", "acquaint", "broker_job", "stranger", "unknown"],
  destination: ["VN", "KH", "LA", "CN", "MM", "UNKNOWN"],
};

export class IncidentForm extends RecordForm {
  constructor({ map, account, codesOf }) {
    super("incident", "/incidents");
    const codes = (list) => codesOf[list];
    const { next } = this;
    const choice = (list, more = {}) => new Choice({ list, codes: codes(list), frequent: FREQUENT[list], onNext: next, ...more });
    this.account = account;
    this.place = new PlacePicker({ map, account, onNext: next });
    this.period = new Period();
    this.kind = choice("incident_kind");
    this.channels = choice("channel", { several: true });
    this.destination = choice("destination");
    this.victims = new Victims(Object.fromEntries(["sex", "age_band", "ethnicity_count"].map((list) => [list, codes(list)])), next);
    this.narrative = el("textarea", { rows: 4, maxlength: 20000 });
    this.status = codeSelect("status", codes("status"));
    this.agency = codeSelect("agency", codes("agency"));
    this.suspects = new Counter(say("entry_suspects"));
    this.purposes = choice("purpose", { several: true, onNext: null });
    this.externalId = el("input", { type: "text", maxlength: 200, autocomplete: "off" });
    this.parts = [
      this.period, property("kind", this.kind), property("channels", this.channels, { empty: [] }), property("destination", this.destination),
      this.victims, property("narrative", this.narrative), property("status", this.status, { empty: "received" }), property("agency", this.agency),
      property("suspects", this.suspects, { empty: 0 }), property("purposes", this.purposes, { empty: [] }), property("external_id", this.externalId),
    ];
    this.checks = [{ problem: () => (this.kind.value ? null : { element: this.kind.inputs[0], text: say("entry_kind_missing") }) }];
    for (const input of [this.narrative, this.place.input]) this.personal.watch(input);
    this.build([
      section(say("entry_place"), { key: say("entry_key_place") }, this.place.element),
      section(say("entry_when"), { key: say("entry_key_when") }, this.period.element),
      section(say("entry_kind"), { key: say("entry_key_kind") }, this.kind.element),
      section(say("entry_channel"), { key: say("entry_key_channel") }, this.channels.element),
      section(say("entry_destination"), { key: say("entry_key_destination") }, this.destination.element),
      section(say("entry_victims"), { key: say("entry_key_victims") }, this.victims.element),
      section(say("entry_narrative"), { key: say("entry_key_narrative"), hint: say("entry_narrative_hint") }, this.narrative),
      this.details(),
    ]);
    this.narrative.setAttribute("aria-label", say("entry_narrative"));
    this.fresh();
  }

  details() {
    return el("details", { class: "part details" }, el("summary", {}, say("entry_details")),
      el("div", { class: "columns" }, labelled(say("entry_status"), this.status), labelled(say("entry_agency"), this.agency),
        labelled(say("entry_external_id"), this.externalId),
        el("div", { class: "field" }, el("span", { class: "label" }, say("entry_suspects")), this.suspects.element)),
      el("div", { class: "field" }, el("span", { class: "label" }, say("entry_purpose")), this.purposes.element));
  }

  // What a new record begins with: today, the kind of the last one, the own agency.
  fresh() {
    this.write({ geometry: null, properties: { kind: remembered("kind"), agency: this.account.agency, status: "received" } });
  }

  remember() {
    remember("kind", this.kind.value);
    this.place.keep();
  }
}
