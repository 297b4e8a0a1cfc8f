"""Rows of places to networks: the case, its places, and the legs between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import pyarrow

from geo.importers.cells import EMPTY, CellError
from geo.importers.columns import Work
from geo.records.fields import NETWORK_COLUMNS

_TYPES = {
    "dismantled_on": pyarrow.date32(),
    "joint_agencies": pyarrow.list_(pyarrow.string()),
    "arrested": pyarrow.int32(),
    "rescued": pyarrow.int32(),
}
_NODE_TYPES = {
    "row_number": pyarrow.int64(),
    "sequence": pyarrow.int16(),
    "lon": pyarrow.float64(),
    "lat": pyarrow.float64(),
    "accuracy_m": pyarrow.float64(),
}
_NODE_TEXTS = (
    "network_external_id",
    "role",
    "country",
    "precision",
    "place_text",
    "stated_edition",
    "stated_level",
    "stated_code",
)
_LEGS = pyarrow.schema(
    [
        ("network_external_id", pyarrow.string()),
        ("from_sequence", pyarrow.int16()),
        ("to_sequence", pyarrow.int16()),
        ("crossing", pyarrow.string()),
    ]
)
MOST_PLACES = 1_000
# Required of a network, but not of each of its rows.
NETWORK_WIDE = ("scope",)


@dataclass(frozen=True, slots=True)
class NetworkTables:
    """Tables as load_networks takes them."""

    networks: pyarrow.Table
    nodes: pyarrow.Table
    legs: pyarrow.Table


def network_tables(
    work: Work, columns: dict[str, pyarrow.Array], identities: pyarrow.Array
) -> NetworkTables:
    """Group rows by network; a row that cannot be used keeps its whole network out."""
    numbers = work.raw.row_numbers.to_pylist()
    lists = {name: column.to_pylist() for name, column in columns.items()}
    groups: dict[str | None, list[int]] = {}
    for row, identity in enumerate(identities.to_pylist()):
        groups.setdefault(identity, []).append(row)
    networks, nodes, legs = [], [], []
    for identity, rows in groups.items():
        case = _network(work, lists, rows)
        places = _places(work, lists, rows, numbers)
        if any(row in work.problems for row in rows):
            _reject_rest(work, rows, numbers)
            continue
        _write_identity(identity, places)
        routes = _legs(identity, places, [lists["crossing"][row] if "crossing" in lists else None
                                          for row in rows])  # fmt: skip
        content = repr(
            (sorted(case.items()), [sorted(_content(place)) for place in places], routes)
        )
        digest = blake2b(content.encode(), digest_size=16).hexdigest()
        networks.append({"external_id": identity, "content_hash": digest, **case})
        nodes += places
        legs += routes
    return NetworkTables(
        pyarrow.Table.from_pylist(networks, schema=_network_schema(columns)),
        pyarrow.Table.from_pylist(nodes, schema=_node_schema(columns)),
        pyarrow.Table.from_pylist(legs, schema=_LEGS),
    )


def _network(work: Work, lists: dict[str, list[Any]], rows: list[int]) -> dict[str, Any]:
    """What the rows say of the network itself: the first value counts, others must agree."""
    case: dict[str, Any] = {}
    for name in NETWORK_COLUMNS:
        if name not in lists:
            continue
        case[name] = lists[name][rows[0]]
        for row in rows:
            if work.value(row, name) is None:
                continue
            if work.value(rows[0], name) is None and case[name] in (None, "dismantled"):
                case[name] = lists[name][row]
            elif lists[name][row] != case[name]:
                work.reject(row, name, _DIFFERS)
    for name in NETWORK_WIDE:
        if case[name] is None:
            work.reject(rows[0], name, EMPTY)
    return case


def _places(
    work: Work, lists: dict[str, list[Any]], rows: list[int], numbers: Sequence[int]
) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    seen: set[int] = set()
    for order, row in enumerate(rows[:MOST_PLACES], start=1):
        place = {name: lists[name][row] for name in (*_NODE_TYPES, *_NODE_TEXTS) if name in lists}
        place["row_number"] = numbers[row]
        place["country"] = place.get("country") or "VN"
        place["sequence"] = place.get("sequence") or order
        if place["sequence"] in seen or place["sequence"] > 2**15 - 1:
            work.reject(row, "sequence", _SEQUENCE)
        seen.add(place["sequence"])
        places.append(place)
    if len(rows) > MOST_PLACES:
        work.reject(rows[0], "case_code", _TOO_MANY)
    return places


def _reject_rest(work: Work, rows: list[int], numbers: Sequence[int]) -> None:
    bad = [numbers[row] for row in rows if row in work.problems]
    shown = ", ".join(map(str, bad[:10]))
    for row in rows:
        if row not in work.problems:
            error = CellError(
                "network_incomplete",
                f"Đường dây này có hàng chưa dùng được ({shown}); hãy sửa hàng đó rồi nhập lại.",
                f"This network has rows that cannot be used ({shown}); mend them and import again.",
            )
            work.reject(row, "case_code", error)


def _write_identity(identity: str | None, places: list[dict[str, Any]]) -> None:
    for place in places:
        place["network_external_id"] = identity


def _legs(
    identity: str | None, places: list[dict[str, Any]], crossings: list[str | None]
) -> list[dict[str, Any]]:
    """From each place to the next; a place says how it is reached."""
    route = sorted(zip(places, crossings, strict=True), key=lambda pair: int(pair[0]["sequence"]))
    return [
        {
            "network_external_id": identity,
            "from_sequence": before["sequence"],
            "to_sequence": after["sequence"],
            "crossing": crossing,
        }
        for (before, _), (after, crossing) in pairwise(route)
    ]


def _content(place: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in place.items() if name != "row_number"]


def _network_schema(columns: dict[str, pyarrow.Array]) -> pyarrow.Schema:
    own = [
        (name, _TYPES.get(name, pyarrow.string())) for name in NETWORK_COLUMNS if name in columns
    ]
    texts = [("external_id", pyarrow.string()), ("content_hash", pyarrow.string())]
    return pyarrow.schema([*texts, *own])


def _node_schema(columns: dict[str, pyarrow.Array]) -> pyarrow.Schema:
    always = {"row_number", "sequence", "network_external_id", "country"}
    wanted = {name: pyarrow.string() for name in _NODE_TEXTS} | _NODE_TYPES
    return pyarrow.schema(
        [(name, kind) for name, kind in wanted.items() if name in always or name in columns]
    )


_DIFFERS = CellError(
    "network_differs",
    "Cột này thuộc về cả đường dây nhưng khác với hàng đầu của nó. Hãy ghi giống nhau.",
    "This column belongs to the whole network but differs from its first row. Make them agree.",
)
_SEQUENCE = CellError(
    "sequence_repeated",
    "Thứ tự điểm bị trùng hoặc quá lớn. Hãy đánh số 1, 2, 3… trong mỗi đường dây.",
    "The sequence is repeated or too large. Number the places of each network 1, 2, 3….",
)
_TOO_MANY = CellError(
    "network_too_long",
    f"Một đường dây có hơn {MOST_PLACES} điểm. Hãy kiểm tra cột chuyên án.",
    f"One network has more than {MOST_PLACES} places. Check the case code.",
)
