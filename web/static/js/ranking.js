// The hottest units as a list of buttons, and a search by name or position: all take the map there.

import { ask, Dropped } from "./api.js";
import { byId, data, el } from "./dom.js";
import { swatch } from "./legend.js";
import { state } from "./state.js";
import { number, say } from "./text.js";

const SHOWN = 20;
const FOUND = 8;
const LONGEST_NAME = 100;
// Positions, grid references and links of maps have two digits in a row; few names do.
const POSITION = /\d\d/;

export class Ranking {
  // `open` takes a unit, `point` a position that was asked for.
  constructor(classes, open, point) {
    this.classes = new Map(classes.map((entry) => [entry.key, entry]));
    this.open = open;
    this.point = point;
    byId("search").addEventListener("submit", (event) => event.preventDefault());
    byId("search-text").addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.find(byId("search-text").value.trim()), 200);
    });
  }

  async show(run) {
    const list = byId("ranking-list");
    if (!run) {
      list.replaceChildren();
      byId("ranking-hint").textContent = say("no_run");
      return;
    }
    try {
      const hot = await ask("ranking", `/hotspot-runs/${run.id}/ranking`, { border_only: state.ranking === "border", limit: SHOWN });
      byId("ranking-hint").textContent = hot.length ? "" : say("ranking_empty");
      list.replaceChildren(...hot.map((item, index) => el("li", {}, this.button(item, index + 1))));
    } catch (error) {
      if (error instanceof Dropped) return;
      list.replaceChildren();
      byId("ranking-hint").textContent = say("failed", { reason: error.message });
    }
  }

  button(item, rank) {
    const count = item.incidents === 1 ? say("incidents_one") : say("incidents");
    return el("button", {
      type: "button", "data-code": item.code, "aria-current": String(item.code === state.unit), on: { click: () => this.open(item) },
    },
    el("span", { class: "rank" }, String(rank)), swatch(this.classes.get(String(item.class))),
    el("span", {}, el("span", { class: "name" }, data(item.full_name)),
      item.parent_name && el("span", { class: "parent" }, data(item.parent_name))),
    el("span", { class: "amount" }, number(item.incidents), el("small", {}, count)));
  }

  mark(code) {
    for (const button of byId("ranking-list").querySelectorAll("button")) {
      button.setAttribute("aria-current", String(button.dataset.code === code));
    }
  }

  async find(words) {
    const results = byId("search-results");
    if (words.length < 2) return results.replaceChildren();
    try {
      const places = POSITION.test(words) ? await this.places(words) : [];
      const found = places.length ? places : await this.units(words.slice(0, LONGEST_NAME));
      results.replaceChildren(...(found.length ? found : [el("li", { class: "hint" }, say("search_empty"))]));
    } catch (error) {
      if (!(error instanceof Dropped)) results.replaceChildren(el("li", { class: "hint" }, error.message));
    }
    return undefined;
  }

  async units(words) {
    const answer = await ask("search", "/units", { edition: state.edition, level: state.level, q: words });
    return answer.units.slice(0, FOUND).map((unit) =>
      this.result(unit.full_name, [unit.parent_name], () => this.open(unit)));
  }

  async places(words) {
    const { places } = await ask("search", "/places", { q: words }, { inLanguage: true });
    return places.slice(0, FOUND).map((place) => {
      const unit = place.units.find(({ edition, level }) => edition === state.edition && level === state.level);
      const position = `${number(place.latitude, 5)}; ${number(place.longitude, 5)}`;
      const name = unit?.full_name ?? (place.assignment === "outside" ? say("search_outside") : say("search_no_unit"));
      // A slip is asked before anything moves: to choose this line is to say yes.
      const below = [place.slip?.question, place.system === "EPSG:4326" ? position : `${position} (${place.system}, ${say("accuracy", { metres: number(place.accuracy_m) })})`];
      return this.result(name, below, async () => {
        if (unit) this.open(await ask("place", `/units/${unit.edition}/${unit.level}/${unit.code}`));
        this.point(place, !unit);
      });
    });
  }

  result(name, below, choose) {
    const click = () => { byId("search-results").replaceChildren(); choose(); };
    return el("li", {}, el("button", { type: "button", on: { click } },
      el("span", { class: "name" }, data(name)),
      ...below.filter(Boolean).map((text) => el("span", { class: "parent" }, data(text)))));
  }
}
