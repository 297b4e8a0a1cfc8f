// How many victims, and of what sex, age and ethnicity: each axis adds up to the total.

import { el } from "../dom.js";
import { label, number, say } from "../text.js";
import { Counter } from "./fields.js";

const UNKNOWN = "u";

// One axis. A press on a category takes all who are not counted yet; a digit does the same and goes on.
class Axis {
  constructor(victims, name, list, codes, title) {
    Object.assign(this, { victims, name });
    this.counters = new Map(codes.map((code) => [code, new Counter(`${title}: ${label(list, code)}`)]));
    this.state = el("span", { class: "axis-state", role: "status" });
    const rows = codes.map((code, index) => el("div", { class: "axis-row" },
      el("button", { type: "button", class: "take", "data-number": index + 1, "data-code": code, on: { click: () => this.take(code) } }, label(list, code)),
      this.counters.get(code).element));
    this.element = el("div", { class: "axis", "data-stop": true, on: { keydown: (event) => this.pressed(event) } },
      el("h3", {}, title, this.state), el("div", { class: `axis-rows axis-${name}` }, rows));
  }

  get counts() {
    return Object.fromEntries([...this.counters].map(([code, counter]) => [code, counter.value ?? 0]).filter(([, count]) => count > 0));
  }

  get sum() {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  take(code) {
    const left = this.victims.count - this.sum;
    const counter = this.counters.get(code);
    counter.add(Math.max(left, left === 0 && this.victims.count === 0 ? 1 : 0));
  }

  pressed(event) {
    if (event.target.matches("input") || event.ctrlKey || event.altKey || event.metaKey) return;
    const code = [...this.counters.keys()][Number(event.key) - 1];
    if (!/^[1-9]$/.test(event.key) || !code) return;
    event.preventDefault();
    this.take(code);
    this.victims.onNext(this.element);
  }

  show() {
    const left = this.victims.count - this.sum;
    this.state.className = `axis-state ${left < 0 ? "wrong" : left === 0 ? "right" : ""}`;
    if (!this.victims.count) this.state.textContent = "";
    else if (left > 0) this.state.textContent = say("entry_axis_left", { count: number(left) });
    else this.state.textContent = left < 0 ? say("entry_axis_over", { count: number(-left) }) : say("entry_axis_right");
  }

  // Who was not counted is of unknown kind; an axis that nobody touched says nothing.
  read() {
    const { counts } = this;
    const left = this.victims.count - this.sum;
    if (this.sum && left > 0) counts[UNKNOWN] = (counts[UNKNOWN] ?? 0) + left;
    return counts;
  }

  write(counts = {}) {
    for (const [code, counter] of this.counters) counter.value = counts[code] ?? 0;
  }
}

export class Victims {
  constructor(lists, onNext) {
    this.onNext = onNext;
    this.total = new Counter(say("entry_victims_total"));
    this.axes = [
      new Axis(this, "sex", "sex", lists.sex, say("entry_sex")),
      new Axis(this, "age", "age_band", lists.age_band, say("entry_age")),
      new Axis(this, "ethnicity", "ethnicity_count", lists.ethnicity_count, say("entry_ethnicity")),
    ];
    this.breakdown = el("div", { class: "axes" }, this.axes.map((axis) => axis.element));
    this.element = el("div", { on: { input: () => this.show(), change: () => this.show() } },
      el("div", { class: "total" }, el("span", {}, say("entry_victims_total")), this.total.element), this.breakdown);
    this.show();
  }

  get count() {
    return this.total.value ?? 0;
  }

  show() {
    // Counting by sex or age counts the victims.
    const most = Math.max(...this.axes.map((axis) => axis.sum));
    if (most > this.count && document.activeElement !== this.total.input) this.total.value = most;
    for (const axis of this.axes) axis.show();
    this.breakdown.classList.toggle("unused", !this.count);
  }

  problem() {
    if (this.total.value === null) return { element: this.total.input, text: say("entry_count_wrong") };
    const over = this.axes.find((axis) => axis.sum > this.count);
    return over ? { element: over.element.querySelector("input"), text: say("entry_axes_wrong") } : null;
  }

  read() {
    const entries = this.axes.map((axis) => [axis.name, axis.read()]).filter(([, counts]) => Object.keys(counts).length);
    return { victims: this.count, victims_by: Object.fromEntries(entries) };
  }

  write({ victims = 0, victims_by: by = {} }) {
    this.total.value = victims;
    for (const axis of this.axes) axis.write(by?.[axis.name]);
    this.show();
  }
}

