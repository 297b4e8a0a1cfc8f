// Choosing one place: by the place box, or on the map by a click or, with the keyboard, at its middle.

import { ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { hasOwnPoint, ownUnit, placeLines, placeName } from "./places.js";
import { resultKeys } from "./result-keys.js";
import { number, say } from "./text.js";

const FOUND = 5;
const SHORTEST = 2;

export class PlacePicker {
  // `onMap` has `take(handler)`, which hands the next click on the map to the handler (null: to nobody),
  // and `show(position)`; `levels` are those loaded; `changed` is called with every choice, and with null when it is dropped.
  constructor(onMap, levels, changed) {
    Object.assign(this, { onMap, levels, changed, chosen: null });
    this.results = el("ul", { class: "list" });
    this.said = el("p", { class: "hint", role: "status" }, say("pick_none"));
    this.words = el("input", { type: "search", autocomplete: "off", maxlength: 2000, on: { input: () => this.typed() } });
    this.element = el("div", { class: "picker" },
      el("label", {}, say("pick_words"), this.words), this.results,
      el("button", { type: "button", class: "plain-action", on: { click: () => this.ask() } }, say("pick_on_map")),
      this.said);
    resultKeys(this.words, this.results, () => this.findNow());
  }

  typed() {
    // Other words mean another place.
    if (this.chosen?.isOfWords) this.drop();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.findNow(), 200);
  }

  drop() {
    this.chosen = null;
    this.said.textContent = say("pick_none");
    this.changed(null);
  }

  findNow() {
    clearTimeout(this.typing);
    return this.find(this.words.value.trim());
  }

  async find(words) {
    if (words.length < SHORTEST) return this.results.replaceChildren();
    try {
      const { places, reason } = await ask("pick", "/places", { q: words }, { inLanguage: true });
      const rows = places.slice(0, FOUND).map((place) => this.row(place));
      this.results.replaceChildren(...(rows.length ? rows : [el("li", { class: "hint" }, reason)]));
    } catch (error) {
      if (!(error instanceof Dropped)) this.results.replaceChildren(el("li", { class: "hint" }, error.message));
    }
    return undefined;
  }

  row(place) {
    const unit = ownUnit(place, this.levels) ?? place.units.at(-1);
    const name = placeName(place, unit);
    return el("li", {}, el("button", { type: "button", on: { click: () => this.choosePlace(place, name) } },
      el("span", { class: "name" }, data(name)),
      placeLines(place).filter(Boolean).map((text) => el("span", { class: "parent" }, data(text)))));
  }

  choosePlace(place, name) {
    this.results.replaceChildren();
    this.words.focus({ preventScroll: true });
    const position = { latitude: place.latitude, longitude: place.longitude };
    if (hasOwnPoint(place)) {
      this.choose({ ...position, isOfWords: true, precision: place.precision, accuracy_m: place.accuracy_m || null }, name);
    } else {
      const unit = ownUnit(place, this.levels) ?? place.units.findLast(({ edition }) => edition === "2025");
      this.choose({ unit, isOfWords: true, precision: place.precision, accuracy_m: null }, name);
    }
    this.onMap.show(position);
  }

  ask() {
    this.said.textContent = say("pick_waiting");
    this.onMap.take(({ lat, lng }) => {
      const position = { latitude: lat, longitude: lng };
      this.onMap.show(position);
      this.choose({ ...position, precision: "exact", accuracy_m: null }, `${number(lat, 5)}; ${number(lng, 5)}`);
    });
  }

  choose(place, name) {
    this.chosen = place;
    this.said.replaceChildren(say("pick_chosen"), " ", data(name));
    this.changed(place);
  }

  // Clicks on the map mean units again.
  end() {
    this.onMap.take(null);
  }
}
