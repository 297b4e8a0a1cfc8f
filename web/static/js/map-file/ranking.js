// The hottest units as a list of buttons that take the map there.

import { byId, data, el } from "../dom.js";
import { swatch } from "../legend.js";
import { amount, noun, say } from "../text.js";

const SHOWN = 20;

// By class, then by the incidents that are told. `go` takes a unit.
export function showRanking({ all }, isBorderOnly, go) {
  const hot = all.filter(({ hot: level, border }) => level > 0 && (border || !isBorderOnly));
  hot.sort((one, other) => other.hot - one.hot || (other.count ?? 0) - (one.count ?? 0) || (one.code < other.code ? -1 : 1));
  byId("ranking-hint").textContent = hot.length ? "" : say("ranking_empty");
  byId("ranking-list").replaceChildren(...hot.slice(0, SHOWN).map((unit, index) => el("li", {}, button(unit, index + 1, go))));
}

function button(unit, rank, go) {
  return el("button", { type: "button", "data-code": unit.code, on: { click: () => go(unit) } },
    el("span", { class: "rank" }, String(rank)), swatch(unit.entry),
    el("span", {}, el("span", { class: "name" }, data(unit.name)), unit.parent && el("span", { class: "parent" }, data(unit.parent))),
    el("span", { class: "amount" }, amount(unit.count, unit.base, unit.under), el("small", {}, noun("incidents", unit.count))));
}
