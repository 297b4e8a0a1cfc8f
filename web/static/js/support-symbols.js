// Figures on the support of victims: a circle in each province, as large as its figure.

import { ask, Dropped } from "./api.js";
import { el, styled } from "./dom.js";
import { BESIDE_BUTTONS, popupOf, reachable } from "./popup.js";
import { onChange, period, state } from "./state.js";
import { label, number, say } from "./text.js";

// Widths in pixels: of the largest figure, where the country fills a telephone and closer by, of the
// smallest, and of what a finger can hit.
const [LARGEST_FAR, LARGEST, SMALLEST, TOUCHED] = [30, 46, 10, 26];
const FAR = 5;
// From this width on the number stands in the circle, with a plus where it is more.
const ROOM = 26;

// A round number not above another: 1, 2 or 5 with noughts.
function roundBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].find((digit) => digit * power <= value) * power;
}

export class SupportSymbols {
  // `changed` is called when there is another legend.
  constructor(layer, tell, changed) {
    Object.assign(this, { layer, tell, changed, group: L.layerGroup() });
    this.entries = Object.fromEntries(layer.legend.map((entry) => [entry.key, entry]));
    this.zoomed = () => { if (this.answer && this.largest !== this.largestNow()) this.draw(); };
    onChange((names) => { if (this.isOn && (names.has("edition") || names.has("support"))) this.refresh(); });
  }

  addTo(map) {
    this.isOn = true;
    this.map = map;
    this.group.addTo(map);
    map.on("zoomend", this.zoomed);
    this.refresh();
  }

  remove() {
    this.isOn = false;
    this.group.remove();
    this.map.off("zoomend", this.zoomed);
    this.tell(this.layer.id, null);
  }

  measure() {
    const { measures } = this.layer.style;
    return measures.find(({ key }) => key === state.support) ?? measures[0];
  }

  // Whether there are others than before.
  async refresh() {
    const [programme, measure] = this.measure().key.split(".");
    try {
      const answer = await ask(this.layer.id, this.layer.source, { programme, measure, edition: state.edition, ...period() });
      if (!this.isOn) return false;
      const none = answer.national.length ? say("support_map_national") : say("support_map_none");
      this.tell(this.layer.id, answer.provinces.length ? null : none);
      const found = JSON.stringify(answer);
      if (found === this.found) return false;
      Object.assign(this, { found, answer, most: Math.max(...answer.provinces.map(({ value }) => value ?? 0), 0) });
      this.draw();
      return true;
    } catch (error) {
      if (this.isOn && !(error instanceof Dropped)) this.tell(this.layer.id, say("failed", { reason: error.message }));
      return false;
    }
  }

  largestNow() {
    return this.map.getZoom() <= FAR ? LARGEST_FAR : LARGEST;
  }

  draw() {
    this.largest = this.largestNow();
    this.group.clearLayers();
    // The small ones over the large ones.
    for (const one of this.answer.provinces.sort((a, b) => (b.value ?? 0) - (a.value ?? 0))) this.group.addLayer(this.symbol(one));
    this.changed();
  }

  widthOf(value) {
    return Math.max(this.largest * Math.sqrt(value / this.most), SMALLEST);
  }

  symbol(province) {
    const { value, withheld } = province;
    const entry = value === null ? this.entries.withheld : value ? this.entries.value : this.entries.zero;
    const count = value === null ? this.entries.withheld.label : number(value);
    const told = withheld && value !== null ? say("support_map_at_least", { value: count }) : count;
    const width = value ? this.widthOf(value) : SMALLEST + 4;
    const mark = el("span", { class: `symbol ${entry.mark}` }, value && width >= ROOM ? number(value) + (withheld ? "+" : "") : null);
    const size = Math.max(width, TOUCHED);
    const title = `${province.full_name}: ${told}`;
    return reachable(L.marker([province.lat, province.lon], {
      title, alt: title,
      icon: L.divIcon({ className: "pin support", html: styled(mark, { "--c": entry.colour, "--d": `${width}px` }), iconSize: [size, size] }),
    })).bindPopup(() => this.popup(province, told), BESIDE_BUTTONS);
  }

  popup(province, told) {
    const [figure, ...others] = this.layer.popup;
    const shown = { ...province, told };
    // What is withheld is only said where it is.
    if (!province.withheld) delete shown.withheld;
    if (!province.months) delete shown.months;
    return popupOf(province.full_name, [{ ...figure, label: this.measure().label }, ...others], shown, province.includes_suspected ? say("support_map_suspected") : null);
  }

  legend() {
    if (!this.answer) return null;
    const { provinces, national, elsewhere } = this.answer;
    const { value, zero, withheld } = this.entries;
    const sizes = this.most ? [...new Set([this.most, roundBelow(this.most / 2), roundBelow(this.most / 8)].map((one) => Math.max(Math.round(one), 1)))] : [];
    const entries = sizes.map((one) => ({ ...value, label: number(one), size: this.widthOf(one) }));
    if (provinces.some((one) => one.value === 0)) entries.push(zero);
    if (provinces.some((one) => one.value === null)) entries.push(withheld);
    const notes = [
      this.measure().label,
      ...national.map((one) => say("support_map_country", {
        period: one.period, value: one.suppressed ? withheld.label.toLowerCase() : number(one.value), source: one.citation ?? label("support_programme", this.answer.programme),
      })),
      provinces.length ? null : say("support_map_none"),
      elsewhere ? say("support_map_elsewhere", { months: number(elsewhere) }) : null,
      provinces.some((one) => one.withheld) ? say("support_map_withheld") : null,
    ];
    return { entries, inRow: true, notes };
  }
}
