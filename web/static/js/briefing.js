// The briefing of a province, and maps in files of their own, to be downloaded for a meeting.

import { el } from "./dom.js";
import { period } from "./state.js";
import { currentLanguage, say } from "./text.js";

export function briefingSection(province) {
  const link = (format, text) => el("a", { href: address("/briefing", { province, format }) }, text);
  const map = (where, text) => el("p", {}, el("a", { href: address("/map-file", where) }, text));
  return el("section", { id: "briefing" }, el("h3", {}, say("briefing_title")),
    el("p", { class: "hint" }, say("briefing_hint")),
    el("p", {}, link("pdf", say("briefing_pdf")), " · ", link("docx", say("briefing_docx"))),
    map({ province }, say("briefing_map")), map({}, say("briefing_map_country")));
}

function address(path, asked) {
  return `${path}?${new URLSearchParams({ ...asked, lang: currentLanguage(), ...period() })}`;
}
