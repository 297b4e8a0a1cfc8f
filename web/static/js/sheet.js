// Which panel is open: beside the map on wide screens, in a sheet below it on narrow ones.

import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 900px)");
const tabs = [...byId("tabs").children];
let current = null;

export function openPanel(name, { focus = false } = {}) {
  current = name;
  for (const tab of tabs) tab.setAttribute("aria-expanded", String(tab.dataset.panel === name));
  document.body.classList.toggle("sheet-closed", name === null);
  for (const tab of tabs) document.body.classList.toggle(`sheet-${tab.dataset.panel}`, tab.dataset.panel === name);
  document.body.classList.toggle("sheet-reviews", name === "reviews");
  // Beside the map the ranking gives way to the unit or the places to review; the controls have a place of their own.
  byId("unit").hidden = name !== "unit";
  byId("reviews").hidden = name !== "reviews";
  byId("ranking").hidden = name === "unit" || name === "reviews";
  if (focus && name) byId(name).focus({ preventScroll: true });
}

// On a narrow screen the map comes first, and the sheet when it is asked for.
const first = () => current ?? (narrow.matches ? null : "ranking");

export const isOpen = (name) => current === name;
export const isNarrow = () => narrow.matches;

export function startSheet(resized) {
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      const name = tab.dataset.panel;
      openPanel(current === name ? null : name);
      resized();
    });
  }
  narrow.addEventListener("change", () => { openPanel(first()); resized(); });
  openPanel(first());
}
