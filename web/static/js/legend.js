// The legend: what colours and marks mean, for the theme and for every layer that is shown.

import { byId, el, styled } from "./dom.js";

// How much an area of a layer over the units covers what lies beneath it.
export const VEIL = 0.55;

export function swatch(entry) {
  // A circle whose size is what it tells.
  const sized = entry.size ? " sized" : "";
  const mark = el("span", { class: `swatch ${entry.mark}${sized}`, "aria-hidden": "true" });
  const { colour } = entry;
  const ink = entry.ink || (entry.mark === "hatched" ? "#a3a7aa" : "#ffffffa0");
  const lines = (angle, base = colour) => `repeating-linear-gradient(${angle}, ${base} 0 3px, ${ink} 3px 4.2px)`;
  const background = {
    striped: lines("45deg"),
    hatched: lines("-45deg"),
    crossed: `${lines("45deg", "transparent")}, ${lines("-45deg")}`,
    barred: lines("0deg"),
    upright: lines("90deg"),
    dotted: `radial-gradient(${ink} 1.2px, ${colour} 1.7px) 0 0 / 5px 5px`,
    veiled: `color-mix(in srgb, ${colour} ${100 * VEIL}%, #f7f7f4)`,
    checked: `repeating-conic-gradient(${colour} 0 25%, ${ink} 0 50%) 0 0 / 6px 6px`,
    ring: `radial-gradient(#fff 34%, ${colour} 40%)`,
    "dashed-ring": `radial-gradient(#fff 44%, transparent 46%), repeating-conic-gradient(${colour} 0 12%, transparent 0 20%)`,
    dashed: `repeating-linear-gradient(90deg, ${colour} 0 5px, transparent 5px 8px)`,
  }[entry.mark] ?? colour;
  return styled(mark, sized ? { background, width: `${entry.size}px`, height: `${entry.size}px` } : { background });
}

function list(entries, inRow) {
  return el("ul", { class: inRow ? "row" : null }, entries.map((entry) => el("li", {}, swatch(entry), entry.label)));
}

export function showLegend(parts) {
  const body = byId("legend-body");
  body.replaceChildren();
  for (const part of parts) {
    body.append(el("h3", {}, part.title), list(part.entries, part.inRow));
    for (const note of (part.notes ?? []).filter(Boolean)) body.append(el("p", { class: "hint" }, note));
  }
}

// What the legend covers of a wide map, in pixels; on a narrow one it is closed, or may cover all.
export function legendWidth(map) {
  const legend = byId("legend");
  const covered = legend.open ? legend.offsetWidth : 0;
  return covered < map.getSize().x / 2 ? covered : 0;
}
