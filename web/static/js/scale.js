// From numbers to colours: fixed classes of hotspots, and classes made for a set of values.

import { number, say } from "./text.js";

export const OUTSIDE = { key: "outside", colour: "#eceeed", mark: "fill" };

// Most units have few records and a few have many: these shares of the units with any lie below the
// breaks, so that the highest classes are small. Equal intervals would leave the map in one colour.
const SHARES = [0.4, 0.65, 0.82, 0.93, 0.98];

// Values by code, null where they are unknown. `small` is the text for what may not be told, null where
// all counts are exact; of `parted` units less is known than it says.
// Without `edges` between classes each class is a part of the units. `bounds` are those of another map,
// beside which this one is to be read: then the first and the last class have no end of their own.
export function sequentialScale(style, values, small, parted, { edges = null, bounds: others = null } = {}) {
  const known = [...values.values()];
  const positive = known.filter((value) => value > 0).sort((a, b) => a - b);
  const whole = positive.every(Number.isInteger);
  const breaks = edges?.filter((edge) => edge < positive.at(-1)) ?? breaksOf(positive);
  const bounds = others?.length ? others : positive.length ? [positive[0], ...breaks.filter((limit) => limit > positive[0])] : [];
  const colours = spread(style.colours, bounds.length);
  const legend = bounds.map((low, index) => {
    const next = bounds[index + 1] ?? Math.max(positive.at(-1) ?? 0, low);
    const high = index + 1 < bounds.length && whole ? next - 1 : next;
    const text = low === high ? number(low, 1) : `${number(low, 1)} – ${number(high, 1)}`;
    return { key: String(index), colour: colours[index], mark: "fill", label: others?.length ? openLabel(bounds, index) : text };
  });
  const nothing = { key: "zero", colour: style.nothing, mark: "fill", label: say("zero") };
  const untold = small ? [...values].filter(([, value]) => value === null) : [];
  const few = untold.some(([code]) => !parted.has(code)) && { ...nothing, key: "small", label: small };
  const fewer = untold.some(([code]) => parted.has(code)) && { ...nothing, key: "few", label: say("small_few") };
  const entryOf = (value, code) => {
    if (small && value === null) return parted.has(code) ? fewer : few;
    if (!(value > 0)) return nothing;
    let index = bounds.length - 1;
    while (index > 0 && value < bounds[index]) index--;
    return legend[index];
  };
  const lowest = [(!untold.length || known.includes(0)) && nothing, few, fewer].filter(Boolean);
  const commonest = few || fewer || nothing;
  return { legend: [...lowest, ...legend], bounds, entryOf, fallback: commonest, ground: commonest };
}

// The class of values from a bound on, where those of two maps are in it.
function openLabel(bounds, index) {
  const [low, next] = [bounds[index], bounds[index + 1]].map((bound) => number(bound, 1));
  if (bounds.length === 1) return say("more_than_none");
  if (index === 0) return say("less_than", { value: next });
  if (index === bounds.length - 1) return say("at_least", { value: low });
  return say("from_to_under", { from: low, to: next });
}

// The same classes, told as they are of two maps beside each other.
export function openEnds({ legend, bounds }) {
  const first = legend.length - bounds.length;
  return legend.map((entry, place) => (place < first ? entry : { ...entry, label: openLabel(bounds, place - first) }));
}

function breaksOf(sorted) {
  const breaks = [];
  for (const share of SHARES) {
    const limit = sorted[Math.floor(sorted.length * share)];
    if (limit !== undefined && limit > (breaks.at(-1) ?? sorted[0] - 1e-9)) breaks.push(limit);
  }
  return breaks;
}

function spread(colours, count) {
  if (count <= 1) return colours.slice(-2, -1);
  return Array.from({ length: count }, (_, i) => colours[Math.round((i * (colours.length - 1)) / (count - 1))]);
}

export function classScale(legend) {
  const entries = new Map(legend.map((entry) => [entry.key, entry]));
  const none = entries.get("none");
  const entryOf = (value) => (value === null || value === undefined ? none : entries.get(String(value)) ?? none);
  return { legend, entryOf, fallback: none, ground: entries.get("0") };
}
