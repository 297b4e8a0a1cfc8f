// Where it was: written, put on the map or measured by the phone. What the place is in both editions
// of the boundaries is said at once, so that a slip is seen before it is stored.

import { Dropped } from "../api.js";
import { data, el } from "../dom.js";
import { hasOwnPoint, perhaps, placeLines, placeName, sureness, unplaced } from "../places.js";
import { walkResults } from "../result-keys.js";
import { label, number, say } from "../text.js";
import { remember, remembered } from "./drafts.js";
import { announceChange } from "./fields.js";
import { findPlaces, findUnit } from "./finding.js";

const SHOWN = 5;
// A finger or a mouse is not surer than this many pixels of the map.
const CLICK_PIXELS = 8;
const EXACT_M = 100;
const VILLAGE_M = 3_000;
const LEVELS = ["commune", "district", "province"];

const precisionOf = (metres) => (metres <= EXACT_M ? "exact" : metres <= VILLAGE_M ? "village" : "commune");

// The server says of which Enter takes the likeliest; of all others a person chooses. A device gives
// no chances: there no other place may bear the name but what this one was made of.
const isOnly = (place, all) => all.every((one) => one === place || one.name !== place.name || one.communes?.includes(place.name));
const isSure = (place, all) => place.sure ?? isOnly(place, all);

// The finest unit that a place has, in the newest edition.
const unitOf = (units) => LEVELS.flatMap((level) => units.filter((unit) => unit.level === level))
  .sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) || other.edition.localeCompare(one.edition))[0] ?? null;

export class PlacePicker {
  constructor({ map, account, onNext, isOptional = false }) {
    Object.assign(this, { map, account, onNext, isOptional });
    this.input = el("input", { type: "search", autocomplete: "off", maxlength: 2000, "aria-label": say("entry_place"), placeholder: say("entry_place_hint"), on: { input: () => this.typed(), keydown: (event) => this.pressed(event) } });
    this.results = el("ul", { class: "list results-list" });
    this.phone = el("button", { type: "button", class: "chip-button", on: { click: () => this.measure() } }, say("entry_phone"));
    this.state = el("p", { class: "hint", role: "status" });
    this.precision = el("select", { "aria-label": say("entry_precision") });
    this.confirmation = el("div", { class: "confirmation", hidden: true, "aria-live": "polite" });
    this.element = el("div", { class: "place-box" }, el("div", { class: "search" }, this.input, this.results), el("div", { class: "row" }, this.phone), this.state, this.confirmation);
    walkResults(this.input, this.results);
    this.clear();
  }

  clear() {
    this.chosen = null;
    this.input.value = "";
    this.results.replaceChildren();
    this.confirmation.hidden = true;
    this.state.textContent = "";
    this.map.mark(null);
    this.offerLast();
  }

  // Where the last record was, for the many that come from one commune.
  offerLast() {
    const last = remembered("place");
    if (!last) return;
    this.results.replaceChildren(this.line(say("entry_last_place", { place: last.text }), [], () => {
      this.input.value = last.text;
      this.find(last.text, true);
    }));
  }

  typed() {
    clearTimeout(this.typing);
    this.isTyped = true;
    // Other words mean another place; a point that was put or measured stays where it is.
    if (this.chosen?.isOfWords) this.drop();
    const words = this.input.value.trim();
    if (words.length < 2) return this.results.replaceChildren();
    this.typing = setTimeout(() => this.find(words), 200);
    return undefined;
  }

  drop() {
    this.chosen = null;
    this.confirmation.hidden = true;
    this.map.mark(null);
    announceChange(this.input);
  }

