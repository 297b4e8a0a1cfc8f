// When to send: at once when there is something new or the network returns, else after a pause that
// doubles up to five minutes, each by chance shorter, so that not all devices come at one moment.

import { flush } from "./sending.js";

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 5 * 60_000;
let timer = 0;
let failures = 0;

export function pauseAfter(count, chance = Math.random()) {
  return Math.min(FIRST_PAUSE * 2 ** (count - 1), LONGEST_PAUSE) * (0.5 + chance / 2);
}

// `current` gives the open vault or null; `tell` hears that an attempt begins
// ({ isSending }) and how it ended.
export function keepSending(current, tell) {
  let running = null;
  const attempt = () => { running ??= once().finally(() => { running = null; }); return running; };
  async function once() {
    clearTimeout(timer);
    const opened = await current();
    if (!opened) return null;
    tell({ isSending: true });
    const done = await flush(opened);
    failures = done.stopped === "offline" ? failures + 1 : 0;
    if (failures) timer = setTimeout(attempt, pauseAfter(failures));
    tell(done);
    return done;
  }
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) attempt(); });
  return attempt;
}
