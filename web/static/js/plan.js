// A plan of sessions that starts from the unit shown: asked for, listed, and drawn on the map.

import { address, ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { change, onChange, state } from "./state.js";
import { currentLanguage, number, say } from "./text.js";

// What can be asked for, with the usual number and the largest.
const CHOICES = { sessions: [10, 500], teams: [1, 10], travel_km: [60, 500] };
let drawn = null;

// `question` gives what the gaps are asked by.
export function planForm(map, post, question) {
  const found = el("div", { role: "status" });
  const button = el("button", { class: "action" }, say("plan_make"));
  const labels = { sessions: say("plan_sessions"), teams: say("plan_teams"), travel_km: say("plan_travel") };
  const fields = Object.entries(CHOICES).map(([name, [usual, most]]) => el("label", {}, el("span", {}, labels[name]),
    el("input", { type: "number", name, value: usual, min: 1, max: most, required: true })));
  const form = el("form", { class: "plan" }, fields, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    found.replaceChildren(el("p", { class: "hint" }, say("plan_making")));
    try {
      const asked = { ...question(), post, ...Object.fromEntries(new FormData(form)) };
      const plan = await ask("plan", "/session-plan", asked, { inLanguage: true });
      draw(map, plan.features);
      found.replaceChildren(...told(plan, asked));
    } catch (error) {
      if (!(error instanceof Dropped)) found.replaceChildren(el("p", {}, say("failed", { reason: error.message })));
    }
    button.disabled = false;
  });
  return el("details", { id: "plan" }, el("summary", {}, say("plan_open")), form, found);
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
    onChange(() => { if (state.theme !== "coverage") drawn.clearLayers(); });
  }
  drawn.clearLayers();
  for (const { geometry: { coordinates: [longitude, latitude] }, properties } of features) {
    L.marker([latitude, longitude], {
      pane: "plan", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "cluster-rank visit", html: el("span", {}, String(properties.team)), iconSize: null }),
    }).addTo(drawn);
  }
}
