// The fields of the forms: big to touch, and each a stop of the Enter key.

import { el } from "../dom.js";
import { label, say } from "../text.js";

let made = 0;
const newName = () => `field-${++made}`;

// A part of a form with its heading; Enter goes from one to the next.
export function section(title, { key = null, hint = null } = {}, ...children) {
  const heading = el("legend", {}, title, key && el("kbd", { "aria-hidden": "true", class: "key" }, `Alt+${key}`));
  const box = el("fieldset", { class: "part", "data-stop": true }, heading, hint && el("p", { class: "hint" }, hint), children);
  if (key) box.dataset.key = key.toLowerCase();
  return box;
}

// Where the keyboard enters a part: the choice made, else its first field.
export function stopOf(element) {
  const fields = [...element.querySelectorAll("input, select, textarea, button")].filter((field) => !field.disabled && field.tabIndex >= 0 && field.getClientRects().length);
  return fields.find((field) => field.type === "radio" && field.checked) ?? fields[0];
}

export function announceChange(element) {
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

// Codes of a list as big choices, one or several; what is seldom wanted comes after "more". A digit
// takes the choice of that number and goes on.
export class Choice {
  constructor({ list, codes, frequent = codes, several = false, onNext = null }) {
    Object.assign(this, { list, codes, frequent: new Set(frequent), several, onNext });
    this.name = newName();
    this.inputs = codes.map((code) => el("input", { type: several ? "checkbox" : "radio", name: this.name, value: code }));
    this.more = el("button", { type: "button", class: "chip-more", "aria-expanded": "false", on: { click: () => this.expand(true) } }, say("entry_more"));
    this.chips = this.inputs.map((input) => el("label", { class: "chip" }, input, el("span", {}, label(list, input.value))));
    this.element = el("div", { class: "chips", role: several ? "group" : "radiogroup", on: { keydown: (event) => this.pressed(event), change: () => this.arrange() } },
      this.chips, this.more);
    this.arrange();
  }

  expand(isOpen) {
    this.isOpen = isOpen;
    this.arrange();
    if (isOpen) this.chips.find((chip) => !this.frequent.has(chip.firstChild.value))?.firstChild.focus();
  }

  arrange() {
    let number = 0;
    for (const chip of this.chips) {
      const input = chip.firstChild;
      chip.hidden = !this.isOpen && !this.frequent.has(input.value) && !input.checked;
      if (chip.hidden || ++number > 9) delete chip.dataset.number;
      else chip.dataset.number = number;
    }
    this.more.hidden = this.isOpen || this.frequent.size >= this.codes.length;
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    const chip = this.chips.find((one) => one.dataset.number === event.key);
    if (!chip) return;
    event.preventDefault();
    const input = chip.firstChild;
    input.checked = this.several ? !input.checked : true;
    announceChange(input);
    input.focus();
    if (input.checked) this.onNext?.(this.element);
  }

  get value() {
    const chosen = this.inputs.filter((input) => input.checked).map((input) => input.value);
    return this.several ? chosen : chosen[0] ?? null;
  }

  set value(value) {
    const wanted = new Set(Array.isArray(value) ? value : [value]);
    for (const input of this.inputs) input.checked = wanted.has(input.value);
    this.arrange();
  }
}

// A count with buttons to take one off and put one on.
export class Counter {
  constructor(name, { empty = false } = {}) {
    this.empty = empty;
    this.input = el("input", { type: "text", inputmode: "numeric", pattern: "[0-9]*", maxlength: 9, "aria-label": name, class: "count" });
    const step = (by, text, title) => el("button", { type: "button", class: "step", tabindex: -1, "aria-label": `${title}: ${name}`, on: { click: () => this.add(by) } }, text);
    this.element = el("div", { class: "counter", role: "group", "aria-label": name },
      step(-1, "−", say("entry_less")), this.input, step(1, "+", say("entry_plus")));
    this.input.addEventListener("focus", () => this.input.select());
    this.value = null;
  }

  add(by) {
    this.value = Math.max(0, (this.value ?? 0) + by);
    announceChange(this.input);
  }

  get value() {
    const text = this.input.value.trim();
    if (text === "") return this.empty ? null : 0;
    return /^\d+$/.test(text) ? Number(text) : null;
  }

  set value(value) {
    this.input.value = value === null || value === undefined ? (this.empty ? "" : "0") : String(value);
  }
}

export function labelled(text, input, hint = null) {
  input.id ||= newName();
  return el("div", { class: "field" }, el("label", { for: input.id }, text), input, hint && el("p", { class: "hint" }, hint));
}

export function codeSelect(list, codes) {
  return el("select", {}, el("option", { value: "" }, "–"), codes.map((code) => el("option", { value: code }, label(list, code))));
}

// A part of a record that is one property: `input` has the value.
export function property(name, input, { empty = null } = {}) {
  return {
    read: () => ({ [name]: input.value === "" ? empty : input.value }),
    write: (properties) => { input.value = properties[name] ?? (input instanceof HTMLElement ? "" : empty); },
  };
}
