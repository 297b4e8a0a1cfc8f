// What became of a file, said calmly.

import { data, el } from "../dom.js";
import { currentLanguage, number, say } from "../text.js";

const OVERLAYS = { incident: "incidents", outreach_event: "outreach", network: "networks" };

export const goodRows = (report) => report.rows_read - report.rows_rejected;

function sentence(report) {
  const [good, bad] = [number(goodRows(report)), number(report.rows_rejected)];
  return report.rows_rejected ? say("upload_good_and_bad", { good, bad }) : say("upload_all_good", { good });
}

const counted = (report, counts) => (report.dry_run ? say("upload_would", counts) : say("upload_did", counts));

export function summary(report) {
  return el("section", { class: "part" },
    el("h2", {}, report.dry_run ? sentence(report) : say("upload_done")),
    report.dry_run ? null : el("p", {}, sentence(report)),
    el("p", { class: "counts" }, counted(report, {
      added: number(report.rows_added), changed: number(report.rows_changed), unchanged: number(report.rows_unchanged),
    })),
    remarks(report));
}

const worded = (one) => (currentLanguage() === "en" ? one.en : one.vi);

function remarks({ notes, warnings, rows_doubtful: doubtful }) {
  const lines = [
    ...notes.map((note) => el("li", {}, data(worded(note)))),
    ...warnings.map((one) => el("li", {}, say("upload_row_number", { number: number(one.row_number) }), ": ", data(worded(one)))),
  ];
  if (doubtful > warnings.length) lines.push(el("li", {}, say("upload_more_doubtful", { count: number(doubtful - warnings.length) })));
  return lines.length ? el("details", { class: "details" }, el("summary", {}, say("upload_remarks", { count: number(lines.length) })), el("ul", { class: "notes" }, lines)) : null;
}

// To the map, with the months in which the records lie.
export function mapLink(recordType, days) {
  const language = currentLanguage() === "en" ? "?lang=en" : "";
  const view = new URLSearchParams({ o: OVERLAYS[recordType] });
  if (days) view.set("p", `${days.first.slice(0, 7)}..${days.last.slice(0, 7)}`);
  return el("a", { class: "action", id: "to-map", href: `/${language}#${view}` }, say("upload_to_map"));
}

export function downloads(id) {
  const address = (form) => `/api/v1/imports/${id}/rejected.${form}?lang=${currentLanguage()}`;
  return el("p", { class: "downloads" }, ["xlsx", "csv"].map((form) => el("a", { href: address(form), download: true },
    form === "xlsx" ? say("upload_rejected_xlsx") : say("upload_rejected_csv"))));
}
