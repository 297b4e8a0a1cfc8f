// What is being looked at, kept in the address so that it can be shared.

import { monthIso, monthOf, say } from "./text.js";

export const state = {
  edition: "2025", level: "commune", theme: "hotspots", border: false,
  from: null, to: null, kinds: [], overlays: [], unit: null, run: null, ranking: "border",
  band: "", beyond: "", other: "", opacity: "", support: "", basemap: "",
};
export const BANDS = ["0-5", "5-10", "10-20"];
export const NEIGHBOURS = ["CHN", "LAO", "KHM"];
const WHEN = ["same", "year", "before"];
// Choices that the browser's Back takes back; others only move or refine what is shown.
const STEPS = ["edition", "level", "theme", "unit", "run", "other"];
const USUAL = { ...state };

// How much raster layers cover what lies beneath, in percent, where it is not the usual.
export const USUAL_OPACITY = 80;
const OPACITIES = /^(raster-[a-z0-9-]+|density):\d{1,3}(,(raster-[a-z0-9-]+|density):\d{1,3})*$/;

const listeners = [];
let view = null;

export const onChange = (listener) => listeners.push(listener);

// What the reader chooses.
export const change = (values) => adopt(values, STEPS);

// What the page finds out by itself: Back must not lead to what could not be shown.
export const correct = (values) => adopt(values, []);

// What an address asks for, in place of all that was chosen before.
export const replace = (values) => correct({ ...USUAL, ...values });

function adopt(values, steps) {
  const changed = new Set(Object.keys(values).filter((key) => String(state[key]) !== String(values[key])));
  Object.assign(state, values);
  if (steps.some((key) => changed.has(key))) write({ isStep: true });
  if (changed.size) for (const listener of listeners) listener(changed);
  write();
}

// The days chosen, the last one included.
export function period(choice = state) {
  if (choice.from === null) return {};
  const last = new Date(Date.UTC(Math.floor(choice.to / 12), (choice.to % 12) + 1, 0));
  return { from: `${monthIso(choice.from)}-01`, to: last.toISOString().slice(0, 10) };
}

// What is shown beside it: a theme, at the same time or how long before; null for nothing, or for the
// same map once more. `hasOwnPeriod` says which themes do not follow the chosen one.
export function otherChoice(hasOwnPeriod) {
  const [theme, when] = state.other.split("@");
  if (!theme || (theme === state.theme && (when === "same" || hasOwnPeriod(theme)))) return null;
  const back = { year: 12, before: state.to - state.from + 1 }[when] ?? 0;
  return { ...state, theme, when, from: state.from === null ? null : state.from - back, to: state.from === null ? null : state.to - back };
}

// Which distance from the border, and from which neighbour.
export const nearBorder = () => ({ border_band: state.band, neighbour: state.beyond });

export function opacityOf(id) {
  const stated = state.opacity.split(",").map((part) => part.split(":")).find(([name]) => name === id);
  return stated ? Math.min(Math.max(Number(stated[1]), 10), 100) : USUAL_OPACITY;
}

export function rememberView(map) {
  const { lat, lng } = map.getCenter();
  view = `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
  write();
}

function write({ isStep = false } = {}) {
  const query = new URLSearchParams({ e: state.edition, l: state.level, t: state.theme });
  if (state.border) query.set("b", "1");
  if (state.ranking !== "border") query.set("r", state.ranking);
  if (state.from !== null) query.set("p", `${monthIso(state.from)}..${monthIso(state.to)}`);
  if (state.kinds.length) query.set("k", state.kinds.join(","));
  if (state.band) query.set("d", state.band);
  if (state.beyond) query.set("n", state.beyond);
  if (state.other) query.set("c", state.other);
  query.set("o", state.overlays.join(","));
  if (state.opacity) query.set("a", state.opacity);
  if (state.support) query.set("s", state.support);
  if (state.basemap) query.set("m", state.basemap);
  if (state.unit) query.set("u", state.unit);
  if (state.run) query.set("h", state.run);
  if (view) query.set("v", view);
  const address = `${location.pathname}${location.search}#${query}`;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  const other = document.getElementById("other-language");
  other.href = `${other.getAttribute("href").split("#")[0]}#${query}`;
}

// What the address asks for, as far as this page can show it, and in words what it cannot show.
export function readAddress(allowed) {
  const query = new URLSearchParams(location.hash.slice(1));
  const ignored = [];
  const values = { border: query.get("b") === "1", ranking: query.get("r") === "all" ? "all" : "border" };
  const asked = (name) => query.get(name) ?? "";
  const take = (name, found, part) => {
    if (found) Object.assign(values, found);
    else if (asked(name)) ignored.push(part);
  };
  const level = allowed.levels.find((l) => l.edition === asked("e") && l.level === asked("l"));
  take("l", level && { edition: level.edition, level: level.level }, say("address_level"));
  // An edition is shown by its finest level where it lacks the one asked for.
  const finest = allowed.levels.find((l) => l.edition === asked("e"));
  if (!level && finest) Object.assign(values, { edition: finest.edition, level: finest.level });
  else if (!level && asked("e") && !asked("l")) ignored.push(say("address_level"));
  take("t", allowed.themes.includes(asked("t")) && { theme: asked("t") }, say("address_theme"));
  const [other, when] = asked("c").split("@");
  take("c", allowed.themes.includes(other) && WHEN.includes(when) && { other: asked("c") }, say("address_other"));
  for (const [name, key, part] of [["o", "overlays", say("address_overlays")], ["k", "kinds", say("address_kinds")]]) {
    if (!query.has(name)) continue;
    const wanted = asked(name).split(",").filter(Boolean);
    values[key] = wanted.filter((item) => allowed[key].includes(item));
    if (values[key].length < wanted.length) ignored.push(part);
  }
  take("d", BANDS.includes(asked("d")) && { band: asked("d") }, say("address_near"));
  take("n", NEIGHBOURS.includes(asked("n")) && { beyond: asked("n") }, say("address_near"));
  take("a", OPACITIES.test(asked("a")) && { opacity: asked("a") }, say("address_opacity"));
  take("s", allowed.measures.includes(asked("s")) && { support: asked("s") }, say("address_support"));
  take("m", allowed.basemaps.includes(asked("m")) && { basemap: asked("m") }, say("address_basemap"));
  take("p", readMonths(asked("p"), allowed.months), say("address_period"));
  take("u", /^\d{2,5}$/.test(asked("u")) && { unit: asked("u") }, say("address_unit"));
  take("h", /^[0-9a-f-]{36}$/.test(asked("h")) && { run: asked("h") }, say("address_run"));
  const place = asked("v").split("/").map(Number);
  const view = place.length === 3 && place.every(Number.isFinite) && allowed.shows(...place) ? place : null;
  take("v", view && {}, say("address_view"));
  return { values, view, ignored };
}

// "2025-07..2026-06" as months of the data; null where it is none, or lies outside of all data.
function readMonths(text, known) {
  const months = /^(\d{4}-(?:0[1-9]|1[0-2]))\.\.(\d{4}-(?:0[1-9]|1[0-2]))$/.exec(text);
  if (!months || !known) return null;
  const [from, to] = [monthOf(months[1]), monthOf(months[2])];
  if (from > to || to < known[0] || from > known[1]) return null;
  return { from: Math.max(from, known[0]), to: Math.min(to, known[1]) };
}
