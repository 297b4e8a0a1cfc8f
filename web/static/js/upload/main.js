// The page to send a file of records: checked first, corrected in place, then stored.

import { startAccount } from "../account.js";
import { ask, send } from "../api.js";
import { byId, el } from "../dom.js";
import { number, say, setTexts } from "../text.js";
import { EarlierFiles } from "./earlier.js";
import { downloads, goodRows, mapLink, summary } from "./result.js";
import { RowTable } from "./rows.js";
import { bytesOf, sendFile } from "./transfer.js";

// `corrections` are all cells written anew so far, by number of the row.
const page = { file: null, corrections: new Map(), table: null, isBusy: false, isStored: false };

export function open(configuration) {
  setTexts(configuration);
  startAccount();
  page.configuration = configuration;
  byId("upload").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  byId("file").addEventListener("change", () => choose(byId("file").files));
  for (const choice of document.querySelectorAll('input[name="type"]')) choice.addEventListener("change", forget);
  takeDrops(byId("drop"));
  page.earlier = new EarlierFiles(openEarlier);
  page.earlier.load();
  addEventListener("beforeunload", (event) => { if (hasUnsent()) event.preventDefault(); });
  // A browser may keep what was chosen before the page was loaded anew.
  choose(byId("file").files);
}

const hasUnsent = () => Boolean(page.table?.changes.size || (page.corrections.size && !page.isStored));

function takeDrops(zone) {
  const over = (event, isOver) => {
    event.preventDefault();
    zone.classList.toggle("over", isOver);
  };
  // Dropped beside the zone, a file would open in place of the page.
  addEventListener("dragover", (event) => over(event, true));
  addEventListener("dragleave", (event) => over(event, false));
  addEventListener("drop", (event) => {
    over(event, false);
    const { files } = event.dataTransfer;
    if (page.isBusy || !files.length) return;
    if (files.length > 1) {
      refuse(say("upload_one_file"), byId("file"));
      return;
    }
    byId("file").files = files;
    choose(files);
  });
}

function choose(files) {
  page.file = files[0] ?? null;
  forget();
  const { maxBytes } = page.configuration;
  if (page.file?.size > maxBytes) refuse(tooBig());
}

const tooBig = () => say("upload_too_big", { size: number(page.file.size / 2 ** 20, 1), most: number(page.configuration.maxBytes / 2 ** 20) });

// Another file or another type: what was found before holds no longer.
function forget() {
  page.corrections.clear();
  page.table = null;
  byId("fault").hidden = true;
  byId("result").hidden = true;
  byId("result").replaceChildren();
}

function refuse(reason, focus = null, status = null) {
  byId("fault").replaceChildren(reason);
  if (status === 401) byId("fault").append(" ", el("a", { href: "/sign-in", target: "_blank", rel: "opener" }, say("entry_sign_in_again")));
  byId("fault").hidden = false;
  byId("fault").scrollIntoView({ block: "nearest" });
  focus?.focus({ preventScroll: true });
}

const chosenType = () => document.querySelector('input[name="type"]:checked')?.value;

// What a person has still to do before anything can be sent.
function missing() {
  if (!chosenType()) return [say("upload_no_type"), document.querySelector('input[name="type"]')];
  if (!page.file) return [say("upload_no_file"), byId("file")];
  if (page.file.size > page.configuration.maxBytes) return [tooBig(), byId("file")];
  return page.file.size ? null : [say("upload_empty"), byId("file")];
}

function check() {
  const wrong = missing();
  if (wrong) refuse(...wrong);
  else sendAll({ isDryRun: true });
}

// One thing at a time: a second press does nothing.
async function busily(work) {
  if (page.isBusy) return;
  page.isBusy = true;
  const controls = [...document.querySelectorAll("#upload input, #upload button, #result input, #result textarea, #result button")].filter((one) => !one.disabled);
  for (const one of controls) one.disabled = true;
  byId("fault").hidden = true;
  byId("progress").hidden = false;
  try {
    await work();
  } catch (error) {
    refuse(error.message, null, error.status);
  } finally {
    for (const one of controls) one.disabled = false;
    byId("progress").hidden = true;
    page.isBusy = false;
  }
}

function tellProgress(part) {
  const bar = byId("progress-bar");
  if (part < 1) bar.value = part;
  else bar.removeAttribute("value");
  const text = part < 1 ? say("upload_sending") : say("upload_checking");
  if (byId("progress-text").textContent !== text) byId("progress-text").textContent = text;
}

