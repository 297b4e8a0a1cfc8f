// Two maps in one: what is chosen on the left of a line that can be moved, another choice on its right.

import { data, el } from "./dom.js";
import { runPeriod } from "./runs.js";
import { state } from "./state.js";
import { monthText, say } from "./text.js";
import { notesOf, themeValues } from "./themes.js";
import { Units } from "./units.js";

const PANE = "compared";
// The line begins where most of the country is.
const MIDDLE = [16, 106.4];
// A key press moves the line by so much of the map's width.
const STEP = 2;

export class Comparison {
  // `months` are the first and the last one with data.
  constructor({ map, themes, runs, months, assets }) {
    Object.assign(this, { map, themes, runs, months });
    document.head.append(el("link", { rel: "stylesheet", href: assets.compareStyle }));
  }

  // `base` is the answer of the map on the left; `levels` its units and their provinces. The answer is
  // the legend's part for the right, null where nothing is compared; `isAlike` where both sides have
  // the classes of the left.
  async show(base, levels, choice) {
    if (!choice) return this.close();
    this.open(levels);
    const theme = this.themes.get(choice.theme);
    const bounds = choice.theme === state.theme && base.scale.bounds?.length ? base.scale.bounds : null;
    const answer = await themeValues(theme, this.runs, { choice, purpose: "compared", bounds });
    // Another choice was made meanwhile, or none.
    if (!answer || !this.units) return null;
    this.units.colour({ ...answer.scale, entries: answer.entries }, state.border);
    this.name("left", this.themes.get(state.theme), base, state);
    const title = `${say("compare_right")}: ${this.name("right", theme, answer, choice)}`;
    document.body.dataset.compared = state.other;
    const { legend } = answer.scale;
    const known = new Set(base.scale.legend.map(({ key }) => key));
    const isEarly = !answer.run && this.months && choice.from < this.months[0];
    const notes = [
      bounds && say("compare_alike"), isEarly && say("compare_early", { month: monthText(this.months[0]) }),
      answer.empty, ...notesOf(theme, answer),
    ];
    return { title, entries: bounds ? legend.filter(({ key }) => !known.has(key)) : legend, notes, isAlike: Boolean(bounds) };
  }

  select(code) {
    this.units?.select(code);
  }

  open(levels) {
    if (!this.units) {
      this.pane = this.map.getPane(PANE) ?? this.map.createPane(PANE);
      this.pane.style.zIndex = 210; // over the units of the left, under all lines and marks
      this.units = new Units(this.map, PANE);
      const middle = (100 * this.map.latLngToContainerPoint(MIDDLE).x) / this.map.getSize().x;
      this.place = middle > 15 && middle < 85 ? STEP * Math.round(middle / STEP) : 50;
      this.addLine();
      this.clip = () => this.cut();
      this.map.on("move zoom resize viewreset", this.clip);
    }
    const [level, provinces] = levels;
    this.units.selected = state.unit;
    if (this.shown !== level) this.units.show(level, provinces);
    this.shown = level;
    this.cut();
  }

  addLine() {
    const slide = el("input", {
      type: "range", min: 0, max: 100, step: STEP, value: this.place, "aria-label": say("compare_line"),
      on: { input: () => { this.place = Number(slide.value); this.cut(); } },
    });
    // The map moves by the same keys, and by dragging.
    slide.addEventListener("keydown", (event) => event.stopPropagation());
    this.names = { left: el("p", { class: "left" }), right: el("p", { class: "right" }) };
    this.line = el("div", { class: "compare-line" }, el("div", { class: "cut" }), this.names.left, this.names.right, slide);
    L.DomEvent.disableClickPropagation(slide);
    this.map.getContainer().append(this.line);
  }

  // The right map is seen to the right of the line only, wherever the map has been dragged to.
  cut() {
    const { x: width, y: height } = this.map.getSize();
    const from = this.map.containerPointToLayerPoint([(width * this.place) / 100, 0]);
    const to = this.map.containerPointToLayerPoint([width, height]);
    this.pane.style.clipPath = `polygon(${from.x}px ${from.y}px, ${to.x}px ${from.y}px, ${to.x}px ${to.y}px, ${from.x}px ${to.y}px)`;
    this.line.style.setProperty("--place", `${this.place}%`);
  }

  // What a side shows, in words: the theme and its days.
  name(side, theme, answer, choice) {
    const chosen = choice.from === null ? "" : `${monthText(choice.from)} – ${monthText(choice.to)}`;
    const days = answer.run ? runPeriod(answer.run) : chosen;
    this.names[side].replaceChildren(el("strong", {}, data(theme.title)), " ", days);
    return `${theme.title}, ${days}`;
  }

  // Whether a place in the map's frame shows the right map.
  covers({ x }) {
    return Boolean(this.units) && x > (this.map.getSize().x * this.place) / 100;
  }

  close() {
    if (this.units) {
      this.map.off("move zoom resize viewreset", this.clip);
      this.units.remove();
      this.line.remove();
      this.units = this.shown = null;
      delete document.body.dataset.compared;
    }
    return null;
  }
}
