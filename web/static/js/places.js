// What is said of a place that a text can mean: its name, and the lines below it.

import { number, say } from "./text.js";

const SURE = 0.9;
const COARSE_M = 200;

// The unit of the level shown in which a place lies.
export function shownUnit(place, { edition, level }) {
  return place.units.find((unit) => unit.edition === edition && unit.level === level);
}

const LEVELS = { village: "commune", commune: "commune", legacy_district: "district", province: "province" };

// The unit that an address means, in the newest edition that has it and whose level is loaded.
export function ownUnit(place, loaded) {
  return place.units.find((unit) => unit.level === LEVELS[place.precision]
    && loaded.some(({ edition, level }) => edition === unit.edition && level === unit.level));
}

export function placeName(place, unit) {
  const name = place.name ?? unit?.full_name;
  return name ?? unplaced(place);
}

// What is said instead of a unit.
export function unplaced({ assignment }) {
  if (assignment === "sea") return say("search_sea");
  return assignment === "outside" ? say("search_outside") : say("search_no_unit");
}

// Whether its point means more than the middle of a unit: coordinates always do.
export const hasOwnPoint = (place) => place.name === null || place.precision === "exact" || place.precision === "village";

export function placeLines(place) {
  // Only what somebody measured has a position to read; an address has its units.
  return place.name === null ? positionLines(place) : addressLines(place);
}

function positionLines(place) {
  const position = `${number(place.latitude, 5)}; ${number(place.longitude, 5)}`;
  const isGiven = place.system === "EPSG:4326" && place.accuracy_m < COARSE_M;
  return [
    place.slip?.question,
    // Beyond the border, at sea, elsewhere than written: this no list may leave out.
    ...place.remarks.map((remark) => remark.text),
    isGiven ? position : `${position} (${place.system_name}, ${say("accuracy", { metres: number(place.accuracy_m) })})`,
    perhaps(place),
    distances(place),
    sureness(place),
  ];
}

function addressLines(place) {
  const names = (edition) => place.units.filter((unit) => unit.edition === edition).map((unit) => unit.full_name).reverse();
  const [today, before] = [names("2025").filter((name) => name !== place.name), names("2024")];
  return [
    today.join(", "),
    before.length > 0 && say("search_before", { names: before.join(", ") }),
    perhaps(place),
    ...place.remarks.map((remark) => remark.text),
    distances(place),
    `${precision(place.precision)} · ${sureness(place)}`,
  ];
}

export function sureness({ confidence, name }) {
  const share = { share: number(confidence * 100) };
  if (confidence >= SURE) return say("search_sure", share);
  return name === null ? say("search_unsure_position", share) : say("search_unsure", share);
}

// How far it is to the land border and the nearest known gate, and where that is measured from.
function distances({ name, border, gate }) {
  // A gate that was asked for is no way from itself.
  const isGate = name !== null && gate.distance_m === 0 && gate.measured_from === "point";
  const parts = [borderDistance(border), isGate ? null : gateDistance(gate)];
  // On the border the gate alone is measured.
  if (gate.measured_from === "edge" || (border.measured_from === "edge" && border.distance_m > 0)) parts.push(say("search_from_edge"));
  return parts.filter(Boolean).join("; ");
}

function borderDistance({ neighbours, distance_m: metres, measured_from: begin }) {
  if (metres === null) return null;
  const land = neighbours.map((code) => say(`neighbour_${code}`)).join(", ");
  if (begin === "edge" && metres === 0) return say("search_on_border", { land });
  return say("search_border", { land, km: number(metres / 1000, 1) });
}

function gateDistance({ name, distance_m: metres }) {
  if (name === null) return null;
  return metres === null ? say("search_gate_unknown", { name }) : say("search_gate", { name, km: number(metres / 1000, 1) });
}

// The communes of 2024 of which it can be a part, where that is not known.
export function perhaps({ predecessors }) {
  return predecessors.length > 0 && say("search_perhaps", { names: predecessors.map((one) => one.full_name).join(", ") });
}

function precision(code) {
  if (code === "village") return say("precision_village");
  if (code === "commune") return say("precision_commune");
  return code === "province" ? say("precision_province") : say("precision_district");
}
