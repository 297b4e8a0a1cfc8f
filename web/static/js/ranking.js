// The hottest units as a list of buttons, and a search by name: both take the map to a unit.

import { ask, Dropped } from "./api.js";
import { byId, data, el } from "./dom.js";
import { swatch } from "./legend.js";
import { state } from "./state.js";
import { number, say } from "./text.js";

const SHOWN = 20;
const FOUND = 8;

export class Ranking {
  constructor(classes, open) {
    this.classes = new Map(classes.map((entry) => [entry.key, entry]));
    this.open = open;
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
      const answer = await ask("search", "/units", { edition: state.edition, level: state.level, q: words });
      const found = answer.units.slice(0, FOUND).map((unit) => el("li", {}, el("button", {
        type: "button", on: { click: () => { results.replaceChildren(); this.open(unit); } },
      }, el("span", { class: "name" }, data(unit.full_name)), unit.parent_name && el("span", { class: "parent" }, data(unit.parent_name)))));
      results.replaceChildren(...(found.length ? found : [el("li", { class: "hint" }, say("search_empty"))]));
    } catch (error) {
      if (!(error instanceof Dropped)) results.replaceChildren(el("li", { class: "hint" }, error.message));
    }
    return undefined;
  }
}
