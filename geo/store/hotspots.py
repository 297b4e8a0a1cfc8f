"""Hotspot runs: what they read, and writing what they found."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geo.store.bulk import copy_rows
from geo.store.database import query

RESULT_COLUMNS = (
    "code",
    "incidents",
    "population",
    "value",
    "expected",
    "neighbour_mean",
    "neighbours",
    "z",
    "p",
    "q",
    "class",
)


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What identifies a run and lets it be computed again; `period_to` is exclusive."""

    method: str
    edition: str
    level: str
    period_from: date
    period_to: date
    parameters: Mapping[str, Any]
    data_fingerprint: str
    boundary_fingerprint: str
    software_version: str
    records_used: int
    records_left_out: int


def save_run(connection: Connection, header: RunHeader, rows: Iterable[tuple[Any, ...]]) -> UUID:
    """Write a run and its results, one row of RESULT_COLUMNS for each unit."""
    values = asdict(header) | {"parameters": Jsonb(dict(header.parameters))}
    names = ", ".join(values)
    bound = ", ".join(f":{name}" for name in values)
    identifier: UUID = connection.execute(
        text(f"INSERT INTO hotspot_run ({names}) VALUES ({bound}) RETURNING id"),  # noqa: S608
        values,
    ).scalar_one()
    copy_rows(
        connection,
        "hotspot_result",
        ["run_id", *RESULT_COLUMNS],
        ((identifier, *row) for row in rows),
    )
    return identifier


def find_run(connection: Connection, header: RunHeader) -> UUID | None:
    """A stored run of the same parameters over the same data and boundaries, if there is one."""
    values = asdict(header) | {"parameters": Jsonb(dict(header.parameters))}
    identifier: UUID | None = connection.execute(query("find_run"), values).scalar()
    return identifier


def populations(
    connection: Connection, edition: str, level: str, codes: list[str], year: int
) -> NDArray[np.float64]:
    """Inhabitants of units in the year nearest to `year`, shape (codes,); NaN where unknown."""
    rows = connection.execute(
        query("populations"), {"edition": edition, "level": level, "year": year}
    )
    known = {code: float(value) for code, value in rows}
    return np.array([known.get(code, np.nan) for code in codes])
