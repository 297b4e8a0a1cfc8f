// Rows that need mending: each cell at fault can be written anew where it stands, beside the reason.

import { data, el } from "../dom.js";
import { currentLanguage, number, say } from "../text.js";

const SHOWN_AT_ONCE = 50;
const LONG = 60;
let made = 0;

export class RowTable {
  // `asWritten` is the heading of rows whose cells nobody could tell apart.
  constructor(rows, asWritten) {
    this.rows = rows;
    this.asWritten = asWritten;
    this.changes = new Map();
    this.body = el("table", { class: "mend" }, el("caption", {}, say("upload_rows_hint")), el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, say("upload_row")), el("th", { scope: "col" }, say("upload_cell")), el("th", { scope: "col" }, say("upload_reason")))));
    this.more = el("button", { type: "button", class: "quiet", on: { click: () => this.showMore(true) } }, say("upload_more"));
    this.element = el("div", {}, this.body, this.more);
    this.shown = 0;
    this.showMore(false);
  }

  showMore(isAsked) {
    const next = this.rows.slice(this.shown, this.shown + SHOWN_AT_ONCE).map((row) => this.group(row));
    this.body.append(...next);
    this.shown += next.length;
    this.more.hidden = this.shown >= this.rows.length;
    if (isAsked) next[0]?.querySelector("input, textarea, summary")?.focus();
  }

  // One row of the file: a line for each thing that is wrong.
  group(row) {
    const used = new Set();
    const lines = row.problems.map((problem) => {
      const names = headingsOf(problem, row).filter((name) => name !== this.asWritten && !used.has(name));
      for (const name of names) used.add(name);
      return [names.map((name) => this.input(row, name, problem)), reasonOf(problem)];
    });
    const head = el("th", { scope: "rowgroup", class: "number", rowspan: lines.length },
      say("upload_row_number", { number: number(row.row_number) }), nameOf(row));
    const rest = Object.keys(row.content).filter((name) => !used.has(name) && name !== this.asWritten);
    const body = el("tbody", { "data-row": row.row_number });
    lines.forEach(([inputs, reason], at) => body.append(el("tr", {}, at ? null : head,
      el("td", { class: "cell" }, inputs, at === lines.length - 1 && rest.length ? this.whole(row, rest) : null),
      el("td", { class: "reason" }, reason))));
    const written = row.content[this.asWritten];
    if (written) body.querySelector(".cell").append(el("p", {}, data(written)), el("p", { class: "hint" }, say("upload_only_in_file")));
    return body;
  }

  input(row, name, problem = null) {
    const value = row.content[name] ?? "";
    const isLong = value.length > LONG || value.includes("\n");
    const id = `cell-${(made += 1)}`;
    const box = el(isLong ? "textarea" : "input", {
      id, class: problem ? "wrong" : null, autocomplete: "off", spellcheck: "false", "aria-invalid": problem && "true",
      rows: isLong ? 3 : null, type: isLong ? null : "text", maxlength: 20_000,
      on: { input: () => this.change(row, name, box.value, value, box, problem) },
    });
    box.value = value;
    return el("div", {}, el("label", { for: id }, data(name)), box);
  }

  whole(row, names) {
    const place = el("div");
    return el("details", { class: "whole", on: { toggle: () => { if (!place.hasChildNodes()) place.append(...names.map((name) => this.input(row, name))); } } },
      el("summary", {}, say("upload_other_cells")), place);
  }

  change(row, name, text, before, box, problem) {
    const isChanged = text !== before;
    box.classList.toggle("changed", isChanged);
    box.classList.toggle("wrong", Boolean(problem) && !isChanged);
    const cells = this.changes.get(row.row_number) ?? {};
    if (isChanged) cells[name] = text || null;
    else delete cells[name];
    if (Object.keys(cells).length) this.changes.set(row.row_number, cells);
    else this.changes.delete(row.row_number);
    this.onChange?.(this.changes.size);
  }
}

// A problem may be of several cells: "Kinh độ, Vĩ độ".
function headingsOf({ column }, { content }) {
  if (column in content) return [column];
  return (column ?? "").split(", ").filter((name) => name in content);
}

const reasonOf = (problem) => data(currentLanguage() === "en" ? problem.en : problem.vi);

// A row without an ID of its own has one made of its content, which tells nobody anything.
function nameOf({ external_id: name }) {
  return name && !name.startsWith("sha:") ? el("small", {}, data(name)) : null;
}
