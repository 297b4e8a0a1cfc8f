"""A single network on its way in: its places by the importer's rules, its legs by their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

import pyarrow

from geo.boundaries.names import UnitNames
from geo.importers.cells import CellError, CodeReader
from geo.importers.entries import check_network
from geo.importers.network_tables import NetworkTables
from geo.importers.tables import RejectedCells
from geo.records.code_lists import code_list


@dataclass(frozen=True, slots=True)
class Leg:
    """A movement from one place to another, by their sequence; `crossing` is a code or label."""

    from_sequence: int
    to_sequence: int
    crossing: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The places of a network as cells, and its legs: without any, each place leads to the next."""

    places: Sequence[Mapping[str, str | None]]
    legs: Sequence[Leg] | None = None


def network_rows(
    identifier: UUID, values: Mapping[str, str | None], route: Route, names: UnitNames, today: date
) -> tuple[NetworkTables | None, list[RejectedCells]]:
    """The network as the store takes it, or what is wrong with it, each problem with its place."""
    rows = [{**values, **place} for place in route.places]
    result = check_network(rows, names=names, today=today)
    tables = result.networks
    if result.rejected or tables is None:
        return None, _by_place(result.rejected)
    legs, problems = _legs(tables, route.legs)
    if problems:
        return None, [RejectedCells(1, None, {}, problems)]
    digest = blake2b(tables.networks["content_hash"][0].as_py().encode(), digest_size=16)
    digest.update(repr(sorted(tuple(leg.values()) for leg in legs.to_pylist())).encode())
    place = tables.networks.column_names.index("content_hash")
    networks = tables.networks.set_column(place, "content_hash", [[digest.hexdigest()]])
    return (
        NetworkTables(
            networks.append_column("id", [[str(identifier)]]),
            tables.nodes.append_column("found_by", [_found_by(tables.nodes)]),
            legs,
        ),
        [],
    )


def _by_place(rejected: list[RejectedCells]) -> list[RejectedCells]:
    """The faults with their places; those of a file's good rows beside a bad one say nothing."""
    for row in rejected:
        row.problems[:] = [
            problem | {"place": row.row_number}
            for problem in row.problems
            if problem["code"] != "network_incomplete"
        ]
    return [row for row in rejected if row.problems]


def _found_by(nodes: pyarrow.Table) -> list[str]:
    return ["place" if lon is None else "coordinates" for lon in nodes["lon"].to_pylist()]


def _legs(
    tables: NetworkTables, wanted: Sequence[Leg] | None
) -> tuple[pyarrow.Table, list[dict[str, Any]]]:
    if wanted is None:
        return tables.legs, []
    reader = CodeReader(code_list("crossing_type"))
    known = set(tables.nodes["sequence"].to_pylist())
    identity = tables.networks["external_id"][0].as_py()
    rows, problems, seen = [], [], set[tuple[int, int]]()
    for order, leg in enumerate(wanted, start=1):
        ends = (leg.from_sequence, leg.to_sequence)
        crossing = reader.one(leg.crossing) if leg.crossing else None
        if not known.issuperset(ends) or ends[0] == ends[1] or ends in seen:
            problems.append(_ENDS.problem("legs", f"{ends[0]} → {ends[1]}") | {"leg": order})
        elif isinstance(crossing, CellError):
            problems.append(crossing.problem("crossing", leg.crossing) | {"leg": order})
        seen.add(ends)
        rows.append(dict(zip(tables.legs.column_names, (identity, *ends, crossing), strict=True)))
    if problems:
        return tables.legs, problems
    return pyarrow.Table.from_pylist(rows, schema=tables.legs.schema), []


_ENDS = CellError(
    "leg_ends",
    "Mỗi chặng phải đi từ một điểm tới một điểm khác của đường dây, và chỉ ghi một lần.",
    "A leg runs from one place of the network to another one, and is given once.",
)
