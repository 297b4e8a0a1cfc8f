"""Makers of PMTiles archives for tests."""

from pathlib import Path
from typing import Any

import numpy as np
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write
from rasterio.io import MemoryFile

RED = (200, 30, 30)


def picture(colour: tuple[int, int, int] = RED, driver: str = "PNG") -> bytes:
    """A tile of one colour."""
    cells = np.broadcast_to(np.array(colour, np.uint8)[:, None, None], (3, 256, 256))
    profile = {"driver": driver, "count": 3, "height": 256, "width": 256, "dtype": "uint8"}
    with MemoryFile() as memory:
        with memory.open(**profile) as made:
            made.write(cells)
        return bytes(memory.read())


def archive(
    path: Path,
    tiles: dict[tuple[int, int, int], bytes] | None = None,
    kind: TileType = TileType.PNG,
    **header: Any,
) -> Path:
    """An archive of tiles by zoom, column and row; red over all the world to zoom 3 unless said."""
    if tiles is None:
        red = picture()
        # Told apart: the writer takes a run of the same tile for one of the first one's zoom.
        tiles = {
            (z, x, y): red + f"{z}/{x}/{y}".encode()
            for z in range(4)
            for x in range(2**z)
            for y in range(2**z)
        }
    stated = {"tile_type": kind, "tile_compression": Compression.NONE}
    with write(str(path)) as writer:
        for place in sorted(tiles, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*place), tiles[place])
        writer.finalize(stated | header, {})
    return path
