// What this device keeps: vaults (wrapped keys), what waits to be sent, drafts, province packs.
// Of what waits and of drafts only the vault, the order and a name are readable without the key.

import { openDB } from "../../vendor/idb.js";

const NAME = "bienmap";
const VERSION = 1;
let opened;

export function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("vaults", { keyPath: "id" });
      db.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true }).createIndex("vault", "vault");
      db.createObjectStore("drafts", { keyPath: ["vault", "name"] });
      db.createObjectStore("packs", { keyPath: "code" });
    },
    // A newer version of the software in another tab may go on; this one opens again when it needs to.
    blocking(_current, _blocked, event) { event.target.close(); opened = undefined; },
    terminated() { opened = undefined; },
  }).catch((error) => { opened = undefined; throw error; });
  return opened;
}

// Whether the browser promised to keep it: "kept", "may-go" (it may delete it when short of space),
// "private" (nothing can be stored), or "insecure" (not on https, so there is no cryptography).
export async function storageState() {
  if (!isSecureContext) return "insecure";
  try {
    await database();
    return await navigator.storage.persisted() || await navigator.storage.persist() ? "kept" : "may-go";
  } catch {
    return "private";
  }
}
