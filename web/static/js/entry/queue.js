// What of this account's work is still on this device, said on the entry page; it sends from here too.

import { byId, el } from "../dom.js";
import { list, onChange } from "../offline/outbox.js";
import { refreshPacks } from "../offline/packs.js";
import { keepSending } from "../offline/retrying.js";
import { Unreachable } from "../offline/server.js";
import { current, onLockChange } from "../offline/session.js";
import { currentLanguage, number, say } from "../text.js";

const OUTBOX = "/nhap/hang-doi";
let turns = 0;
let followed = null;
let attempt = null;

export function outboxLink(text) {
  return el("a", { href: OUTBOX + (currentLanguage() === "en" ? "?lang=en" : "") }, text);
}

// Hears of the item of that number: `tell(item)` when it changed, `left()` once it waits no more.
export function follow(sequence, { tell, left }) {
  followed = { sequence, tell, left };
  show();
}

export function unfollow() {
  followed = null;
}

async function show() {
  const turn = turns += 1;
  const opened = await current();
  const items = opened ? await list(opened) : null;
  if (turn !== turns) return;
  const away = navigator.onLine ? null : el("span", { class: "away" }, items ? say("outbox_away") : say("entry_away_locked"));
  const text = items?.length ? say("entry_waiting", { count: number(items.length) }) : say("entry_outbox");
  byId("queue").replaceChildren(...[away, items && outboxLink(text)].filter(Boolean));
  if (!items || !followed) return;
  const item = items.find((one) => one.sequence === followed.sequence);
  if (item) return followed.tell(item);
  const { left } = followed;
  followed = null;
  left();
}

// Sends what waits, and brings the packs of places up to date.
export async function visit() {
  if (!await current()) return;
  await attempt();
  try {
    await refreshPacks();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

export function startQueue() {
  attempt = keepSending(current, () => {});
  onChange(show);
  onLockChange(show);
  for (const event of ["online", "offline"]) addEventListener(event, show);
  show();
  return visit();
}
