// A form of parts: each reads and writes properties of a record; Enter goes from part to part.

import { el } from "../dom.js";
import { say } from "../text.js";
import { PersonalDataWatch } from "./personal-data.js";
import { stopOf } from "./fields.js";

// Buttons that Enter passes: the day that is chosen already, and categories, which a digit or space takes.
const PASSED = '.take, .chip-button[aria-pressed="true"]';

export class RecordForm {
  constructor(recordType, path) {
    Object.assign(this, { recordType, path, parts: [], checks: [] });
    this.personal = new PersonalDataWatch();
    this.next = this.next.bind(this);
  }

  // Sections in their order; `parts` read and write, `checks` are asked before the record is sent.
  build(sections) {
    this.fault = el("p", { class: "fault", role: "alert", hidden: true });
    this.notice = el("div", { class: "before-sending" });
    this.sendButton = el("button", { class: "action send", "data-stop": true }, say("entry_send"));
    this.element = el("form", { class: "record", novalidate: true, "aria-label": say("entry_form"), on: { keydown: (event) => this.pressed(event), input: () => this.touched(), change: () => this.touched() } },
      sections, this.personal.element, this.notice, this.fault, this.sendButton, el("p", { class: "hint keys" }, say("entry_keys")));
    return this.element;
  }

  touched() {
    this.isTouched = true;
    if (this.until?.()) this.tell(null);
  }

  stops() {
    return [...this.element.querySelectorAll("[data-stop]")].filter((stop) => !stop.closest("[hidden], .unused") && stop.getClientRects().length);
  }

  // From the part that an element is in to the next one.
  next(element) {
    const stops = this.stops();
    const at = stops.findLastIndex((stop) => stop.contains(element));
    const stop = stops[at + 1] ?? this.sendButton;
    const target = stop.matches("button") ? stop : stopOf(stop) ?? stop;
    target.focus();
    target.closest("fieldset")?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.element.requestSubmit();
    } else if (event.key === "Enter" && (event.target.matches(PASSED) || !event.target.matches("textarea, button, a, summary"))) {
      event.preventDefault();
      this.next(event.target);
    } else if (event.altKey && !event.ctrlKey && /^[a-z]$/.test(event.key.toLowerCase())) {
      const part = this.element.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
      if (!part) return;
      event.preventDefault();
      stopOf(part)?.focus();
    }
  }

  get first() {
    return stopOf(this.element.querySelector("[data-stop]"));
  }

  pick(place) {
    this.place.pick(place);
  }

  properties() {
    return Object.assign({}, ...this.parts.map((part) => part.read()));
  }

  feature() {
    const place = this.place?.readPlace() ?? { geometry: null, properties: {} };
    return { type: "Feature", geometry: place.geometry, properties: { ...this.kept, ...place.properties, ...this.properties() } };
  }

  // What is kept of a record that is not finished: where its point came from too, which nobody stores.
  draft() {
    return { ...this.feature(), from: this.place?.chosen?.from };
  }

  // Properties that the form does not show stay with the record.
  write(feature, { keep = false } = {}) {
    this.kept = keep ? feature.properties : {};
    for (const part of this.parts) part.write(feature.properties);
    this.place?.writePlace(feature);
    this.personal.clear();
  }

  problem() {
    for (const part of [this.place, ...this.parts, ...this.checks]) {
      const found = part?.problem?.();
      if (found) return found;
    }
    return this.personal.settled() ? null : { element: this.personal.tick, text: say("entry_personal_first") };
  }

  // Said above the button, or beside what it is of, `until` that is mended.
  tell(text, { element = null, after = null, until = null } = {}) {
    this.until = until;
    const part = element?.closest(".part");
    if (after) after.after(this.fault);
    else if (part) part.append(this.fault);
    else this.sendButton.before(this.fault);
    this.fault.textContent = text ?? "";
    this.fault.hidden = !text;
    if (text) this.fault.scrollIntoView({ block: "nearest" });
  }
}