// What was written before and what is written now; kept only when the server has taken it.
function allChanges() {
  const all = new Map(page.corrections);
  for (const [row, cells] of page.table?.changes ?? []) all.set(row, { ...all.get(row), ...cells });
  return all;
}

const asList = (corrections) => [...corrections].map(([row_number, cells]) => ({ row_number, cells }));

function sendAll({ isDryRun }) {
  return busily(async () => {
    const corrections = allChanges();
    const recordType = chosenType();
    tellProgress(0);
    const file = await bytesOf(page.file);
    const report = await sendFile(file, { recordType, isDryRun, corrections: asList(corrections) }, tellProgress);
    page.corrections = corrections;
    show(report, recordType);
  });
}

// A file of before, as it was when it had just been stored.
function openEarlier({ id, record_type: recordType }) {
  if (hasUnsent()) return refuse(say("upload_unsaved"));
  return busily(async () => {
    forget();
    const batch = await ask("batch", `/imports/${id}`);
    show({ ...batch, dry_run: false }, recordType);
  });
}

// Rows of a file that is stored go by themselves.
function sendRows(id, recordType) {
  return busily(async () => {
    tellProgress(1);
    const rows = asList(page.table.changes);
    const report = await send("rows", `/imports/${id}/rows`, { rows });
    const sent = new Set(rows.map((row) => row.row_number));
    const still = new Map(report.rejected.map((row) => [row.row_number, row]));
    const waiting = page.table.rows.filter((row) => !sent.has(row.row_number) && !still.has(row.row_number));
    // Of a network, rows that were not touched went with those that were.
    const rejected = [...(recordType === "network" ? waiting.filter((row) => !goesWith(row, sent)) : waiting), ...still.values()].sort((a, b) => a.row_number - b.row_number);
    show({ ...report, rejected }, recordType);
  });
}

function goesWith(row, sent) {
  return page.table.rows.some((other) => sent.has(other.row_number) && other.external_id === row.external_id);
}

function show(report, recordType) {
  const { rejected } = report;
  page.table = rejected.length ? new RowTable(rejected, page.configuration.asWritten) : null;
  page.isStored = !report.dry_run;
  if (page.isStored) page.earlier.load();
  const result = byId("result");
  result.replaceChildren(summary(report), ...(report.dry_run ? checked(report) : stored(report, recordType)));
  result.hidden = false;
  result.focus({ preventScroll: true });
  result.scrollIntoView({ block: "start" });
}

function pressable(id, text, onClick, isSecond = false) {
  return el("button", { type: "button", id, class: isSecond ? "action second" : "action", on: { click: onClick } }, text);
}

// After a check: mend and check again, or store.
function checked(report) {
  const [good, bad] = [goodRows(report), report.rows_rejected];
  const again = pressable("again", say("upload_again"), () => sendAll({ isDryRun: true }), true);
  again.hidden = true;
  if (page.table) page.table.onChange = (changed) => { again.hidden = !changed; };
  const text = good ? say("upload_store", { good: number(good) }) : say("upload_keep", { bad: number(bad) });
  const left = bad ? el("p", { class: "hint" }, say("upload_store_hint")) : null;
  return [
    rowsPart(report, again),
    el("section", { class: "part" }, el("p", {}, say("upload_nothing_yet")), left, good || bad ? pressable("store", text, () => sendAll({ isDryRun: false })) : null),
  ];
}

// After storing: what waits can be mended here or in the file.
function stored(report, recordType) {
  const mend = pressable("mend", say("upload_mend"), () => sendRows(report.id, recordType));
  mend.hidden = true;
  if (page.table) page.table.onChange = (changed) => { mend.hidden = !changed; };
  return [
    page.table ? rowsPart(report, downloads(report.id), mend) : null,
    el("section", { class: "part" }, mapLink(recordType, report.days), pressable("another", say("upload_another"), another, true)),
  ].filter(Boolean);
}

function rowsPart(report, ...below) {
  if (!page.table) return "";
  const hidden = report.rows_rejected - page.table.rows.length;
  return el("section", { class: "part" }, el("h3", {}, say("upload_rows", { count: number(Math.max(report.rows_rejected, page.table.rows.length)) })),
    hidden > 0 ? el("p", { class: "hint" }, say("upload_rows_beyond", { count: number(hidden) })) : null, page.table.element, ...below);
}

function another() {
  byId("upload").reset();
  choose([]);
  scrollTo(0, 0);
  document.querySelector('input[name="type"]').focus({ preventScroll: true });
}
