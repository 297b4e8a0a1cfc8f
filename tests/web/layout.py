"""What of a page lies beyond the edges of the window, and cannot be scrolled to by design."""

# Tables and maps scroll or cut by themselves; what is hidden from sight on purpose has no place.
BEYOND = """() => {
  const cut = ["auto", "scroll", "hidden", "clip"];
  const scrolls = (e) => cut.includes(getComputedStyle(e).overflowX);
  const isContained = (e) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement)
      if (scrolls(up)) return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.checkVisibility() && !e.closest("svg, .skip, .hidden-text"))
    .filter((e) => {
      const { left, right, width } = e.getBoundingClientRect();
      return width > 0 && (left < -0.5 || right > innerWidth + 0.5) && !isContained(e);
    })
    .map((e) => e.outerHTML.slice(0, 120));
}"""
