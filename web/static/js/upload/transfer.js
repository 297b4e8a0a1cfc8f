// A file on its way to the server: how far it is, and what became of it.

import { forWhom } from "../api.js";
import { currentLanguage, say } from "../text.js";

// The bytes as they are now: a file that a spreadsheet has saved again since cannot be sent.
export async function bytesOf(file) {
  try {
    return new File([await file.arrayBuffer()], file.name);
  } catch {
    throw new Error(say("upload_changed", { name: file.name }));
  }
}

function refusal(request) {
  const { status } = request;
  try {
    const problem = JSON.parse(request.responseText);
    return Object.assign(new Error(problem.detail ?? problem.title), { status, code: problem.code });
  } catch {
    return Object.assign(new Error(`${status} ${request.statusText}`), { status });
  }
}

// `onProgress` gets the part sent, from 0 to 1. (fetch tells nothing of it.)
export function sendFile(file, { recordType, isDryRun, corrections }, onProgress) {
  const form = new FormData();
  form.append("file", file);
  if (corrections.length) form.append("corrections", JSON.stringify(corrections));
  const query = new URLSearchParams({ record_type: recordType, dry_run: isDryRun });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/imports?${query}`);
    for (const [name, value] of Object.entries({ "Accept-Language": currentLanguage(), ...forWhom() })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); });
    request.upload.addEventListener("load", () => onProgress(1));
    for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => reject(new Error(say("upload_unreachable"))));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else if ([502, 503, 504].includes(request.status)) reject(new Error(say("upload_unreachable")));
      else reject(refusal(request));
    });
    request.send(form);
  });
}
