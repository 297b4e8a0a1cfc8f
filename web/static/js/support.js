// The page of support figures: a table of months by measures, saved cell by cell.

import { ask, Dropped, send } from "./api.js";
import { byId, data, el } from "./dom.js";
import { PersonalDataWatch, setPatterns } from "./entry/personal-data.js";
import { askAboutNotes } from "./figure-notes.js";
import { startModelForm } from "./model-form.js";
import { namesSomebody } from "./personal-tick.js";
import "./signed-out.js";
import { label, number, say, setTexts } from "./text.js";

const PATH = "/support-measures";
const page = { groups: {}, overlapping: [], asked: [], table: null, opened: new Set(), erasing: null };

export function open(configuration) {
  setTexts(configuration);
  setPatterns(configuration.personalData);
  Object.assign(page, { groups: configuration.groups, overlapping: configuration.overlapping, asked: configuration.asked, lists: configuration.codeLists });
  byId("year").value = new Date().getFullYear();
  byId("choice").addEventListener("change", load);
  byId("choice").addEventListener("submit", (event) => event.preventDefault());
  byId("table").addEventListener("keydown", move);
  const watch = new PersonalDataWatch();
  watch.watch(byId("erase").elements.reason);
  byId("erase").append(watch.element);
  byId("erase").addEventListener("submit", (event) => erase(event, watch));
  byId("keep").addEventListener("click", () => { byId("erase").hidden = true; draw(); });
  if (byId("model")) startModelForm();
  load();
}

async function load() {
  const [edition, unit] = byId("unit").value.split("-");
  const year = Number(byId("year").value);
  if (!(year >= 1976 && year <= 2099)) return;
  try {
    page.table = await ask("months", `${PATH}/monthly`, { edition, unit, year });
    byId("erase").hidden = true;
    byId("notes-check")?.remove();
    fail(null);
    draw();
  } catch (error) {
    if (!(error instanceof Dropped)) fail(say("failed", { reason: error.message }));
  }
}

function fail(text) {
  byId("fault").textContent = text ?? "";
  byId("fault").hidden = !text;
}

function draw() {
  const months = Array.from({ length: 12 }, (_, month) => month);
  byId("hint").textContent = page.table.may_write ? say("support_keys") : say("support_read_only", { under: page.table.under });
  byId("table").replaceChildren(el("table", {},
    el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, say("support_measure")),
      months.map((month) => el("th", { scope: "col" }, String(month + 1).padStart(2, "0"))),
      el("th", { scope: "col" }, say("support_sum")), el("th", { scope: "col" }, say("support_year")))),
    el("tbody", {}, page.table.rows.map((row, index) => rowsOf(row, index, months)))));
}

function rowsOf(row, index, months) {
  const key = `${row.programme}/${row.measure}/${row.source}`;
  const isOpen = page.opened.has(key);
  const toggle = () => {
    if (!page.opened.delete(key)) page.opened.add(key);
    draw();
    byId("table").querySelector(`button[data-row="${index}"]`).focus();
  };
  const head = el("th", { scope: "row" },
    el("button", { type: "button", "aria-expanded": String(isOpen), "data-row": index, on: { click: toggle } }, label("support_measure", row.measure)),
    el("span", { class: "parent" }, label("support_programme", row.programme), row.source === "api" ? null : [" · ", data(row.source)]));
  const counted = row.months.filter((figure) => figure && figure.value !== null);
  const sum = counted.reduce((total, figure) => total + figure.value, 0);
  const whole = el("tr", {}, head, months.map((month) => cell(row, index, month, null, null)),
    el("td", {}, counted.length ? number(sum) : ""), el("td", {}, row.year ? shown(row.year) : ""));
  return isOpen ? [whole, partsOf(row).map(([group, code]) => partRow(row, index, months, group, code))] : [whole];
}

// The parts that are asked for, and those that some month has.
function partsOf(row) {
  const there = [...row.months, row.year].filter(Boolean).map((figure) => figure.value_by);
  return Object.keys(page.groups).flatMap((group) => {
    const codes = new Set(there.flatMap((parts) => Object.keys(parts[group] ?? {})));
    return codesOf(group).filter((code) => page.asked.includes(group) || codes.has(code)).map((code) => [group, code]);
  });
}

const codesOf = (group) => Object.keys(page.lists[group]);

function partRow(row, index, months, group, code) {
  return el("tr", { class: "part" },
    el("th", { scope: "row" }, `${page.groups[group]}: ${label(group, code)}`),
    months.map((month) => cell(row, index, month, group, code)), el("td"), el("td", {}, partOf(row.year, group, code)));
}

const partOf = (figure, group, code) => figure?.value_by[group]?.[code] ?? "";
const shown = (figure) => (figure.value === null ? say("support_hidden") : number(figure.value));

