"""Vector tiles of boundaries."""

import gzip
from threading import Lock

from cachetools import LRUCache
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import FOREVER, Edition, Level, get_engine
from api.documentation import problems_of
from geo.store.database import transaction
from geo.store.tiles import boundary_tile

router = APIRouter(tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# All tiles of the communes take about this much, compressed. An empty one takes room, too: without
# it whoever asks for all of the ocean would fill the memory.
MOST_KEPT_BYTES = 64 * 2**20
BYTES_OF_AN_ADDRESS = 500
Address = tuple[str, str, str, int, int, int]


class KeptTiles:
    """Tiles as they leave, compressed, under addresses that always mean the same bytes.

    Those that were not asked for longest give way. Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Address, bytes] = LRUCache(
            MOST_KEPT_BYTES, getsizeof=lambda packed: len(packed) + BYTES_OF_AN_ADDRESS
        )
        self._lock = Lock()

    def get(self, address: Address) -> bytes | None:
        """A tile that was kept."""
        with self._lock:
            return self._kept.get(address)

    def keep(self, address: Address, packed: bytes) -> None:
        """Have it at hand for whoever asks next."""
        with self._lock:
            self._kept[address] = packed


@router.get(
    "/tiles/{edition}/{level}/{key}/{z}/{x}/{y}.mvt",
    summary="Units of a layer as a Mapbox vector tile",
    response_class=Response,
    responses=problems_of(404, 422) | {200: {"content": {MEDIA_TYPE: {}}}},
)
async def tile(
    request: Request, edition: Edition, level: Level, key: str, z: int, x: int, y: int
) -> Response:
    """`key` is the `tiles` that `/editions` gives for the layer: with it the answer holds for ever.

    With the layer's fingerprint alone, or a key of other days whose tile is not at hand, it may
    change and is not kept.
    """
    # What is at hand waits for no thread and asks no database: most of a map's requests are these.
    address = (edition, level, key, z, x, y)
    packed = request.app.state.tiles.get(address)
    is_forever = packed is not None
    if packed is None:
        packed, is_forever = await run_in_threadpool(_cut, request, address)
    headers = {"Cache-Control": FOREVER if is_forever else "no-store"}
    if packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(packed, media_type=MEDIA_TYPE, headers=headers)
    content = await run_in_threadpool(gzip.decompress, packed) if packed else b""
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _cut(request: Request, address: Address) -> tuple[bytes, bool]:
    """The tile, compressed, and whether it stays as it is; then it is kept."""
    edition, level, key, z, x, y = address
    with transaction(get_engine(request)) as connection:
        content, is_forever = boundary_tile(connection, edition, level, key, (z, x, y))
    packed = gzip.compress(content, 6, mtime=0) if content else b""
    if is_forever:
        request.app.state.tiles.keep(address, packed)
    return packed, is_forever
