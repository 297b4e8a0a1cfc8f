// One unit in words and figures: what happened there, how it went, why it is a hotspot.

import { mayBrief } from "./account.js";
import { ask, Dropped } from "./api.js";
import { trendChart } from "./chart.js";
import { decisionSection } from "./decisions.js";
import { byId, data, el } from "./dom.js";
import { swatch } from "./legend.js";
import { provenance } from "./provenance.js";
import { runPeriod, staleText } from "./runs.js";
import { state } from "./state.js";
import { amount, monthOf, monthText, number, say } from "./text.js";
import { unitAddress } from "./unit-address.js";

export class UnitPanel {
  // `classes` finds the legend of a method; `months` are the first and last month of all data, null
  // while there are none; `shown` has the map, the theme of the coverage gap, and a function that gives the
  // smoothed rates that the map is coloured by, if it is.
  constructor(classes, months, close, shown) {
    this.classes = classes;
    this.months = months;
    this.close = close;
    this.shown = shown;
  }

  // The unit, null where it cannot be shown, or undefined where there is none of that code.
  async show(code, run) {
    const panel = byId("unit");
    panel.setAttribute("aria-busy", "true");
    try {
      const [unit, covered, decided, rasters] = await Promise.all([
        ask("unit", `/units/${state.edition}/${state.level}/${code}`, { run: run?.id }, { inLanguage: true }),
        this.covered(code), decisionSection(code), this.rasters(code),
      ]);
      const rates = this.shown.rates();
      const smoothed = rates && (await import("./smoothed.js")).rateSection(rates, code);
      const [top, ...rest] = this.content(unit);
      panel.replaceChildren(...[top, decided, covered, smoothed, ...rest, rasters, await briefingOf(unit)].filter(Boolean));
      return unit;
    } catch (error) {
      if (error instanceof Dropped) return null;
      if (error.status === 404) return undefined;
      panel.replaceChildren(this.top(code, ""), el("p", {}, say("failed", { reason: error.message })));
      return null;
    } finally {
      panel.removeAttribute("aria-busy");
    }
  }

  // What the theme of the coverage gap says of the unit, while it is the one shown.
  async covered(code) {
    const { map, coverage: theme } = this.shown;
    if (state.theme !== theme?.id) return null;
    const { coverageSection } = await import("./coverage.js");
    return coverageSection(map, code, new Map(theme.legend.map((entry) => [entry.key, entry])));
  }

  // What raster layers say of it, where there are any.
  async rasters(code) {
    if (!document.querySelector('input[name="overlay"][value^="raster-"]')) return null;
    const { edition, level } = state;
    return (await import("./raster-figures.js")).rasterSection({ edition, level, code });
  }

  top(name, below, page = null) {
    return el("div", { class: "unit-top" },
      el("div", {}, el("h2", {}, data(name)), el("p", { class: "hint" }, below), page),
      el("button", { type: "button", class: "plain", "aria-label": say("close"), on: { click: this.close } }, "×"));
  }

  content(unit) {
    const below = [unit.parent_name, `${say("code")} ${unit.code}`].filter(Boolean).join(" · ");
    const page = el("a", { class: "to-page", href: unitAddress(unit) }, say("unit_page"));
    return [
      this.top(unit.full_name, below, page), this.verdict(unit.hotspot), ...trend(unit, this.months), facts(unit),
    ].filter(Boolean);
  }

  verdict(hotspot) {
    if (!hotspot) return null;
    const entry = this.classes(hotspot.method).get(String(hotspot.class ?? "none"));
    return el("section", {}, el("h3", {}, say("why")),
      el("p", { class: "verdict" }, swatch(entry), el("span", {}, data(hotspot.explanation))),
      ...(hotspot.stability ? [el("p", {}, data(hotspot.stability.explanation))] : []),
      ...(staleText(hotspot) ? [el("p", { class: "stale" }, staleText(hotspot))] : []),
      el("p", { class: "hint" }, runPeriod(hotspot)),
      ...(hotspot.is_standard ? [] : [el("p", { class: "hint" }, say("own_run"))]),
      provenance(hotspot));
  }
}

// The paper on the province of today in which the unit lies, for who takes it into meetings.
async function briefingOf(unit) {
  const province = state.level === "province" ? unit.code : unit.parent_code;
  if (!mayBrief() || state.edition !== "2025" || !province) return null;
  return (await import("./briefing.js")).briefingSection(province);
}

// Figures of the months chosen, and the line of all months.
function trend({ months: counts, base, under }, span) {
  const chosen = counts.filter(({ month }) => state.from === null || (monthOf(month) >= state.from && monthOf(month) <= state.to));
  const sum = (name) => chosen.reduce((total, item) => total + item[name], 0);
  const cell = (name, value) => el("div", {}, el("dt", {}, say(name)), el("dd", {}, value));
  const figures = [cell("incidents_label", amount(sum("incidents"), base, under)), cell("victims_label", amount(sum("victims"), base, null))];
  const parts = [el("h3", {}, [periodText(), state.kinds.length > 0 && say("all_kinds")].filter(Boolean).join(" · ")), el("dl", { class: "figures" }, figures)];
  const shared = sum("apportioned");
  if (shared >= 0.05) parts.push(el("p", { class: "hint" }, say("apportioned_unit", { count: number(shared, 1) })));
  if (base !== null) parts.push(el("p", { class: "hint" }, say("protected_here", { base: number(base) })));
  if (counts.length) parts.push(el("h3", {}, say("trend")), ...trendChart(...monthly(counts, span), (value) => amount(value, base, under), base === null));
  return parts;
}

// A value for every month of the data: a quiet year is part of the line.
export function monthly(counts, span) {
  const items = new Map(counts.map((item) => [monthOf(item.month), item]));
  const known = [...items.keys()];
  // Records may have come in since the page was made.
  const [first, last] = [Math.min(...known, ...(span ?? [])), Math.max(...known, ...(span ?? []))];
  const months = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const values = (name) => months.map((month) => items.get(month)?.[name] ?? 0);
  return [months, values("incidents"), values("apportioned")];
}

function periodText() {
  if (state.from === null) return say("all_months");
  return [...new Set([monthText(state.from), monthText(state.to)])].join(" – ");
}

function facts(unit) {
  const rows = [];
  const add = (name, value) => rows.push(el("dt", {}, say(name)), el("dd", {}, value));
  if (unit.population !== null) add("population", `${number(unit.population)}${unit.population_estimated ? ` (${say("estimated")})` : ""}`);
  add("area", `${number(unit.area_km2, 1)} km²`);
  const to = (unit.neighbours ?? []).map((code) => say(`neighbour_${code}`)).join(", ");
  add("border_length", unit.border_length_m > 0 ? `${number(unit.border_length_m / 1000, 1)} km, ${to}` : say("no_border"));
  if (unit.border_m !== null && unit.border_m > 0) add("border_distance", `${number(unit.border_m / 1000, 1)} km, ${say(`neighbour_${unit.nearest_neighbour}`)}`);
  if (unit.gate_m !== null) add("gate_distance", `${number(unit.gate_m / 1000, 1)} km`);
  const isMeasured = unit.border_m > 0 || unit.gate_m !== null;
  const source = unit.population === null ? null : el("p", { class: "hint" }, say("population_from", { year: unit.population_year }), " ", data(unit.population_source));
  return el("div", {}, el("dl", { class: "facts" }, rows), source, isMeasured ? el("p", { class: "hint" }, say("from_edge")) : null);
}
