// What is shown of an item that waits, was refused or conflicts, and what a person does with it.

import { data, el } from "../dom.js";
import { currentLanguage, dateText, label, say } from "../text.js";
import { remove } from "./outbox.js";
import { coordinates } from "./places.js";
import { decide, mend } from "./sending.js";

const KINDS = { incident: "incident_kind", outreach_event: "outreach_kind" };
const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT/;
const LONG = 80;

function recordName(recordType) {
  if (recordType === "network") return say("outbox_network");
  return recordType === "outreach_event" ? say("outbox_outreach") : say("outbox_incident");
}

function titleOf(item) {
  const properties = item.body?.properties ?? item.theirs?.properties ?? {};
  const day = properties.occurred_from ?? properties.dismantled_on;
  const parts = [
    properties.kind ? label(KINDS[item.recordType], properties.kind) : recordName(item.recordType),
    day && dateText(day), properties.place_text ?? properties.commune ?? properties.case_code,
  ];
  return parts.filter(Boolean).join(" · ");
}

function stateText(state) {
  if (state === "refused") return say("outbox_refused");
  return state === "conflict" ? say("outbox_conflict") : say("outbox_waiting");
}

function whyText({ problem, state, theirs }) {
  if (state === "conflict" && !theirs) return say("outbox_gone");
  return problem?.detail ?? "";
}

const isNothing = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

// The server writes times in full; a day alone begins at midnight in Vietnam.
function comparable(value) {
  if (isNothing(value)) return null;
  if (typeof value === "string" && DAY.test(value)) return Date.parse(`${value}T00:00:00+07:00`);
  if (typeof value === "string" && TIME.test(value)) return Date.parse(value);
  return Array.isArray(value) ? JSON.stringify([...value].sort()) : JSON.stringify(value);
}

