// Encryption at rest. Each account has a random data key on this device, wrapped by a key that is
// derived from its password; the password is kept nowhere, and the unwrapped key only in memory.

import { database } from "./database.js";

// OWASP's figure for PBKDF2 with SHA-256.
const ITERATIONS = 600_000;
const WRAP = "AES-GCM";
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const normal = (username) => username.trim().normalize("NFC").toLowerCase();

export class WrongPassword extends Error {}
export class NoVault extends Error {}

async function wrappingKey(password, salt, iterations) {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(password.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret,
    { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"],
  );
}

// The key that comes out cannot be read by any script, only used.
async function unwrap(vault, password) {
  const wrapping = await wrappingKey(password, vault.salt, vault.iterations);
  return crypto.subtle.unwrapKey("raw", vault.wrapped, wrapping, { name: WRAP, iv: vault.iv }, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function newVault(username, password) {
  const [salt, iv] = [random(16), random(12)];
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapping = await wrappingKey(password, salt, ITERATIONS);
  const wrapped = await crypto.subtle.wrapKey("raw", key, wrapping, { name: WRAP, iv });
  const vault = { id: crypto.randomUUID(), username: normal(username), salt, iterations: ITERATIONS, iv, wrapped, made: Date.now() };
  await (await database()).put("vaults", vault);
  return vault;
}

async function vaultsOf(username) {
  const all = await (await database()).getAll("vaults");
  return all.filter((vault) => vault.username === normal(username)).sort((one, other) => other.made - one.made);
}

async function firstOpened(vaults, password) {
  for (const vault of vaults) {
    try {
      return { id: vault.id, username: vault.username, key: await unwrap(vault, password) };
    } catch (error) {
      if (error.name !== "OperationError") throw error;
    }
  }
  return null;
}

// Without a network: the account must have signed in on this device before.
export async function openVault(username, password) {
  const vaults = await vaultsOf(username);
  if (vaults.length === 0) throw new NoVault(username);
  const opened = await firstOpened(vaults, password);
  if (!opened) throw new WrongPassword(username);
  return opened;
}

// After the server took the password: if no vault opens with it, it is new here or was changed.
export async function openOrMakeVault(username, password) {
  const opened = await firstOpened(await vaultsOf(username), password);
  if (opened) return opened;
  const vault = await newVault(username, password);
  return { id: vault.id, username: vault.username, key: await unwrap(vault, password) };
}

// Beside the key lies, sealed, what the pages want to know at once: the profile, what was chosen last.
async function keep(opened, part, content) {
  const sealed = await seal(opened, content);
  const change = (await database()).transaction("vaults", "readwrite");
  const vault = await change.store.get(opened.id);
  if (vault) change.store.put({ ...vault, [part]: sealed });
  await change.done;
}

async function kept(opened, part) {
  const vault = await (await database()).get("vaults", opened.id);
  return vault?.[part] ? unseal(opened, vault[part]) : null;
}

// What the server said of the account at its last sign-in or visit: the entry page needs it without
// a network.
export const keepProfile = (opened, { username, display_name, role, agency, jurisdictions, opened_by }) =>
  keep(opened, "profile", { username, display_name, role, agency, jurisdictions, opened_by });
export const profileOf = (opened) => kept(opened, "profile");

export const keepChosen = (opened, chosen) => keep(opened, "chosen", chosen);
export const chosenOf = (opened) => kept(opened, "chosen");

// Vaults of the account that an older password locks; empty ones are of no use and go.
export async function olderVaults(opened) {
  const db = await database();
  const older = [];
  for (const vault of await vaultsOf(opened.username)) {
    if (vault.id === opened.id) continue;
    const waiting = await db.countFromIndex("outbox", "vault", vault.id);
    const drafts = await db.count("drafts", IDBKeyRange.bound([vault.id], [vault.id, []]));
    if (waiting + drafts > 0) older.push({ id: vault.id, waiting, drafts });
    else await db.delete("vaults", vault.id);
  }
  return older;
}

// What an older password locks moves into the open vault as a whole, or not at all.
export async function takeOver(opened, olderId, oldPassword) {
  const db = await database();
  const older = await db.get("vaults", olderId);
  const found = await firstOpened([older], oldPassword);
  if (!found) throw new WrongPassword(opened.username);
  const range = IDBKeyRange.bound([olderId], [olderId, []]);
  const again = (row) => unseal(found, row).then((content) => seal(opened, content)).then((sealed) => ({ ...row, ...sealed }));
  const waiting = await Promise.all((await db.getAllFromIndex("outbox", "vault", olderId)).map(again));
  const drafts = await Promise.all((await db.getAll("drafts", range)).map(again));
  const change = db.transaction(["vaults", "outbox", "drafts"], "readwrite", { durability: "strict" });
  // A tab that was opened with the older password may have added to it since.
  if (await change.objectStore("outbox").index("vault").count(olderId) !== waiting.length
    || await change.objectStore("drafts").count(range) !== drafts.length) {
    change.abort();
    await change.done.catch(() => {});
    return takeOver(opened, olderId, oldPassword);
  }
  for (const row of waiting) change.objectStore("outbox").put(row);
  for (const row of drafts) {
    // A draft of today goes before one of the same name from before.
    const held = await change.objectStore("drafts").getKey([opened.id, row.name]);
    if (!held) change.objectStore("drafts").put(row);
  }
  change.objectStore("drafts").delete(range);
  change.objectStore("vaults").delete(olderId);
  await change.done;
  return undefined;
}

export async function dropVault(id) {
  const change = (await database()).transaction(["vaults", "outbox", "drafts"], "readwrite");
  for (const key of await change.objectStore("outbox").index("vault").getAllKeys(id)) change.objectStore("outbox").delete(key);
  change.objectStore("drafts").delete(IDBKeyRange.bound([id], [id, []]));
  change.objectStore("vaults").delete(id);
  await change.done;
}

// The vault's id is bound in, so that what is sealed in one cannot be slipped into another.
const bound = (vault) => new TextEncoder().encode(vault);

export async function seal(opened, content) {
  const iv = random(12);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: bound(opened.id) }, opened.key, new TextEncoder().encode(JSON.stringify(content)),
  );
  return { vault: opened.id, iv, sealed };
}

export async function unseal(opened, row) {
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: row.iv, additionalData: bound(row.vault) }, opened.key, row.sealed,
  );
  return JSON.parse(new TextDecoder().decode(plain));
}
