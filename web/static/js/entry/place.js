// Where it was: written, put on the map or measured by the phone. What the place is in both editions
// of the boundaries is said at once, so that a slip is seen before it is stored.

import { Dropped } from "../api.js";
import { data, el } from "../dom.js";
import { perhaps, placeLines, placeName, sureness, unplaced } from "../places.js";
import { walkResults } from "../result-keys.js";
import { label, number, say } from "../text.js";
import { remember, remembered } from "./drafts.js";
import { announceChange } from "./fields.js";
import { findPlaces, findUnit } from "./finding.js";
import { elsewhere, isPointOf, isSure, namesIn, pointOf, unitOf } from "./meaning.js";

const SHOWN = 5;
// A finger or a mouse is not surer than this many pixels of the map.
const CLICK_PIXELS = 8;
const EXACT_M = 100;
const VILLAGE_M = 3_000;
// One letter is no name.
const SHORTEST = 2;

const precisionOf = (metres) => (metres <= EXACT_M ? "exact" : metres <= VILLAGE_M ? "village" : "commune");

export class PlacePicker {
  constructor({ map, account, onNext, isOptional = false }) {
    Object.assign(this, { map, account, onNext, isOptional });
    this.input = el("input", { type: "search", autocomplete: "off", maxlength: 2000, "aria-label": say("entry_place"), placeholder: say("entry_place_hint"), on: { input: () => this.typed(), keydown: (event) => this.pressed(event) } });
    this.results = el("ul", { class: "list results-list" });
    this.phone = el("button", { type: "button", class: "chip-button", on: { click: () => this.measure() } }, say("entry_phone"));
    this.state = el("p", { class: "hint", role: "status" });
    this.precision = el("select", { "aria-label": say("entry_precision") });
    this.confirmation = el("div", { class: "confirmation", hidden: true, "aria-live": "polite" });
    this.disagreement = el("div", { role: "status" });
    this.element = el("div", { class: "place-box" }, el("div", { class: "search" }, this.input, this.results), el("div", { class: "row" }, this.phone), this.state, this.confirmation, this.disagreement);
    walkResults(this.input, this.results);
    this.clear();
  }

  clear() {
    this.begin();
    Object.assign(this, { chosen: null, named: null, isTyped: false });
    this.input.value = "";
    this.weigh();
    this.results.replaceChildren();
    this.confirmation.hidden = true;
    this.state.textContent = "";
    this.map.mark(null);
    this.offerLast();
  }

  // What was asked last is what is wanted: an answer to anything before it comes too late.
  begin({ isMeasuring = false } = {}) {
    clearTimeout(this.typing);
    this.asked = { isMeasuring };
    return this.asked;
  }

  // Another form may be in the place of this one by now, with the same map.
  isWanted(asked) {
    return this.asked === asked && this.element.isConnected;
  }

