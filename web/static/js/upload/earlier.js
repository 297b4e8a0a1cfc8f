// The files that were sent before: by whom, when, what became of them, and what is left to mend.

import { ask, Dropped } from "../api.js";
import { byId, data, el } from "../dom.js";
import { number, say, timeText } from "../text.js";

const IN_A_PAGE = 10;

function typeName(recordType) {
  switch (recordType) {
    case "incident": return say("upload_incidents");
    case "outreach_event": return say("upload_outreach");
    case "network": return say("upload_networks");
    default: return recordType;
  }
}

export class EarlierFiles {
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.list = byId("earlier-files");
    this.more = byId("earlier-more");
    this.more.addEventListener("click", () => this.load(this.last));
  }

  async load(after = null) {
    try {
      const { imports } = await ask("earlier", "/imports", { after, limit: IN_A_PAGE });
      const lines = imports.map((one) => this.line(one));
      if (after) this.list.append(...lines);
      else this.list.replaceChildren(...lines);
      if (after) lines[0]?.querySelector("button").focus();
      this.last = imports.at(-1)?.id;
      this.more.hidden = imports.length < IN_A_PAGE;
      byId("earlier-none").hidden = Boolean(this.list.children.length);
      byId("earlier-fault").hidden = true;
    } catch (error) {
      if (error instanceof Dropped) return;
      byId("earlier-fault").textContent = say("failed", { reason: error.message });
      byId("earlier-fault").hidden = false;
    }
  }

  line(one) {
    const open = el("button", { type: "button", class: "quiet", on: { click: () => this.onOpen(one) } }, one.rows_open ? say("upload_open_to_mend") : say("upload_open"),
      el("span", { class: "hidden-text" }, ": ", data(one.file_name)));
    return el("li", {},
      el("div", {}, el("strong", {}, data(one.file_name)), el("span", {}, typeName(one.record_type), " · ", data(one.imported_by ?? "–"), " · ", timeText(one.imported_at)),
        el("span", {}, say("upload_did", { added: number(one.rows_added), changed: number(one.rows_changed), unchanged: number(one.rows_unchanged) })),
        el("span", { class: one.rows_open ? "to-mend" : null }, this.rejectedText(one))),
      open);
  }

  rejectedText({ rows_rejected: rejected, rows_open: open }) {
    if (!rejected && !open) return say("upload_none_rejected");
    return say("upload_rejected", { rejected: number(rejected), open: number(open) });
  }
}
