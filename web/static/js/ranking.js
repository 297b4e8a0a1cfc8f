// The hottest units as a list of buttons, and a search by address, name or position: all take the map there.

import { ask, Dropped } from "./api.js";
import { byId, data, el } from "./dom.js";
import { swatch } from "./legend.js";
import { hasOwnPoint, ownUnit, placeLines, placeName, shownUnit } from "./places.js";
import { resultKeys } from "./result-keys.js";
import { runPeriod } from "./runs.js";
import { nearBorder, period, state } from "./state.js";
import { amount, noun, say } from "./text.js";
import { unitAddress } from "./unit-address.js";

const SHOWN = 20;
const FOUND = 8;
const LONGEST_NAME = 100;

export class Ranking {
  // `classes` finds the legend of a method; `levels` are those loaded; `open` takes a unit with its edition and level, `point` a position that
  // was asked for; `onMap` is how a form asks for one.
  constructor(classes, levels, open, point, onMap) {
    this.classes = classes;
    this.levels = levels;
    this.open = open;
    this.point = point;
    this.onMap = onMap;
    byId("search").addEventListener("submit", (event) => event.preventDefault());
    byId("search-text").addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.findNow(), 200);
    });
    resultKeys(byId("search-text"), byId("search-results"), () => this.findNow());
  }

  async show(run) {
    const list = byId("ranking-list");
    byId("ranking-period").textContent = run ? runPeriod(run) : "";
    if (!run) {
      list.replaceChildren();
      byId("ranking-hint").textContent = say("no_run");
      return;
    }
    if (!list.children.length) byId("ranking-hint").textContent = say("ranking_waiting");
    try {
      const hot = await (run.method.startsWith("scan_") ? clusters(run) : ask("ranking", `/hotspot-runs/${run.id}/ranking`, { border_only: state.ranking === "border", limit: SHOWN }));
      byId("ranking-hint").textContent = hot.length ? "" : say("ranking_empty");
      // Who stands on a unit stays there.
      const at = list.contains(document.activeElement) ? document.activeElement.dataset.code : null;
      list.replaceChildren(...hot.map((item, index) => el("li", {}, this.button(run, item, item.rank ?? index + 1), pageLink(item))));
      if (at) list.querySelector(`button[data-code="${at}"]`)?.focus({ preventScroll: true });
      this.showChosen();
      if (byId("account")) await (await import("./decisions.js")).markDecisions(list);
    } catch (error) {
      if (error instanceof Dropped) return;
      list.replaceChildren();
      byId("ranking-hint").textContent = say("failed", { reason: error.message });
    }
  }

  // Beside each unit what it counts by the filter, where the order stands for another period or kinds.
  async compare(isDifferent) {
    this.chosen = null;
    this.showChosen();
    if (!isDifferent) return;
    try {
      const { codes, values, protection } = await ask("ranking-counts", "/statistics", {
        edition: state.edition, level: state.level, measure: "incidents", kind: state.kinds, ...period(), ...nearBorder(),
      });
      this.chosen = new Map(codes.map((code, index) => [code, [values[index], ...told(code, protection)]]));
      this.showChosen();
    } catch (error) {
      if (!(error instanceof Dropped)) byId("ranking-hint").textContent = say("failed", { reason: error.message });
    }
  }

  showChosen() {
    for (const button of byId("ranking-list").querySelectorAll("button")) {
      const count = this.chosen?.get(button.dataset.code);
      const place = button.querySelector(".chosen");
      place.hidden = count === undefined;
      place.textContent = count === undefined ? "" : say("ranking_chosen", {
        count: amount(...count), noun: noun("incidents", count[0]),
      });
    }
  }

  button(run, item, rank) {
    const unit = { ...item, edition: state.edition, level: state.level };
    return el("button", {
      type: "button", "data-code": item.code, "aria-current": String(item.code === state.unit), on: { click: () => this.open(unit) },
    },
    el("span", { class: "rank" }, String(rank)), swatch(this.classes(run.method).get(String(item.class))),
    el("span", {}, el("span", { class: "name" }, data(item.full_name)),
      item.parent_name && el("span", { class: "parent" }, data(item.parent_name))),
    el("span", { class: "amount" }, amount(item.incidents, item.base, item.under), el("small", {}, noun("incidents", item.incidents))),
    el("span", { class: "chosen", hidden: true }));
  }

  mark(code) {
    for (const button of byId("ranking-list").querySelectorAll("button")) {
      button.setAttribute("aria-current", String(button.dataset.code === code));
    }
  }

  findNow() {
    clearTimeout(this.typing);
    return this.find(byId("search-text").value.trim());
  }

  async find(words) {
    const results = byId("search-results");
    if (words.length < 2) return results.replaceChildren();
    try {
      const { places, reason } = await ask("search", "/places", { q: words }, { inLanguage: true });
      // A name may also be looked for by its second half.
      const found = places.length ? this.places(places) : await this.units(words.slice(0, LONGEST_NAME));
      results.replaceChildren(...(found.length ? found : [el("li", { class: "hint" }, reason)]), ...this.offerToAdd(words));
    } catch (error) {
      if (!(error instanceof Dropped)) results.replaceChildren(el("li", { class: "hint" }, error.message));
    }
    return undefined;
  }

  // Who has signed in can give the place a name that is found from then on.
  offerToAdd(words) {
    if (!byId("account")) return [];
    return [el("li", {}, el("button", { type: "button", class: "add", on: { click: () => this.addName(words) } }, say("name_add")))];
  }

  async addName(words) {
    const { addNameForm } = await import("./add-name.js");
    const results = byId("search-results");
    const done = ({ name, unit_name: where }) => {
      byId("search-form").replaceChildren(el("p", { class: "hint", role: "status" }, say("name_added", { name, where })));
      byId("search-text").focus();
    };
    const close = () => { byId("search-form").replaceChildren(); byId("search-text").focus(); };
    const { form, start } = addNameForm(words, { onMap: this.onMap, levels: this.levels, done, close });
    results.replaceChildren();
    byId("search-form").replaceChildren(form);
    start();
  }

  // Units of the level shown; where it has none of that name, those of the other levels and editions.
  async units(words) {
    const isShown = (level) => level.edition === state.edition && level.level === state.level;
    const own = await this.unitsOf("search", this.levels.find(isShown), words);
    if (own.length) return own.map((unit) => this.result(unit.full_name, [unit.parent_name], () => this.open(unit)));
    // The edition shown comes first, and of each edition the finest level.
    const others = this.levels.filter((level) => !isShown(level));
    others.sort((one, other) => (other.edition === state.edition) - (one.edition === state.edition));
    const found = await Promise.all(others.map((level) => this.unitsOf(`search-${level.edition}-${level.level}`, level, words)));
    const results = found.flat().slice(0, FOUND).map((unit) =>
      this.result(unit.full_name, [unit.parent_name], () => this.open(unit), levelNote(unit)));
    return results.length ? [el("li", { class: "hint" }, say("search_elsewhere")), ...results] : [];
  }

  async unitsOf(purpose, level, words) {
    if (!level) return [];
    const { edition, level: name } = level;
    const { units } = await ask(purpose, "/units", { edition, level: name, q: words });
    return units.slice(0, FOUND).map((unit) => ({ ...unit, edition, level: name }));
  }

  places(places) {
    return places.slice(0, FOUND).map((place) => {
      const shown = shownUnit(place, state);
      const unit = shown ?? ownUnit(place, this.levels);
      // A slip is asked before anything moves: to choose this line is to say yes.
      return this.result(placeName(place, unit), placeLines(place), async () => {
        if (unit) this.open({ ...unit, ...await ask("place", `/units/${unit.edition}/${unit.level}/${unit.code}`) });
        if (!unit || hasOwnPoint(place)) this.point(place, !unit);
      }, shown === unit ? null : levelNote(unit));
    });
  }

  result(name, below, choose, note = null) {
    const click = () => {
      byId("search-results").replaceChildren();
      byId("search-text").focus({ preventScroll: true });
      choose();
    };
    return el("li", {}, el("button", { type: "button", on: { click } },
      el("span", { class: "name" }, data(name), note && el("small", {}, ` ${note}`)),
      ...below.filter(Boolean).map((text) => el("span", { class: "parent" }, data(text)))));
  }
}

