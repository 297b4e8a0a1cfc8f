"""Small drawings of what the store knows, for pages that must not wait for a map."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from geo.boundaries.shapes import band_for
from geo.store.database import query

# Half a pixel where a whole page shows the country; the shapes are those of the tiles of that zoom.
PICTURE_UNIT_M = 800
PICTURE_ZOOM = 5


@dataclass(frozen=True, slots=True)
class Picture:
    """A run as a small drawing in Web Mercator: SVG paths by class, and "ground", the provinces.

    `width` and `height` are those of the frame in the units of the paths.
    """

    width: int
    height: int
    paths: dict[str, str]


def run_picture(
    connection: Connection, identifier: UUID, frame: tuple[float, float, float, float]
) -> Picture | None:
    """Draw a run, or None where its units have no shapes.

    Args:
        frame: west, south, east, north in degrees.
    """
    names = ("west", "south", "east", "north")
    values = {
        **dict(zip(names, frame, strict=True)),
        "run": identifier,
        "band": band_for(PICTURE_ZOOM),
        "unit_m": PICTURE_UNIT_M,
    }
    rows = connection.execute(query("run_picture"), values).all()
    paths = {row.key: row.path for row in rows if row.path}
    return Picture(rows[0].width, rows[0].height, paths) if "ground" in paths else None
