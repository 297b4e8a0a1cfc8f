// The legend: what colours and marks mean, for the theme and for every layer that is shown.

import { byId, el, styled } from "./dom.js";

export function swatch(entry) {
  const mark = el("span", { class: `swatch ${entry.mark}`, "aria-hidden": "true" });
  const { colour } = entry;
  const background = {
    striped: `repeating-linear-gradient(45deg, ${colour} 0 3px, #ffffffa0 3px 4.2px)`,
    hatched: `repeating-linear-gradient(-45deg, ${colour} 0 3px, #a3a7aa 3px 4px)`,
    dashed: `repeating-linear-gradient(90deg, ${colour} 0 5px, transparent 5px 8px)`,
  }[entry.mark] ?? colour;
  return styled(mark, { background });
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
