// Notes that seem to name somebody stop a figure: they are looked at, mended or confirmed, then sent.

import { byId, el } from "./dom.js";
import { PersonalDataWatch } from "./entry/personal-data.js";
import { labelled } from "./entry/fields.js";
import { say } from "./text.js";

// Shows the notes of a figure below the status line; `onChecked` gets what to send in their place.
export function askAboutNotes(figure, onChecked) {
  const watch = new PersonalDataWatch();
  const notes = el("textarea", { rows: 3, maxlength: 2000 });
  notes.value = figure.notes ?? "";
  watch.watch(notes);
  watch.look();
  const form = el("form", { id: "notes-check", class: "model" }, labelled(say("entry_notes"), notes), watch.element,
    el("button", { class: "action" }, say("support_notes_save")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!watch.settled()) {
      watch.tick.focus();
      return;
    }
    form.remove();
    onChecked({ notes: notes.value.trim() || null, personal_data_checked: watch.checked });
  });
  byId("notes-check")?.remove();
  byId("fault").after(form);
  notes.focus();
}
