// The page on which records are entered and corrected.

import { startAccount } from "../account.js";
import { ask } from "../api.js";
import { byId, el } from "../dom.js";
import { list } from "../offline/outbox.js";
import { packs } from "../offline/packs.js";
import { current } from "../offline/session.js";
import { askPassword } from "../offline/unlock.js";
import { say } from "../text.js";
import { Correction } from "./correction.js";
import { dropDraft, loadDraft, recall, saveDraft } from "./drafts.js";
import { findUnit } from "./finding.js";
import { newIdentifier } from "./identifiers.js";
import { IncidentForm } from "./incident.js";
import { PlaceMap } from "./map.js";
import { showMine } from "./mine.js";
import { NetworkForm } from "./network.js";
import { OutreachForm } from "./outreach.js";
import { setPatterns } from "./personal-data.js";
import { follow, startQueue, unfollow, visit } from "./queue.js";
import { send } from "./sending.js";
import { mayBeThere, similarBox, similarTo } from "./similar.js";
import { deletedBox, keptBox, storedBox } from "./stored.js";

const FORMS = { incident: IncidentForm, outreach: OutreachForm, network: NetworkForm };
const SIMILAR_WITHIN = 8_000;
const SUBJECTS = { incident: "incident", outreach_event: "outreach", network: "network" };
// `isNew` tells a record that is begun here, which has a draft, from one that was opened.
const page = { id: null, subject: null, form: null, correction: null, isNew: false, isSending: false, begun: 0 };

export async function open(configuration) {
  startAccount();
  setPatterns(configuration.personalData);
  Object.assign(page, { configuration });
  page.map = new PlaceMap(byId("place-map"), configuration);
  page.map.onPick = (place) => page.form.pick(place);
  showGround();
  goHome();
  await recall();
  for (const tab of document.querySelectorAll('input[name="subject"]')) tab.addEventListener("change", () => start(tab.value));
  const query = new URLSearchParams(location.search);
  const asked = Object.keys(FORMS).find((subject) => query.has(subject));
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepNow(); });
  if (asked) correct(asked, query.get(asked));
  else if (query.has("waiting")) await openWaiting(query.get("waiting"));
  else await start(FORMS[query.get("type")] ? query.get("type") : "incident");
  showMine(byId("mine"), correct);
  startQueue();
}

// The device is open now: what is written is kept from here on, and what waited for it goes on.
export async function unlocked() {
  const { onUnlocked } = page;
  page.onUnlocked = null;
  if (page.form) await keepNow();
  if (onUnlocked) onUnlocked();
  else visit();
}

// Communes of the server, or the outlines on this device until it answers.
async function showGround() {
  const note = byId("map-note").textContent;
  try {
    const editions = await ask("editions", "/editions");
    page.map.showUnits(editions.flatMap(({ name, layers }) => layers.map(({ level, tiles }) => ({ edition: name, level, tiles }))));
  } catch {
    page.map.showOutlines(await packs().catch(() => []));
    byId("map-note").textContent = say("entry_map_offline");
    addEventListener("online", () => { byId("map-note").textContent = note; showGround(); }, { once: true });
  }
}

// The map opens on the units that the account is responsible for.
async function goHome() {
  const own = page.configuration.account.jurisdictions[0];
  if (!own || own.level === "country") return;
  try {
    const { bounds } = await findUnit("home", own);
    if (bounds && !page.form?.place?.chosen) page.map.see(bounds);
  } catch {
    // The map of the whole country will do.
  }
}

