// Elements made without markup: text only ever becomes text.

// What has just come up where something else was is not what a second tap was meant for.
export const SETTLED_MS = 700;
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children.flat(Infinity)) if (child != null) element.append(child);
  return element;
}

export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

// Text that came from a record: direction marks inside cannot reorder what stands around it.
export function data(text) {
  return el("bdi", {}, String(text));
}

export const byId = (id) => document.getElementById(id);

// A policy without inline styles allows the style object, but not the attribute.
export function styled(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  return element;
}
