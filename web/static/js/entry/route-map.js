// A network on the small map: numbered places, arrows of its legs; two places pressed are joined.

import { el } from "../dom.js";
import { label, say } from "../text.js";

export class RouteMap {
  constructor({ map }, { onJoin }) {
    Object.assign(this, { map, onJoin, first: null });
    // One form's route at a time is on the map.
    map.route?.remove();
    this.layer = map.route = L.layerGroup().addTo(map);
  }

  show(places, legs) {
    this.layer.clearLayers();
    this.first = null;
    const at = new Map();
    for (const place of places) {
      const [lon, lat] = place.geometry?.coordinates ?? place.shown ?? [];
      if (lon === undefined) continue;
      at.set(place.properties.sequence, [lat, lon]);
      this.marker(place, [lat, lon]).addTo(this.layer);
    }
    for (const { from_sequence: from, to_sequence: to } of legs) {
      if (!at.has(from) || !at.has(to)) continue;
      L.polyline([at.get(from), at.get(to)], { color: "#8f1220", weight: 2.5, dashArray: "6 5", interactive: false }).addTo(this.layer);
    }
    if (at.size > 1) this.map.fitBounds([...at.values()], { animate: false, maxZoom: 11, padding: [40, 40] });
  }

  marker({ properties: { sequence, role } }, place) {
    const title = `${sequence}. ${label("network_node_role", role)}. ${say("entry_join_hint")}`;
    const mark = el("span", { class: "route-mark" }, String(sequence));
    const marker = L.marker(place, { title, alt: title, icon: L.divIcon({ className: "pin", html: mark, iconSize: [30, 30] }) });
    return marker.on("click", () => {
      if (this.first === null) {
        this.first = sequence;
        mark.classList.toggle("chosen", true);
      } else this.onJoin(this.first, sequence);
    });
  }
}
