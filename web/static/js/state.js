// What is being looked at, kept in the address so that it can be shared.

import { monthIso, monthOf } from "./text.js";

export const state = {
  edition: "2025", level: "commune", theme: "hotspots", border: false,
  from: null, to: null, kinds: [], overlays: [], unit: null, run: null, ranking: "border",
};

const listeners = [];
let view = null;

export const onChange = (listener) => listeners.push(listener);

export function change(values) {
  const changed = Object.keys(values).filter((key) => String(state[key]) !== String(values[key]));
  Object.assign(state, values);
  if (changed.length) for (const listener of listeners) listener(new Set(changed));
  write();
}

export function rememberView(map) {
  const { lat, lng } = map.getCenter();
  view = `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
  write();
}

function write() {
  const query = new URLSearchParams({ e: state.edition, l: state.level, t: state.theme });
  if (state.border) query.set("b", "1");
  if (state.ranking !== "border") query.set("r", state.ranking);
  if (state.from !== null) query.set("p", `${monthIso(state.from)}..${monthIso(state.to)}`);
  if (state.kinds.length) query.set("k", state.kinds.join(","));
  query.set("o", state.overlays.join(","));
  if (state.unit) query.set("u", state.unit);
  if (view) query.set("v", view);
  history.replaceState(null, "", `${location.pathname}${location.search}#${query}`);
  const other = document.getElementById("other-language");
  other.href = `${other.getAttribute("href").split("#")[0]}#${query}`;
}

// What the address asks for, as far as this page can show it.
export function readAddress(allowed) {
  const query = new URLSearchParams(location.hash.slice(1));
  const values = {};
  const level = allowed.levels.find((l) => l.edition === query.get("e") && l.level === query.get("l"));
  if (level) Object.assign(values, { edition: level.edition, level: level.level });
  if (allowed.themes.includes(query.get("t"))) values.theme = query.get("t");
  values.border = query.get("b") === "1";
  values.ranking = query.get("r") === "all" ? "all" : "border";
  if (query.has("o")) values.overlays = query.get("o").split(",").filter((id) => allowed.overlays.includes(id));
  if (query.has("k")) values.kinds = query.get("k").split(",").filter((kind) => allowed.kinds.includes(kind));
  const months = /^(\d{4}-\d\d)\.\.(\d{4}-\d\d)$/.exec(query.get("p") ?? "");
  if (months && allowed.months) {
    const inside = (month) => Math.min(Math.max(month, allowed.months[0]), allowed.months[1]);
    const [from, to] = [inside(monthOf(months[1])), inside(monthOf(months[2]))];
    if (from <= to) Object.assign(values, { from, to });
  }
  if (/^\d{2,5}$/.test(query.get("u") ?? "")) values.unit = query.get("u");
  const place = (query.get("v") ?? "").split("/").map(Number);
  const centre = place.length === 3 && place.every(Number.isFinite) ? place : null;
  return { values, view: centre };
}
