// What a record says on click: fields of the layer's definition, every value as plain text.

import { data, el } from "./dom.js";
import { dateText, label, number } from "./text.js";

// How wide a popup of a mark in the country's middle may be, clear of the buttons on the map's left.
export const BESIDE_BUTTONS = { minWidth: 230, autoPanPaddingTopLeft: [66, 10] };

function shown(field, value) {
  if (Array.isArray(value)) return value.map((item) => shown(field, item)).join(", ");
  if (typeof value === "number") return number(value, 1);
  if (field.code_list) return label(field.code_list, value);
  return /^\d{4}-\d\d-\d\d(T|$)/.test(value) ? dateText(value) : String(value);
}

export function popupOf(title, fields, properties, note = null) {
  const filled = fields.filter(({ property }) => {
    const value = properties[property];
    return value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length);
  });
  return el("article", {}, el("h3", {}, data(title)),
    el("dl", { class: "facts" }, filled.map((field) => [
      el("dt", {}, field.label), el("dd", {}, data(shown(field, properties[field.property]))),
    ])),
    note && el("p", { class: "hint" }, note));
}

// By the keyboard a popup lies behind all other markers: the way leads into it, and back again.
export function reachable(mark) {
  return mark.on({
    popupopen: ({ popup }) => {
      const shown = popup.getElement().querySelector("article");
      shown.tabIndex = -1;
      shown.focus({ preventScroll: true });
    },
    popupclose: ({ popup }) => {
      const at = document.activeElement;
      if (at === document.body || popup.getElement()?.contains(at)) mark.getElement()?.focus({ preventScroll: true });
    },
  });
}
