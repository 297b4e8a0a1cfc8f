// Names of provinces and, near by, of units: as many as have room beside what is there already.

import { data, el } from "./dom.js";

// From this zoom on units are named, before it provinces.
export const NEAR = 10;
// Of the whole country on a telephone the few that had room would tell nothing.
const FARTHEST = 6;
const HEIGHT = 16;
const GAP = 4;
// Where a name may stand, in pixels below its place: the first with room.
const SHIFTS = [0, HEIGHT, -HEIGHT];

export class Names {
  constructor(map, provinces) {
    Object.assign(this, { map, provinces, units: [] });
    this.group = L.layerGroup().addTo(map);
    this.pen = document.createElement("canvas").getContext("2d");
    this.pen.font = `600 12px ${getComputedStyle(map.getContainer()).fontFamily}`;
    map.on("moveend", () => this.draw());
  }

  // Hot units are named before the others.
  show(units) {
    this.units = [...units].sort((one, other) => (other.hot ?? 0) - (one.hot ?? 0));
    this.draw();
  }

  draw() {
    const isNear = this.map.getZoom() >= NEAR;
    const inView = this.map.getBounds();
    this.group.clearLayers();
    if (this.map.getZoom() < FARTHEST) return;
    const taken = this.fixed();
    for (const { short, lat, lon } of isNear && this.units.length ? this.units : this.provinces) {
      if (!inView.contains([lat, lon])) continue;
      const { x, y } = this.map.latLngToContainerPoint([lat, lon]);
      const shift = SHIFTS.find((down) => this.hasRoom(short, x, y + down, taken));
      if (shift !== undefined) this.put(short, this.map.containerPointToLatLng([x, y + shift]));
    }
  }

  // What names of the sea, islands and neighbours, gates and numbers of clusters cover, in pixels of the map.
  fixed() {
    const frame = this.map.getContainer().getBoundingClientRect();
    const there = [...this.map.getContainer().querySelectorAll(".place:not(.islet) > div, .diamond, .cluster-rank > span")];
    return there.filter((element) => getComputedStyle(element).visibility === "visible").map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left - frame.left, top - frame.top, left - frame.left + width, top - frame.top + height];
    });
  }

  hasRoom(text, x, y, taken) {
    const half = this.pen.measureText(text).width / 2 + GAP;
    const box = [x - half, y - HEIGHT / 2, x + half, y + HEIGHT / 2];
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return false;
    taken.push(box);
    return true;
  }

  put(text, place) {
    const icon = L.divIcon({ className: "place unit", html: el("div", { lang: "vi" }, data(text)), iconSize: null });
    L.marker(place, { pane: "places", interactive: false, keyboard: false, icon }).addTo(this.group);
  }
}
