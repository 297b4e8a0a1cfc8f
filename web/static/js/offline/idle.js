// Whoever leaves the device lets it lock: without a touch for so long, in view or not.

const LONGEST_IDLE = 15 * 60_000;
const LOOK = 15_000;
const tabs = new BroadcastChannel("bienmap-idle");
let last = Date.now();
let told = 0;

tabs.addEventListener("message", () => { last = Date.now(); });

export const isIdle = () => Date.now() - last > LONGEST_IDLE;

// A touch in one tab is one in all; they need not hear of each.
function touched(lock) {
  // A device that slept comes back with a touch: that one is too late.
  if (isIdle()) {
    lock();
    return;
  }
  last = Date.now();
  if (last - told < LOOK) return;
  told = last;
  tabs.postMessage("touched");
}

// `lock` is called when the time is over, again and again until there is a touch or nothing to lock.
export function watchIdle(lock) {
  for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(event, () => touched(lock), { capture: true, passive: true });
  }
  setInterval(() => { if (isIdle()) lock(); }, LOOK);
  // Timers rest while a page is hidden or the device sleeps.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && isIdle()) lock(); });
}

// Somebody has just shown who he is.
export function begin() {
  last = Date.now();
}
