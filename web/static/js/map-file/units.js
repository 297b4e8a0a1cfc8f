// The coloured units of the file: polygons on a 2D canvas, and what each says on a click.

import { data, el } from "../dom.js";
import { swatch } from "../legend.js";
import { inDegrees, isInside } from "../outlines.js";
import { paintOf } from "../patterns.js";
import { classScale, OUTSIDE } from "../scale.js";
import { amount, say } from "../text.js";

// From this zoom on the edges of units are drawn.
const DETAILED = 8;
const EDGE = "#5f676e80";
const OUTLINE = { color: "#39444f", opacity: 0.7, weight: 1.1, fill: false, interactive: false, smoothFactor: 0.5 };

export class Units {
  // `content` has levels and provinces, of which columns are by unit (web/single_file.py).
  constructor(map, layer, { steps, levels, provinces }, canvas) {
    Object.assign(this, { map, layer, steps, levels, canvas });
    this.scale = classScale(layer.legend);
    this.provinces = rowsOf(provinces);
    const ground = { renderer: canvas, stroke: false, fillColor: OUTSIDE.colour, fillOpacity: 1, interactive: false };
    for (const { outline } of this.provinces) {
      const polygons = inDegrees(outline, steps);
      L.polygon(polygons, ground).addTo(map);
      L.polygon(polygons, OUTLINE).addTo(map);
    }
    map.on("zoomend", () => this.paint());
  }

  // Shows the units of a level, which is returned.
  show(number) {
    const level = this.levels[number];
    this.level = level;
    this.group?.remove();
    this.map.closePopup();
    this.all = rowsOf(level.units).map((row) => this.made(row, level));
    this.group = L.layerGroup(this.all.map(({ shape }) => shape));
    this.isDetailed = null;
    this.paint();
    this.group.addTo(this.map);
    return level;
  }

  made(row, level) {
    const entry = this.scale.entryOf(row.hot);
    // Its neighbours share its edges: what is simplified by itself would leave gaps.
    const shape = L.polygon(inDegrees(row.outline, this.steps), {
      renderer: this.canvas, smoothFactor: 0, fillColor: paintOf(entry), fillOpacity: 1, weight: 0.8, opacity: 1,
    });
    const bounds = shape.getBounds();
    const unit = {
      ...row, entry, shape, why: level.sentences[row.said], parent: level.parents[row.parent], middle: [row.lat, row.lon],
      bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
    };
    shape.on("click", ({ latlng }) => this.open(unit, latlng));
    return unit;
  }

  // At small scales an edge takes the colour of its unit, to close the hairlines between neighbours.
  paint() {
    const isDetailed = this.map.getZoom() >= DETAILED;
    if (isDetailed === this.isDetailed) return;
    this.isDetailed = isDetailed;
    for (const { shape, entry } of this.all) shape.setStyle({ color: isDetailed ? EDGE : paintOf(entry) });
  }

  at({ lat, lng }) {
    const [x, y] = [lng * this.steps, lat * this.steps];
    return this.all.find(({ shape, outline }) => shape.getBounds().contains([lat, lng]) && isInside(outline, x, y));
  }

  open(unit, place) {
    const { name, parent, entry, hot, why, count, base, under } = unit;
    const fact = (term, value) => [el("dt", {}, term), el("dd", {}, value)];
    const content = el("article", {}, el("h3", {}, data(name)), parent && el("p", { class: "hint" }, data(parent)),
      el("p", { class: "verdict" }, swatch(entry), el("span", {}, data(why || entry.label))),
      this.level.run && el("p", { class: "hint" }, say("file_run", { days: this.level.run }), hot > 0 ? ` ${this.layer.hint}` : null),
      el("dl", { class: "facts" }, fact(`${say("incidents_label")}, ${this.level.days}`, amount(count, base, under))));
    L.popup({ maxWidth: 280, autoPanPadding: [12, 12] }).setLatLng(place).setContent(content).openOn(this.map);
  }
}

// Columns as a row for each place.
function rowsOf(columns) {
  const names = Object.keys(columns);
  return columns.code.map((_, place) => Object.fromEntries(names.map((name) => [name, columns[name][place]])));
}
