// Dismantled networks: their places coloured by role, their legs as curves with an arrow.

import { signInOffer } from "./account.js";
import { ask, Dropped } from "./api.js";
import { el, styled, svg } from "./dom.js";
import { effectButton } from "./effect.js";
import { popupOf, reachable } from "./popup.js";
import { nearBorder, period } from "./state.js";
import { label, number, say } from "./text.js";

const BEND = 0.18;
const STEPS = 12;
// Networks in a page, and features on the map.
const PAGE = 500;
const MOST = 8000;

// Half of a curve from one node to another, in degrees: an arrow stands at the end of the first.
function curve(from, to, start, end) {
  const bend = { lat: (from.lat + to.lat) / 2 + (to.lon - from.lon) * BEND, lon: (from.lon + to.lon) / 2 - (to.lat - from.lat) * BEND };
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const t = start + ((end - start) * step) / STEPS;
    const mix = (name) => (1 - t) ** 2 * from[name] + 2 * t * (1 - t) * bend[name] + t ** 2 * to[name];
    return [mix("lat"), mix("lon")];
  });
}

function addArrows(renderer, roles) {
  const marker = (role) => svg("marker", {
    id: `arrow-${role.key}`, viewBox: "0 0 10 10", refX: 6, refY: 5, markerWidth: 11, markerHeight: 11,
    markerUnits: "userSpaceOnUse", orient: "auto",
  }, svg("path", { d: "M0,0 L10,5 L0,10 z", fill: role.colour }));
  renderer._container.prepend(svg("defs", {}, roles.map(marker)));
}

export class Networks {
  constructor(layer, tell) {
    Object.assign(this, { layer, tell });
    this.roles = Object.fromEntries(layer.legend.map((entry) => [entry.key, entry]));
    this.renderer = L.svg({ padding: 0.4 });
    this.group = L.featureGroup();
    this.group.once("add", () => addArrows(this.renderer, layer.legend));
  }

  addTo(map) {
    this.renderer.addTo(map);
    this.group.addTo(map);
    this.refresh();
  }

  remove() {
    this.group.remove();
    this.tell(this.layer.id, null);
  }

  // Those dismantled in the period that the map shows; whether they are others than before.
  async refresh() {
    const offer = signInOffer();
    if (offer) {
      this.tell(this.layer.id, offer);
      return false;
    }
    try {
      const { features, truncated } = await this.inPeriod();
      this.tell(this.layer.id, truncated ? say("truncated_period", { shown: number(features.length) }) : null);
      const found = JSON.stringify(features);
      if (found === this.found) return false;
      this.found = found;
      this.group.clearLayers();
      for (const feature of features) this.draw(feature);
      return true;
    } catch (error) {
      if (!(error instanceof Dropped)) this.tell(this.layer.id, say("failed", { reason: error.message }));
      return false;
    }
  }

  async inPeriod() {
    const features = [];
    let page = null;
    do {
      const after = page && new URLSearchParams(page.next.split("?")[1]).get("after");
      page = await ask(this.layer.id, this.layer.source, { ...period(), ...nearBorder(), limit: PAGE, after });
      features.push(...page.features);
    } while (page.next && features.length < MOST);
    return { features, truncated: Boolean(page.next) };
  }

  content(properties) {
    const shown = popupOf(properties.case_code, this.layer.popup.slice(1), properties);
    // Without a day there is no before and after.
    if (properties.dismantled_on) shown.append(effectButton(properties.network_id, properties.case_code));
    return shown;
  }

  draw({ geometry, properties }) {
    const popup = () => this.content(properties);
    if (properties.feature === "leg") {
      const [from, to] = geometry.coordinates.map(([lon, lat]) => ({ lat, lon }));
      drawLeg(this.group, this.renderer, from, to, { role: properties.to_role, entry: this.roles[properties.to_role] }, popup);
    } else this.group.addLayer(reachable(nodeMarker(geometry.coordinates, properties, this.roles[properties.role], popup)));
  }
}

export function drawLeg(group, renderer, from, to, { role, entry, weight = 1.8 }, popup) {
  const style = { renderer, color: entry?.colour ?? "#444444", weight, opacity: 0.8 };
  const first = L.polyline(curve(from, to, 0, 0.55), style).bindPopup(popup);
  first.on("add", () => first.getElement().setAttribute("marker-end", `url(#arrow-${role})`));
  group.addLayer(first);
  group.addLayer(L.polyline(curve(from, to, 0.55, 1), style).bindPopup(popup));
}

function nodeMarker([lon, lat], node, entry, popup) {
  const dot = styled(el("span", { class: "dot" }), { "--c": entry?.colour ?? "#444444" });
  const title = [label("network_node_role", node.role), node.place_text].filter(Boolean).join(": ");
  return L.marker([lat, lon], {
    title, alt: title, icon: L.divIcon({ className: "pin node", html: dot, iconSize: [24, 24] }),
  }).bindPopup(popup);
}
