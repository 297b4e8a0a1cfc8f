// The leader's desk: a list of hotspots that wait for a look, and the one that is looked at.

import { startAccount } from "../account.js";
import { ask, Dropped } from "../api.js";
import { SETTLED_MS, byId, data, el } from "../dom.js";
import { setPatterns } from "../entry/personal-data.js";
import { swatch } from "../legend.js";
import { say, setTexts } from "../text.js";
import { Case } from "./case.js";
import { decisionMark } from "./words.js";

const page = { legend: new Map(), items: [], chosen: null };
const PATH = "/hotspot-reviews";

export function open(configuration) {
  setTexts(configuration);
  setPatterns(configuration.personalData);
  page.legend = new Map(configuration.legend.map((entry) => [entry.key, entry]));
  page.case = new Case(configuration, page.legend, { decided, changed: list });
  startAccount();
  const form = byId("choice");
  const asked = /^#(\d{4}\/[a-z]+)\/(\d{2,5})$/.exec(location.hash);
  const options = [...form.elements.layer.options].map((option) => option.value);
  if (asked && options.includes(asked[1])) form.elements.layer.value = asked[1];
  // Who plans looks for what was confirmed; what waits, waits for leaders.
  if (byId("account").dataset.role !== "leader") form.elements.which.value = "all";
  form.addEventListener("change", () => load());
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("hotspots").addEventListener("keydown", pressed);
  byId("case").addEventListener("keydown", pressed);
  addEventListener("beforeunload", (event) => { if (page.case.hasUnsaved()) event.preventDefault(); });
  if (asked) lookFor(asked[2]);
  else load();
}

const layer = () => byId("choice").elements.layer.value.split("/");

// The list anew; false where it did not come.
async function list() {
  const [edition, level] = layer();
  const { which, least } = byId("choice").elements;
  try {
    const { hotspots } = await ask("queue", PATH, {
      edition, level, waiting: which.value === "waiting", least_class: least.checked ? 1 : 2,
    }, { inLanguage: true });
    page.items = hotspots;
    draw();
    return true;
  } catch (error) {
    if (!(error instanceof Dropped)) byId("queue-said").textContent = say("failed", { reason: error.message });
    return false;
  }
}

const itemOf = (code) => page.items.find((item) => item.code === code);

// The list anew, and of it the hotspot of this code, else the one that was chosen, else the first.
async function load(code = page.chosen) {
  if (await list()) await pick(code);
}

async function pick(code) {
  const found = itemOf(code) ?? page.items[0];
  if (found) await choose(found);
  else page.case.clear();
}

// What a link names may wait for nobody, or be one of the less sure.
async function lookFor(code) {
  if (!await list()) return;
  const { which, least } = byId("choice").elements;
  if (!itemOf(code)) {
    which.value = "all";
    least.checked = true;
    if (!await list()) return;
  }
  await pick(code);
  if (!itemOf(code)) page.case.say(say("desk_no_hotspot", { code }));
}

function draw() {
  const waiting = page.items.filter((item) => item.why.length).length;
  byId("queue-said").textContent = waiting ? say("desk_waiting", { count: waiting }) : say("desk_none_waiting");
  byId("hotspots").replaceChildren(...page.items.map((item) => el("li", {}, button(item))));
  mark();
}

function button(item) {
  const { review } = item;
  return el("button", { type: "button", "data-code": item.code, on: { click: () => { reveal(); choose(item); } } },
    swatch(page.legend.get(String(item.class)) ?? page.legend.get("none")),
    el("span", { class: "what" },
      el("span", { class: "name" }, data(item.full_name)),
      item.parent_name && el("span", { class: "parent" }, data(item.parent_name)),
      review && decisionMark(review),
      item.why.map(({ text }) => el("span", { class: "why" }, data(text)))));
}

function mark() {
  for (const one of byId("hotspots").querySelectorAll("button")) one.setAttribute("aria-current", String(one.dataset.code === page.chosen));
}

async function choose(item) {
  page.chosen = item.code;
  mark();
  history.replaceState(null, "", `${location.pathname}${location.search}#${item.edition}/${item.level}/${item.code}`);
  await page.case.show(item);
}

// The top of the hotspot, where its name and what was said stand.
function reveal() {
  const room = byId("case");
  room.scrollTop = 0;
  room.scrollIntoView({ block: "start" });
  room.focus({ preventScroll: true });
}

// After a decision the next hotspot is shown, and the list tells what is left. Who has gone on to
// another one meanwhile stays there.
async function decided(item, said, isShown) {
  if (!isShown) {
    await list();
    page.case.say(said);
    return;
  }
  const index = page.items.findIndex((one) => one.code === item.code);
  const next = page.items[index + 1] ?? page.items[index - 1];
  page.settled = performance.now() + SETTLED_MS;
  await load(next?.code);
  page.case.say(said);
  reveal();
}

// Up and down in the list; a letter chooses a decision wherever nobody is writing.
function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=radio]), textarea, select")) return;
  const inList = byId("hotspots").contains(event.target);
  const step = inList && { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const buttons = [...byId("hotspots").querySelectorAll("button")];
    buttons[buttons.indexOf(event.target.closest("button")) + step]?.focus();
    return;
  }
  if (event.key.length === 1 && page.case.take(event.key.toLowerCase(), page.settled)) event.preventDefault();
}
