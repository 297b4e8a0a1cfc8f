// Where a page has no list of passages: the tick of a person who has looked at what the server asked about.

import { el } from "./dom.js";
import { say } from "./text.js";

export const namesSomebody = (error) => error.code === "record.personal_data";

export class PersonalDataTick {
  constructor() {
    this.tick = el("input", { type: "checkbox" });
    this.element = el("label", { class: "choice", hidden: true }, this.tick, el("span", {}, say("entry_personal_checked")));
  }

  // Offers the tick after such a refusal; words that are changed need another look.
  offer(error, inputs = []) {
    if (!namesSomebody(error)) return;
    this.element.hidden = false;
    for (const input of inputs) input.addEventListener("input", () => { this.tick.checked = false; }, { once: true });
    this.tick.focus();
  }

  get checked() {
    return this.tick.checked;
  }
}
