"""SVG in pieces: elements, texts that stay texts, and paths of shapes."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# The one that comes with Typst and has all letters of Vietnamese.
FONT = "Libertinus Serif"
# What XML cannot hold, and what turns the direction of writing around.
UNWRITABLE = re.compile(
    r"[^\t\n\r\u0020-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element; `content` is SVG already, an underscore in a name is a hyphen."""
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def text(said: str, x: float, y: float, size: float, **attributes: object) -> str:
    """A text around its middle, with a light edge that parts it from what lies below."""
    look: dict[str, object] = {
        "text_anchor": "middle",
        "fill": "#1a1a1a",
        "stroke": "#ffffff",
        "stroke_width": _short(size / 4.5),
        "stroke_linejoin": "round",
        "paint_order": "stroke",
    }
    return element(
        "text",
        escape(UNWRITABLE.sub("", said)),
        x=_short(x),
        y=_short(y + size * 0.33),
        font_family=FONT,
        font_size=_short(size),
        **look | attributes,
    )


def path(shape: BaseGeometry, **attributes: object) -> str:
    """The path of polygons or lines; nothing of an empty shape."""
    written = "".join(_pieces(shape))
    return element("path", d=written, fill_rule="evenodd", **attributes) if written else ""


def document(content: str, width: float, height: float) -> str:
    """The whole drawing; its units are tenths of a millimetre."""
    return element(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        width=f"{_short(width / 10)}mm",
        height=f"{_short(height / 10)}mm",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
    )


def _pieces(shape: BaseGeometry) -> Iterator[str]:
    for part in shapely.get_parts(shape).tolist():
        if isinstance(part, shapely.Polygon):
            for ring in (part.exterior, *part.interiors):
                yield _line(ring) + "Z"
        elif isinstance(part, shapely.LineString):
            yield _line(part)
        elif isinstance(part, shapely.MultiPolygon | shapely.GeometryCollection):
            yield from _pieces(part)


def _line(line: shapely.LineString) -> str:
    points = np.round(shapely.get_coordinates(line), 1)
    # Points that fall together at a hundredth of a millimetre say the same.
    points = points[np.r_[True, np.any(np.diff(points, axis=0), axis=1)]]
    return "M" + "L".join(f"{_short(x)},{_short(y)}" for x, y in points.tolist())


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
