// Adding a name to the place box: a hamlet, a market, a post, another name of a unit.

import { send } from "./api.js";
import { el } from "./dom.js";
import { PersonalDataTick } from "./personal-tick.js";
import { PlacePicker } from "./place-picker.js";
import { label, say } from "./text.js";

const LONGEST = 100;
// The commonest first.
const KINDS = ["hamlet", "border_post", "market", "alternative", "other"];

// What is sent: a point, or the unit; another name of a unit has no point.
function entry(name, kind, source, { longitude, latitude, unit }) {
  const where = unit
    ? { stated_edition: unit.edition, stated_level: unit.level, stated_code: unit.code }
    : { longitude, latitude };
  return { name, kind, source, ...where };
}

// A form for the words that were searched in vain, or found something else; `done` is called with the name.
export function addNameForm(words, { onMap, levels, done, close }) {
  const name = el("input", { type: "text", required: true, maxlength: LONGEST, value: words.split(",")[0].trim().slice(0, LONGEST) });
  const kind = el("select", {}, KINDS.map((code) => el("option", { value: code }, label("place_name_kind", code))));
  const source = el("input", { type: "text", maxlength: 200 });
  const save = el("button", { type: "submit", class: "action", disabled: true }, say("name_save"));
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const picker = new PlacePicker(onMap, levels, (place) => { save.disabled = !place; });
  const personal = new PersonalDataTick();
  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    fault.hidden = true;
    try {
      const stored = await send("add-name", "/place-names", {
        ...entry(name.value, kind.value, source.value, picker.chosen), personal_data_checked: personal.checked,
      });
      picker.end();
      done(stored);
    } catch (error) {
      fault.textContent = say("not_saved", { reason: error.message });
      fault.hidden = false;
      save.disabled = false;
      personal.offer(error, [name, source]);
    }
  };
  const leave = () => { picker.end(); close(); };
  const form = el("form", { class: "place-form", on: { submit } },
    el("h3", {}, say("name_add")),
    el("label", {}, say("name_name"), name), el("label", {}, say("name_kind"), kind), picker.element,
    el("label", {}, say("name_source"), source), personal.element, save,
    el("button", { type: "button", class: "plain-action", on: { click: leave } }, say("close")), fault);
  return { form, start: () => name.focus() };
}
