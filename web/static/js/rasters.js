// Raster layers: tiles between the coloured units and their outlines, as faint as the reader wants.

import { byId } from "./dom.js";
import { onChange, opacityOf } from "./state.js";
import { say } from "./text.js";

const PANE = "rasters";

// The name of the pane, which is made with the first layer in it.
export function rasterPane(map) {
  if (!map.getPane(PANE)) Object.assign(map.createPane(PANE).style, { zIndex: 250, pointerEvents: "none" });
  return PANE;
}

export function rasterLayer(map, layer, tell) {
  const [south, west, north, east] = layer.style.bounds;
  const tiles = L.tileLayer(`/api/v1${layer.source}/{z}/{x}/{y}.png`, {
    pane: rasterPane(map), bounds: [[south, west], [north, east]], maxNativeZoom: layer.style.deepest,
    opacity: opacityOf(layer.id) / 100,
  });
  for (const event of ["loading", "remove"]) tiles.on(event, () => tell(layer.id, null));
  tiles.on("tileerror", () => tell(layer.id, say("raster_failed", { title: layer.title })));
  tiles.on("load", () => { byId("map").dataset.raster = layer.id; });
  onChange((changed) => { if (changed.has("opacity")) tiles.setOpacity(opacityOf(layer.id) / 100); });
  return tiles;
}
