// Provinces that pilot the reintegration of victims: their outlines, and a mark that says who names them.

import { el, styled } from "./dom.js";
import { BESIDE_BUTTONS, popupOf, reachable } from "./popup.js";
import { currentLanguage, say } from "./text.js";

// Below the middle of the province, where other layers have their marks.
const BELOW = [14, -10];

export function pilotProvinces(layer, pilots) {
  const [entry] = layer.legend;
  const outlines = L.geoJSON(pilots, {
    interactive: false, smoothFactor: 1.2,
    style: { color: entry.colour, weight: 3, opacity: 0.95, fill: false, dashArray: "1 6", lineCap: "round" },
  });
  return L.layerGroup([outlines, ...pilots.features.map(({ properties }) => mark(layer, entry, properties))]);
}

function mark(layer, entry, properties) {
  const { lat, lon, name, name_en: english, now, year_from: from, year_to: to } = properties;
  const title = currentLanguage() === "en" ? english : name;
  const shown = { ...properties, now: now === name ? null : now, years: from === to ? String(from) : `${from}–${to}` };
  const html = styled(el("span", { class: "symbol ring" }), { "--c": entry.colour, "--d": "16px" });
  return reachable(L.marker([lat, lon], {
    title: `${entry.label}: ${title}`, alt: `${entry.label}: ${title}`,
    icon: L.divIcon({ className: "pin pilot", html, iconSize: [28, 28], iconAnchor: BELOW }),
  })).bindPopup(() => popupOf(title, layer.popup, shown, say("pilot_since")), BESIDE_BUTTONS);
}
