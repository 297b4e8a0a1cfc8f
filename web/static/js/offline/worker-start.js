// Installs the service worker, where the browser has one: on https, or on this machine itself.

// `newer` is called when another release of the software took over while the page was open.
export async function startWorker(newer = () => {}) {
  if (!navigator.serviceWorker) return null;
  let hasOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (hasOne) newer(); hasOne = true; });
  return navigator.serviceWorker.register("/service-worker.js", { scope: "/", updateViaCache: "none" }).catch(() => null);
}
