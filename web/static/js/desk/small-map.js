// A small map of a hotspot among its neighbours, in the colours of the run.

import { ask, Dropped } from "../api.js";
import { el } from "../dom.js";
import { leafletMap } from "../leaflet-map.js";
import { classScale } from "../scale.js";
import { say } from "../text.js";
import { Units } from "../units.js";

export class SmallMap {
  constructor({ levels, bounds }, legend) {
    Object.assign(this, { levels, bounds, scale: classScale([...legend.values()]), results: new Map() });
    this.place = el("div", { class: "small-map", role: "img" });
    this.element = el("section", {}, el("h3", {}, say("desk_map")), this.place);
  }

  async show(item, unit) {
    this.place.setAttribute("aria-label", say("desk_map_of", { name: item.full_name }));
    const [edition, level] = [item.edition, item.level];
    const shown = this.levels.find((one) => one.edition === edition && one.level === level);
    if (!shown) return;
    this.map ??= this.begin();
    this.map.invalidateSize({ animate: false });
    if (this.shown !== shown) {
      this.units ??= new Units(this.map);
      this.units.show(shown, this.levels.find((one) => one.edition === edition && one.level === "province"));
      this.shown = shown;
    }
    const [west, south, east, north] = unit.bounds;
    this.map.fitBounds(L.latLngBounds([[south, west], [north, east]]).pad(1.2), { animate: false, maxZoom: 10 });
    this.units.select(item.code);
    try {
      await this.colour(item.run_id);
    } catch (error) {
      if (!(error instanceof Dropped)) this.place.setAttribute("aria-label", say("failed", { reason: error.message }));
    }
  }

  begin() {
    const map = leafletMap(this.place, this.bounds, {
      minZoom: 5, maxZoom: 12, zoomAnimation: false, keyboard: false, scrollWheelZoom: false,
      maxBounds: L.latLngBounds(this.bounds).pad(0.6),
    });
    // Tab stops in a picture would lead nowhere.
    this.place.tabIndex = -1;
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    return map;
  }

  async colour(run) {
    if (this.run === run) return;
    if (run && !this.results.has(run)) this.results.set(run, await ask("case-map", `/hotspot-runs/${run}/results`));
    const { codes, classes } = this.results.get(run) ?? { codes: [], classes: [] };
    const entries = new Map(codes.map((code, index) => [code, this.scale.entryOf(classes[index])]));
    this.units.colour({ entries, fallback: this.scale.fallback, ground: this.scale.ground }, false);
    this.run = run;
  }
}
