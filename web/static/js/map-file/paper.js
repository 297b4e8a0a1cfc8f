// What is printed: the same view on a sheet, drawn finer than on a screen, with the legend below it.

import { byId } from "../dom.js";

export function startPrinting(map) {
  const legend = byId("legend");
  let kept = null;
  addEventListener("beforeprint", () => {
    kept = { centre: map.getCenter(), zoom: map.getZoom(), isRetina: L.Browser.retina, isOpen: legend.open };
    const bounds = map.getBounds();
    document.body.classList.add("on-paper");
    legend.open = true;
    // A canvas has twice as many points then.
    L.Browser.retina = true;
    map.invalidateSize({ animate: false });
    map.fitBounds(bounds, { animate: false });
  });
  addEventListener("afterprint", () => {
    if (!kept) return;
    document.body.classList.remove("on-paper");
    legend.open = kept.isOpen;
    L.Browser.retina = kept.isRetina;
    map.invalidateSize({ animate: false });
    map.setView(kept.centre, kept.zoom, { animate: false });
    kept = null;
  });
}