function shown(value) {
  if (isNothing(value)) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// What differs of what was entered here: [where, name, mine, theirs]; the position and the parts of a
// network are one each.
function differences(item, fields) {
  const [mine, theirs] = [item.body, item.theirs];
  const names = Object.keys(fields).filter((name) => name in mine.properties);
  const rows = names.map((name) => ["properties", name, mine.properties[name], theirs.properties[name]]);
  rows.push(["body", "geometry", mine.geometry, theirs.geometry]);
  if (mine.places) rows.push(["body", "places", mine.places, theirs.places], ["body", "legs", mine.legs, theirs.legs]);
  return rows.filter(([, , one, other]) => comparable(one) !== comparable(other));
}

function nameOf(name, fields) {
  switch (name) {
    case "geometry": return say("outbox_position");
    case "places": return say("outbox_places");
    case "legs": return say("outbox_legs");
    default: return fields[name] ?? name;
  }
}

function button(text, act, kind = "quiet") {
  return el("button", { type: "button", class: `action ${kind}`, on: { click: act } }, text);
}

// Asked once more before anything goes for good.
function discardButton(act) {
  const place = el("span", { class: "buttons" });
  const ask = () => place.replaceChildren(button(say("outbox_discard"), sure));
  function sure() {
    place.replaceChildren(button(say("outbox_discard_sure"), act, "grave"), button(say("outbox_keep"), () => { ask(); place.querySelector("button").focus(); }));
    place.querySelector("button").focus();
  }
  ask();
  return place;
}

function sides(item, fields, choices) {
  const rows = differences(item, fields).map(([where, name, mine, theirs], index) => {
    const choice = (value, text, isMine) => el("td", {}, el("label", {},
      el("input", { type: "radio", name: `choice-${item.sequence}-${index}`, checked: isMine, on: { change: () => choices.set(name, [where, value]) } }),
      el("span", {}, el("span", { class: "hidden-text" }, `${isMine ? say("outbox_mine") : say("outbox_theirs")}: `), data(text))));
    return el("tr", {}, el("th", { scope: "row" }, nameOf(name, fields)), choice(mine, shown(mine), true), choice(theirs, shown(theirs), false));
  });
  const head = [say("outbox_field"), say("outbox_mine"), say("outbox_theirs")].map((text) => el("th", { scope: "col" }, text));
  return el("table", { class: "sides" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

// What nobody entered here stays as the server has it.
function chosen(item, fields, choices) {
  const kept = Object.entries(item.theirs.properties).filter(([name]) => name in fields);
  const body = { ...item.body, properties: { ...Object.fromEntries(kept), ...item.body.properties } };
  for (const [name, [where, value]] of choices) (where === "body" ? body : body.properties)[name] = value;
  return body;
}

function conflictParts(opened, item, fields, sendAgain) {
  if (!item.theirs) return [];
  const choices = new Map();
  const isDelete = item.method === "DELETE";
  return [
    isDelete ? null : sides(item, fields, choices),
    el("div", { class: "buttons" }, button(isDelete ? say("outbox_delete_anyway") : say("outbox_send_choice"),
      async () => { await decide(opened, item, isDelete ? undefined : chosen(item, fields, choices)); sendAgain(); }, "")),
  ];
}

function asTyped(text, before) {
  if (text.trim() === "") return null;
  if (typeof before === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (typeof before !== "object" || before === null) return text;
  return JSON.parse(text);
}

function editor(opened, item, fields, sendAgain) {
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const before = item.body.properties;
  const inputs = Object.entries(before).map(([name, value]) => {
    const text = isNothing(value) ? "" : shown(value);
    const id = `field-${item.sequence}-${name}`;
    const input = text.length > LONG || name === "narrative" || name === "notes" ? el("textarea", { id, name }) : el("input", { id, name });
    input.value = text;
    return [name, input];
  });
  const position = el("input", { id: `field-${item.sequence}-position` });
  const [longitude, latitude] = item.body.geometry?.coordinates ?? [];
  position.value = item.body.geometry ? `${latitude}, ${longitude}` : "";
  const submit = async (event) => {
    event.preventDefault();
    try {
      const properties = Object.fromEntries(inputs.map(([name, input]) => [name, asTyped(input.value, before[name])]));
      const point = coordinates(position.value);
      if (position.value.trim() && !point) throw new Error(say("outbox_position_unclear"));
      const geometry = point && { type: "Point", coordinates: [point.longitude, point.latitude] };
      await mend(opened, item, { ...item.body, properties, geometry });
      sendAgain();
    } catch (error) {
      fault.textContent = error instanceof SyntaxError ? say("outbox_value_unclear") : error.message;
      fault.hidden = false;
    }
  };
  return el("form", { on: { submit } },
    inputs.map(([name, input]) => [el("label", { for: input.id }, nameOf(name, fields)), input]),
    item.body.places ? null : [el("label", { for: position.id }, say("outbox_position")), position],
    fault, el("div", { class: "buttons" }, el("button", { class: "action" }, say("outbox_save_send"))));
}

// A new record that waits or was refused opens in the form in which it was entered.
function formLink(item) {
  const query = new URLSearchParams({ waiting: item.id });
  if (currentLanguage() === "en") query.set("lang", "en");
  return el("a", { class: "action quiet", href: `/nhap?${query}` }, say("outbox_open_form"));
}

// `sendAgain` is called after a decision; `fields` are the labels of the record's properties.
export function itemView(opened, item, fields, sendAgain) {
  const place = el("div");
  const open = () => {
    if (place.firstChild) place.replaceChildren();
    else { place.replaceChildren(editor(opened, item, fields, sendAgain)); place.querySelector("input, textarea").focus(); }
  };
  return el("li", { class: `item ${item.state}`, "data-id": item.id, "data-state": item.state },
    el("p", { class: "state" }, stateText(item.state)),
    el("h3", {}, data(titleOf(item))),
    whyText(item) ? el("p", { class: "why" }, data(whyText(item))) : null,
    item.state === "conflict" ? conflictParts(opened, item, fields, sendAgain) : null,
    el("div", { class: "buttons" },
      item.state !== "conflict" && item.method === "POST" ? formLink(item) : null,
      item.state !== "conflict" && item.body ? button(say("outbox_open"), open) : null,
      discardButton(() => remove(opened, item))),
    place);
}
