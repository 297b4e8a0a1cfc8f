// What waits to be sent, in order of entry, and drafts of forms. All of it is sealed by the vault.
//
// An item: { recordType, id, method, path, body, ifMatch, title, entered, state, problem, theirs };
// state is "waiting", "refused" (problem says why) or "conflict" (theirs is the server's record, or
// null where it was deleted there).

import { database } from "./database.js";
import { seal, unseal } from "./vault.js";

const CHANNEL = "bienmap-outbox";
const listeners = new Set();
const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = () => { for (const listener of listeners) listener(); };

// Called when the queue changed, in this tab or another.
export function onChange(listener) { listeners.add(listener); }

function changed() {
  channel.postMessage("changed");
  for (const listener of listeners) listener();
}

export class Gone extends Error {}

// On the disk before it is said to be kept: a telephone may die in the next moment. Nothing is
// sealed with the key of a vault that is no more, which nobody could open.
async function write(vault, store, act) {
  const change = (await database()).transaction(["vaults", store], "readwrite", { durability: "strict" });
  const isThere = await change.objectStore("vaults").getKey(vault) !== undefined;
  const result = isThere ? await act(change.objectStore(store)) : null;
  await change.done;
  if (!isThere) throw new Gone(vault);
  return result;
}

export async function add(opened, item) {
  const row = await seal(opened, { state: "waiting", entered: new Date().toISOString(), ...item });
  const sequence = await write(opened.id, "outbox", (store) => store.add(row));
  changed();
  return sequence;
}

// Each sealing has bytes of its own: they tell whether an item is still the one that was read.
const sealOf = (row) => row.iv.join();

export async function list(opened) {
  const rows = await (await database()).getAllFromIndex("outbox", "vault", opened.id);
  return Promise.all(rows.map(async (row) => ({ ...await unseal(opened, row), sequence: row.sequence, seal: sealOf(row) })));
}

// Another tab may have changed the item since it was read: then nothing happens, and the answer is no.
async function onlyIfSame(opened, item, act) {
  const isSame = await write(opened.id, "outbox", async (store) => {
    const row = await store.get(item.sequence);
    if (!row || sealOf(row) !== item.seal) return false;
    await act(store);
    return true;
  });
  changed();
  return isSame;
}

export async function replace(opened, item, change) {
  const { sequence, seal: _before, ...content } = { ...item, ...change };
  const row = { ...await seal(opened, content), sequence };
  return onlyIfSame(opened, item, (store) => store.put(row));
}

export async function remove(opened, item) {
  return onlyIfSame(opened, item, (store) => store.delete(item.sequence));
}

export async function saveDraft(opened, name, content) {
  const row = { ...await seal(opened, content), name };
  await write(opened.id, "drafts", (store) => store.put(row));
}

export async function loadDraft(opened, name) {
  const row = await (await database()).get("drafts", [opened.id, name]);
  return row ? unseal(opened, row) : null;
}

export async function removeDraft(opened, name) {
  await write(opened.id, "drafts", (store) => store.delete([opened.id, name]));
}
