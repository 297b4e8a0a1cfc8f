// Province packs on this device: fetched on a visit with a network, asked for anew by their tag.

import { database } from "./database.js";
import { request } from "./server.js";

export async function packs() {
  return (await database()).getAll("packs");
}

// The packs of the account's provinces, or of `codes`; what is the same already costs no data.
export async function refreshPacks(codes) {
  const listed = await request("GET", "/api/v1/packs");
  const wanted = codes ?? listed.content.filter((province) => province.own).map((province) => province.code);
  const db = await database();
  for (const code of wanted) {
    const held = await db.get("packs", code);
    const answer = await request("GET", `/api/v1/packs/${code}`, { tag: held?.tag });
    if (answer.status === 304) await db.put("packs", { ...held, fetched: Date.now() });
    else if (answer.status === 200) {
      const bytes = new TextEncoder().encode(JSON.stringify(answer.content)).length;
      await db.put("packs", { code, tag: answer.tag, fetched: Date.now(), bytes, pack: answer.content });
    }
  }
  return packs();
}
