// The page on which records are entered and corrected.

import { startAccount } from "../account.js";
import { ask } from "../api.js";
import { byId, el } from "../dom.js";
import { say, setTexts } from "../text.js";
import { Correction } from "./correction.js";
import { dropDraft, loadDraft, saveDraft } from "./drafts.js";
import { newIdentifier } from "./identifiers.js";
import { IncidentForm, similarBox } from "./incident.js";
import { PlaceMap } from "./map.js";
import { showMine } from "./mine.js";
import { NetworkForm } from "./network.js";
import { OutreachForm } from "./outreach.js";
import { setPatterns } from "./personal-data.js";
import { send } from "./sending.js";
import { storedBox } from "./stored.js";

const FORMS = { incident: IncidentForm, outreach: OutreachForm, network: NetworkForm };
const page = { id: null, subject: null, form: null, correction: null, isSending: false };

export function open(configuration) {
  setTexts(configuration);
  startAccount();
  setPatterns(configuration.personalData);
  Object.assign(page, { configuration });
  page.map = new PlaceMap(byId("place-map"), configuration);
  page.map.onPick = (place) => page.form.pick(place);
  goHome();
  for (const tab of document.querySelectorAll('input[name="subject"]')) tab.addEventListener("change", () => start(tab.value));
  const query = new URLSearchParams(location.search);
  const asked = Object.keys(FORMS).find((subject) => query.has(subject));
  if (asked) correct(asked, query.get(asked));
  else start(FORMS[query.get("type")] ? query.get("type") : "incident");
  showMine(byId("mine"), correct);
}

// The map opens on the units that the account is responsible for.
async function goHome() {
  const own = page.configuration.account.jurisdictions[0];
  if (!own || own.level === "country") return;
  try {
    const { bounds } = await ask("home", `/units/${own.edition}/${own.level}/${own.code}`);
    if (!page.form?.place?.chosen) page.map.see(bounds);
  } catch {
    // The map of the whole country will do.
  }
}

function makeForm(subject) {
  page.subject = subject;
  const { account, codes } = page.configuration;
  page.map.mark(null);
  page.form = new FORMS[subject]({ map: page.map, account, codesOf: codes });
  page.form.element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  for (const event of ["input", "change"]) page.form.element.addEventListener(event, keepDraft);
  for (const tab of document.querySelectorAll('input[name="subject"]')) tab.checked = tab.value === subject;
  byId("form").replaceChildren(page.form.element);
}

// A new record: the draft of one that was begun, or what its form begins with.
function start(subject, { focus = true } = {}) {
  makeForm(subject);
  page.correction = null;
  document.body.classList.remove("correcting");
  history.replaceState(null, "", address({ type: subject }));
  const draft = loadDraft(subject);
  page.id = draft?.id ?? newIdentifier();
  if (draft) {
    page.form.write(draft);
    page.form.element.prepend(el("p", { class: "restored" }, say("entry_restored"), el("button", { type: "button", class: "quiet", on: { click: () => { dropDraft(subject); start(subject); } } }, say("entry_start_anew"))));
  }
  if (focus) page.form.first.focus({ preventScroll: true });
}

function address(parameters) {
  const query = new URLSearchParams(parameters);
  if (new URLSearchParams(location.search).get("lang") === "en") query.set("lang", "en");
  const other = byId("other-language");
  const rest = new URLSearchParams(query);
  if (rest.has("lang")) rest.delete("lang");
  else rest.set("lang", "en");
  other.href = `/nhap?${rest}`;
  return `/nhap?${query}`;
}

function keepDraft() {
  if (page.correction) return;
  clearTimeout(page.keeping);
  page.keeping = setTimeout(() => saveDraft(page.subject, { ...page.form.feature(), id: page.id }), 250);
}

