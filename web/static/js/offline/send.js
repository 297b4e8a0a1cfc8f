// The one door for forms: what is entered is sealed on this device first, then sent.

import { add, list, replace } from "./outbox.js";
import { flush } from "./sending.js";
import { current } from "./session.js";

export class Locked extends Error {}

// An item of the same record that needs mending, or has not gone yet, is replaced and not doubled.
async function enqueue(opened, entry) {
  const items = await list(opened);
  const same = items.find((item) => item.id === entry.id && item.recordType === entry.recordType
    && (item.state !== "waiting" || item.method === entry.method));
  if (same && await replace(opened, same, { ...entry, state: "waiting", problem: null, theirs: null })) return same.sequence;
  return add(opened, entry);
}

// entry: { recordType, id, method, path, body, ifMatch }. Resolves once it is on the disk and an
// attempt to send was made, to { state: "stored", record }, or to the item as it stands in the queue
// with state "refused", "conflict" or "unreachable". Throws Locked if nobody has unlocked the device.
export async function send(entry) {
  const opened = await current();
  if (!opened) throw new Locked();
  const sequence = await enqueue(opened, entry);
  const done = await flush(opened);
  if (done.stored.has(sequence)) return { state: "stored", record: done.stored.get(sequence) };
  const item = (await list(opened)).find((one) => one.sequence === sequence);
  if (!item) return { state: "stored", record: null };
  return { ...item, state: item.state === "waiting" ? "unreachable" : item.state, stopped: done.stopped, reason: done.reason };
}
