// How a hotspot run was computed: what somebody needs who doubts it, cites it or computes it again.

import { ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { label, number, say } from "./text.js";

// A hash is told from another by less than its whole length.
const SHOWN_OF_A_HASH = 12;

// The run is asked for when somebody opens the lines.
export function provenance({ run_id: id }) {
  const body = el("div", {});
  const lines = el("details", { class: "provenance" }, el("summary", {}, say("computed_how")), body);
  lines.addEventListener("toggle", async () => {
    if (!lines.open || body.childElementCount) return;
    try {
      body.replaceChildren(facts(await ask("provenance", `/hotspot-runs/${id}`)), el("p", { class: "hint" }, say("computed_again")), el("code", {}, `bienmap hotspots rerun ${id}`));
    } catch (error) {
      if (!(error instanceof Dropped)) body.replaceChildren(el("p", { class: "hint" }, say("failed", { reason: error.message })));
    }
  });
  return lines;
}

function facts(run) {
  const asked = run.parameters;
  const rows = [
    [say("computed_method"), say(`method_${run.method}`)],
    [say("computed_measure"), run.method.startsWith("scan_") ? null : say(`measure_${asked.measure}`)],
    [say("computed_neighbours"), neighbours(asked)],
    [say("computed_among"), asked.border_only ? say("computed_border") : say("computed_all")],
    [say("computed_kinds"), asked.kinds.length ? asked.kinds.map((kind) => label("incident_kind", kind)).join(", ") : say("computed_all_kinds")],
    [say("computed_step"), asked.step_weeks ? say("computed_weeks", { count: asked.step_weeks }) : asked.step_months && say("computed_months", { count: asked.step_months })],
    [say("computed_windows"), asked.longest && say("computed_largest", { share: number(asked.largest_share * 100, 1), longest: asked.longest })],
    ...draws(run),
    [say("computed_used"), run.records_used === null ? null : number(run.records_used)],
    ...leftOut(run),
    [say("computed_software"), `Bienmap ${run.software_version}`],
    [say("computed_data"), hash(run.data_fingerprint)],
    [say("computed_boundaries"), hash(run.boundary_fingerprint)],
  ];
  return el("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, data(value))]));
}

// Standardised rates are tested by the law of the incidents: nothing is drawn.
function draws({ method, parameters: asked }) {
  if (method !== "local_moran" && asked.measure === "standardised_rate") return [[say("computed_test"), say("computed_test_population")]];
  return [[say("computed_draws"), number(asked.permutations ?? asked.replications)], [say("computed_seed"), String(asked.seed)]];
}

function neighbours(asked) {
  switch (asked.neighbourhood) {
    case undefined: return null;
    case "nearest": return say("neighbourhood_nearest", { count: asked.nearest });
    case "distance_band": return say("neighbourhood_distance_band", { reach: number(asked.reach_metres / 1000, 1) });
    case "border_section": return say("neighbourhood_border_section", { reach: number(asked.reach_metres / 1000, 1) });
    default: return say("neighbourhood_queen");
  }
}

// What took no part, by reason.
function leftOut({ left_out: counts }) {
  return Object.entries(counts ?? {}).filter(([, count]) => count).map(([reason, count]) => [say(`left_out_${reason}`), number(count)]);
}

const hash = (whole) => whole?.slice(0, SHOWN_OF_A_HASH);
