// A small form for a club or model of prevention; its place is found as the map's search finds it.

import { ask, Dropped, send } from "./api.js";
import { byId, data, el } from "./dom.js";
import { PersonalDataWatch } from "./entry/personal-data.js";
import { hasOwnPoint, placeLines, placeName } from "./places.js";
import { say } from "./text.js";

let found = [];
let personal = null;
let identifier = crypto.randomUUID?.();

export function startModelForm() {
  personal = new PersonalDataWatch();
  for (const input of [byId("model").elements.name, byId("place")]) personal.watch(input);
  byId("model").querySelector("button.action:not([type])").before(personal.element);
  byId("find").addEventListener("click", find);
  byId("place").addEventListener("input", () => show([]));
  byId("place").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  });
  byId("model").addEventListener("submit", save);
}

function fail(text) {
  byId("model-fault").textContent = text ?? "";
  byId("model-fault").hidden = !text;
}

async function find() {
  const words = byId("place").value.trim();
  if (!words) return;
  try {
    const { places, reason } = await ask("place", "/places", { q: words }, { inLanguage: true });
    show(places.filter(({ slip }) => !slip));
    fail(found.length ? null : reason ?? say("model_no_place"));
    byId("places").querySelector("input")?.focus();
  } catch (error) {
    if (!(error instanceof Dropped)) fail(say("failed", { reason: error.message }));
  }
}

function show(places) {
  found = places;
  byId("places").replaceChildren(byId("places").firstElementChild, ...places.map((place, index) => el("label", {},
    el("input", { type: "radio", name: "chosen", value: index, checked: index === 0 }),
    el("span", {}, data([placeName(place, place.units.at(-1)), ...placeLines(place).filter(Boolean)].join(" · "))))));
}

// A measured point stays one; an address is known by its unit, and its words are kept.
function placed(place, words) {
  if (hasOwnPoint(place)) {
    return { geometry: { type: "Point", coordinates: [place.longitude, place.latitude] }, place: { place_text: words, precision: place.precision } };
  }
  const level = { commune: "commune", legacy_district: "district", province: "province" }[place.precision];
  const unit = place.units.find((one) => one.level === level);
  return { geometry: null, place: { place_text: words, stated_edition: unit?.edition, stated_level: unit?.level, stated_code: unit?.code } };
}

async function save(event) {
  event.preventDefault();
  const form = event.target;
  const values = Object.fromEntries(new FormData(form));
  const place = found[Number(values.chosen)];
  if (!place) return fail(say("model_choose_place"));
  if (!personal.settled()) {
    personal.tick.focus();
    return null;
  }
  const { geometry, place: own } = placed(place, values.place.trim());
  const properties = { kind: values.kind, name: values.name || null, started_on: values.started_on || null, members: values.members === "" ? null : Number(values.members), ...own };
  try {
    await send("model", "/prevention-models", { type: "Feature", id: identifier, geometry, properties, personal_data_checked: personal.checked });
    identifier = crypto.randomUUID?.();
    form.reset();
    personal.clear();
    show([]);
    fail(null);
    byId("model-status").textContent = say("model_saved");
  } catch (error) {
    if (!(error instanceof Dropped)) fail(say("support_not_saved", { reason: error.message }));
  }
  return null;
}
