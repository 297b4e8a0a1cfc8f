// What is being written. On a device that is unlocked all of it is kept, sealed; else free texts stay in
// memory, and the rest goes when the tab does: the disk of a phone is no safe place.

import { loadDraft as loadSealed, removeDraft, saveDraft as saveSealed } from "../offline/outbox.js";
import { current } from "../offline/session.js";
import { chosenOf, keepChosen } from "../offline/vault.js";

const PREFIX = "bienmap-draft-";
const FREE_TEXTS = ["narrative", "notes"];
const kept = new Map();
// One after the other, so that a draft that was dropped does not come back.
let writing = Promise.resolve();

function inTurn(act) {
  writing = writing.then(act).catch((error) => console.info(error));
  return writing;
}

export function saveDraft(name, draft) {
  kept.set(name, draft);
  return inTurn(async () => {
    const opened = await current();
    if (!opened) return saveOpenly(name, draft);
    await saveSealed(opened, name, draft);
    return sessionStorage.removeItem(PREFIX + name);
  });
}

function saveOpenly(name, draft) {
  const properties = { ...draft.properties };
  for (const text of FREE_TEXTS) delete properties[text];
  sessionStorage.setItem(PREFIX + name, JSON.stringify({ ...draft, properties }));
}

export async function loadDraft(name) {
  await writing;
  if (kept.has(name)) return kept.get(name);
  try {
    const opened = await current();
    const sealed = opened && await loadSealed(opened, name);
    return sealed ?? JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export function dropDraft(name) {
  kept.delete(name);
  return inTurn(async () => {
    sessionStorage.removeItem(PREFIX + name);
    const opened = await current();
    if (opened) await removeDraft(opened, name);
  });
}

// What was chosen last, to save a tap: the kind, the commune. It tells where somebody works, so it lies
// sealed in the vault; while the device is locked only this page knows it.
let chosen = {};

export function remember(name, value) {
  chosen = { ...chosen, [name]: value };
  inTurn(async () => {
    const opened = await current();
    if (opened) await keepChosen(opened, chosen);
  });
}

export const remembered = (name) => chosen[name] ?? null;

// Reads what was chosen last from the open vault. Earlier releases kept it in the clear.
export async function recall() {
  for (const name of ["kind", "place"]) localStorage.removeItem(`bienmap-last-${name}`);
  const opened = await current();
  const found = opened && await chosenOf(opened).catch(() => null);
  chosen = { ...found, ...chosen };
}
