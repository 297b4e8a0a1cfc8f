// The layers over the units. What draws them is fetched when a layer is shown for the first time.

import { ask, Dropped } from "./api.js";
import { borderBands, borderLines } from "./reference.js";
import { say } from "./text.js";

export class Overlays {
  // `tell` takes the id of a layer and what is to be said of it, or null.
  constructor(map, assets, tell) {
    Object.assign(this, { map, assets, tell, layers: new Map(), drawn: new Map(), shown: new Set() });
  }

  add(layer) {
    this.layers.set(layer.id, layer);
  }

  ids({ shownAtFirst = false } = {}) {
    return [...this.layers.values()].filter((layer) => !shownAtFirst || layer.shown).map(({ id }) => id);
  }

  // Legends of the layers shown, what covers the map first; a layer of one mark has it beside its name
  // in the list.
  legends() {
    const isRaster = ({ renderer }) => Number(renderer === "raster");
    return [...this.layers.values()].sort((one, other) => isRaster(other) - isRaster(one))
      .filter(({ id, legend, renderer }) => this.shown.has(id) && (legend.length > 1 || (renderer === "raster" && legend.length)))
      .map(({ title, legend }) => ({ title, entries: legend, inRow: true }));
  }

  // Whether a layer shown hides the units, so that their outlines are needed over it.
  hidesUnits() {
    return [...this.shown].some((id) => this.layers.get(id).renderer === "raster");
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
      if (!this.drawn.has(layer.id)) this.drawn.set(layer.id, await this.make(layer));
      // Before the layer comes on: it may say at once that it needs a sign-in.
      this.tell(layer.id, null);
      if (this.shown.has(layer.id)) this.drawn.get(layer.id).addTo(this.map);
    } catch (error) {
      this.shown.delete(layer.id);
      if (!(error instanceof Dropped)) this.tell(layer.id, say("failed", { reason: error.message }));
    }
  }

  async make(layer) {
    const content = () => ask(layer.id, layer.source);
    switch (layer.renderer) {
      case "lines": return borderLines(layer, await content());
      case "areas": return borderBands(layer, await content());
      case "raster": return (await import("./rasters.js")).rasterLayer(this.map, layer, this.tell);
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

  // After a change of period or kinds: records of the layers shown are asked for again.
  refresh() {
    for (const id of this.shown) this.drawn.get(id)?.refresh?.();
  }
}
