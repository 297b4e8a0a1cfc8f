// A list of results below a search box by keyboard: down into it, up and down within, and back.

export function walkResults(input, list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      input.focus();
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // Whoever goes on writing writes on: the letter goes where the focus is by then.
      input.focus();
    }
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    (buttons[buttons.indexOf(event.target.closest("button")) + step] ?? input).focus();
  });
}

// `search` looks for what is written now and answers once the list shows it. Enter goes to the first
// result and does not take it: what it is stands there to be read.
export function resultKeys(input, list, search) {
  input.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (event.key === "Enter") await search();
    list.querySelector("button:not(.add)")?.focus();
  });
  walkResults(input, list);
}
