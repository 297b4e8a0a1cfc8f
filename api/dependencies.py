"""What routes take from a request: the language, a connection, a selection of records."""

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from threading import BoundedSemaphore
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from anyio import Semaphore, fail_after
from anyio.lowlevel import RunVar
from fastapi import Depends, Query, Request
from sqlalchemy import Connection, Engine
from starlette.responses import Response

from api.errors import language_of
from geo.dates import whole_months
from geo.errors import InputError, Language, ResourceError, ThrottledError
from geo.pipeline.coverage import usual_period
from geo.pipeline.observed import EARLIEST
from geo.records.code_lists import code_list
from geo.store.database import transaction
from geo.store.sealing import Seal, load_seal
from geo.store.statistics import Selection

Edition = Literal["2024", "2025"]
Level = Literal["province", "district", "commune"]
FOREVER = "public, max-age=31536000, immutable"
# Of the 12 connections of the pool: who asks, and what threads ask for beside, need some, too.
MOST_AT_THE_DATABASE = 8
LONGEST_WAIT_FOR_A_TURN = 30.0
_TURNS: RunVar[Semaphore] = RunVar("turns at the database")
# The last day on which a record may lie.
LATEST = date(2099, 12, 31)


def get_engine(request: Request) -> Engine:
    """The application's engine."""
    engine: Engine = request.app.state.engine
    return engine


def get_seal(request: Request) -> Seal | None:
    """The installation's seal, read anew: a key that was put back needs no restart."""
    return load_seal(request.app.state.settings)


async def turn_at_the_database() -> AsyncIterator[None]:
    """Keeps no more connections in requests than the pool has, with some to spare.

    A request opens its connection in one thread and works in another. Where all threads waited for
    connections of requests that wait for a thread, nothing went on until the pool lost patience.
    Those that have no turn yet wait here and hold neither.

    Raises:
        ResourceError: none came in half a minute, as with a database that does not answer.
    """
    try:
        turns = _TURNS.get()
    except LookupError:
        turns = Semaphore(MOST_AT_THE_DATABASE)
        _TURNS.set(turns)
    try:
        with fail_after(LONGEST_WAIT_FOR_A_TURN):
            await turns.acquire()
    except TimeoutError as error:
        raise ResourceError(
            "store.busy",
            "Máy chủ đang có quá nhiều yêu cầu. Hãy thử lại sau nửa phút.",
            "The server has too many requests at once. Try again in half a minute.",
        ) from error
    try:
        yield
    finally:
        turns.release()


Turn = Annotated[None, Depends(turn_at_the_database, scope="function")]


def get_connection(request: Request, _turn: Turn) -> Iterator[Connection]:
    """A transaction for one request; domain errors leave it, and it rolls back.

    Nobody acts in it, so it sees counts, results and boundaries, and no record.
    """
    with transaction(get_engine(request)) as connection:
        yield connection


async def refuse_nul(request: Request) -> None:
    """No text of the store may hold U+0000, so no address that does can name anything.

    It waits for nothing, so it takes no thread.

    Raises:
        InputError: the path or a parameter holds it.
    """
    texts = [
        request.url.path,
        *(part for pair in request.query_params.multi_items() for part in pair),
    ]
    if any("\0" in part for part in texts):
        raise InputError(
            "request.nul",
            "Địa chỉ chứa ký tự NUL (%00). Hãy bỏ ký tự này.",
            "The address contains a NUL character (%00). Leave it out.",
        )


Database = Annotated[Connection, Depends(get_connection, scope="function")]
Speech = Annotated[Language, Depends(language_of)]


def language_of_link(
    request: Request,
    lang: Annotated[
        Language | None, Query(description="In place of Accept-Language, for links")
    ] = None,
) -> Language:
    """The language that the address asks for, since a link sends no headers of its own."""
    return lang or language_of(request)