async function correct(subject, id) {
  makeForm(subject);
  document.body.classList.toggle("correcting", true);
  history.replaceState(null, "", address({ [subject]: id }));
  try {
    const record = await ask("record", `${page.form.path}/${id}`, {}, { inLanguage: true });
    page.id = record.id;
    page.form.write(record, { keep: true });
    page.correction = new Correction(page.form, record, { onDeleted: () => finish(null), onSubmit: submit });
    page.form.element.prepend(page.correction.head);
    page.form.element.append(page.correction.foot);
    page.form.first.focus({ preventScroll: true });
  } catch (error) {
    byId("form").replaceChildren(el("p", { class: "fault", role: "alert" }, error.message));
  }
}

async function submit({ isDistinct = false } = {}) {
  const { form } = page;
  if (page.isSending) return;
  form.tell(null);
  const wrong = form.problem() ?? page.correction?.problem();
  if (wrong) {
    form.tell(wrong.text);
    wrong.element.closest("details")?.setAttribute("open", "");
    wrong.element.focus();
    return;
  }
  busy(true);
  try {
    if (!page.correction && !isDistinct && await offerSimilar()) return;
    await deliver();
  } finally {
    busy(false);
  }
}

function busy(isBusy) {
  page.isSending = isBusy;
  page.form.sendButton.disabled = isBusy;
}

// Whether records were found that may be this one; a person decides then.
async function offerSimilar() {
  const { form } = page;
  form.notice.replaceChildren();
  if (!form.similar) return false;
  const found = await form.similar(page.id).catch(() => []);
  if (!found.length) return false;
  const box = similarBox(found, {
    onSame: (one) => { dropDraft(page.subject); correct("incident", one.id); },
    onAnyway: () => { form.notice.replaceChildren(); submit({ isDistinct: true }); },
  });
  form.notice.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
  box.querySelector(".action").focus({ preventScroll: true });
  return true;
}

async function deliver() {
  const { form, correction } = page;
  const body = { ...form.feature(), id: page.id, personal_data_checked: form.personal.checked };
  const what = correction
    ? { method: "PUT", path: `${form.path}/${page.id}`, body: { ...body, reason: correction.reason.value.trim() }, ifMatch: correction.record.properties.version }
    : { method: "POST", path: form.path, body };
  const outcome = await send({ recordType: form.recordType, id: page.id, ...what });
  switch (outcome.state) {
    case "stored": return finish(outcome.record);
    case "conflict": return meet(body);
    case "unreachable": return form.tell(say("entry_unreachable"));
    default: return refuse(outcome);
  }
}

function refuse({ status, problem }) {
  const { form } = page;
  form.tell(problem.detail ?? problem.title ?? String(status));
  if (status === 401) {
    form.fault.append(" ", el("a", { href: "/sign-in", target: "_blank", rel: "opener" }, say("entry_sign_in_again")));
  }
  if (problem.code === "record.personal_data") {
    form.personal.element.hidden = false;
    form.personal.tick.focus();
  }
}

// Somebody else has changed the record: both versions side by side, and a person chooses.
async function meet(body) {
  const { form } = page;
  try {
    const theirs = await ask("record", `${form.path}/${page.id}`, {}, { inLanguage: true });
    if (!page.correction) {
      page.correction = new Correction(form, theirs, { onDeleted: () => finish(null), onSubmit: submit });
      form.element.append(page.correction.foot);
      // An earlier sending of this record did arrive: what is written now is the newer.
      page.correction.base = page.correction.parts(theirs);
      page.correction.reason.value = say("entry_merged");
    }
    page.correction.meet(body, theirs);
  } catch (error) {
    form.tell(error.message);
  }
}

function finish(record) {
  clearTimeout(page.keeping);
  dropDraft(page.subject);
  if (record && !page.correction) page.form.remember?.();
  const { subject } = page;
  const again = () => start(subject);
  byId("form").replaceChildren(record ? storedBox(subject, record, { again, correct: () => correct(subject, record.id) })
    : el("section", { class: "stored" }, el("h2", {}, say("entry_deleted")), el("button", { type: "button", class: "action", on: { click: again } }, say("entry_another"))));
  byId("form").querySelector("button").focus({ preventScroll: true });
  byId("form").scrollIntoView({ block: "start" });
  document.body.classList.remove("correcting");
  page.correction = null;
  showMine(byId("mine"), correct);
}

