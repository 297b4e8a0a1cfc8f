// What the dismantling of a network did: asked for by a button, told in words and a small table.

import { ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { amount, dateText, say } from "./text.js";

// `resized` is called when what is shown takes more room, or less.
export function effectOffer(network, resized) {
  const told = el("div", { class: "effect", hidden: true });
  const button = el("button", {
    type: "button", class: "plain-action", "aria-expanded": "false", on: { click: () => toggle(button, told, network, resized) },
  }, say("effect_ask"));
  return el("div", {}, button, told);
}

async function toggle(button, told, network, resized) {
  const isOpen = told.hidden;
  told.hidden = !isOpen;
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) await fill(told, network);
  const isHere = document.activeElement === button;
  resized();
  // To be measured anew it was taken out and put back.
  if (isHere) button.focus({ preventScroll: true });
}

async function fill(told, network) {
  told.replaceChildren(el("p", { role: "status" }, say("effect_asking")));
  try {
    const found = await ask("effect", "/intervention-effect", { network }, { inLanguage: true });
    told.replaceChildren(el("p", { role: "status" }, data(found.explanation)), figures(found));
  } catch (error) {
    if (error instanceof Dropped) return;
    told.replaceChildren(el("p", { role: "alert" }, say("failed", { reason: error.message })));
  }
}

function figures({ before, after, treated, ring, controls }) {
  const head = (name, period) => el("th", { scope: "col" }, name, period && el("br"), period && `${dateText(period.from)} – ${dateText(period.to)}`);
  const row = (name, { incidents_before: had, incidents_after: has, is_exact: isExact }) => {
    // Sums with rounded counts in them are rounded themselves; none is few or none.
    const count = (value) => el("td", {}, amount(value, isExact ? null : 1, null));
    return el("tr", {}, el("th", { scope: "row" }, name), count(had), count(has));
  };
  const units = ({ codes }) => ({ count: codes.length });
  return el("table", {},
    el("caption", {}, say("effect_caption")),
    el("thead", {}, el("tr", {}, el("td"), head(say("effect_before"), before), head(say("effect_after"), after))),
    el("tbody", {}, 
      row(say("effect_treated", units(treated)), treated),
      row(say("effect_ring", units(ring)), ring),
      row(say("effect_controls", units(controls)), controls)));
}
