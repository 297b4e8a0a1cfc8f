"""The course of months as SVG: bars of the period, and a line of the year before."""

from collections.abc import Callable, Mapping, Sequence

from geo.pipeline.briefing import Month
from web.briefing import svg

# Tenths of a millimetre.
WIDTH, HEIGHT = 1650.0, 560.0
LEFT, RIGHT, TOP, BOTTOM = 90.0, 20.0, 70.0, 70.0
SIZE = 29.0
# So many months can be named below their bars.
MOST_NAMES = 14
STEPS = (1, 2, 5)
BAR, LINE, GRID = "#9a420c", "#1a1a1a", "#c9c9c9"


def draw_chart(months: Sequence[Month], words: Mapping[str, str]) -> str:
    """The chart as SVG; where few or none is told of a month its bar has no height."""
    values = [one.incidents.value or 0 for one in months]
    before = [one.before.value or 0 for one in months]
    step = _step(max(*values, *before, 1))
    top = step * -(-max(*values, *before, 1) // step)
    width = (WIDTH - LEFT - RIGHT) / len(months)
    height = HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return TOP + height * (1 - value / top)

    parts = [_grid(y, top, step)]
    for place, value in enumerate(values):
        x = LEFT + (place + 0.18) * width
        parts.append(
            svg.element(
                "rect", x=round(x, 1), y=round(y(value), 1), width=round(width * 0.64, 1),
                height=round(y(0) - y(value), 1), fill=BAR,
            )
        )  # fmt: skip
    middles = [LEFT + (place + 0.5) * width for place in range(len(months))]
    points = " ".join(f"{x:.1f},{y(value):.1f}" for x, value in zip(middles, before, strict=True))
    parts.append(
        svg.element("polyline", points=points, fill="none", stroke=LINE, stroke_width=4,
                    stroke_dasharray="14 8")
    )  # fmt: skip
    parts += [
        svg.element("circle", cx=round(x, 1), cy=round(y(value), 1), r=7, fill="#ffffff",
                    stroke=LINE, stroke_width=3.5)
        for x, value in zip(middles, before, strict=True)
    ]  # fmt: skip
    parts.append(_names(months, middles))
    return svg.document("".join(parts) + _legend(words), WIDTH, HEIGHT)


def month_name(number: int) -> str:
    """A month, counted as year * 12 + month - 1, such as 8/2025."""
    return f"{number % 12 + 1}/{number // 12}"


def _step(most: int) -> int:
    """A round distance between lines of the grid, of which there are five at the most."""
    power = 1
    while True:
        for step in STEPS:
            if most / (step * power) <= 5:
                return step * power
        power *= 10


def _grid(y: Callable[[float], float], top: int, step: int) -> str:
    parts = []
    for value in range(0, top + 1, step):
        line = f"M{LEFT},{y(value):.1f}H{WIDTH - RIGHT}"
        colour, width = (LINE, 3) if value == 0 else (GRID, 1.5)
        parts.append(svg.element("path", d=line, stroke=colour, stroke_width=width))
        parts.append(
            svg.text(str(value), LEFT - 16, y(value), SIZE, stroke="none", text_anchor="end")
        )
    return "".join(parts)


def _names(months: Sequence[Month], middles: Sequence[float]) -> str:
    every = -(-len(months) // MOST_NAMES)
    return "".join(
        svg.text(month_name(one.number), x, HEIGHT - BOTTOM + 34, SIZE - 3, stroke="none")
        for one, x in list(zip(months, middles, strict=True))[::every]
    )


def _legend(words: Mapping[str, str]) -> str:
    bar = svg.element("rect", x=LEFT, y=14, width=46, height=26, fill=BAR)
    line = svg.element("path", d="M620,27h60", stroke=LINE, stroke_width=4, stroke_dasharray="14 8")
    look = {"stroke": "none", "text_anchor": "start"}
    return (
        bar
        + svg.text(words["chart_period"], LEFT + 60, 27, SIZE, **look)
        + line
        + svg.text(words["chart_before"], 695, 27, SIZE, **look)
    )
