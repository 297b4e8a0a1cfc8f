// Sends what waits, in the order of entry. An item leaves the queue only after the server's answer
// was read; sending one again changes nothing there, so whatever is in doubt is sent again.

import { list, remove, replace } from "./outbox.js";
import { Unreachable, request } from "./server.js";

// Ids of records are made here; the clock of this device is not trusted for anything else.
const CLOCK_MAY_DIFFER = 10 * 60_000;

// What stops all sending: "offline" (with a reason), "sign-in" or "other-account".
class Stopped extends Error {
  constructor(cause, reason = "") {
    super(reason);
    this.cause = cause;
  }
}

const placeOf = (item) => {
  const path = item.path.split("?")[0];
  return item.method === "POST" ? `${path}/${item.id}` : path;
};

// One tab at a time sends. Returns { stopped, reason, clockOff, stored }: `stored` has the server's
// records by the sequence of the items that became them.
export function flush(opened) {
  return navigator.locks.request(`bienmap-sending-${opened.id}`, async () => {
    const done = { stopped: null, reason: "", clockOff: 0, stored: new Map() };
    try {
      const items = await list(opened);
      if (items.some((item) => item.state === "waiting")) await sendAll(opened, items, done);
    } catch (error) {
      if (error instanceof Unreachable) Object.assign(done, { stopped: "offline", reason: error.message });
      else if (error instanceof Stopped) Object.assign(done, { stopped: error.cause, reason: error.message });
      else throw error;
    }
    return done;
  });
}

async function sendAll(opened, items, done) {
  const session = await sessionOf(opened);
  done.clockOff = session.clockOff;
  // What follows on a record that needs a person waits for that person.
  const held = new Set();
  for (const item of items) {
    if (item.state === "waiting" && !held.has(item.id)) {
      const change = await sendOne(item, session.token);
      if (change.state === "stored") {
        done.stored.set(item.sequence, change.record);
        await remove(opened, item);
        continue;
      }
      await replace(opened, item, change);
    }
    held.add(item.id);
  }
}

async function sessionOf(opened) {
  const answer = await request("GET", "/api/v1/session");
  if (answer.status === 401) throw new Stopped("sign-in");
  if (answer.content?.username !== opened.username) throw new Stopped("other-account", answer.content?.display_name);
  const difference = Date.now() - Date.parse(answer.date ?? "");
  return { token: answer.content.csrf_token, clockOff: Math.abs(difference) > CLOCK_MAY_DIFFER ? difference : 0 };
}

async function sendOne(item, token) {
  const { status, content } = await request(item.method, item.path, { body: item.body, ifMatch: item.ifMatch, token });
  if (status === 401) throw new Stopped("sign-in");
  if (item.method === "DELETE" && (status === 204 || status === 404)) return { state: "stored", record: null };
  if (status === 200 || status === 201) {
    if (content?.id !== item.id) throw new Unreachable("");
    return { state: "stored", record: content };
  }
  const isConflict = (status === 409 && content?.code !== "record.external_id_taken") || (status === 404 && item.method === "PUT");
  if (isConflict) return { state: "conflict", problem: content, theirs: await theirsOf(item) };
  if (status >= 400) return { state: "refused", problem: content };
  throw new Unreachable("");
}

async function theirsOf(item) {
  const { status, content } = await request("GET", placeOf(item));
  if (status === 401) throw new Stopped("sign-in");
  return status === 200 ? content : null;
}

// The person decided: `body` goes over the version that was shown.
export function decide(opened, item, body) {
  const ifMatch = `"${item.theirs.properties.version}"`;
  const again = item.method === "DELETE" ? { path: item.path } : { method: "PUT", path: placeOf(item), body };
  return replace(opened, item, { ...again, ifMatch, state: "waiting", problem: null, theirs: null });
}

// The person mended what was refused.
export function mend(opened, item, body) {
  return replace(opened, item, { body, state: "waiting", problem: null });
}