function cell(row, index, month, group, code) {
  const figure = row.months[month];
  const isEditable = page.table.may_write && (figure || (row.source === "api" && !group));
  const value = group ? partOf(figure, group, code) : figure ? figure.value : "";
  if (!isEditable) return el("td", {}, group || !figure ? String(value) : shown(figure));
  const name = [label("support_programme", row.programme), label("support_measure", row.measure), group && label(group, code), `${month + 1}/${page.table.year}`];
  const input = el("input", {
    type: "text", inputmode: "numeric", autocomplete: "off", value, maxlength: 10, "data-row": index, "data-month": month, "data-part": group && `${group}/${code}`,
    "aria-label": name.filter(Boolean).join(", "),
    on: { input: () => check(input), change: () => save(row, month, input) },
  });
  return el("td", {}, input);
}

// The parts against the total, as they are typed: nothing that does not fit is sent.
function check(input) {
  const { row, month } = input.dataset;
  const cells = [...byId("table").querySelectorAll(`input[data-row="${row}"][data-month="${month}"]`)];
  const figure = page.table.rows[row].months[month];
  const total = cells.find((one) => !one.dataset.part)?.value.trim() ?? "";
  const parts = structuredClone(figure?.value_by ?? {});
  for (const one of cells.filter((each) => each.dataset.part)) {
    const [group, code] = one.dataset.part.split("/");
    parts[group] ??= {};
    delete parts[group][code];
    if (one.value.trim() !== "") parts[group][code] = Number(one.value);
  }
  const isNumber = cells.every((one) => /^\d{0,9}$/.test(one.value.trim()));
  const reason = !isNumber ? say("support_number") : total === "" ? null : faultOf(Number(total), parts);
  for (const one of cells) one.setAttribute("aria-invalid", String(Boolean(reason)));
  byId("status").textContent = reason ?? "";
  return reason ? null : { total, parts: Object.fromEntries(Object.entries(parts).filter(([, counts]) => Object.keys(counts).length)) };
}

function faultOf(total, parts) {
  for (const [group, counts] of Object.entries(parts)) {
    const values = Object.values(counts);
    const sum = values.reduce((before, value) => before + value, 0);
    if (page.overlapping.includes(group)) {
      if (Math.max(0, ...values) > total) return say("support_too_many", { group: page.groups[group], total });
      continue;
    }
    const isComplete = codesOf(group).every((code) => code === "u" || code in counts);
    if (sum > total || (isComplete && sum !== total)) return say("support_differs", { group: page.groups[group], sum, total });
  }
  return null;
}

async function save(row, month, input) {
  const good = check(input);
  if (!good) return;
  const figure = row.months[month];
  if (good.total === "") {
    if (figure) askReason(row, month);
    return;
  }
  const period = `${page.table.year}-${String(month + 1).padStart(2, "0")}`;
  const { edition, code } = page.table;
  const body = { ...figure, programme: row.programme, measure: row.measure, edition, code, period, value: Number(good.total), value_by: good.parts };
  await store(row, month, body);
}

async function store(row, month, body) {
  const figure = row.months[month];
  try {
    const purpose = `save ${row.programme}/${row.measure}/${body.period}`;
    row.months[month] = figure
      ? await ask(purpose, `${PATH}/${figure.id}`, {}, { method: "PUT", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "If-Match": `"${figure.version}"` } })
      : await send(purpose, PATH, body);
    fail(null);
    redraw();
    byId("status").textContent = say("support_saved", { measure: label("support_measure", row.measure), month: `${month + 1}/${page.table.year}` });
  } catch (error) {
    if (error instanceof Dropped) return;
    fail(say("support_not_saved", { reason: error.message }));
    if (namesSomebody(error)) askAboutNotes(body, (checked) => store(row, month, { ...body, ...checked }));
  }
}

// Drawing anew keeps the cell where the writer is by now.
function redraw() {
  const { row, month, part } = document.activeElement?.dataset ?? {};
  draw();
  if (month !== undefined) cellAt(row, month, part)?.focus();
}

const cellAt = (row, month, part) => [...byId("table").querySelectorAll(`input[data-row="${row}"][data-month="${month}"]`)].find((one) => (one.dataset.part ?? null) === (part ?? null));

function askReason(row, month) {
  page.erasing = { row, month };
  byId("erase").hidden = false;
  byId("erase").elements.reason.focus();
}

async function erase(event, watch) {
  event.preventDefault();
  if (!watch.settled()) {
    watch.tick.focus();
    return;
  }
  const { row, month } = page.erasing;
  const figure = row.months[month];
  const reason = event.target.elements.reason.value;
  try {
    await ask(`erase ${figure.id}`, `${PATH}/${figure.id}`, { reason, personal_data_checked: watch.checked }, { method: "DELETE", headers: { "If-Match": `"${figure.version}"` } });
    row.months[month] = null;
    event.target.reset();
    watch.clear();
    event.target.hidden = true;
    draw();
    byId("status").textContent = say("support_erased");
    cellAt(page.table.rows.indexOf(row), month)?.focus();
  } catch (error) {
    if (!(error instanceof Dropped)) fail(say("support_not_saved", { reason: error.message }));
  }
}

// Up, down and Enter go along a month; leaving a cell saves it.
function move(event) {
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!step || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  const column = [...byId("table").querySelectorAll(`input[data-month="${event.target.dataset.month}"]`)];
  const next = column[column.indexOf(event.target) + step];
  if (next) next.focus();
  else event.target.blur();
}
