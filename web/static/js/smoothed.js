// A unit's smoothed rate with its interval, beside the crude one and what it is drawn towards.

import { el } from "./dom.js";
import { number, say } from "./text.js";

// `rates` is the answer of /rates that the map is coloured by.
export function rateSection(rates, code) {
  const place = rates.codes.indexOf(code);
  if (place < 0 || rates.values[place] === null) return null;
  const one = (name) => number(rates[name][place], 1);
  const rows = [
    [say("smoothed_rate"), one("values")],
    [say("smoothed_interval"), `${one("lower")} – ${one("upper")}`],
    [say("smoothed_crude"), rates.protection && !rates.protection.exact.includes(code) ? say("smoothed_untold") : one("crude")],
    [say("smoothed_common"), one("reference_rates")],
  ];
  return el("section", {}, el("h3", {}, say("smoothed_title")),
    el("dl", { class: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("p", {}, against(rates.lower[place], rates.reference_rates[place], rates.upper[place])),
    el("p", { class: "hint" }, say("smoothed_hint", { share: number(rates.parameters.credibility * 100) })));
}

// What the interval says beside the common level.
function against(lower, common, upper) {
  if (lower > common) return say("smoothed_above");
  if (upper < common) return say("smoothed_below");
  return say("smoothed_unclear");
}
