"""Vector tiles of boundaries."""

from sqlalchemy import Connection, text

from geo.boundaries.shapes import band_for
from geo.errors import NotFoundError
from geo.store.database import query

DEEPEST_ZOOM = 14


def boundary_tile(
    connection: Connection, edition: str, level: str, fingerprint: str, tile: tuple[int, int, int]
) -> bytes:
    """A Mapbox vector tile (EPSG:3857) of the units of a layer; empty where there are none.

    Args:
        fingerprint: of the layer, so that an address always means the same bytes.
        tile: zoom, column and row.

    Raises:
        NotFoundError: no such tile exists, or the layer is not the one loaded now.
    """
    z, x, y = tile
    loaded = connection.scalar(
        text("SELECT fingerprint FROM boundary_layer WHERE edition = :edition AND level = :level"),
        {"edition": edition, "level": level},
    )
    inside = 0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z
    if loaded != fingerprint or not inside:
        raise NotFoundError(
            "tile.unknown",
            "Không có ô bản đồ này. Ranh giới có thể vừa được thay: hãy tải lại trang.",
            "There is no such tile. Boundaries may have been replaced: reload the page.",
        )
    values = {"edition": edition, "level": level, "band": band_for(z), "z": z, "x": x, "y": y}
    return bytes(connection.scalar(query("tile"), values) or b"")
