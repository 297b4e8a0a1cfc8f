// What a record says on click: fields of the layer's definition, every value as plain text.

import { data, el } from "./dom.js";
import { dateText, label, number } from "./text.js";

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
