// Names of provinces and, near by, of the units shown, which are asked for a province at a time.

import { ask, Dropped } from "./api.js";
import { NEAR, Names } from "./names.js";

const named = ({ name, lat, lon, bounds }) => ({ short: name, lat, lon, bounds });

export class UnitNames {
  constructor(map, tell) {
    Object.assign(this, { map, tell, provinces: [], units: new Map() });
    this.names = new Names(map, []);
    map.on("moveend", () => this.bring());
  }

  async show({ edition, level }) {
    Object.assign(this, { edition, level, provinces: [], units: new Map() });
    this.names.provinces = [];
    this.names.show([]);
    await this.asked("names", { level: "province" }, (found) => {
      // Where there is no room for all, those of most people are named.
      this.provinces = found.sort((one, other) => (other.population ?? 0) - (one.population ?? 0));
      this.names.provinces = found.map(named);
      this.names.draw();
    });
    await this.bring();
  }

  // Near by the units of the provinces in view, each once.
  async bring() {
    if (this.map.getZoom() < NEAR || this.level === "province") return;
    const view = this.map.getBounds();
    const missing = this.provinces.filter(({ code, bounds: [west, south, east, north] }) => !this.units.has(code)
      && view.intersects([[south, west], [north, east]]));
    for (const { code } of missing) {
      this.units.set(code, []);
      await this.asked(`names-${code}`, { level: this.level, parent: code }, (found) => {
        this.units.set(code, found.map(named));
        this.names.show([...this.units.values()].flat());
      });
    }
  }

  // What belongs to units that are no longer shown is passed over.
  async asked(purpose, question, use) {
    const { edition, level } = this;
    try {
      const { units } = await ask(purpose, "/units", { edition, ...question });
      if (this.edition === edition && this.level === level) use(units);
    } catch (error) {
      if (!(error instanceof Dropped)) this.tell("names", error.message);
    }
  }
}
