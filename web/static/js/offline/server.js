// Questions to the server whose answers count only when they were read to the end.

import { currentLanguage, say } from "../text.js";

const TIMEOUT = 30_000;

// The network is away, the server is not well, or something between answers in its place.
export class Unreachable extends Error {}

// { status, content } of an answer in JSON; content is null where there is none.
export async function request(method, path, { body, ifMatch, token, tag } = {}) {
  const headers = { "Accept-Language": currentLanguage() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = ifMatch;
  if (token) headers["X-CSRF-Token"] = token;
  if (tag) headers["If-None-Match"] = tag;
  let answer;
  let content = null;
  try {
    answer = await fetch(path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store", redirect: "error", signal: AbortSignal.timeout(TIMEOUT),
    });
    const text = await answer.text();
    if (text) content = JSON.parse(text);
  } catch {
    throw new Unreachable(answer ? say("offline_strange_answer") : say("offline"));
  }
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
    throw new Unreachable(content?.detail ?? say("offline_server_ill", { status: answer.status }));
  }
  return { status: answer.status, content, tag: answer.headers.get("ETag"), date: answer.headers.get("Date") };
}
