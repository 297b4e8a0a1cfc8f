// What the answer to the words of the box means, and whether a point put beside them may lie there.

import { hasOwnPoint } from "../places.js";

const LEVELS = ["commune", "district", "province"];
// Degrees, about a metre: what was stored may have been rounded.
const SAME = 1e-5;

// The server says of which Enter takes the likeliest; of all others a person chooses. A device gives
// no chances: there no other place may bear the name but what this one was made of.
const isOnly = (place, all) => all.every((one) => one === place || one.name !== place.name || one.communes?.includes(place.name));
export const isSure = (place, all) => place.sure ?? isOnly(place, all);

const byLevel = (one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level);

// The finest unit that a place has, in the newest edition.
export const unitOf = (units) => units.filter(({ level }) => LEVELS.includes(level))
  .sort((one, other) => byLevel(one, other) || other.edition.localeCompare(one.edition))[0] ?? null;

// Its units in an edition, the finest first.
export const namesIn = (units, edition) => units.filter((unit) => unit.edition === edition).sort(byLevel).map((unit) => unit.full_name).join(", ");

// The point that a place has of its own; where it is known by its unit alone, none.
export const pointOf = (place) => ((place.hasPoint ?? (hasOwnPoint(place) || !unitOf(place.units))) ? [place.longitude, place.latitude] : null);

// Whether a point is one that the words have of their own.
export const isPointOf = (places, point) => places.map(pointOf)
  .some((one) => one?.every((degrees, axis) => Math.abs(degrees - point[axis]) < SAME));

// The place that the words surely mean, if the point lies in none that they can mean.
export function elsewhere(places, known) {
  const [likeliest] = places;
  if (!known || !likeliest || !isSure(likeliest, places)) return null;
  return places.some((place) => mayLieIn(known, unitOf(place.units))) ? null : likeliest;
}

function mayLieIn({ units, remarks = [], isOnDevice }, unit) {
  if (!unit) return true;
  const own = units.find(({ edition, level }) => edition === unit.edition && level === unit.level);
  // A device knows not all units: what it does not know of contradicts nothing.
  if (!own) return units.length > 0 || Boolean(isOnDevice);
  // Where communes are drawn approximately the next one may be the true one.
  return own.code === unit.code || remarks.some(({ code, text }) => code === "approximate_edge" && text.includes(unit.full_name));
}
