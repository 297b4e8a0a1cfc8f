// Who signs out in one tab leaves no name and no figures in the others.

const tabs = new BroadcastChannel("bienmap-session");

tabs.addEventListener("message", () => { if (document.querySelector("[data-account]")) location.reload(); });

export const tellSignedOut = () => tabs.postMessage("ended");
