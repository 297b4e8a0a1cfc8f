// The form of a network: its places on the map, joined into legs.

import { data, el } from "../dom.js";
import { label, number, say } from "../text.js";
import { announceChange, Choice, codeSelect, Counter, labelled, property, section } from "./fields.js";
import { RecordForm } from "./form.js";
import { PlacePicker } from "./place.js";
import { RouteMap } from "./route-map.js";

const HOME = "VN";

export class NetworkForm extends RecordForm {
  constructor({ map, account, codesOf }) {
    super("network", "/networks");
    const codes = (list) => codesOf[list];
    Object.assign(this, { account, places: [], legs: [] });
    this.route = new RouteMap(map, { onJoin: (from, to) => this.join(from, to) });
    this.picker = new PlacePicker({ map, account, onNext: () => this.role.inputs[0].focus(), isOptional: true });
    this.role = new Choice({ list: "network_node_role", codes: codes("network_node_role"), onNext: () => this.addButton.focus() });
    this.country = codeSelect("destination", codes("destination").filter((code) => !["OTHER", "UNKNOWN"].includes(code)));
    this.addButton = el("button", { type: "button", class: "action second", on: { click: () => this.addPlace() } }, say("entry_add_place"));
    this.placeList = el("ol", { class: "places" });
    this.legList = el("ul", { class: "legs" });
    this.crossings = codes("crossing_type");
    this.caseCode = el("input", { type: "text", maxlength: 200, autocomplete: "off", "aria-label": say("entry_case_code") });
    this.scope = new Choice({ list: "network_scope", codes: codes("network_scope"), onNext: this.next });
    this.status = codeSelect("network_status", codes("network_status"));
    this.day = el("input", { type: "date", min: "1975-07-01" });
    this.lead = codeSelect("agency", codes("agency"));
    this.joint = new Choice({ list: "agency", codes: codes("agency"), frequent: codes("agency").slice(0, 6), several: true });
    this.arrested = new Counter(say("entry_arrested"), { empty: true });
    this.rescued = new Counter(say("entry_rescued"), { empty: true });
    this.notes = el("textarea", { rows: 3, maxlength: 20000, "aria-label": say("entry_notes") });
    this.parts = [
      property("case_code", this.caseCode), property("scope", this.scope), property("status", this.status, { empty: "dismantled" }),
      property("dismantled_on", this.day), property("lead_agency", this.lead), property("joint_agencies", this.joint, { empty: [] }),
      property("arrested", this.arrested), property("rescued", this.rescued), property("notes", this.notes),
    ];
    this.checks = [{ problem: () => this.missing() }];
    for (const input of [this.notes, this.picker.input, this.caseCode]) this.personal.watch(input);
    this.build(this.sections());
    this.write({ properties: { lead_agency: account.agency, status: "dismantled" } });
  }

  sections() {
    const count = (text, counter) => el("div", { class: "field" }, el("span", { class: "label" }, text), counter.element);
    return [
      section(say("entry_case_code"), { key: say("entry_key_place") }, this.caseCode),
      section(say("entry_scope"), { key: say("entry_key_kind") }, this.scope.element),
      section(say("entry_route"), { key: say("entry_key_route"), hint: say("entry_route_hint") }, this.placeList,
        el("div", { class: "new-place" }, this.picker.element, this.role.element, labelled(say("entry_country"), this.country), this.addButton),
        el("h3", {}, say("entry_legs")), this.legList),
      section(say("entry_results"), { key: say("entry_key_victims") }, el("div", { class: "columns" }, labelled(say("entry_dismantled_on"), this.day),
        labelled(say("entry_status"), this.status), count(say("entry_arrested"), this.arrested), count(say("entry_rescued"), this.rescued))),
      section(say("entry_agencies"), {}, labelled(say("entry_lead"), this.lead), el("div", { class: "field" }, el("span", { class: "label" }, say("entry_joint")), this.joint.element)),
      section(say("entry_notes"), { key: say("entry_key_narrative") }, this.notes),
    ];
  }

