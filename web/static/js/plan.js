// A plan of sessions that starts from the unit shown: asked for, listed, and drawn on the map.

import { address, ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { change, onChange, state } from "./state.js";
import { currentLanguage, number, say } from "./text.js";

// What can be asked for, with the usual number and the largest.
const CHOICES = { sessions: [10, 500], teams: [1, 10], travel_km: [60, 500] };
// What was last typed, and whether the form was open: it is made anew with every choice.
const last = { isOpen: false };
let drawn = null;
// The plan on the map: what was asked and answered, and the question about gaps that it belongs to.
let made = null;

const keyOf = (question) => JSON.stringify(question());
const isCurrent = () => state.theme === "coverage" && keyOf(made.question) === made.key;

// `question` gives what the gaps are asked by.
export function planForm(map, post, question) {
  const found = el("div", { role: "status" });
  const button = el("button", { class: "action" }, say("plan_make"));
  const labels = { sessions: say("plan_sessions"), teams: say("plan_teams"), travel_km: say("plan_travel") };
  const before = made && isCurrent() ? made : null;
  const fields = Object.entries(CHOICES).map(([name, [usual, most]]) => el("label", {}, el("span", {}, labels[name]),
    el("input", { type: "number", name, value: last[name] ?? usual, min: 1, max: most, required: true })));
  const form = el("form", { class: "plan" }, fields, button);
  // Whoever looks at a place of the plan still has the plan.
  if (before) found.replaceChildren(...told(before.plan, before.asked));
  form.addEventListener("input", ({ target }) => { last[target.name] = target.value; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    found.replaceChildren(el("p", { class: "hint" }, say("plan_making")));
    try {
      const asked = { ...question(), post, ...Object.fromEntries(new FormData(form)) };
      const coming = { question, key: keyOf(question), asked };
      const plan = await ask("plan", "/session-plan", asked, { inLanguage: true });
      // Another period or theme was chosen meanwhile: it is no plan for that.
      if (state.theme !== "coverage" || keyOf(question) !== coming.key) return;
      made = { ...coming, plan };
      draw(map, plan.features);
      found.replaceChildren(...told(plan, asked));
    } catch (error) {
      if (!(error instanceof Dropped)) found.replaceChildren(el("p", {}, error.message));
    } finally {
      button.disabled = false;
    }
  });
  return el("details", { id: "plan", open: last.isOpen, on: { toggle: ({ target }) => { last.isOpen = target.open; } } },
    el("summary", {}, say("plan_open")), form, found);
}

function told({ features, plan }, asked) {
  const { units_served: units, share_served: share, is_optimal: isProved, sessions_left: left } = plan;
  const visits = features.map(({ id, properties }) => el("li", {},
    el("button", { type: "button", on: { click: () => change({ unit: id }) } }, data(properties.full_name)),
    ` – ${say("plan_visit", { team: properties.team, way: number(properties.travel_km, 1) })}`));
  const file = address("/session-plan", { ...asked, format: "xlsx", lang: currentLanguage() });
  return [
    el("p", {}, say("plan_served", { units: number(units), share: number(100 * share, 1) })),
    el("p", { class: "hint" }, [isProved ? say("plan_proved") : say("plan_unproved"), left ? say("plan_left", { count: number(left) }) : "", say("plan_crow")].filter(Boolean).join(" ")),
    el("ol", {}, visits),
    el("p", {}, el("a", { href: file, download: true }, say("plan_file"))),
  ];
}

// Each visit with the number of its team; units below stay the ones that are clicked.
function draw(map, features) {
  if (!drawn) {
    drawn = L.layerGroup().addTo(map);
    Object.assign(map.createPane("plan").style, { zIndex: 460, pointerEvents: "none" });
    onChange(() => {
      if (!made || isCurrent()) return;
      made = null;
      drawn.clearLayers();
    });
  }
  drawn.clearLayers();
  for (const { geometry: { coordinates: [longitude, latitude] }, properties } of features) {
    L.marker([latitude, longitude], {
      pane: "plan", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "cluster-rank visit", html: el("span", {}, String(properties.team)), iconSize: null }),
    }).addTo(drawn);
  }
  const points = features.map(({ geometry: { coordinates: [longitude, latitude] } }) => [latitude, longitude]);
  if (points.length) map.fitBounds(L.latLngBounds(points).pad(0.2), { maxZoom: 10 });
}
