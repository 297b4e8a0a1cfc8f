// The coloured units: vector tiles that never change, painted on a 2D canvas with the colours of
// the moment. A filter changes the colours and paints again; the geometry stays in the browser.

import { paintOf } from "./patterns.js";
import { OUTSIDE } from "./scale.js";

const DATA_ZOOM = 12;
// Below this zoom the commonest class is painted once for each province, and only the other units one
// by one: of 3,321 communes most are of that class, and no edges between them are drawn.
const DETAILED = 8;
// Beyond it there are no units, so no tiles are asked for: south west, north east.
const TERRITORY = [[4, 101.5], [23.6, 118.5]];

function trace(context, geometry) {
  context.beginPath();
  for (const ring of geometry) {
    context.moveTo(ring[0].x, ring[0].y);
    for (let i = 1; i < ring.length; i++) context.lineTo(ring[i].x, ring[i].y);
  }
}

class Fill {
  constructor(entryOf) {
    this.entryOf = entryOf;
  }

  before(context) {
    context.lineJoin = "round";
  }

  draw(context, geometry, zoom, feature) {
    const entry = this.entryOf(feature.props);
    const paint = paintOf(entry);
    trace(context, geometry);
    context.fillStyle = paint;
    context.fill();
    // At small scales the edge takes the fill's colour, to close the hairlines between neighbours.
    context.lineWidth = zoom < DETAILED ? 0.7 : 0.8;
    context.strokeStyle = zoom < DETAILED ? paint : "#5f676e80";
    context.stroke();
  }
}

class Ground {
  constructor(entryOf) {
    this.entryOf = entryOf;
  }

  before(context) {
    context.fillStyle = this.entryOf().colour;
  }

  draw(context, geometry) {
    trace(context, geometry);
    context.fill();
  }
}

class Stroke {
  constructor(colour, width) {
    this.colour = colour;
    this.width = width;
  }

  before(context, zoom) {
    context.strokeStyle = this.colour;
    context.lineWidth = typeof this.width === "function" ? this.width(zoom) : this.width;
    context.lineJoin = "round";
  }

  draw(context, geometry) {
    trace(context, geometry);
    context.stroke();
  }
}

export class Units {
  // `pane`: where on the map they lie.
  constructor(map, pane = "tilePane") {
    this.map = map;
    this.pane = pane;
    this.entries = new Map();
    this.fallback = OUTSIDE;
    this.ground = OUTSIDE;
    this.borderOnly = false;
    this.selected = null;
    this.layer = null;
    this.outlines = null;
    this.isOutlined = false;
    this.coloured = new Promise((resolve) => { this.begin = resolve; });
  }

  entryOf(properties) {
    if (this.borderOnly && !properties.border) return OUTSIDE;
    return this.entries.get(properties.code) ?? this.fallback;
  }

  // `level` and `provinces` name tiles: edition, level and their key, which changes with what they show.
  show(level, provinces) {
    this.layer?.remove();
    this.level = level;
    const selected = (_zoom, feature) => feature.props.code === this.selected;
    const units = { dataSource: "units", dataLayer: level.level };
    const outlines = { dataSource: "provinces", dataLayer: "province" };
    const rules = [
      { ...outlines, symbolizer: new Stroke("#39444f", (zoom) => (zoom < 7 ? 3 : 4)) },
      { ...outlines, maxzoom: DETAILED - 1, symbolizer: new Ground(() => this.ground) },
      {
        ...units,
        filter: (zoom, { props }) => zoom >= DETAILED || this.entryOf(props) !== this.ground,
        symbolizer: new Fill((properties) => this.entryOf(properties)),
      },
      { ...outlines, symbolizer: new Stroke("#39444fb0", (zoom) => (zoom < 7 ? 0.6 : 1.3)) },
      { ...units, filter: selected, symbolizer: new Stroke("#ffffff", 6) },
      { ...units, filter: selected, symbolizer: new Stroke("#0b2036", 3) },
    ];
    const sources = { units: source(level) };
    if (provinces && provinces.tiles !== level.tiles) sources.provinces = source(provinces);
    else for (const rule of rules) if (rule.dataSource === "provinces") Object.assign(rule, units);
    this.layer = protomapsL.leafletLayer({
      sources, paintRules: rules, attribution: "", lang: "vi", bounds: TERRITORY, maxZoom: 14,
      pane: this.pane, tileDelay: 1, updateWhenZooming: false, tasks: [this.coloured],
    });
    this.layer.addTo(this.map);
    // What is drawn over whatever covers the units: all but their fill.
    this.lines = { sources, rules: [
      { ...units, minzoom: DETAILED, symbolizer: new Stroke("#5f676e", 0.8) },
      ...rules.filter(({ symbolizer }) => symbolizer instanceof Stroke).slice(1),
    ] };
    this.drawOutlines();
  }

  // Whether the outlines are drawn once more, over a layer that hides the units.
  outline(isWanted) {
    if (isWanted === this.isOutlined) return;
    this.isOutlined = isWanted;
    this.drawOutlines();
  }

  drawOutlines() {
    this.outlines?.remove();
    this.outlines = null;
    if (!this.isOutlined || !this.lines) return;
    if (!this.map.getPane("outlines")) Object.assign(this.map.createPane("outlines").style, { zIndex: 260, pointerEvents: "none" });
    this.outlines = protomapsL.leafletLayer({
      sources: this.lines.sources, paintRules: this.lines.rules, attribution: "", lang: "vi", bounds: TERRITORY, maxZoom: 14,
      tileDelay: 1, updateWhenZooming: false, pane: "outlines",
    }).addTo(this.map);
  }

  // Colours by code; units without one take the fallback; `ground` is the commonest class. The first
  // colours let painting begin.
  colour({ entries, fallback, ground }, borderOnly) {
    this.entries = entries;
    this.fallback = fallback;
    this.borderOnly = borderOnly;
    this.ground = borderOnly ? OUTSIDE : ground;
    if (this.begin) this.begin();
    else this.layer?.rerenderTiles();
    this.begin = null;
  }

  remove() {
    this.layer?.remove();
  }

  select(code) {
    if (this.selected === code) return;
    this.selected = code;
    this.layer?.rerenderTiles();
    this.outlines?.rerenderTiles();
  }

  // Tiles of this view are there: only then a place can be looked up.
  async ready() {
    if (this.layer?.isLoading()) await new Promise((resolve) => { this.layer.once("load", resolve); });
  }

  // The unit at a place, of those that are drawn: {code, name} or null.
  at(place) {
    const found = this.layer?.queryTileFeaturesDebug(place.lng, place.lat).get("units") ?? [];
    return found[0]?.feature.props ?? null;
  }
}

function source({ edition, level, tiles }) {
  const url = `/api/v1/tiles/${edition}/${level}/${tiles}/{z}/{x}/{y}.mvt`;
  return { url, maxDataZoom: DATA_ZOOM, levelDiff: 1 };
}

