// Correcting the place of a record that was listed for review: all else in the record stays.

import { ask } from "./api.js";
import { el } from "./dom.js";
import { PersonalDataTick } from "./personal-tick.js";
import { PlacePicker } from "./place-picker.js";
import { say } from "./text.js";

const STATED = { stated_edition: null, stated_level: null, stated_code: null };

// A feature with another place; what the input said of a unit goes, since the new place says it.
function moved({ properties, ...feature }, { longitude, latitude, unit, precision, accuracy_m }) {
  const stated = unit ? { stated_edition: unit.edition, stated_level: unit.level, stated_code: unit.code } : {};
  return {
    ...feature,
    geometry: unit ? null : { type: "Point", coordinates: [longitude, latitude] },
    properties: { ...properties, ...STATED, ...stated, precision, accuracy_m },
  };
}

function withPlace(record, sequence, chosen) {
  const isPlace = ({ properties }) => properties.sequence === sequence;
  return record.places
    ? { ...record, places: record.places.map((place) => (isPlace(place) ? moved(place, chosen) : place)) }
    : moved(record, chosen);
}

// The form below a row of the list; `done` is called once the record is stored, `close` when it is left.
// `hasPoint`: the record has a point that a unit alone would take the place of.
export function correctionForm(path, sequence, { onMap, levels, hasPoint, done, close }) {
  const save = el("button", { type: "submit", class: "action", disabled: true }, say("correct_save"));
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const caution = el("p", { class: "stale", role: "status", hidden: true }, say("correct_loses_point"));
  const picker = new PlacePicker(onMap, levels, (place) => {
    save.disabled = !place;
    caution.hidden = !(hasPoint && place?.unit);
  });
  const leave = () => { picker.end(); close(); };
  // Read when the form opens: what somebody changes from then on is not written over.
  const opened = ask("correct", path, {}, { inLanguage: true });
  opened.catch(() => {});
  // All of the record is read again, also what was confirmed when it was written.
  const personal = new PersonalDataTick();
  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    fault.hidden = true;
    try {
      const record = await opened;
      await ask("correct", path, {}, {
        method: "PUT", body: JSON.stringify({ ...withPlace(record, sequence, picker.chosen), personal_data_checked: personal.checked }),
        headers: { "Content-Type": "application/json", "If-Match": `"${record.properties.version}"` },
      });
      picker.end();
      done();
    } catch (error) {
      fault.textContent = say("not_saved", { reason: error.message });
      fault.hidden = false;
      save.disabled = false;
      personal.offer(error);
    }
  };
  const form = el("form", { class: "place-form", on: { submit } }, picker.element, caution, personal.element, save,
    el("button", { type: "button", class: "plain-action", on: { click: leave } }, say("correct_keep")), fault);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  return { form, start: () => picker.words.focus({ preventScroll: true }), end: () => picker.end() };
}
