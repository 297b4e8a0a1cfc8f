// Border gates.

import { el } from "./dom.js";
import { popupOf } from "./popup.js";
import { currentLanguage, say } from "./text.js";

export function borderGates(layer, gates) {
  const markers = gates.features.map((feature) => {
    const properties = feature.properties;
    const name = (currentLanguage() === "en" && properties.name_en) || properties.name_vi;
    const [lon, lat] = feature.geometry.coordinates;
    const shown = { ...properties, name, neighbour: say(`neighbour_${properties.neighbour}`) };
    return L.marker([lat, lon], {
      title: name, alt: name,
      icon: L.divIcon({ className: "pin gate", html: el("span", { class: "diamond" }), iconSize: [28, 28] }),
    }).bindPopup(() => popupOf(name, layer.popup.slice(1), shown, properties.estimated ? layer.hint : null));
  });
  return L.layerGroup(markers);
}

