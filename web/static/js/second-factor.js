// One-time codes on the page of one's own account: begun, confirmed, renewed, turned off.

import { ask, send } from "./api.js";
import { byId, el } from "./dom.js";
import { tell, withProof } from "./proof.js";
import { number, say } from "./text.js";

const PATH = "/second-factor";
let mustEnrol = false;

export function startSecondFactor(must) {
  mustEnrol = must;
  show().catch((error) => tell(section(), error));
}

const section = () => byId("second-factor");

function put(...children) {
  section().querySelector(".part").replaceChildren(...children);
}

// What the button does, with the refusal said in the section.
function step(text, action, kind = "action") {
  const run = async () => {
    try {
      tell(section(), null);
      await action();
    } catch (error) {
      tell(section(), error);
    }
  };
  return el("button", { type: "button", class: kind, on: { click: run } }, text);
}

async function show() {
  const found = await ask("second-factor", PATH);
  if (!found.enabled) {
    put(el("p", {}, say("factor_off")), step(say("factor_begin"), begin));
    return;
  }
  const off = () => withProof(() => ask("factor-off", PATH, {}, { method: "DELETE" })).then(show);
  put(
    el("p", {}, say("factor_on", { count: number(found.recovery_codes_left) })),
    step(say("factor_move"), begin),
    step(say("factor_codes"), renew, "action other"),
    found.required ? null : step(say("factor_turn_off"), off, "action other"),
  );
}

async function begin() {
  const offer = await withProof(() => send("factor-begin", PATH, {}));
  const code = el("input", {
    id: "factor-code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 10, required: true,
  });
  const form = el("form", {},
    el("label", { for: "factor-code" }, say("factor_type_code")), code,
    el("button", { class: "action" }, say("factor_confirm")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const confirmed = () => send("factor-confirm", `${PATH}/confirmation`, { code: code.value });
      showCodes(await withProof(confirmed));
      tell(section(), null);
    } catch (error) {
      tell(section(), error);
      code.select();
    }
  });
  put(
    el("p", {}, say("factor_scan")),
    el("img", { class: "qr", src: offer.picture, alt: say("factor_qr"), width: 245, height: 245 }),
    el("p", {}, say("factor_secret")), el("code", {}, offer.secret.match(/.{1,4}/g).join(" ")),
    form,
  );
  code.focus();
}

async function renew() {
  showCodes(await withProof(() => send("factor-codes", `${PATH}/recovery-codes`, {})));
}

function showCodes({ recovery_codes: codes }) {
  const heading = el("h3", { tabindex: -1 }, say("factor_keep_codes"));
  put(
    heading,
    el("ul", { class: "codes" }, codes.map((code) => el("li", {}, el("code", {}, code)))),
    step(say("factor_kept"), () => (mustEnrol ? location.reload() : show())),
  );
  heading.focus();
}
