// The layers over the units. What draws them is fetched when a layer is shown for the first time.

import { ask, Dropped } from "./api.js";
import { el } from "./dom.js";
import { borderBands, borderLines } from "./reference.js";
import { say } from "./text.js";

// What covers the units.
const COVERING = ["raster", "density"];
const covers = ({ renderer }) => COVERING.includes(renderer);
const isMark = ({ legend, renderer }) => legend.length === 1 && renderer !== "raster";

export class Overlays {
  // `tell` takes the id of a layer and what is to be said of it, or null; `changed` is called when a
  // layer has another legend.
  constructor(map, assets, tell, changed) {
    Object.assign(this, { map, assets, tell, changed, layers: new Map(), making: new Map(), drawn: new Map(), shown: new Set() });
  }

  add(layer) {
    this.layers.set(layer.id, layer);
  }

  ids({ shownAtFirst = false } = {}) {
    return [...this.layers.values()].filter((layer) => !shownAtFirst || layer.shown).map(({ id }) => id);
  }

  // Legends of the layers shown, what covers the map first. Some are made with the figures; layers of
  // one mark are told together, each by its title.
  legends() {
    const shown = [...this.layers.values()].filter(({ id }) => this.shown.has(id));
    shown.sort((one, other) => Number(covers(other)) - Number(covers(one)));
    const marks = shown.filter((layer) => isMark(layer) && !this.drawn.get(layer.id)?.legend)
      .map(({ title, legend: [entry] }) => ({ ...entry, label: title }));
    const parts = shown.map((layer) => this.partOf(layer)).filter(Boolean);
    return marks.length ? [...parts, { title: say("legend_marks"), entries: marks, inRow: true }] : parts;
  }

  partOf({ id, title, legend, renderer }) {
    const drawn = this.drawn.get(id);
    if (drawn?.legend) {
      const made = drawn.legend();
      return made && { title, ...made };
    }
    const isTold = legend.length > 1 || (renderer === "raster" && legend.length);
    return isTold && renderer !== "symbols" ? { title, entries: legend, inRow: true } : null;
  }

  // Whether a layer shown hides the units, so that their outlines are needed over it.
  hidesUnits() {
    return [...this.shown].some((id) => covers(this.layers.get(id)));
  }

  show(wanted) {
    for (const layer of this.layers.values()) {
      const isWanted = wanted.includes(layer.id);
      if (isWanted === this.shown.has(layer.id)) continue;
      if (isWanted) {
        this.shown.add(layer.id);
        this.draw(layer);
      } else {
        this.shown.delete(layer.id);
        this.drawn.get(layer.id)?.remove();
      }
    }
  }

  async draw(layer) {
    try {
      if (!this.drawn.has(layer.id)) await this.made(layer);
      // Before the layer comes on: it may say at once that it needs a sign-in.
      this.tell(layer.id, null);
      if (this.shown.has(layer.id)) this.drawn.get(layer.id).addTo(this.map);
    } catch (error) {
      this.shown.delete(layer.id);
      if (!(error instanceof Dropped)) this.tell(layer.id, say("failed", { reason: error.message }));
    }
  }

  // Switched off and on again while it is made, a layer is still made once.
  async made(layer) {
    if (!this.making.has(layer.id)) this.making.set(layer.id, this.make(layer));
    try {
      this.drawn.set(layer.id, await this.making.get(layer.id));
    } finally {
      this.making.delete(layer.id);
    }
  }

  async make(layer) {
    if (["symbols", "outlines"].includes(layer.renderer) && !this.hasStyle) {
      this.hasStyle = true;
      document.head.append(el("link", { rel: "stylesheet", href: this.assets.layersStyle }));
    }
    const content = () => ask(layer.id, layer.source);
    switch (layer.renderer) {
      case "lines": return borderLines(layer, await content());
      case "areas": return borderBands(layer, await content());
      case "raster": return (await import("./rasters.js")).rasterLayer(this.map, layer, this.tell);
      case "density": return new (await import("./density.js")).Density(this.map, layer, this.tell, this.changed);
      case "symbols": return new (await import("./support-symbols.js")).SupportSymbols(layer, this.tell, this.changed);
      case "outlines": return (await import("./pilots.js")).pilotProvinces(layer, await content());
      case "points": return (await import("./gates.js")).borderGates(layer, await content());
      case "merged": return new (await import("./merged-flows.js")).MergedFlows(layer, this.tell);
      case "flows": return new (await import("./flows.js")).Networks(layer, this.tell);
      default: return (await import("./records.js")).records(layer, this.assets, this.tell);
    }
  }

  // Layers shown of these sources are asked for again; whether one has anything new.
  async renew(sources) {
    const concerned = [...this.shown].filter((id) => sources.includes(this.layers.get(id).source));
    const changed = await Promise.all(concerned.map((id) => this.drawn.get(id)?.refresh?.()));
    return changed.some(Boolean);
  }

  // Whether somebody has spread a cluster out to look at what is in it.
  isSpread() {
    return [...this.shown].some((id) => this.drawn.get(id)?.isSpread);
  }

  // What does not follow each month of a play is asked for when it has ended.
  afterPlay() {
    for (const id of this.shown) this.drawn.get(id)?.afterPlay?.();
  }

  // After a change of period or kinds: records of the layers shown are asked for again.
  refresh() {
    for (const id of this.shown) this.drawn.get(id)?.refresh?.();
  }
}
