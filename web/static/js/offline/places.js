// Places by name or position over the packs of this device. A preview: the server's own rule decides
// in which unit a record lies.

import { inDegrees, isInside } from "../outlines.js";

const MOST = 8;
const TYPES = /^(xa|phuong|thi tran|thi xa|thanh pho|tp|huyen|quan|tinh|dac khu|ban|thon|cua khau)\s+/;

// Lower case without marks, so that "Mon Son" finds "Môn Sơn".
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

const bare = (name) => plain(name).replace(TYPES, "");

// Latitude and longitude in decimal degrees, in either order: Vietnam's never overlap. A comma is the
// decimal mark where something else stands between the two numbers.
export function coordinates(text) {
  const found = /^\s*(-?\d{1,3}[.,]\d+)\s*°?\s*[NB]?\s*(?:[;,\s]|,\s)\s*(-?\d{1,3}[.,]\d+)\s*°?\s*[EĐD]?\s*$/iu.exec(text);
  if (!found) return null;
  const [first, second] = found.slice(1).map((number) => Number(number.replace(",", ".")));
  const [latitude, longitude] = first < second ? [first, second] : [second, first];
  const isInReach = latitude >= 6 && latitude <= 24 && longitude >= 101 && longitude <= 119;
  return isInReach ? { latitude, longitude } : null;
}

// The commune of 2025 in which a point probably lies, with its province; null outside the packs.
export function communeAt(packs, longitude, latitude) {
  for (const { pack } of packs) {
    const { steps_per_degree: scale, communes } = pack.outlines;
    const found = communes.find(({ polygons }) => isInside(polygons, longitude * scale, latitude * scale));
    if (found) return { ...unitOf(pack, found.code), province: pack.province };
  }
  return null;
}

// Outlines of a pack's communes: { code, polygons } of rings of [latitude, longitude] in degrees.
export function outlinesOf({ pack }) {
  const { steps_per_degree: scale, communes } = pack.outlines;
  return communes.map(({ code, polygons }) => ({ code, polygons: inDegrees(polygons, scale) }));
}

const unitOf = (pack, code) => pack.units.find((unit) => unit.level === "commune" && unit.code === code);

function* entries(pack) {
  const name = new Map([...pack.units, ...pack.former_units].map((unit) => [`${unit.edition} ${unit.level} ${unit.code}`, unit.full_name]));
  for (const unit of pack.units) {
    const within = unit.level === "commune" ? [pack.province.full_name] : [];
    const names = unit.former_name === unit.full_name ? [unit.full_name] : [unit.full_name, unit.former_name];
    yield { kind: "unit", names, within, ...unit };
  }
  for (const unit of pack.former_units) {
    const above = unit.level === "commune" ? "district" : "province";
    const within = [name.get(`2024 ${above} ${unit.parent_code}`), pack.province.full_name].filter(Boolean);
    const communes = unit.into_codes.map((code) => unitOf(pack, code).full_name);
    yield { kind: "former", names: [unit.full_name], within, communes, ...unit };
  }
  for (const gate of pack.gates) {
    yield { kind: "gate", names: [gate.name_vi, gate.name_en], within: [pack.province.full_name], full_name: gate.name_vi, ...gate };
  }
}

// How well an entry answers: 0 not at all. What follows a comma must be in the units above it.
function fit(entry, asked, above) {
  const isWithin = above.every((part) => entry.within.some((name) => plain(name).includes(part)));
  if (!isWithin) return 0;
  let best = 0;
  for (const name of entry.names) {
    const [whole, own] = [plain(name), bare(name)];
    if (asked === whole) best = Math.max(best, 4);
    else if (asked === own || bare(asked) === own) best = Math.max(best, asked === own ? 3 : 1.5);
    else if (whole.startsWith(asked) || own.startsWith(asked)) best = Math.max(best, 2);
    else if (whole.includes(asked)) best = Math.max(best, 1);
  }
  return best && best + (entry.kind === "former" ? 0 : 0.25);
}

// Units of both editions, gates, or the position typed; best first. `asStated` turns one into what a
// record says.
export function searchPlaces(packs, text) {
  const point = coordinates(text);
  if (point) return [{ kind: "point", ...point, commune: communeAt(packs, point.longitude, point.latitude) }];
  const [asked, ...above] = text.split(",").map(plain).filter(Boolean);
  if (!asked) return [];
  return packs.flatMap(({ pack }) => [...entries(pack)])
    .map((entry) => ({ entry, score: fit(entry, asked, above) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.entry.full_name.localeCompare(other.entry.full_name, "vi"))
    .slice(0, MOST).map(({ entry }) => entry);
}

// What a record says of the place: a position only where there is one; a unit by its name alone is
// stated, and the server finds what lies in it.
export function asStated(place) {
  if (place.kind === "point" || place.kind === "gate") {
    return { geometry: { type: "Point", coordinates: [place.longitude, place.latitude] }, properties: {} };
  }
  const { edition, level, code } = place;
  return { geometry: null, properties: { stated_edition: edition, stated_level: level, stated_code: code } };
}
