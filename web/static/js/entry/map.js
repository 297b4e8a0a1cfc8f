// The small map of the forms: communes from our own tiles, a point that can be put, its circle.

import { fileOf } from "../api.js";
import { el } from "../dom.js";
import { leafletMap } from "../leaflet-map.js";
import { surroundings } from "../reference.js";
import { say } from "../text.js";
import { outlinesOf } from "../offline/places.js";
import { Units } from "../units.js";

const LAND = { colour: "#eef0ea", mark: "fill" };
const SEA_STYLE = { style: { land: "#e3e1d8", border: "#b9b4a6" } };
const MARK = "#8f1220";
const OUTLINE = { color: "#39444f", weight: 1, opacity: 0.6, fillColor: LAND.colour, fillOpacity: 1, interactive: false };

export class PlaceMap {
  constructor(element, { assets, bounds }) {
    this.map = leafletMap(element, bounds, { minZoom: 4, maxZoom: 14, maxBounds: L.latLngBounds(bounds).pad(0.6) });
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    this.buttons();
    this.marks = L.layerGroup().addTo(this.map);
    fileOf(assets.surroundings).then((land) => surroundings(this.map, SEA_STYLE, land)).catch(() => {});
    this.map.on("click", ({ latlng }) => this.onPick?.({ latitude: latlng.lat, longitude: latlng.lng, metresPerPixel: this.metresPerPixel(latlng.lat) }));
    // The middle of the map is where Enter puts the point: the keyboard has no pointer.
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      event.stopPropagation();
      this.map.fire("click", { latlng: this.map.getCenter() });
    });
  }

  // Communes from tiles; `levels` are {edition, level, tiles}, the newest edition first.
  showUnits(levels) {
    const communes = levels.find((level) => level.edition === "2025" && level.level === "commune") ?? levels[0];
    if (!communes) return;
    this.outlines?.remove();
    this.units = new Units(this.map);
    this.units.select(this.commune);
    this.units.show(communes, levels.find((level) => level.edition === communes.edition && level.level === "province"));
    this.units.colour({ entries: new Map(), fallback: LAND, ground: LAND }, false);
  }

  // Without a network: the communes of the packs on this device.
  showOutlines(packs) {
    const renderer = L.canvas({ padding: 0.5 });
    this.outlines?.remove();
    this.outlines = L.layerGroup(packs.flatMap(outlinesOf).map(({ polygons }) => L.polygon(polygons, { ...OUTLINE, renderer }))).addTo(this.map);
  }

  buttons() {
    const Zoom = L.Control.extend({
      options: { position: "topright" },
      onAdd: () => {
        const button = (text, name, action) => el("button", { type: "button", "aria-label": name, title: name, on: { click: action } }, text);
        const box = el("div", { class: "leaflet-bar leaflet-control-zoom" },
          button("+", say("zoom_in"), () => this.map.zoomIn()), button("−", say("zoom_out"), () => this.map.zoomOut()));
        L.DomEvent.disableClickPropagation(box);
        return box;
      },
    });
    new Zoom().addTo(this.map);
  }

  metresPerPixel(latitude) {
    return (40_075_016 * Math.cos((latitude * Math.PI) / 180)) / 2 ** (this.map.getZoom() + 8);
  }

  // A place to be entered: a point with a circle of what it may be off, or a unit with its middle.
  mark(point, chosen = {}) {
    this.marks.clearLayers();
    this.commune = chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "commune")?.code ?? null;
    this.units?.select(this.commune);
    const { bounds } = chosen?.known ?? {};
    if (bounds) return this.see(bounds);
    if (!point || point.some((degree) => degree === undefined)) return undefined;
    const place = [point[1], point[0]];
    if (chosen.point) {
      if (chosen.accuracy > 0) L.circle(place, { radius: chosen.accuracy, color: MARK, weight: 1, fillOpacity: 0.1, interactive: false }).addTo(this.marks);
      L.circleMarker(place, { radius: 7, color: "#fff", weight: 2, fillColor: MARK, fillOpacity: 1, interactive: false }).addTo(this.marks);
    }
    if (!this.map.getBounds().pad(-0.1).contains(place) || this.map.getZoom() < 9) this.map.setView(place, Math.max(this.map.getZoom(), chosen.point ? 11 : 10), { animate: false });
    return undefined;
  }

  see([west, south, east, north]) {
    this.map.fitBounds([[south, west], [north, east]], { animate: false, maxZoom: 11, padding: [20, 20] });
  }
}
