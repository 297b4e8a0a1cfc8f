// Networks laid over each other: flows between provinces and countries, and the places they join.

import { ask } from "./api.js";
import { el, styled } from "./dom.js";
import { drawLeg, Networks } from "./flows.js";
import { popupOf } from "./popup.js";
import { period } from "./state.js";

const WIDEST = 9;

export class MergedFlows extends Networks {
  async inPeriod() {
    const { features, places } = await ask(this.layer.id, this.layer.source, period());
    const hubs = places.map(({ geometry, name, networks, betweenness }) => ({
      geometry, properties: { name, networks, percent: 100 * betweenness },
    }));
    return { features: [...features, ...hubs].filter(({ geometry }) => geometry), truncated: false };
  }

  draw({ geometry, properties }) {
    const title = properties.name ?? `${properties.start_name} → ${properties.end_name}`;
    const popup = () => popupOf(title, this.layer.popup, properties);
    const entry = this.roles.flow;
    if (properties.name) this.group.addLayer(hub(geometry.coordinates, title, entry, popup));
    else {
      const [from, to] = geometry.coordinates.map(([lon, lat]) => ({ lat, lon }));
      const weight = Math.min(WIDEST, 1 + properties.networks);
      drawLeg(this.group, this.renderer, from, to, { role: entry.key, entry, weight }, popup);
    }
  }
}

function hub([lon, lat], title, entry, popup) {
  const html = styled(el("span", { class: "dot" }), { "--c": entry.colour });
  return L.marker([lat, lon], {
    title, alt: title, icon: L.divIcon({ className: "pin hub", html, iconSize: [24, 24] }),
  }).bindPopup(popup);
}