  pressed(event) {
    const buttons = [...this.results.querySelectorAll("button")];
    if (event.key === "ArrowDown" && buttons.length) {
      event.preventDefault();
      buttons[0].focus();
    } else if (event.key === "Escape") this.results.replaceChildren();
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.input.value.trim().length > 1 && (this.isTyped || buttons.length || !this.chosen)) {
      event.preventDefault();
      event.stopPropagation();
      // Words beside a point that was put or measured describe it.
      if (this.chosen?.isMeasured) return this.onNext(this.element);
      // The likeliest place is taken, once it is known, if it is likely enough.
      clearTimeout(this.typing);
      this.find(this.input.value.trim(), true);
    }
    return undefined;
  }

  async find(words, takeFirst = false) {
    try {
      const { places, reason } = await findPlaces("place", words);
      const isOwn = ({ units }) => units.length > 0 && this.isOwn(units);
      const shown = [...places].sort((one, other) => isOwn(other) - isOwn(one));
      const [likeliest] = places;
      if (takeFirst && likeliest && likeliest === shown[0] && isSure(likeliest, places)) {
        this.choose(likeliest);
        this.onNext(this.element);
        return;
      }
      this.offer(shown, reason);
      // The focus stays: a second Enter in haste takes none of them.
      if (takeFirst && places.length) this.say(say("entry_place_choose"));
    } catch (error) {
      if (!(error instanceof Dropped)) this.state.textContent = error.message;
    }
  }

  offer(places, reason) {
    this.state.textContent = places.length ? "" : reason ? `${reason} ${say("entry_place_or_map")}` : say("entry_place_unknown");
    const lines = places.slice(0, SHOWN).map((place) => this.line(placeName(place, unitOf(place.units)), place.lines ?? placeLines(place), () => {
      this.choose(place);
      this.onNext(this.element);
    }));
    this.results.replaceChildren(...lines);
  }

  line(name, below, click) {
    return el("li", {}, el("button", { type: "button", on: { click } }, el("span", { class: "name" }, data(name)),
      below.filter(Boolean).map((text) => el("span", { class: "parent" }, data(text)))));
  }

  // A point on the map; how far off it may be depends on how far the map is zoomed in.
  async pick({ latitude, longitude, metresPerPixel }) {
    await this.take(latitude, longitude, Math.max(5, Math.round(metresPerPixel * CLICK_PIXELS)));
  }

  measure() {
    if (!navigator.geolocation) return this.say(say("entry_phone_none"));
    this.say(say("entry_phone_waiting"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.take(coords.latitude, coords.longitude, Math.round(coords.accuracy)),
      ({ code }) => this.say(code === 1 ? say("entry_phone_refused") : say("entry_phone_failed")),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 });
    return undefined;
  }

  say(text) {
    this.state.textContent = text;
  }

  async take(latitude, longitude, accuracy) {
    this.say("");
    this.results.replaceChildren();
    const point = [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))];
    await this.show({ isMeasured: true, point, accuracy, precision: precisionOf(accuracy) });
    announceChange(this.input);
  }

  choose(place) {
    this.isTyped = false;
    this.results.replaceChildren();
    this.say("");
    const unit = unitOf(place.units);
    const isMeasured = place.hasPoint ?? (hasOwnPoint(place) || !unit);
    const accuracy = Math.round(place.accuracy_m);
    this.set({
      isOfWords: true, point: isMeasured ? [place.longitude, place.latitude] : null, unit: isMeasured ? null : unit,
      accuracy, precision: place.precision ?? precisionOf(accuracy), known: place,
    });
    announceChange(this.input);
  }

  // What is at a point, or in a unit, asked of the server.
  async show(chosen) {
    this.set({ ...chosen, known: null });
    const { point, unit } = chosen;
    try {
      if (point) {
        const { places } = await findPlaces("point", `${point[1]}, ${point[0]}`);
        const known = places.find((place) => !place.slip);
        if (this.chosen?.point === point) this.set({ ...this.chosen, known });
      } else if (unit) {
        const known = await findUnit("point", unit);
        this.set({ ...this.chosen, known: { units: [{ ...unit, full_name: known.full_name }], bounds: known.bounds } });
      }
    } catch (error) {
      if (!(error instanceof Dropped)) this.say(error.message);
    }
  }

  set(chosen) {
    this.chosen = chosen;
    this.map.mark(chosen.point ?? (chosen.known && [chosen.known.longitude, chosen.known.latitude]), chosen);
    const offered = chosen.point ? ["exact", "village", "commune"] : [chosen.precision];
    if (!offered.includes(chosen.precision)) offered.push(chosen.precision);
    this.precision.replaceChildren(...offered.map((code) => el("option", { value: code, selected: code === chosen.precision }, label("coord_precision", code))));
    this.confirm();
  }

  confirm() {
    const { known, accuracy, point } = this.chosen;
    const units = known?.units ?? [];
    const names = (edition) => units.filter((unit) => unit.edition === edition).map((unit) => unit.full_name).reverse().join(", ");
    const rows = [
      [say("entry_now"), known?.communes?.join(", ") ?? (names("2025") || (known ? this.nowhere(known) : "…"))],
      [say("entry_before"), names("2024")],
      [say("border_distance"), known?.border?.distance_m != null && `${number(known.border.distance_m / 1000, 1)} km${known.border.measured_from === "edge" ? `, ${say("search_from_edge")}` : ""}`],
    ].filter(([, text]) => text);
    this.confirmation.hidden = false;
    const isOwn = this.isOwn(units);
    this.confirmation.replaceChildren(
      el("dl", {}, rows.map(([term, text]) => [el("dt", {}, term), el("dd", {}, data(text))])),
      el("label", { class: "inline" }, el("span", {}, say("entry_precision")), this.precision,
        point && accuracy ? el("small", {}, say("accuracy", { metres: number(accuracy) })) : null),
      // What was read otherwise than it was written, and all that it leaves open.
      ...(known?.remarks ?? []).map((remark) => el("p", { class: "caution" }, data(remark.text))),
      ...(known?.predecessors ? [perhaps(known), known.name && sureness(known)] : []).filter(Boolean).map((text) => el("p", { class: "hint" }, data(text))),
      ...(known?.isOnDevice ? [el("p", { class: "hint" }, say("entry_on_device"))] : []),
      ...(isOwn ? [] : [el("p", { class: "caution" }, say("entry_other_units"))]));
  }

  // A device knows its own provinces only.
  nowhere(known) {
    return known.isOnDevice ? say("outbox_outside_packs") : unplaced(known);
  }

  isOwn(units) {
    const { jurisdictions } = this.account;
    // Which units of today took a former one is the server's to say.
    const isUndecided = this.chosen?.known?.isOnDevice && units.every((unit) => unit.edition !== "2025");
    return !units.length || isUndecided || jurisdictions.some((own) => own.level === "country"
      || units.some((unit) => unit.edition === own.edition && unit.level === own.level && unit.code === own.code));
  }

  get commune() {
    return this.chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "commune")?.code ?? null;
  }

  problem() {
    return this.chosen || this.isOptional ? null : { element: this.input, text: say("entry_place_missing") };
  }

  readPlace() {
    const text = this.input.value.trim() || null;
    const { point = null, unit = null, accuracy = null } = this.chosen ?? {};
    return {
      geometry: point && { type: "Point", coordinates: point },
      properties: {
        place_text: text, precision: this.chosen ? this.precision.value : null, accuracy_m: point ? accuracy : null,
        stated_edition: unit?.edition ?? this.stated?.edition ?? null, stated_level: unit?.level ?? this.stated?.level ?? null, stated_code: unit?.code ?? this.stated?.code ?? null,
      },
    };
  }

  writePlace({ geometry, properties }) {
    this.clear();
    this.results.replaceChildren();
    this.input.value = properties.place_text ?? "";
    const stated = properties.stated_code && { edition: properties.stated_edition, level: properties.stated_level, code: properties.stated_code };
    // What a file said of the unit stays beside a point.
    this.stated = geometry && stated ? stated : null;
    if (!geometry && !stated) return;
    this.show({ isOfWords: !geometry, point: geometry?.coordinates.slice(0, 2) ?? null, unit: geometry ? null : stated, accuracy: properties.accuracy_m, precision: properties.precision });
  }

  keep() {
    const commune = this.chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "commune");
    const province = this.chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "province");
    if (commune && province) remember("place", { text: `${commune.full_name}, ${province.full_name}` });
  }
}
