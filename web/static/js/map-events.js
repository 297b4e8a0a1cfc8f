// What the pointer and the keys do on the map.

import { byId, data, el } from "./dom.js";
import { change, rememberView, state } from "./state.js";
import { say } from "./text.js";

export function startMapEvents(page, { closeUnit, nameZoom }) {
  const tip = el("div", { class: "tip", hidden: true });
  page.map.getContainer().append(tip);
  let waiting = null;
  const hover = (event) => {
    waiting = null;
    const unit = page.units.at(event.latlng);
    tip.hidden = !unit;
    if (!unit) return;
    // On the right of the line another choice is seen.
    const units = page.comparison?.covers(event.containerPoint) ? page.comparison.units : page.units;
    const entry = units.entryOf(unit);
    tip.replaceChildren(el("strong", {}, data(unit.name)), entry.label ?? "");
    const { x, y } = event.containerPoint;
    const width = page.map.getSize().x;
    tip.style.left = `${Math.min(x + 14, width - tip.offsetWidth - 6)}px`;
    tip.style.top = `${y + 16}px`;
  };
  if (matchMedia("(hover: hover)").matches) {
    page.map.on("mousemove", (event) => {
      // Whoever drags the map does not ask what is beneath.
      if (!event.originalEvent.buttons) waiting ??= requestAnimationFrame(() => hover(event));
    });
    page.map.on("mouseout", () => { tip.hidden = true; });
  }
  const pick = async (place) => {
    if (page.taking) {
      page.taking(place);
      return;
    }
    await page.units.ready();
    const unit = page.units.at(place);
    if (unit) change({ unit: unit.code });
    else byId("announcer").textContent = say("no_unit_here");
  };
  page.map.on("click", (event) => pick(event.latlng));
  page.map.on("moveend", () => rememberView(page.map));
  page.map.on("zoomend", nameZoom);
  page.map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === page.map.getContainer()) pick(page.map.getCenter());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // One at a time: the popup stands over what was open before it.
    if (page.map._popup?.isOpen()) page.map.closePopup();
    else if (state.unit) closeUnit();
  });
}
