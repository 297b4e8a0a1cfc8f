// Places as the server knows them; while it is away, from the packs on this device in the same shape.

import { ask, Dropped } from "../api.js";
import { packs } from "../offline/packs.js";
import { asStated, communeAt, outlinesOf, searchPlaces } from "../offline/places.js";
import { say } from "../text.js";

const METRES_PER_DEGREE = 111_000;
const PRECISION = { district: "legacy_district" };

async function orOnDevice(question, onDevice) {
  try {
    return await question();
  } catch (error) {
    if (error instanceof Dropped || error.status < 500) throw error;
    const held = await packs().catch(() => []);
    if (!held.length) throw error;
    return onDevice(held);
  }
}

// What the words can mean, the likeliest first; where they mean nothing, the reason if it is known.
export function findPlaces(purpose, words) {
  return orOnDevice(() => ask(purpose, "/places", { q: words }, { inLanguage: true }),
    (held) => ({ places: searchPlaces(held, words).map((place) => asKnown(held, place)), reason: null }));
}

// Name and bounds of a unit.
export function findUnit(purpose, unit) {
  return orOnDevice(() => ask(purpose, `/units/${unit.edition}/${unit.level}/${unit.code}`), (held) => unitOnDevice(held, unit));
}

function withProvince(commune, province) {
  return [{ ...commune, edition: "2025", level: "commune" }, { ...province, edition: "2025", level: "province" }]
    .map(({ edition, level, code, full_name }) => ({ edition, level, code, full_name }));
}

function unitsOf(held, place) {
  if (place.kind === "unit" && place.level === "commune") return withProvince(place, { code: place.parent_code, full_name: place.within[0] });
  if (place.kind === "unit" || place.kind === "former") return [{ edition: place.edition, level: place.level, code: place.code, full_name: place.full_name }];
  const commune = communeAt(held, place.longitude, place.latitude);
  return commune ? withProvince(commune, commune.province) : [];
}

// How far off a position may be that was written with so many decimals.
function doubtOf({ latitude, longitude }) {
  const decimals = Math.max(...[latitude, longitude].map((degrees) => (String(degrees).split(".")[1] ?? "").length));
  return Math.max(5, Math.round(METRES_PER_DEGREE / 10 ** decimals / 2));
}

function asKnown(held, place) {
  const { geometry } = asStated(place);
  const [longitude, latitude] = geometry?.coordinates ?? [place.longitude, place.latitude];
  const name = place.full_name ?? `${latitude}; ${longitude}`;
  return {
    name, longitude, latitude, units: unitsOf(held, place), communes: place.communes,
    precision: geometry ? null : PRECISION[place.level] ?? place.level, accuracy_m: place.kind === "point" ? doubtOf(place) : 5,
    lines: [place.within?.join(", "), place.communes && say("outbox_former", { unit: name, communes: place.communes.join(", ") })],
    isOnDevice: true, hasPoint: Boolean(geometry),
  };
}

function unitOnDevice(held, { edition, level, code }) {
  const isIt = (unit) => unit.edition === edition && unit.level === level && unit.code === code;
  const found = held.find(({ pack }) => [...pack.units, ...pack.former_units].some(isIt));
  if (!found) throw new Error(say("offline"));
  const { full_name, into_codes: into } = [...found.pack.units, ...found.pack.former_units].find(isIt);
  const corners = outlinesOf(found).filter((one) => level === "province" || one.code === code || into?.includes(one.code)).flatMap(({ polygons }) => polygons.flat(2));
  const [latitudes, longitudes] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const bounds = corners.length ? [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)] : null;
  return { full_name, bounds };
}