function makeForm(subject) {
  Object.assign(page, { subject, isNew: false, correction: null, onUnlocked: null });
  byId("unlock").hidden = true;
  unfollow();
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
async function start(subject) {
  const turn = page.begun += 1;
  const draft = await loadDraft(subject);
  if (turn !== page.begun) return;
  makeForm(subject);
  page.isNew = true;
  document.body.classList.remove("correcting");
  history.replaceState(null, "", address({ type: subject }));
  page.id = draft?.id ?? newIdentifier();
  if (draft) {
    page.form.write(draft);
    page.form.element.prepend(el("p", { class: "restored" }, say("entry_restored"), el("button", { type: "button", class: "quiet", on: { click: () => { dropDraft(subject); start(subject); } } }, say("entry_start_anew"))));
  }
  page.form.first.focus({ preventScroll: true });
}

// A record of the queue that has not gone yet; sent again, it takes its own place there.
async function openWaiting(id) {
  const opened = await current();
  const item = opened && (await list(opened)).find((one) => one.id === id && one.method === "POST" && one.state !== "conflict");
  if (!item) return start("incident");
  makeForm(SUBJECTS[item.recordType]);
  history.replaceState(null, "", address({ waiting: id }));
  page.id = id;
  page.form.write(item.body, { keep: true });
  page.form.tell(item.problem?.detail);
  return page.form.first.focus({ preventScroll: true });
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
  clearTimeout(page.keeping);
  if (page.isNew) page.keeping = setTimeout(keepNow, 250);
}

async function keepNow() {
  clearTimeout(page.keeping);
  if (page.isNew && page.form.isTouched) await saveDraft(page.subject, { ...page.form.draft(), id: page.id });
}

async function correct(subject, id) {
  if (page.isSending) return;
  await keepNow();
  page.begun += 1;
  makeForm(subject);
  document.body.classList.toggle("correcting", true);
  history.replaceState(null, "", address({ [subject]: id }));
  try {
    const record = await ask("record", `${page.form.path}/${id}`, {}, { inLanguage: true });
    page.id = record.id;
    page.form.write(record, { keep: true });
    page.correction = new Correction(page.form, record, { onRemoved: settle, onSubmit: submit });
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
  const problem = () => form.problem() ?? page.correction?.problem();
  const wrong = problem();
  if (wrong) {
    form.tell(wrong.text, { ...wrong, until: () => problem()?.text !== wrong.text });
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
  if (!mayBeThere(form)) return false;
  // A weak network is not waited for: what is found later is found by the one who merges.
  const tooLong = new Promise((resolve) => { setTimeout(resolve, SIMILAR_WITHIN, []); });
  const found = await Promise.race([similarTo(form, page.id).catch(() => []), tooLong]);
  if (!found.length) return false;
  const box = similarBox(form.recordType, found, {
    // What was written stays a draft: it may hold more than the record that is there.
    onSame: (one) => correct(page.subject, one.id),
    onAnyway: async () => {
      // The box stays while it is sent: a second tap would else land on what comes in its place.
      for (const button of box.querySelectorAll("button")) button.disabled = true;
      await submit({ isDistinct: true });
      box.remove();
    },
  });
  form.notice.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
  box.focus({ preventScroll: true });
  return true;
}

async function deliver() {
  const { form, correction } = page;
  const body = { ...form.feature(), id: page.id, personal_data_checked: form.personal.checked };
  const what = correction
    ? { method: "PUT", path: `${form.path}/${page.id}`, body: { ...body, reason: correction.reason.value.trim() }, ifMatch: correction.record.properties.version }
    : { method: "POST", path: form.path, body };
  await settle(await send({ recordType: form.recordType, id: page.id, ...what }), what);
}

// What is done after a record, or its deletion, was sent.
function settle(outcome, sent) {
  switch (outcome.state) {
    case "stored": return finish(outcome.record);
    case "conflict": return sent.body ? meet(sent.body) : refuse(outcome);
    case "unreachable": return outcome.isKept ? waits(outcome) : away(sent);
    default: return refuse(outcome, sent);
  }
}

// Whether the account's password opens this device: not where a provider signs people in.
const hasPassword = () => isSecureContext && page.configuration.account.opened_by === "password";

// Asks for the password beside the form, and then does what it was needed for.
function askToUnlock(onUnlocked) {
  byId("form").after(byId("unlock"));
  page.onUnlocked = onUnlocked;
  askPassword(page.configuration.account.username);
  byId("password").focus();
}

const again = (sent) => (sent.body ? submit({ isDistinct: true }) : page.correction.remove());

function away(sent) {
  page.form.tell(hasPassword() ? say("entry_locked") : say("entry_unreachable"));
  if (hasPassword()) askToUnlock(() => again(sent));
}

function refuse({ status, problem }, sent) {
  const { form } = page;
  form.tell(problem.detail ?? problem.title ?? String(status));
  if (status === 401) {
    form.fault.append(" ", el("a", { href: "/sign-in", target: "_blank", rel: "opener" }, say("entry_sign_in_again")));
    if (hasPassword()) askToUnlock(() => again(sent));
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
      page.correction = new Correction(form, theirs, { onRemoved: settle, onSubmit: submit });
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
  if (record && !page.correction) page.form.remember?.();
  close(boxOf(page.subject, record));
  showMine(byId("mine"), correct);
}

const another = (subject) => () => start(subject);

function boxOf(subject, record) {
  if (!record) return deletedBox(another(subject));
  return storedBox(subject, record, { again: another(subject), correct: () => correct(subject, record.id) });
}

// The form gives way to what became of the record.
function close(box) {
  clearTimeout(page.keeping);
  if (page.isNew) dropDraft(page.subject);
  Object.assign(page, { isNew: false, correction: null });
  byId("form").replaceChildren(box);
  byId("form").querySelector("button").focus({ preventScroll: true });
  byId("form").scrollIntoView({ block: "start" });
  document.body.classList.remove("correcting");
}

// It is safe on this device; the box follows it until the server has it.
function waits(outcome) {
  const { subject, form: { path }, id } = page;
  if (!page.correction) page.form.remember?.();
  const box = keptBox(outcome, another(subject));
  close(box.element);
  follow(outcome.sequence, {
    tell: box.tell,
    left: async () => {
      const record = await ask("record", `${path}/${id}`, {}, { inLanguage: true }).catch(() => null);
      if (!box.element.isConnected) return;
      if (record && outcome.method !== "DELETE") box.element.replaceWith(boxOf(subject, record));
      else box.leave();
      showMine(byId("mine"), correct);
    },
  });
  if (outcome.stopped === "sign-in") askToUnlock(visit);
}

