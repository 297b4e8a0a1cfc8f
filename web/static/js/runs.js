// Hotspot runs: which one is shown, what it stands for, and whether it still holds.

import { isAdministrator, seesAll } from "./account.js";
import { ask, send } from "./api.js";
import { period, state } from "./state.js";
import { dateText, label, say } from "./text.js";

// Of the method asked for; without one, of the hotspots that the map opens with.
export function currentRun(runs, method = "gi_star") {
  const matching = runs.filter((run) => run.edition === state.edition && run.level === state.level && run.method === method);
  return matching.find((run) => run.id === state.run)
    ?? matching.find((run) => Boolean(run.parameters.border_only) === state.border) ?? null;
}

// Asks for a run that the page was made without; whether it is there.
export async function bringRun(runs, id) {
  const found = await ask("named-run", `/hotspot-runs/${id}`).catch(() => null);
  if (found) runs.push(found);
  return Boolean(found);
}

// Standard runs that were computed since the page was made, of each kind the newest, put first among the runs.
export async function bringNewest(runs) {
  const newest = new Map();
  for (const run of await ask("newest-runs", "/hotspot-runs", { standard: true, limit: 200 })) {
    const kind = [run.method, run.edition, run.level, Boolean(run.parameters.border_only)].join();
    if (!newest.has(kind)) newest.set(kind, run);
  }
  runs.unshift(...[...newest.values()].filter(({ id }) => !runs.some((run) => run.id === id)));
}

// A run's period ends with the day before `period_to`.
export function lastDay(run) {
  return new Date(Date.parse(run.period_to) - 86400000).toISOString().slice(0, 10);
}

// The days and kinds that a run was computed of; of all kinds nothing is said.
export function runPeriod(run) {
  const days = say("run_period", { from: dateText(run.period_from), to: dateText(lastDay(run)) });
  const kinds = run.parameters?.kinds ?? [];
  return kinds.length ? `${days}. ${say("run_kinds", { kinds: kinds.map((kind) => label("incident_kind", kind)).join(", ") })}` : days;
}

// Whether the filter asks for other days or kinds than the run was computed for.
export function isOfAnotherChoice(run) {
  const asked = period();
  return state.from !== null && (asked.from !== run.period_from || asked.to !== lastDay(run)
    || String(run.parameters.kinds) !== String([...state.kinds].sort()));
}

// Has the hotspots of what the filter asks for computed; the id of the run, which is among the runs then.
export async function computeChosen(runs) {
  const { id } = await send("recompute", "/hotspot-runs", {
    edition: state.edition, level: state.level, ...period(), kinds: state.kinds, border_only: state.border,
  });
  runs.push(await ask("run", `/hotspot-runs/${id}`));
  return id;
}

// Why the server would not compute what the filter asks for, as far as the page knows; null where it would.
export function whyRefused(fewestMonths) {
  if (isAdministrator()) return say("run_not_for_role");
  if (seesAll()) return null;
  if (state.from !== null && state.to - state.from + 1 < fewestMonths) return say("run_short", { months: fewestMonths });
  return state.kinds.length > 1 ? say("run_of_kinds") : null;
}

// Boundaries and records may have changed since the run was computed: the server knows.
export async function refresh(run) {
  const { stale_reason } = await ask("run-state", `/hotspot-runs/${run.id}`);
  run.stale_reason = stale_reason;
}

// Why a run, or what it says of a unit, no longer holds; null while it does.
export function staleText({ stale_reason }) {
  if (stale_reason === "boundaries") return say("stale_boundaries");
  return stale_reason === "data" ? say("stale_data") : null;
}
