// The circles of a space-time scan, numbered by rank. Units below them stay the ones that are clicked.

import { ask } from "./api.js";
import { el } from "./dom.js";

export class Clusters {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup();
    const pane = map.createPane("clusters");
    Object.assign(pane.style, { zIndex: 450, pointerEvents: "none" });
    this.renderer = L.svg({ pane: "clusters", padding: 0.4 });
  }

  // Those of a run that chance would hardly give; none without a run.
  async show(run) {
    this.run = run;
    this.group.clearLayers();
    if (!run) return;
    const { features } = await ask("clusters", `/hotspot-runs/${run.id}/clusters`, {}, { inLanguage: true });
    if (this.run !== run) return;
    this.group.addTo(this.map);
    for (const { geometry, properties } of features) if (geometry && properties.class > 0) this.draw(geometry.coordinates, properties);
  }

  draw([longitude, latitude], { rank, radius_m: radius }) {
    const place = [latitude, longitude];
    // A cluster of one unit has no radius: a ring says where it is.
    L.circle(place, {
      renderer: this.renderer, pane: "clusters", interactive: false, radius: Math.max(radius, 4000),
      color: "#1b1b1b", weight: 2, dashArray: "6 4", fill: false,
    }).addTo(this.group);
    L.marker(place, {
      pane: "clusters", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "cluster-rank", html: el("span", {}, String(rank)), iconSize: null }),
    }).addTo(this.group);
  }
}
