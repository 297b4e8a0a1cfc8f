"""Vector tiles of boundaries."""

from sqlalchemy import Connection

from geo.boundaries.shapes import band_for
from geo.errors import NotFoundError
from geo.store.database import query

DEEPEST_ZOOM = 14


def tile_keys(connection: Connection) -> dict[tuple[str, str], str]:
    """The key of each loaded layer's tiles as they are today, by edition and level.

    It is the fingerprint of the boundaries, a hyphen, and a digest of the names that hold: they may
    change overnight.
    """
    return {(row.edition, row.level): row.key for row in connection.execute(query("tile_keys"))}


def boundary_tile(
    connection: Connection, edition: str, level: str, key: str, tile: tuple[int, int, int]
) -> tuple[bytes, bool]:
    """A Mapbox vector tile (EPSG:3857) of the units of a layer; empty where there are none.

    Args:
        key: of the layer's tiles. One of other names, or the fingerprint alone, is answered too: a
            page that was open at midnight still shows its map.
        tile: zoom, column and row.

    Returns:
        The tile, and whether the key is today's, so that it always means these very bytes.

    Raises:
        NotFoundError: no such tile exists, or the layer is not the one loaded now.
    """
    z, x, y = tile
    today = tile_keys(connection).get((edition, level), "")
    same_boundaries = bool(today) and key.partition("-")[0] == today.partition("-")[0]
    inside = 0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z
    if not same_boundaries or not inside:
        raise NotFoundError(
            "tile.unknown",
            "Không có ô bản đồ này. Ranh giới có thể vừa được thay: hãy tải lại trang.",
            "There is no such tile. Boundaries may have been replaced: reload the page.",
        )
    values = {"edition": edition, "level": level, "band": band_for(z), "z": z, "x": x, "y": y}
    return bytes(connection.scalar(query("tile"), values) or b""), key == today