// Clusters of a scan, each as its centre, for the list of units.
async function clusters(run) {
  const { features } = await ask("ranking", `/hotspot-runs/${run.id}/clusters`, {}, { inLanguage: true });
  return features.map(({ properties }) => properties)
    .filter((cluster) => cluster.class > 0 && (state.ranking !== "border" || cluster.is_land_border))
    .map((cluster) => ({ ...cluster, code: cluster.centre, parent_name: say("cluster_of", { parent: cluster.parent_name ?? "", count: cluster.members.length }) }));
}

// The base of a count and what it is less than where it is not told, for amount() in text.js.
function told(code, protection) {
  if (!protection || protection.exact.includes(code)) return [null, null];
  return [protection.base, protection.parted.includes(code) ? null : protection.under];
}

function pageLink({ code, full_name: name }) {
  const words = say("unit_page_of", { name });
  return el("a", { class: "to-page", href: unitAddress({ edition: state.edition, level: state.level, code }), "aria-label": words, title: words },
    el("span", { "aria-hidden": "true" }, "↗"));
}

// Where a unit stands that is not of the level shown.
const levelNote = ({ level, edition }) => `(${levelName(level)}, ${edition})`;

function levelName(level) {
  switch (level) {
    case "commune": return say("commune");
    case "district": return say("district");
    default: return say("province");
  }
}
