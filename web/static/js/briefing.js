// The briefing of a province, to be downloaded for a meeting.

import { el } from "./dom.js";
import { period } from "./state.js";
import { currentLanguage, say } from "./text.js";

export function briefingSection(province) {
  const link = (format, text) => el("a", { href: address(province, format) }, text);
  return el("section", { id: "briefing" }, el("h3", {}, say("briefing_title")),
    el("p", { class: "hint" }, say("briefing_hint")),
    el("p", {}, link("pdf", say("briefing_pdf")), " · ", link("docx", say("briefing_docx"))));
}

function address(province, format) {
  return `/briefing?${new URLSearchParams({ province, format, lang: currentLanguage(), ...period() })}`;
}
