// When something happened: a day, or "about", from one day to another.

import { el } from "../dom.js";
import { dateText, say } from "../text.js";
import { announceChange } from "./fields.js";

const DAY = 86_400_000;
const VIETNAM = 7 * 3_600_000;

export const today = (shift = 0) => new Date(Date.now() + VIETNAM + shift * DAY).toISOString().slice(0, 10);
const moved = (day, by) => new Date(Date.parse(day) + by * DAY).toISOString().slice(0, 10);
const dayOf = (iso) => new Date(Date.parse(iso) + VIETNAM).toISOString().slice(0, 10);

export class Period {
  constructor() {
    const day = (name) => el("input", { type: "date", "aria-label": name, min: "1975-07-01", max: today() });
    this.first = day(say("entry_day"));
    this.last = day(say("entry_last_day"));
    this.about = el("input", { type: "checkbox" });
    this.days = [[today(), say("entry_today")], [today(-1), say("entry_yesterday")]].map(([value, text]) =>
      el("button", { type: "button", class: "chip-button", "aria-pressed": "false", "data-day": value, on: { click: () => this.choose(value) } }, text));
    this.until = el("div", { class: "row until", hidden: true }, el("span", {}, say("entry_until")), this.last,
      this.wider(3, say("entry_few_days")), this.wider(15, say("entry_a_month")));
    this.said = el("p", { class: "hint", role: "status" });
    this.element = el("div", { class: "period", on: { change: () => this.show() } },
      el("div", { class: "row" }, this.days, this.first, el("label", { class: "chip" }, this.about, el("span", {}, say("entry_about")))),
      this.until, this.said);
    this.choose(today());
  }

  wider(days, text) {
    return el("button", { type: "button", class: "chip-button", on: { click: () => {
      const middle = this.first.value || today();
      this.first.value = moved(middle, -days);
      this.last.value = [moved(middle, days), today()].sort()[0];
      announceChange(this.first);
    } } }, text);
  }

  choose(day) {
    this.first.value = day;
    this.about.checked = false;
    announceChange(this.first);
  }

  show() {
    this.until.hidden = !this.about.checked;
    if (this.about.checked && (!this.last.value || this.last.value < this.first.value)) this.last.value = this.first.value;
    for (const button of this.days) button.setAttribute("aria-pressed", String(!this.about.checked && button.dataset.day === this.first.value));
    this.said.textContent = this.about.checked && this.first.value
      ? say("entry_about_said", { from: dateText(this.first.value), to: dateText(this.last.value) }) : "";
  }

  get range() {
    return { first: this.first.value, last: this.about.checked ? this.last.value : this.first.value };
  }

  problem() {
    const { first, last } = this.range;
    return first && last >= first ? null : { element: this.first, text: say("entry_day_missing") };
  }

  read() {
    const { first, last } = this.range;
    // A record that names the hour keeps it, unless its day is changed here.
    if (this.kept && this.kept.first === first && this.kept.last === last) return this.kept.properties;
    return { occurred_from: first || null, occurred_to: last || null };
  }

  write({ occurred_from: from, occurred_to: to }) {
    this.kept = null;
    if (!from) return this.choose(today());
    const [first, last] = [from, to ?? from].map((iso) => (iso.length > 10 ? dayOf(iso) : iso));
    this.first.value = first;
    this.last.value = last;
    this.about.checked = last !== first;
    this.kept = { first, last, properties: { occurred_from: from, occurred_to: to } };
    return this.show();
  }
}