  pick(place) {
    this.picker.pick(place);
  }

  missing() {
    if (!this.caseCode.value.trim()) return { element: this.caseCode, text: say("entry_case_missing") };
    if (!this.scope.value) return { element: this.scope.inputs[0], text: say("entry_kind_missing") };
    return this.places.length ? null : { element: this.picker.input, after: this.picker.input, text: say("entry_places_missing") };
  }

  addPlace() {
    const place = this.picker.readPlace();
    const country = this.country.value || HOME;
    if (!this.role.value) return this.role.inputs[0].focus();
    if (country === HOME && !this.picker.chosen) {
      this.picker.say(say("entry_place_missing"));
      return this.picker.input.focus();
    }
    const sequence = Math.max(0, ...this.places.map((one) => one.properties.sequence)) + 1;
    const { known } = this.picker.chosen ?? {};
    this.places.push({ type: "Feature", geometry: place.geometry, properties: { ...place.properties, role: this.role.value, country, sequence }, shown: known && [known.longitude, known.latitude] });
    const before = this.places.at(-2);
    if (before) this.join(before.properties.sequence, sequence);
    this.picker.clear();
    this.role.value = null;
    this.country.value = "";
    this.showRoute();
    announceChange(this.addButton);
    return this.picker.input.focus();
  }

  join(from, to) {
    if (from === to || this.legs.some((leg) => leg.from_sequence === from && leg.to_sequence === to)) return;
    this.legs.push({ from_sequence: from, to_sequence: to, crossing: null });
    this.showRoute();
    announceChange(this.addButton);
  }

  remove(place) {
    const { sequence } = place.properties;
    this.places = this.places.filter((one) => one !== place);
    this.legs = this.legs.filter((leg) => leg.from_sequence !== sequence && leg.to_sequence !== sequence);
    this.showRoute();
    announceChange(this.addButton);
  }

  titleOf(sequence) {
    const { properties } = this.places.find((place) => place.properties.sequence === sequence);
    return `${number(sequence)}. ${properties.place_text ?? (properties.country === HOME ? label("network_node_role", properties.role) : label("destination", properties.country))}`;
  }

  showRoute() {
    const button = (text, title, click) => el("button", { type: "button", class: "quiet", "aria-label": title, on: { click } }, text);
    this.placeList.replaceChildren(...this.places.map((place) => el("li", { value: place.properties.sequence },
      el("span", {}, el("strong", {}, label("network_node_role", place.properties.role)), " ", data(this.titleOf(place.properties.sequence).replace(/^\S+ /, ""))),
      button("✕", `${say("entry_remove")}: ${this.titleOf(place.properties.sequence)}`, () => this.remove(place)))));
    this.legList.replaceChildren(...this.legs.map((leg) => this.legLine(leg, button)));
    this.route.show(this.places, this.legs);
  }

  legLine(leg, button) {
    const name = `${this.titleOf(leg.from_sequence)} → ${this.titleOf(leg.to_sequence)}`;
    const crossing = codeSelect("crossing_type", this.crossings);
    crossing.value = leg.crossing ?? "";
    crossing.setAttribute("aria-label", `${say("entry_crossing")}: ${name}`);
    crossing.addEventListener("change", () => { leg.crossing = crossing.value || null; });
    return el("li", {}, data(name), crossing, button("✕", `${say("entry_remove")}: ${name}`, () => {
      this.legs = this.legs.filter((one) => one !== leg);
      this.showRoute();
      announceChange(this.addButton);
    }));
  }

  feature() {
    const places = this.places.map(({ geometry, properties }) => ({ type: "Feature", geometry, properties }));
    return { type: "Feature", properties: { ...this.kept, ...this.properties() }, places, legs: this.legs };
  }

  write(record, options) {
    super.write(record, options);
    this.places = (record.places ?? []).map((place) => ({ ...place }));
    this.legs = (record.legs ?? []).map((leg) => ({ ...leg }));
    this.showRoute();
  }
}
