// Border lines, and the names of sea and islands.

import { ask } from "./api.js";
import { el } from "./dom.js";

export function placeNames(map, layer) {
  map.createPane("places");
  for (const place of layer.style.places) {
    const text = el("div", {}, el("span", {}, place.name), place.note && el("small", {}, place.note));
    text.lang = "vi";
    L.marker([place.lat, place.lon], {
      pane: "places", interactive: false, keyboard: false,
      icon: L.divIcon({ className: `place ${place.kind}`, html: text, iconSize: null }),
    }).addTo(map);
  }
}

export async function borderLines(layer) {
  const lines = await ask(layer.id, layer.source);
  const colours = Object.fromEntries(layer.legend.map((entry) => [entry.key, entry.colour]));
  return L.geoJSON(lines, {
    interactive: false, smoothFactor: 1.2,
    style: (feature) => ({
      color: colours[feature.properties[layer.style.key]] ?? "#555555", weight: 2.4, opacity: 0.9, dashArray: "8 4 2 4",
    }),
  });
}
