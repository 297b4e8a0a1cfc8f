"""The map of a briefing, legible in black and white: classes, top ten, border, scale and legend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from geo.errors import Language
from geo.pipeline.briefing import Briefing, Commune
from geo.pipeline.briefing_ground import Ground
from layers.colours import NOTHING
from layers.themes import HOTSPOT_CLASSES
from web.briefing import svg
from web.briefing.labels import Labels, text_width

# Tenths of a millimetre: as wide as the text of the page; the legend lies below the drawing.
WIDTH, HEIGHT, LEGEND = 1650.0, 1240.0, 30.0
ROW = 48.0
MARGIN = 0.06
NUMBER, NAME, PLACE, COUNTRY = 27.0, 29.0, 32.0, 40.0
# A neighbour or sea smaller than this part of the drawing is not named.
LEAST_PART = 0.012
# How far from its border a country is taken for that neighbour, where there is room.
BEYOND = (0.3 * WIDTH, 0.15 * WIDTH, 0.08 * WIDTH)
SEA, ABROAD, OTHER = "#dbe6ec", "#ececea", "#fbfaf7"
DARK, BORDER = "#1a1a1a", "#3b1259"
# Classes are told apart by their colour, by how dark it is, and the cold ones by stripes.
BY_KEY = {entry.key: entry for entry in HOTSPOT_CLASSES}
SCALE_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Frame:
    """From metres to the drawing: x to the east, y to the south."""

    west: float
    north: float
    metres: float

    def draw(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape on the drawing, what lies far outside of it cut off."""
        scale = 1 / self.metres
        moved = affinity.affine_transform(
            shape, [scale, 0, 0, -scale, -self.west * scale, self.north * scale]
        )
        return shapely.clip_by_rect(moved, -20, -20, WIDTH + 20, HEIGHT + 20)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes of a ground on a frame."""

    frame: Frame
    communes: Mapping[str, BaseGeometry]
    province: BaseGeometry
    provinces: Sequence[tuple[str, BaseGeometry]]
    borders: Mapping[str, BaseGeometry]
    gates: Sequence[tuple[str, BaseGeometry]]
    land: BaseGeometry


def draw_map(briefing: Briefing, words: Mapping[str, str], language: Language) -> str:
    """The map as SVG, with its legend."""
    drawing = _drawing(briefing.ground, language)
    labels = Labels(WIDTH, HEIGHT)
    # The scale and the arrow come first: nothing may lie over them.
    furniture = _scale(drawing.frame, labels, words) + _arrow(labels, words)
    for _, gate in drawing.gates:
        labels.take(*_spot(gate), 36, 36)
    above = _marks(briefing.ranked, drawing, labels)
    above += _special_zones(briefing, drawing, labels)
    above += _gates(drawing, labels)
    above += _surroundings(briefing.ground, drawing, labels, words)
    below = _ground(briefing, drawing)
    clip = svg.element(
        "clipPath",
        svg.element("rect", width=WIDTH, height=HEIGHT),
        id="frame",
    )
    inside = svg.element("g", below + above + furniture, clip_path="url(#frame)")
    edge = svg.element("rect", width=WIDTH, height=HEIGHT, fill="none", stroke=DARK, stroke_width=4)
    content = svg.element("defs", clip + _patterns()) + inside + edge
    legend, height = _legend(briefing, words, language)
    return svg.document(content + legend, WIDTH, HEIGHT + height)


def _drawing(ground: Ground, language: Language) -> Drawing:
    west, south, east, north = shapely.total_bounds(list(ground.communes.values())).tolist()
    metres = max((east - west) / WIDTH, (north - south) / HEIGHT) / (1 - 2 * MARGIN)
    frame = Frame((west + east - WIDTH * metres) / 2, (south + north + HEIGHT * metres) / 2, metres)
    communes = {code: frame.draw(shape) for code, shape in ground.communes.items()}
    return Drawing(
        frame,
        communes,
        shapely.union_all(list(communes.values())),
        [
            (one.name if language == "vi" else one.name_en or one.name, drawn)
            for one in ground.provinces
            if not (drawn := frame.draw(one.shape)).is_empty
        ],
        {
            code: drawn
            for code, shape in ground.borders.items()
            if not (drawn := frame.draw(shape)).is_empty
        },
        [
            (one.name if language == "vi" else one.name_en, drawn)
            for one in ground.gates
            if not (drawn := frame.draw(one.shape)).is_empty
        ],
        frame.draw(ground.land),
    )


def _ground(briefing: Briefing, drawing: Drawing) -> str:
    parts = [
        svg.element("rect", width=WIDTH, height=HEIGHT, fill=SEA),
        svg.path(drawing.land, fill=ABROAD),
    ]
    parts += [
        svg.path(shape, fill=OTHER, stroke="#8a8a8a", stroke_width=2.5)
        for _, shape in drawing.provinces
    ]
    classes = {one.code: one for one in briefing.communes}
    for code, shape in drawing.communes.items():
        parts.append(svg.path(shape, fill=_fill(_key(classes.get(code)))))
    for shape in drawing.communes.values():
        parts.append(svg.path(shape, fill="none", stroke="#8d8d8d", stroke_width=1.4))
    parts += _hot_along_border(classes, drawing)
    parts.append(svg.path(drawing.province, fill="none", stroke=DARK, stroke_width=3.5))
    parts += [
        svg.path(line, fill="none", stroke=BORDER, stroke_width=9, stroke_dasharray="34 9 7 9")
        for line in drawing.borders.values()
    ]
    return "".join(parts)


def _hot_along_border(classes: Mapping[str, Commune], drawing: Drawing) -> list[str]:
    """A heavy edge around those hot among the communes of the border, drawn on their inside."""
    return [
        svg.path(shape.buffer(-4), fill="none", stroke=DARK, stroke_width=8)
        for code, shape in drawing.communes.items()
        if code in classes and (classes[code].border_class or 0) > 0
    ]


def _key(commune: Commune | None) -> str:
    return "none" if commune is None or commune.hot_class is None else str(commune.hot_class)


def _fill(key: str) -> str:
    is_plain = BY_KEY[key].mark == "fill"
    return BY_KEY[key].colour if is_plain else f"url(#pattern{key})"


def _patterns() -> str:
    """Stripes for cold classes, crossed lines where there are no data."""
    made = []
    for key, entry in BY_KEY.items():
        if entry.mark == "fill":
            continue
        ground = svg.element("rect", width=16, height=16, fill=entry.colour)
        lines = "M0,8L16,8" if entry.mark == "striped" else "M0,0L16,16M0,16L16,0"
        stroke = svg.element("path", d=lines, stroke="#5d5d5d", stroke_width=1.6, fill="none")
        made.append(
            svg.element(
                "pattern",
                ground + stroke,
                id=f"pattern{key}",
                width=16,
                height=16,
                patternUnits="userSpaceOnUse",
            )
        )
    return "".join(made)


def _marks(ranked: Sequence[Commune], drawing: Drawing, labels: Labels) -> str:
    """The places in the table, each by its number, and by its name where there is room."""
    lines, marks, found = [], [], []
    for number, one in enumerate(ranked, 1):
        start = _spot(shapely.point_on_surface(drawing.communes[one.code]))
        place = labels.near(*start, 48, 48)
        if place is None:
            continue
        x, y = place
        if place != start:
            ends = shapely.LineString([start, place])
            lines.append(svg.path(ends, stroke=DARK, stroke_width=2.5, fill="none"))
            lines.append(svg.element("circle", cx=start[0], cy=start[1], r=5, fill=DARK))
        marks.append(
            svg.element("circle", cx=x, cy=y, r=22, fill="#ffffff", stroke=DARK, stroke_width=3.5)
            + svg.text(str(number), x, y, NUMBER, stroke="none", font_weight="bold")
        )
        found.append((one.name, x, y))
    for name, x, y in found:
        if beside := labels.beside(x, y, text_width(name, NAME), NAME, 32):
            marks.append(svg.text(name, *beside, NAME, font_weight="bold"))
    return "".join(lines + marks)


def _special_zones(briefing: Briefing, drawing: Drawing, labels: Labels) -> str:
    """Islands are named in any case: Hoàng Sa and Trường Sa among them."""
    parts = []
    named = {one.code for one in briefing.ranked}
    for one in briefing.communes:
        shape = drawing.communes.get(one.code)
        if one.is_special_zone and one.code not in named and shape is not None:
            size = text_width(one.full_name, PLACE)
            if place := labels.near(*_spot(shape), size, PLACE):
                parts.append(svg.text(one.full_name, *place, PLACE, font_style="italic"))
    return "".join(parts)


def _gates(drawing: Drawing, labels: Labels) -> str:
    parts = []
    for name, point in drawing.gates:
        x, y = _spot(point)
        shape = f"M{x:.1f},{y - 15:.1f}l15,15l-15,15l-15,-15Z"
        parts.append(svg.element("path", d=shape, fill="#ffffff", stroke=BORDER, stroke_width=4))
        if beside := labels.beside(x, y, text_width(name, 25), 26, 18):
            parts.append(svg.text(name, *beside, 25, fill=BORDER))
    return "".join(parts)


def _surroundings(
    ground: Ground, drawing: Drawing, labels: Labels, words: Mapping[str, str]
) -> str:
    """Neighbouring provinces, countries and the sea, each in the middle of what is seen of it."""
    frame = shapely.box(0, 0, WIDTH, HEIGHT)
    home = shapely.union_all([drawing.province, *(shape for _, shape in drawing.provinces)])
    abroad = shapely.difference(shapely.intersection(frame, drawing.land), home)
    sea = shapely.difference(shapely.difference(frame, drawing.land), home)
    said = [(name, shape, PLACE, "#4a4a4a") for name, shape in drawing.provinces]
    said += [
        (words[f"land_{code}"], _beyond(code, drawing.borders, abroad), COUNTRY, BORDER)
        for code in drawing.borders
    ]
    said.append((words[ground.sea], sea, COUNTRY, "#3c5f78"))
    parts = []
    for name, shape, size, colour in said:
        visible = _areas(shapely.intersection(frame, shape))
        if visible.area < LEAST_PART * frame.area:
            continue
        # The line runs from the middle of the circle to its edge.
        [circle] = shapely.maximum_inscribed_circle([visible], tolerance=4)
        if place := labels.near(*_spot(shapely.get_point(circle, 0)), text_width(name, size), size):
            parts.append(svg.text(name, *place, size, fill=colour, font_style="italic"))
    return "".join(parts)


def _beyond(code: str, borders: Mapping[str, BaseGeometry], abroad: BaseGeometry) -> BaseGeometry:
    """Land abroad that lies near one border, and not as near another one.

    Where three countries meet, land near two borders could be of either.
    """
    found: BaseGeometry = shapely.Polygon()
    for reach in BEYOND:
        others = shapely.union_all(
            [line.buffer(reach) for other, line in borders.items() if other != code]
        )
        near = shapely.intersection(abroad, borders[code].buffer(reach))
        found = shapely.difference(near, others)
        if found.area >= LEAST_PART * WIDTH * HEIGHT:
            break
    return found


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without lines and points where it only touched another one."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _spot(shape: BaseGeometry) -> tuple[float, float]:
    """The middle of a shape."""
    x, y = shapely.get_coordinates(shapely.centroid(shape))[0].tolist()
    return x, y


def _scale(frame: Frame, labels: Labels, words: Mapping[str, str]) -> str:
    """A bar of a round length, about a quarter of the drawing, on the lower left."""
    kilometres = max(step for step in SCALE_STEPS if step * 1000 / frame.metres <= WIDTH / 3.5)
    length, x, y = kilometres * 1000 / frame.metres, 50.0, HEIGHT - 45
    labels.take(x + length / 2 + 10, y - 12, length + 90, 80)
    ground = svg.element(
        "rect", x=x - 25, y=y - 52, width=length + 110, height=80, fill="#ffffff", opacity=0.85
    )
    halves = "".join(
        svg.element(
            "rect", x=x + place * length / 2, y=y, width=length / 2, height=12,
            fill=colour, stroke=DARK, stroke_width=2.5,
        )
        for place, colour in ((0, DARK), (1, "#ffffff"))
    )  # fmt: skip
    decimal = words["decimal"]
    half = f"{kilometres / 2:g}".replace(".", decimal)
    ticks = ((0.0, "0"), (length / 2, half), (length, f"{kilometres} km"))
    said = "".join(svg.text(told, x + at, y - 22, 27, stroke="none") for at, told in ticks)
    return ground + halves + said


def _arrow(labels: Labels, words: Mapping[str, str]) -> str:
    """An arrow to the north of the grid, on the upper right."""
    x, y = WIDTH - 70, 60.0
    labels.take(x, y + 40, 90, 170)
    ground = svg.element("rect", x=x - 42, y=15, width=84, height=148, fill="#ffffff", opacity=0.85)
    dark = svg.element("path", d=f"M{x},{y}l-24,92l24,-20Z", fill=DARK, stroke=DARK)
    light = svg.element("path", d=f"M{x},{y}l24,92l-24,-20Z", fill="#ffffff", stroke=DARK)
    north = svg.text(words["north"], x, 40, 34, stroke="none", font_weight="bold")
    return ground + dark + light + north


def _legend(briefing: Briefing, words: Mapping[str, str], language: Language) -> tuple[str, float]:
    """What is on the map, in three columns below it, and how high that is."""
    found = {_key(one) for one in briefing.communes}
    entries = [
        (_swatch(fill=_fill(entry.key)), entry.label.in_language(language))
        for entry in HOTSPOT_CLASSES
        if entry.key in found or entry.key in ("3", "2", "1", "0")
    ]
    if briefing.is_land_border:
        edge = _swatch(fill=NOTHING, stroke=DARK, stroke_width=8)
        line = svg.element(
            "path", d="M0,0h64", stroke=BORDER, stroke_width=9, stroke_dasharray="34 9 7 9"
        )
        gate = svg.element(
            "path", d="M32,-15l15,15l-15,15l-15,-15Z", fill="#ffffff", stroke=BORDER,
            stroke_width=4,
        )  # fmt: skip
        entries += [(edge, words["hot_on_border"]), (line, words["border_line"]),
                    (gate, words["border_gate"])]  # fmt: skip
    number = svg.element(
        "circle", cx=32, cy=0, r=20, fill="#ffffff", stroke=DARK, stroke_width=3.5
    ) + svg.text("1", 32, 0, NUMBER, stroke="none", font_weight="bold")
    entries.append((number, words["in_table"]))
    rows = -(-len(entries) // 3)
    parts = []
    for place, (mark, said) in enumerate(entries):
        x, y = 10 + (place // rows) * 560, HEIGHT + LEGEND + 15 + (place % rows) * ROW
        label = svg.text(said, 84, 0, 30, stroke="none", text_anchor="start")
        parts.append(svg.element("g", mark + label, transform=f"translate({x} {y})"))
    return "".join(parts), LEGEND + rows * ROW


def _swatch(**look: object) -> str:
    plain: dict[str, object] = {"stroke": "#5d5d5d", "stroke_width": 2}
    return svg.element("rect", x=0, y=-16, width=64, height=32, **plain | look)
