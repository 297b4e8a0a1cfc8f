// What the dismantling of a network did: in words and a small table, beside the map.

import { ask, Dropped } from "./api.js";
import { byId, data, el } from "./dom.js";
import { isNarrow, openPanel } from "./sheet.js";
import { amount, monthOf, monthText, say } from "./text.js";

export function effectButton(network, caseCode) {
  return el("button", {
    type: "button", class: "plain-action", on: { click: ({ currentTarget }) => show(network, caseCode, currentTarget) },
  }, say("effect_ask"));
}

async function show(network, caseCode, button) {
  const panel = byId("unit");
  const close = () => {
    openPanel(isNarrow() ? null : "ranking");
    button.focus({ preventScroll: true });
  };
  const fill = (...parts) => panel.replaceChildren(top(caseCode, close), ...parts);
  fill(el("p", { role: "status" }, say("effect_asking")));
  openPanel("unit", { focus: true });
  panel.setAttribute("aria-busy", "true");
  try {
    const found = await ask("effect", "/intervention-effect", { network }, { inLanguage: true });
    fill(el("p", { role: "status" }, data(found.explanation)), figures(found));
  } catch (error) {
    if (!(error instanceof Dropped)) fill(el("p", { role: "alert" }, error.message));
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function top(caseCode, close) {
  return el("div", { class: "unit-top" },
    el("div", {}, el("h2", {}, say("effect_ask")), el("p", { class: "hint" }, data(caseCode))),
    el("button", { type: "button", class: "plain", "aria-label": say("close"), on: { click: close } }, "×"));
}

function figures({ before, after, treated, ring, controls }) {
  const month = (day) => monthText(monthOf(day));
  const head = (name, { from, to }) => el("th", { scope: "col" }, name, el("br"), `${month(from)} – ${month(to)}`);
  const row = (name, { incidents_before: had, incidents_after: has, is_exact: isExact }) => {
    // Sums with rounded counts in them are rounded themselves; none is few or none.
    const count = (value) => el("td", {}, amount(value, isExact ? null : 1, null));
    return el("tr", {}, el("th", { scope: "row" }, name), count(had), count(has));
  };
  const units = ({ codes }) => ({ count: codes.length });
  return el("table", { class: "effect" },
    el("caption", {}, say("effect_caption")),
    el("thead", {}, el("tr", {}, el("td"), head(say("effect_before"), before), head(say("effect_after"), after))),
    el("tbody", {},
      row(say("effect_treated", units(treated)), treated),
      row(say("effect_ring", units(ring)), ring),
      row(say("effect_controls", units(controls)), controls)));
}
