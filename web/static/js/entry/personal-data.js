// Marks what looks like personal data while somebody writes, by the server's own patterns.

import { data, el } from "../dom.js";
import { say } from "../text.js";

const AROUND = 24;
let patterns = [];

export function setPatterns(sources) {
  patterns = sources.flatMap(([kind, several]) => several.map((one) => [kind, new RegExp(one, "gu")]));
}

// Passages {kind, start, end} of a text whose letters are composed.
export function findPersonalData(text) {
  const plain = text.replace(/[\t\u00a0]/g, " ");
  const found = [];
  for (const [kind, pattern] of patterns) {
    for (const match of plain.matchAll(pattern)) {
      const end = match.index + match[0].length;
      // A name is the last group, at the end of its match.
      const start = end - (match[1] ?? match[0]).length;
      if (found.every((other) => end <= other.start || start >= other.end)) found.push({ kind, start, end });
    }
  }
  return found.filter(({ kind }) => kind !== "harmless").sort((one, other) => one.start - other.start);
}

function kindText(kind) {
  switch (kind) {
    case "citizen_id": return say("entry_personal_citizen");
    case "phone": return say("entry_personal_phone");
    case "identity_card": return say("entry_personal_card");
    case "email": return say("entry_personal_email");
    case "account": return say("entry_personal_account");
    default: return say("entry_personal_name");
  }
}

// A list below the texts it watches. While it is not empty, `settled()` needs the tick of a person.
export class PersonalDataWatch {
  constructor() {
    this.inputs = [];
    this.list = el("ul", { class: "passages" });
    this.tick = el("input", { type: "checkbox" });
    this.element = el("div", { class: "personal", hidden: true, role: "status" },
      el("p", {}, say("entry_personal")), this.list,
      el("label", { class: "choice" }, this.tick, el("span", {}, say("entry_personal_checked"))));
  }

  watch(input) {
    this.inputs.push(input);
    input.addEventListener("input", () => this.look());
  }

  look() {
    const lines = [];
    for (const input of this.inputs) {
      for (const one of findPersonalData(input.value.normalize("NFC"))) lines.push(this.line(input, one));
    }
    this.list.replaceChildren(...lines);
    if (this.element.hidden !== !lines.length) this.tick.checked = false;
    this.element.hidden = !lines.length;
  }

  line(input, { kind, start, end }) {
    const text = input.value.normalize("NFC");
    const remove = () => {
      input.value = `${text.slice(0, start)}[…]${text.slice(end)}`;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    };
    return el("li", {}, el("span", {}, data(text.slice(Math.max(0, start - AROUND), start)), el("mark", {}, data(text.slice(start, end))),
      data(text.slice(end, end + AROUND)), el("small", {}, kindText(kind))),
    el("button", { type: "button", class: "quiet", on: { click: remove } }, say("entry_personal_remove")));
  }

  settled() {
    this.look();
    return this.element.hidden || this.tick.checked;
  }

  get checked() {
    return !this.element.hidden && this.tick.checked;
  }

  clear() {
    this.tick.checked = false;
    this.look();
  }
}
