// Names of provinces and, near by, of the units shown, which are asked for a province at a time.

import { ask, Dropped } from "./api.js";
import { NEAR, Names } from "./names.js";
import { say } from "./text.js";

const named = ({ name, lat, lon }) => ({ short: name, lat, lon });

export class UnitNames {
  constructor(map, tell) {
    Object.assign(this, { map, tell, provinces: [], units: new Map(), known: new Map() });
    this.names = new Names(map, []);
    map.on("moveend", () => this.bring());
  }

  // What comes for units that are no longer shown is passed over: each choice has a map of its own.
  async show({ edition, level }) {
    const units = new Map();
    // The communes of 2024 are asked for by their districts, dozens in a view: those are named.
    Object.assign(this, { edition, level: edition === "2024" && level === "commune" ? "district" : level, units, provinces: [] });
    this.names.provinces = [];
    this.names.show([]);
    const found = this.known.get(edition) ?? await this.asked("names", { edition, level: "province" });
    if (!found || this.units !== units) return;
    this.known.set(edition, found);
    // Where there is no room for all, those of most people are named.
    this.provinces = found.sort((one, other) => (other.population ?? 0) - (one.population ?? 0));
    this.names.provinces = this.provinces.map(named);
    this.names.draw();
    await this.bring();
  }

  // Once more, beside marks that came since.
  draw() {
    this.names.draw();
  }

  // Near by the units of the provinces in view, each once.
  async bring() {
    const { edition, level, units } = this;
    if (this.map.getZoom() < NEAR || level === "province") return;
    const view = this.map.getBounds();
    const missing = this.provinces.filter(({ code, bounds: [west, south, east, north] }) => !units.has(code)
      && view.intersects([[south, west], [north, east]]));
    for (const { code } of missing) units.set(code, []);
    for (const { code } of missing) {
      const found = await this.asked(`names-${code}`, { edition, level, parent: code });
      if (this.units !== units) return;
      if (found) units.set(code, found.map(named));
      else units.delete(code);
      this.names.show([...units.values()].flat());
    }
  }

  // The units asked for; null where they do not come.
  async asked(purpose, question) {
    try {
      const { units } = await ask(purpose, "/units", question);
      this.tell("names", null);
      return units;
    } catch (error) {
      if (!(error instanceof Dropped)) this.tell("names", say("failed", { reason: error.message }));
      return null;
    }
  }
}
