// What is being written, kept while this tab is open. The disk of a phone is no safe place: free texts
// stay in memory, and the rest goes when the tab does.

const PREFIX = "bienmap-draft-";
const FREE_TEXTS = ["narrative", "notes"];
const kept = new Map();

export function saveDraft(name, draft) {
  kept.set(name, draft);
  const properties = { ...draft.properties };
  for (const text of FREE_TEXTS) delete properties[text];
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify({ ...draft, properties }));
  } catch {
    // A browser without storage keeps the draft in memory alone.
  }
}

export function loadDraft(name) {
  if (kept.has(name)) return kept.get(name);
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export function dropDraft(name) {
  kept.delete(name);
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // As above.
  }
}

// What was chosen last and says nothing of anybody: the kind, the commune.
export function remember(name, value) {
  try {
    localStorage.setItem(`bienmap-last-${name}`, JSON.stringify(value));
  } catch {
    // It only saves a tap.
  }
}

export function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(`bienmap-last-${name}`));
  } catch {
    return null;
  }
}
