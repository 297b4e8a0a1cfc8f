// What the units are coloured by: asks for the values of the theme and hands the colours on.

import { ask, Dropped } from "./api.js";
import { currentRun, runPeriod, staleText } from "./runs.js";
import { classScale, sequentialScale } from "./scale.js";
import { nearBorder, period, state } from "./state.js";
import { amount, noun, number, say } from "./text.js";

// Edges of the classes of smoothed rates, in common rates.
const TIMES = [0.5, 1, 2, 4, 8];

async function hotspots(theme, runs, { purpose }) {
  const run = currentRun(runs, theme.style.method);
  if (!run) return { empty: say("no_run"), scale: classScale(theme.legend), values: new Map() };
  const result = await ask(purpose, `/hotspot-runs/${run.id}/results`);
  const values = new Map(result.codes.map((code, index) => [code, result.classes[index]]));
  const scale = classScale(theme.legend);
  if (theme.style.present_only) scale.legend = present(theme.legend, new Set([...values.values()].map((value) => String(value ?? "none"))));
  return { scale, values, run };
}

// Of many classes only those that are on the map, and the one of most units.
const present = (legend, keys) => legend.filter(({ key }) => key === "0" || keys.has(key));

async function statistics(theme, _runs, { choice, purpose, bounds }) {
  const { measure } = theme.style;
  const { edition, level } = choice;
  const kinds = measure === "outreach" ? [] : choice.kinds;
  const result = await ask(purpose, "/statistics", { edition, level, measure, kind: kinds, ...period(choice), ...nearBorder() });
  // What is known only by a larger unit counts in part.
  const parts = result.apportioned ?? {};
  const whole = (code, value) => (value === null ? null : value + (parts[code] ?? 0));
  const values = new Map(result.codes.map((code, index) => [code, whole(code, result.values[index])]));
  const apportioned = measure === "rate" ? 0 : Object.values(parts).reduce((sum, part) => sum + part, 0);
  const { protection, unassigned } = result;
  const small = protection && smallText(measure, protection);
  const scale = sequentialScale(theme.style, values, small, new Set(protection?.parted), { bounds });
  return { scale, values, unassigned, apportioned, protection };
}

// Rates that are drawn towards a common one, in classes of how many times it they are.
async function smoothedRates(theme, _runs, { choice, purpose, bounds }) {
  const { edition, level } = choice;
  const rates = await ask(purpose, "/rates", { edition, level, kind: choice.kinds, ...period(choice) });
  const values = new Map(rates.codes.map((code, index) => [code, rates.values[index]]));
  const common = rates.reference_rates.find((rate) => rate > 0) ?? 0;
  const scale = sequentialScale(theme.style, values, null, new Set(), { edges: TIMES.map((times) => times * common), bounds });
  // What is drawn towards something is not nothing, unless nothing is known or counted at all.
  if ([...values.values()].every((value) => value > 0)) scale.legend = scale.legend.filter(({ key }) => key !== "zero");
  return { scale, values, rates, protection: rates.protection, notes: [say("smoothed_note")] };
}

// What stands in the legend for counts that may not be told.
function smallText(measure, { base, under }) {
  if (measure === "rate" && under !== null) return say("small_rate", { base: number(under) });
  return amount(null, base, under);
}

async function coverage(theme, _runs, asked) {
  const { coverageValues } = await import("./coverage.js");
  return coverageValues(theme, asked);
}

const READERS = { classes: hotspots, coverage, times: smoothedRates };

// Values and colours of a theme; null when a newer question of the purpose took its place. With
// the `bounds` of another map's classes both are coloured alike.
export async function themeValues(theme, runs, { choice = state, purpose = "theme", bounds = null } = {}) {
  try {
    const answer = await (READERS[theme.style.scale] ?? statistics)(theme, runs, { choice, purpose, bounds });
    answer.entries = new Map();
    for (const [code, value] of answer.values) answer.entries.set(code, answer.scale.entryOf(value, code));
    return answer;
  } catch (error) {
    if (error instanceof Dropped) return null;
    throw error;
  }
}

// What is to be said of a theme's values beneath its legend.
export function notesOf(theme, answer) {
  const notes = [...(answer.notes ?? [])];
  if (answer.run) notes.push(runPeriod(answer.run), staleText(answer.run));
  if (!answer.run && !answer.notes && (state.band || state.beyond)) notes.push(state.band ? say("near_notes") : say("near_notes_all"));
  const { apportioned, unassigned } = answer;
  const counted = (count) => ({ count: number(count), noun: noun(theme.style.measure, count) });
  if (apportioned > 0.5) notes.push(say("apportioned", counted(apportioned)));
  if (unassigned) notes.push(say("unassigned", counted(unassigned)));
  if (answer.protection) notes.push(say("protected", { base: number(answer.protection.base) }));
  return notes;
}
