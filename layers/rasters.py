"""Raster layers: how those that administrators bring are listed, and how all are explained.

Ramps run from light to dark, so that they hold for all kinds of colour blindness and in grey print.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from geo.errors import NotFoundError
from geo.store.rasters import BORDER_DISTANCE
from geo.wording import number
from layers.definition import Layer, LegendEntry, Text

RAMPS = {
    "elevation": ("#f4f0dc", "#d6cb98", "#a9a45f", "#66753f", "#26402f"),
    "population": ("#eef2f7", "#b6cde2", "#6fa0c8", "#2f6c9e", "#0d3358"),
    "density": ("#f7e7ee", "#e0b0c8", "#bd74a0", "#8a3a72", "#45103c"),
    "sequential": ("#f3eef5", "#cdb7da", "#9b80bd", "#664c97", "#2f1a5c"),
}
IMPORTED = Text(
    "Lớp ảnh do quản trị viên nạp; ranh giới vẽ bên trên.",
    "A raster that an administrator imported; boundaries are drawn over it.",
)
DERIVED = {
    BORDER_DISTANCE: Text(
        "Tính từ đường biên giới đất liền, trên mặt ê-líp-xô-ít, ô 1 km.",
        "Computed from the land border, on the ellipsoid, in cells of 1 km.",
    )
}
PICTURE = "imagery"
DEEPEST_ZOOM = 14


def raster_overlay(row: Mapping[str, Any]) -> Layer:
    """The definition of a layer that is in the store, for the page of one who may see it."""
    is_picture = row["style"] == PICTURE
    bounds = [row[side] for side in ("south", "west", "north", "east")]
    return Layer(
        id=f"raster-{row['name']}",
        group="reference",
        renderer="raster",
        title=Text(row["title_vi"], row["title_en"]),
        hint=DERIVED.get(row["name"], IMPORTED),
        source=f"/raster-layers/{row['id']}/tiles",
        legend=() if is_picture else ramp_legend(row),
        style={"bounds": bounds, "deepest": DEEPEST_ZOOM},
    )


def ramp_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The colours of a layer, those of the least value first; near the border is darkest."""
    ramp = RAMPS[row["style"]]
    return ramp[::-1] if row.get("name") == BORDER_DISTANCE else ramp


def ramp_legend(row: Mapping[str, Any], *, by_ratio: bool = False) -> tuple[LegendEntry, ...]:
    """The stops of the ramp with the values that they stand for; the ends stand for all beyond.

    Between two stops the values differ by the same amount, or are the same multiple `by_ratio`.
    """
    ramp = ramp_of(row)
    low, high = float(row["low"]), float(row["high"])
    if low == high:
        label = _value(low, row["unit"], 1, "")
        return (LegendEntry("0", ramp[len(ramp) // 2], "fill", label),)
    values = (np.geomspace if by_ratio else np.linspace)(low, high, len(ramp)).tolist()
    entries = []
    for place, colour in enumerate(ramp):
        sign = ""
        if place == 0 and row["minimum"] < low:
            sign = "≤ "
        elif place == len(ramp) - 1 and row["maximum"] > high:
            sign = "≥ "
        step = values[place] if by_ratio else values[1] - values[0]
        label = _value(values[place], row["unit"], step, sign)
        entries.append(LegendEntry(str(place), colour, "fill", label))
    return tuple(entries)


def _value(value: float, unit: str, step: float, sign: str) -> Text:
    """A value with as many digits as tell it from the next one."""
    digits = int(np.clip(1 - np.floor(np.log10(step)), 0, 6)) if step < 10 else 0
    vi, en = (f"{sign}{number(value, language, digits)} {unit}" for language in ("vi", "en"))
    return Text(vi.strip(), en.strip())


def require_tile(tile: tuple[int, int, int]) -> None:
    """Refuse what is no tile: zoom, column and row.

    Raises:
        NotFoundError: it is none.
    """
    z, x, y = tile
    if not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFoundError(
            "raster.tile",
            f"Không có ô bản đồ này: z từ 0 đến {DEEPEST_ZOOM}, x và y từ 0 đến 2^z - 1.",
            f"There is no such tile: z is 0 to {DEEPEST_ZOOM}, x and y are 0 to 2^z - 1.",
        )
