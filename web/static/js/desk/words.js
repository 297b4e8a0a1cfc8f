// What decisions, priorities and actions are called.

import { el } from "../dom.js";
import { say } from "../text.js";

export function decisionName(decision) {
  switch (decision) {
    case "confirm": return say("decision_confirm");
    case "dismiss": return say("decision_dismiss");
    default: return say("decision_watch");
  }
}

// The decision as the state of a hotspot; a proposal says that it is one.
function decisionText({ decision, stands }) {
  switch (decision) {
    case "confirm": return stands ? say("decided_confirm") : say("proposed_confirm");
    case "dismiss": return stands ? say("decided_dismiss") : say("proposed_dismiss");
    default: return say("decided_watch");
  }
}

export const decisionMark = (review) => el("span", { class: `decision ${review.stands ? review.decision : "proposed"}` }, decisionText(review));

export function priorityName(priority) {
  switch (priority) {
    case 1: return say("priority_high");
    case 3: return say("priority_low");
    default: return say("priority_usual");
  }
}

export const actionKind = (kind) => (kind === "patrol" ? say("action_patrol") : say("action_session"));

export function actionState(state) {
  switch (state) {
    case "done": return say("action_done");
    case "dropped": return say("action_dropped");
    default: return say("action_planned");
  }
}
