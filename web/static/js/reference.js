// Border lines and bands, the land around the country, and names that are always there.

import { el } from "./dom.js";
import { VEIL } from "./legend.js";

export function placeNames(map, layer) {
  map.createPane("places");
  for (const place of layer.style.places) {
    const text = el("div", {}, el("span", {}, place.name), place.note && el("small", {}, place.note));
    // Names of countries are in the reader's language, those of the sea and of islands are Vietnamese.
    if (place.kind !== "country") text.lang = "vi";
    L.marker([place.lat, place.lon], {
      pane: "places", interactive: false, keyboard: false,
      icon: L.divIcon({ className: `place ${place.kind}`, html: text, iconSize: null }),
    }).addTo(map);
  }
}

function coloursOf(layer) {
  const colours = Object.fromEntries(layer.legend.map((entry) => [entry.key, entry.colour]));
  return (feature) => colours[feature.properties[layer.style.key]] ?? "#555555";
}

export function borderLines(layer, lines) {
  const colour = coloursOf(layer);
  return L.geoJSON(lines, {
    interactive: false, smoothFactor: 1.2,
    style: (feature) => ({ color: colour(feature), weight: 2.4, opacity: 0.9, dashArray: "8 4 2 4" }),
  });
}

export function borderBands(layer, bands) {
  const colour = coloursOf(layer);
  return L.geoJSON(bands, {
    interactive: false, smoothFactor: 1.2,
    style: (feature) => ({ stroke: false, fillColor: colour(feature), fillOpacity: VEIL }),
  });
}

// Below the units, so that what they do not cover of a coarse shape is seen as land and not as sea.
export function surroundings(map, layer, land, renderer = canvasBelow(map)) {
  L.geoJSON(land, {
    renderer, interactive: false,
    style: ({ properties: { kind } }) => kind === "land"
      ? { stroke: false, fillColor: layer.style.land, fillOpacity: 1 }
      : { color: layer.style.border, weight: 1, fill: false },
  }).addTo(map);
}

function canvasBelow(map) {
  Object.assign(map.createPane("surroundings").style, { zIndex: 150, pointerEvents: "none" });
  return L.canvas({ pane: "surroundings", padding: 0.5 });
}