  get words() {
    return this.input.value.trim();
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
    if (this.chosen?.from === "words") this.drop();
    this.weigh();
    if (!this.asked.isMeasuring) this.say("");
    const { words } = this;
    if (words.length < SHORTEST) return this.results.replaceChildren();
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
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.words.length >= SHORTEST && (this.isTyped || buttons.length || !this.chosen)) {
      event.preventDefault();
      event.stopPropagation();
      if (this.chosen && this.chosen.from !== "words") {
        this.compare();
        return this.onNext(this.element);
      }
      // The likeliest place is taken, once it is known, if it is likely enough.
      this.find(this.words, true);
    }
    return undefined;
  }

  async find(words, takeFirst = false) {
    // What is only listed asks for no place yet: a position that is being measured is still wanted.
    const found = await this.search(words, takeFirst ? this.begin() : this.asked);
    if (!found || !(takeFirst || this.isTyped)) return;
    const { places, reason } = found;
    const isOwn = ({ units }) => units.length > 0 && this.isOwn(units);
    const shown = [...places].sort((one, other) => isOwn(other) - isOwn(one));
    const [likeliest] = places;
    if (takeFirst && likeliest && likeliest === shown[0] && isSure(likeliest, places)) {
      // Whoever went on meanwhile stays where he is.
      const isHere = document.activeElement === document.body || this.element.contains(document.activeElement);
      this.choose(likeliest);
      if (isHere) this.onNext(this.element);
      return;
    }
    this.offer(shown, reason);
    // The focus stays: a second Enter in haste takes none of them.
    if (takeFirst && places.length) this.say(say("entry_place_choose"));
  }

  // What the words can mean, if the box still says them when the answer comes.
  async search(words, asked) {
    const isWanted = () => this.isWanted(asked) && this.words === words;
    try {
      const found = await findPlaces("place", words);
      if (!isWanted()) return null;
      this.named = { words, places: found.places };
      this.weigh();
      return found;
    } catch (error) {
      if (isWanted() && !(error instanceof Dropped)) this.say(error.message);
      return null;
    }
  }

  // Words beside a point that was put or measured describe it: they are only held against it.
  async compare() {
    clearTimeout(this.typing);
    this.isTyped = false;
    this.results.replaceChildren();
    const { words } = this;
    if (words.length >= SHORTEST && words !== this.named?.words) await this.search(words, this.asked);
  }

  // Says where the words name another commune than the point lies in, and offers theirs.
  weigh() {
    const { from, point, known } = this.chosen ?? {};
    const places = point && this.named?.words === this.words ? this.named.places : [];
    // Of a stored record nobody said where its point came from.
    if (from === "record" && isPointOf(places, point)) this.chosen.from = "words";
    const meant = point && this.chosen.from !== "words" ? elsewhere(places, known) : null;
    this.disagreement.replaceChildren(...(meant ? [this.contradiction(meant, known)] : []));
  }

  contradiction(meant, known) {
    const [named, place] = [meant, known].map(({ units }) => namesIn(units, "2025") || namesIn(units, "2024"));
    const take = el("button", { type: "button", class: "chip-button", on: { click: () => {
      this.choose(meant);
      this.onNext(this.element);
    } } }, say("entry_words_take", { named }));
    return el("div", { class: "caution" }, el("p", {}, place ? say("entry_words_elsewhere", { named, place }) : say("entry_words_not_there", { named })), take);
  }

  offer(places, reason) {
    const none = reason ? `${reason} ${say("entry_place_or_map")}` : say("entry_place_unknown");
    const waiting = this.asked.isMeasuring ? say("entry_phone_waiting") : "";
    this.say(places.length ? waiting : none);
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
    const asked = this.begin({ isMeasuring: true });
    this.say(say("entry_phone_waiting"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.isWanted(asked) && this.take(coords.latitude, coords.longitude, Math.round(coords.accuracy)),
      ({ code }) => {
        if (!this.isWanted(asked)) return;
        asked.isMeasuring = false;
        this.say(code === 1 ? say("entry_phone_refused") : say("entry_phone_failed"));
      },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 });
    return undefined;
  }

  say(text) {
    this.state.textContent = text;
  }

  async take(latitude, longitude, accuracy) {
    this.begin();
    this.say("");
    const point = [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))];
    const shown = this.show({ from: "point", point, accuracy, precision: precisionOf(accuracy) });
    announceChange(this.input);
    this.compare();
    await shown;
  }

  choose(place) {
    this.begin();
    this.isTyped = false;
    this.results.replaceChildren();
    this.say("");
    const point = pointOf(place);
    const accuracy = Math.round(place.accuracy_m);
    this.set({ from: "words", point, unit: point ? null : unitOf(place.units), accuracy, precision: place.precision ?? precisionOf(accuracy), known: place });
    announceChange(this.input);
  }

  // What is at a point, or in a unit, asked of the server. `from` says what the place is known by:
  // the "words" of the box, a "point" put or measured, or a "record" of which that is not known.
  async show(chosen) {
    this.set({ ...chosen, known: null });
    const shown = this.chosen;
    const isWanted = () => this.chosen === shown && this.element.isConnected;
    try {
      const known = await this.knownOf(chosen);
      if (isWanted()) this.set({ ...shown, known, precision: this.precision.value || shown.precision });
    } catch (error) {
      if (isWanted() && !(error instanceof Dropped)) this.say(error.message);
    }
  }

  async knownOf({ point, unit }) {
    if (point) {
      const { places } = await findPlaces("point", `${point[1]}, ${point[0]}`);
      return places.find((place) => !place.slip);
    }
    const { full_name, bounds } = await findUnit("point", unit);
    return { units: [{ ...unit, full_name }], bounds };
  }

  set(chosen) {
    this.chosen = chosen;
    this.map.mark(chosen.point ?? (chosen.known && [chosen.known.longitude, chosen.known.latitude]), chosen);
    const offered = chosen.point ? ["exact", "village", "commune"] : [chosen.precision];
    if (!offered.includes(chosen.precision)) offered.push(chosen.precision);
    this.precision.replaceChildren(...offered.map((code) => el("option", { value: code, selected: code === chosen.precision }, label("coord_precision", code))));
    this.confirm();
    this.weigh();
  }

  confirm() {
    const { known, accuracy, point } = this.chosen;
    const units = known?.units ?? [];
    const rows = [
      [say("entry_now"), known?.communes?.join(", ") ?? (namesIn(units, "2025") || (known ? this.nowhere(known) : "…"))],
      [say("entry_before"), namesIn(units, "2024")],
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
    return this.chosen || this.isOptional ? null : { element: this.input, after: this.input, text: say("entry_place_missing") };
  }

  readPlace() {
    const text = this.words || null;
    const { point = null, unit = null, accuracy = null } = this.chosen ?? {};
    return {
      geometry: point && { type: "Point", coordinates: point },
      properties: {
        place_text: text, precision: this.chosen ? this.precision.value : null, accuracy_m: point ? accuracy : null,
        stated_edition: unit?.edition ?? this.stated?.edition ?? null, stated_level: unit?.level ?? this.stated?.level ?? null, stated_code: unit?.code ?? this.stated?.code ?? null,
      },
    };
  }

  writePlace({ geometry, properties, from }) {
    this.clear();
    this.results.replaceChildren();
    this.input.value = properties.place_text ?? "";
    const stated = properties.stated_code && { edition: properties.stated_edition, level: properties.stated_level, code: properties.stated_code };
    // What a file said of the unit stays beside a point.
    this.stated = geometry && stated ? stated : null;
    if (!geometry && !stated) return;
    this.show({ from: geometry ? from ?? "record" : "words", point: geometry?.coordinates.slice(0, 2) ?? null, unit: geometry ? null : stated, accuracy: properties.accuracy_m, precision: properties.precision });
    if (geometry && from !== "words") this.compare();
  }

  keep() {
    const commune = this.chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "commune");
    const province = this.chosen?.known?.units?.find((unit) => unit.edition === "2025" && unit.level === "province");
    if (commune && province) remember("place", { text: `${commune.full_name}, ${province.full_name}` });
  }
}
