// The page of what waits on this device: it opens without a network, and sends when there is one.

import { byId, data, el } from "../dom.js";
import { dateText, number, say, setTexts } from "../text.js";
import { storageState } from "./database.js";
import { itemView } from "./outbox-items.js";
import { list, onChange } from "./outbox.js";
import { packs, refreshPacks } from "./packs.js";
import { communeAt, searchPlaces } from "./places.js";
import { keepSending } from "./retrying.js";
import { Unreachable } from "./server.js";
import { current, endSession, lock, onLockChange } from "./session.js";
import { askPassword, startUnlock } from "./unlock.js";
import { WrongPassword, dropVault, olderVaults, takeOver } from "./vault.js";
import { startWorker } from "./worker-start.js";

const configuration = JSON.parse(byId("configuration").textContent);
setTexts(configuration);
const attempt = keepSending(current, tell);
let held = [];

function showNetwork() {
  byId("network").textContent = navigator.onLine ? "" : say("outbox_away");
  byId("network").classList.toggle("away", !navigator.onLine);
}

function tell({ isSending, stopped, reason, clockOff }) {
  if (isSending) {
    if (byId("waiting").querySelector("[data-state=waiting]")) byId("told").textContent = say("outbox_sending");
    return;
  }
  const told = { offline: say("outbox_stays", { reason }), "sign-in": say("outbox_sign_in"), "other-account": say("outbox_other_account", { name: reason }) };
  const clock = clockOff ? say("outbox_clock", { days: number(Math.abs(clockOff) / 86_400_000, 1) }) : "";
  byId("told").textContent = [told[stopped], clock].filter(Boolean).join(" ");
  if (stopped === "sign-in") askPassword();
}

async function show() {
  const opened = await current();
  byId("open").hidden = !opened;
  if (!opened) {
    byId("unlock").hidden = false;
    byId("waiting").replaceChildren();
    byId("older").replaceChildren();
    return;
  }
  byId("who").textContent = opened.username;
  const items = await list(opened);
  byId("waiting").replaceChildren(...items.map((item) => itemView(opened, item, configuration.fields[item.recordType], attempt)));
  byId("empty").hidden = items.length > 0;
  const older = await olderVaults(opened);
  byId("older").replaceChildren(...older.map((vault) => olderView(opened, vault)));
}

// Two changes shortly after each other are shown once, the newer state last.
let showing = null;
let again = false;
function refresh() {
  again = true;
  showing ??= (async () => {
    while (again) { again = false; await show(); }
  })().finally(() => { showing = null; });
  return showing;
}

function olderView(opened, vault) {
  const password = el("input", { id: `older-${vault.id}`, type: "password", autocomplete: "off", maxlength: 256, required: true });
  const fault = el("p", { class: "fault", role: "alert", hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await takeOver(opened, vault.id, password.value);
      await refresh();
      attempt();
    } catch (error) {
      if (!(error instanceof WrongPassword)) throw error;
      fault.textContent = say("outbox_wrong_password");
      fault.hidden = false;
    }
  };
  const forget = el("button", { type: "button", class: "action grave", hidden: true, on: { click: async () => { await dropVault(vault.id); refresh(); } } }, say("outbox_discard_sure"));
  const ask = el("button", { type: "button", class: "action quiet", on: { click: () => { forget.hidden = false; forget.focus(); } } }, say("outbox_discard"));
  return el("form", { class: "panel older", on: { submit } },
    el("p", {}, say("outbox_older", { count: number(vault.waiting + vault.drafts) })),
    el("label", { for: password.id }, say("outbox_old_password")), password, fault,
    el("div", { class: "buttons" }, el("button", { class: "action" }, say("outbox_open")), ask, forget));
}

async function showPacks() {
  held = await packs().catch(() => []);
  byId("packs").replaceChildren(...held.map(({ pack, fetched, bytes }) => el("li", {},
    say("outbox_pack", { name: pack.province.full_name, size: number(bytes / 1000), date: dateText(new Date(fetched).toISOString()) }))));
  if (held.length === 0) byId("packs").append(el("li", {}, say("outbox_no_pack")));
}

// On a visit with a network: sends what waits and brings the packs up to date.
async function begin() {
  await attempt();
  try {
    await refreshPacks();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  await showPacks();
}

function placeLine(place) {
  if (place.kind === "point") {
    const commune = place.commune ?? communeAt(held, place.longitude, place.latitude);
    return commune ? say("outbox_probably", { unit: `${commune.full_name}, ${commune.province.full_name}` }) : say("outbox_outside_packs");
  }
  const parts = [place.full_name, ...place.within].join(", ");
  return place.kind === "former" ? say("outbox_former", { unit: parts, communes: (place.communes ?? []).join(", ") }) : parts;
}

function find() {
  byId("found").replaceChildren(...searchPlaces(held, byId("find").value).map((place) => el("li", {}, data(placeLine(place)))));
}

async function showStorage() {
  const state = await storageState();
  const told = { "may-go": say("outbox_may_go"), private: say("outbox_private"), insecure: say("outbox_insecure") };
  byId("storage").textContent = told[state] ?? "";
  byId("storage").hidden = !told[state];
  return state === "kept" || state === "may-go";
}

async function start() {
  showNetwork();
  addEventListener("online", showNetwork);
  addEventListener("offline", showNetwork);
  if (!await showStorage()) return;
  startWorker(() => { byId("newer").hidden = false; });
  startUnlock(async () => { await refresh(); begin(); });
  byId("send-now").addEventListener("click", attempt);
  byId("lock").addEventListener("click", lock);
  byId("find").addEventListener("input", find);
  onChange(refresh);
  onLockChange(refresh);
  await endSession();
  await Promise.all([refresh(), showPacks()]);
  document.body.dataset.ready = "yes";
  if (await current()) begin();
}

start();