InWords = Annotated[Language, Depends(language_of_link)]
Kinds = Annotated[list[str] | None, Query(description="Kinds of incident; all if none is given")]
First = Annotated[date | None, Query(alias="from", examples=["2025-07-01"])]
Bands = Annotated[
    list[Literal["0-5", "5-10", "10-20"]] | None,
    Query(description="Kilometres of the point from the land border"),
]
Neighbours = Annotated[
    list[Literal["CHN", "LAO", "KHM"]] | None,
    Query(description="Country beyond the land border, of points less than 20 km from it"),
]
Last = Annotated[date | None, Query(alias="to", description="Last day", examples=["2025-12-31"])]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` up to, not including, `last`."""

    first: date
    last: date


def period(first: First = None, last: Last = None) -> Period:
    """The period asked for; open ends reach as far as records may lie.

    Raises:
        InputError: it ends before it begins, or holds no day on which records may lie.
    """
    if first and last and first > last:
        raise InputError(
            "period.reversed",
            f"Ngày cuối (to) {last} đứng trước ngày đầu (from) {first}. Hãy đổi chỗ hai ngày.",
            f"The last day (to) {last} lies before the first day (from) {first}. Swap them.",
        )
    if (first and first > LATEST) or (last and last < EARLIEST):
        raise InputError(
            "period.beyond",
            f"Bản ghi chỉ có thể nằm từ {EARLIEST} đến {LATEST}. Hãy kiểm tra năm của from, to.",
            f"Records can only lie from {EARLIEST} to {LATEST}. Check the year of from and to.",
        )
    begin = max(first or EARLIEST, EARLIEST)
    end = min(last or LATEST, LATEST) + timedelta(days=1)
    return Period(begin, end)


def year_or_period(first: First = None, last: Last = None) -> Period:
    """The period asked for; up to today without a last day, and of a year without a first one.

    Raises:
        InputError: as `period`.
    """
    begin, end = usual_period(first, last and min(last, LATEST) + timedelta(days=1))
    return period(begin, last or end - timedelta(days=1))


def months_around(first: First = None, last: Last = None) -> Period:
    """The whole months around the period asked for; the last year that has ended without one.

    Raises:
        InputError: as `period`.
    """
    begin, end = whole_months(first, last and min(last, LATEST) + timedelta(days=1))
    return period(begin, end - timedelta(days=1))


def incident_kinds(kind: Kinds = None) -> tuple[str, ...]:
    """The kinds asked for, each known.

    Raises:
        InputError: a kind is not in the code list.
    """
    return known_codes("incident_kind", kind, ("loại vụ việc", "kind of incident"))


def known_codes(name: str, codes: list[str] | None, what: tuple[str, str]) -> tuple[str, ...]:
    """Codes of a code list; `what` names one of them in Vietnamese and English.

    Raises:
        InputError: a code is not in the list.
    """
    known = code_list(name)
    if unknown := sorted(set(codes or ()) - set(known)):
        listed, choices = ", ".join(unknown)[:300], ", ".join(known)
        raise InputError(
            "kind.unknown",
            f"Không có {what[0]} {listed}. Có thể chọn: {choices}.",
            f"There is no {what[1]} {listed}. Choices: {choices}.",
        )
    return tuple(codes or ())


def check_level(edition: str, level: str) -> None:
    """Raises InputError where an edition has no such level: districts ended in 2025."""
    if (edition, level) == ("2025", "district"):
        raise InputError(
            "level.abolished",
            "Từ 01/7/2025 không còn cấp huyện. Hãy dùng phiên bản 2024 hoặc cấp xã.",
            "Districts ended on 1 July 2025. Use edition 2024, or communes.",
        )


def selection(
    edition: Edition,
    level: Level,
    days: Annotated[Period, Depends(period)],
    kinds: Annotated[tuple[str, ...], Depends(incident_kinds)],
    border_band: Bands = None,
    neighbour: Neighbours = None,
) -> Selection:
    """Which records to count, and by which units."""
    check_level(edition, level)
    bands, neighbours = tuple(border_band or ()), tuple(neighbour or ())
    return Selection(edition, level, days.first, days.last, kinds, bands, neighbours)


def box(
    bbox: Annotated[
        str | None,
        Query(description="west,south,east,north in degrees", examples=["102.1,8.3,109.6,23.4"]),
    ] = None,
) -> tuple[float, float, float, float] | None:
    """The bounding box asked for.

    Raises:
        InputError: it is not four finite numbers in order within the world.
    """
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        west = south = east = north = math.nan
    fault = _fault_of_box(west, south, east, north)
    if fault is None:
        return west, south, east, north
    vi, en = fault
    example = "102.1,8.3,109.6,23.4"
    raise InputError(
        "bbox.invalid",
        f"bbox “{bbox[:100]}” {vi}. Hãy ghi tây,nam,đông,bắc bằng độ, ví dụ {example}.",
        f"bbox “{bbox[:100]}” {en}. Write west,south,east,north in degrees, such as {example}.",
    )


def _fault_of_box(west: float, south: float, east: float, north: float) -> tuple[str, str] | None:
    """What is wrong with four degrees, in Vietnamese and English; None where they make a box."""
    if not all(map(math.isfinite, (west, south, east, north))):
        return "không phải bốn số", "is not four numbers"
    if max(map(abs, (west, east))) > 180 or max(map(abs, (south, north))) > 90:
        return "vượt ra ngoài ±180, ±90 độ", "reaches beyond ±180, ±90 degrees"
    if west >= east:
        return "có cạnh tây không nhỏ hơn cạnh đông", "has its west not below its east"
    if south >= north:
        return "có cạnh nam không nhỏ hơn cạnh bắc", "has its south not below its north"
    return None


@contextmanager
def taking_turn(
    places: BoundedSemaphore, longest_wait: float, busy: tuple[str, str, str]
) -> Iterator[None]:
    """A place among the few pieces of work of a kind that may run at once.

    Args:
        busy: code and texts of the error where none is free in `longest_wait` seconds.

    Raises:
        ThrottledError: none is.
    """
    if not places.acquire(timeout=longest_wait):
        raise ThrottledError(*busy, retry_after=30)
    try:
        yield
    finally:
        places.release()


def json_response(content: Any, **headers: str) -> Response:
    """JSON by orjson, dates and UUIDs included; headers by their names with underscores."""
    return Response(
        orjson.dumps(content, default=str),
        media_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def tagged(
    request: Request, content: Any, *, cache: str = "no-cache", audience: UUID | None = None
) -> Response:
    """JSON with a strong ETag over its bytes and the language: a repeat costs 304 and no body.

    Args:
        audience: the account that the answer is for, if not everybody: no other one is answered
            304 for it, and no cache keeps it, the browser's own on the disk neither.
    """
    body = orjson.dumps(content, default=str)
    digest = blake2b(body, digest_size=16, key=audience.bytes if audience else b"")
    tag = f'"{digest.hexdigest()}"'
    vary = "Accept-Language, Accept-Encoding"
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": vary}
    if audience:
        headers |= {"Cache-Control": "private, no-store", "Vary": f"{vary}, Cookie, Authorization"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
