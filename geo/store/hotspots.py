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

from geo.errors import NotFoundError
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


def mark_standard(connection: Connection, identifier: UUID) -> None:
    """Make it the newest standard run: the one that is shown unless another is asked for."""
    connection.execute(
        text("UPDATE hotspot_run SET standard_at = now() WHERE id = :id"), {"id": identifier}
    )


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


def list_runs(
    connection: Connection,
    edition: str | None = None,
    level: str | None = None,
    is_standard: bool | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """At most so many runs, the newest first; a standard run is as new as its last confirmation."""
    rows = connection.execute(
        text(
            "SELECT * FROM hotspot_run WHERE (CAST(:edition AS text) IS NULL OR edition = :edition)"
            " AND (CAST(:level AS text) IS NULL OR level = :level)"
            " AND (CAST(:standard AS boolean) IS NULL OR (standard_at IS NOT NULL) = :standard)"
            " ORDER BY coalesce(standard_at, created_at) DESC LIMIT :limit"
        ),
        {"edition": edition, "level": level, "standard": is_standard, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def get_run(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """One run.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        text("SELECT * FROM hotspot_run WHERE id = :id"), {"id": identifier}
    ).mappings()
    if found := row.first():
        return dict(found)
    raise NotFoundError(
        "run.unknown",
        f"Không có lần tính điểm nóng {identifier}.",
        f"There is no hotspot run {identifier}.",
    )


def run_results(connection: Connection, identifier: UUID) -> dict[str, list[Any]]:
    """The results of a run as columns, by code."""
    rows = connection.execute(
        text("SELECT * FROM hotspot_result WHERE run_id = :id ORDER BY code"), {"id": identifier}
    ).all()
    return {
        name: [getattr(row, "class" if name == "class" else name) for row in rows]
        for name in RESULT_COLUMNS
    }


def ranking(
    connection: Connection, identifier: UUID, *, border_only: bool, limit: int | None
) -> list[dict[str, Any]]:
    """The hottest units of a run, all of them without a limit: by class, then by score."""
    values = {"id": identifier, "border_only": border_only, "limit": limit}
    return [dict(row) for row in connection.execute(query("ranking"), values).mappings()]


def result_of_unit(
    connection: Connection, edition: str, level: str, code: str, run: UUID | None
) -> dict[str, Any] | None:
    """What a run says of one unit, with the run's own columns; null where it says nothing.

    Without a run it is the newest standard one of the whole country: what somebody computed for a
    question of his own answers nobody else's, however alike its parameters are.
    """
    values = {"edition": edition, "level": level, "code": code, "run": run}
    row = connection.execute(query("result_of_unit"), values).mappings().first()
    return dict(row) if row else None
