// The one way by which a record leaves this page: kept on this device first, then sent from there.

import { Gone } from "../offline/outbox.js";
import { Locked, send as keepAndSend } from "../offline/send.js";
import { Unreachable, request } from "../offline/server.js";

// A device that is locked or can keep nothing still sends, as long as a session lets it.
const keepsNothing = (error) => error instanceof Locked || error instanceof Gone || error instanceof DOMException;

// What became of it: stored (with `record`), refused or conflict (with `problem`), unreachable. Where
// it is kept, `sequence` names it in the queue; else `isKept` is false.
export async function send({ path, ifMatch = null, ...entry }) {
  const whole = { ...entry, path: `/api/v1${path}`, ifMatch: ifMatch === null ? undefined : `"${ifMatch}"` };
  try {
    return { ...await keepAndSend(whole), isKept: true };
  } catch (error) {
    if (!keepsNothing(error)) throw error;
    return { ...await sendAtOnce(whole), isKept: false };
  }
}

async function sendAtOnce({ method, path, body, ifMatch }) {
  try {
    const { status, content } = await request(method, path, { body, ifMatch });
    if (status < 400) return { state: "stored", record: content };
    const isConflict = status === 409 && content?.current_version !== undefined;
    return { state: isConflict ? "conflict" : "refused", status, problem: content ?? {} };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { state: "unreachable" };
  }
}
