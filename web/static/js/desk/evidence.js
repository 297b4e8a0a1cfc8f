// What speaks for or against a hotspot: figures, explanations, its course, coverage and outreach.

import { ask, Dropped } from "../api.js";
import { trendChart } from "../chart.js";
import { data, el } from "../dom.js";
import { swatch } from "../legend.js";
import { provenance } from "../provenance.js";
import { runPeriod, staleText } from "../runs.js";
import { amount, dateText, label, number, say } from "../text.js";
import { monthly } from "../unit.js";

const YEAR_MS = 365 * 86_400_000;
const LATEST = 5;

export function evidence(item, review, unit, legend, { months }) {
  const further = el("ul", { class: "further" });
  const coverage = el("section", { class: "done" });
  tellRuns(item, further);
  tellCoverage(item, coverage);
  return [
    unit.hotspot ? verdict(unit.hotspot) : el("p", { class: "hint" }, say("desk_no_result")),
    further,
    unit.hotspot ? figures(unit.hotspot, unit) : null,
    coverage,
    trend(unit, months),
    history(review.classes, legend),
  ];
}

function verdict(hotspot) {
  return el("section", {}, el("h3", {}, say("why")), el("p", {}, data(hotspot.explanation)),
    hotspot.stability ? el("p", {}, data(hotspot.stability.explanation)) : el("p", { class: "hint" }, say("desk_no_stability")),
    staleText(hotspot) ? el("p", { class: "stale" }, staleText(hotspot)) : null,
    el("p", { class: "hint" }, runPeriod(hotspot)), provenance(hotspot));
}

// Figures of the run, as far as they may be told.
function figures(hotspot, { base, under, population }) {
  const rows = [
    [say("incidents_label"), hotspot.incidents === null && base === null ? null : amount(hotspot.incidents, base, under)],
    [say("desk_expected"), hotspot.expected_incidents === null ? null : number(hotspot.expected_incidents, 1)],
    [say("desk_rate"), hotspot.value === null ? null : number(hotspot.value, 1)],
    [say("desk_rate_expected"), hotspot.expected === null ? null : number(hotspot.expected, 1)],
    [say("desk_p"), chance(hotspot.p)],
    [say("desk_q"), chance(hotspot.q)],
    [say("population"), population === null ? null : number(population)],
  ].filter(([, value]) => value !== null);
  return el("dl", { class: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

// No number of permutations gives a certainty of 0.
const chance = (value) => (value === null ? null : value < 0.001 ? `< ${number(0.001, 3)}` : number(value, 3));

// What the other standard runs say: beside the border alone, over the years, in clusters.
async function tellRuns(item, list) {
  try {
    const runs = await ask("case-runs", "/hotspot-runs", { edition: item.edition, level: item.level, standard: true, limit: 30 });
    const newest = new Map();
    for (const run of runs) {
      const key = `${run.method}/${run.parameters.border_only}`;
      if (!newest.has(key) && run.stale_reason !== "boundaries") newest.set(key, run);
    }
    newest.delete("gi_star/false");
    const found = await Promise.all([...newest].map(async ([key, run]) => [run, await ask(`case-${key}`, `/units/${item.edition}/${item.level}/${item.code}`, { run: run.id }, { inLanguage: true })]));
    const said = new Set();
    for (const [run, { hotspot }] of found) {
      if (!(hotspot?.class > 0) || said.has(hotspot.explanation)) continue;
      said.add(hotspot.explanation);
      list.append(el("li", {}, el("strong", {}, runName(run)), " ", data(hotspot.explanation)));
    }
  } catch (error) {
    if (!(error instanceof Dropped)) list.append(el("li", { class: "hint" }, say("failed", { reason: error.message })));
  }
}

function runName({ method, parameters }) {
  if (method === "gi_star") return say("desk_run_border");
  const where = parameters.border_only ? ` (${say("desk_border_only")})` : "";
  return `${method === "emerging" ? say("desk_run_emerging") : say("desk_run_cluster")}${where}:`;
}

// Where outreach stands against risk, and what was held in the last year.
async function tellCoverage(item, place) {
  const of = { edition: item.edition, level: item.level };
  const since = new Date(Date.now() - YEAR_MS).toISOString().slice(0, 10);
  try {
    const [covered, { features }] = await Promise.all([
      ask("case-coverage", `/coverage/${item.code}`, of, { inLanguage: true }),
      ask("case-outreach", "/outreach-events", { ...of, unit: item.code, from: since, limit: 1000 }),
    ]);
    const events = features.map(({ properties }) => properties).sort((one, other) => other.occurred_from.localeCompare(one.occurred_from));
    place.append(el("h3", {}, say("desk_outreach")), el("p", {}, data(covered.explanation)),
      el("p", {}, events.length ? say("desk_outreach_count", { count: number(events.length) }) : say("desk_outreach_none")),
      el("ul", {}, events.slice(0, LATEST).map((event) => el("li", {},
        [dateText(event.occurred_from), label("outreach_kind", event.kind), event.attendance && say("desk_attendance", { count: number(event.attendance) })].filter(Boolean).join(" · ")))));
  } catch (error) {
    if (!(error instanceof Dropped)) place.append(el("p", { class: "hint" }, say("failed", { reason: error.message })));
  }
}

function trend({ months: counts, base, under }, span) {
  if (!counts.length) return null;
  return el("section", {}, el("h3", {}, say("trend")), trendChart(...monthly(counts, span), (value) => amount(value, base, under), base === null));
}

function history(classes, legend) {
  if (!classes.length) return null;
  return el("section", {}, el("h3", {}, say("desk_classes")), el("ul", { class: "classes" }, classes.map((one) => {
    const entry = legend.get(String(one.class ?? "none")) ?? legend.get("none");
    return el("li", {}, swatch(entry), el("span", {}, `${dateText(one.period_from)} – ${dateText(one.period_to)}: ${entry.label}`));
  })));
}
