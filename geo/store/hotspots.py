"""Hotspot runs: what they read, and writing what they found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geo.errors import NotFoundError
from geo.records.code_lists import code_list
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
    "quadrant",
    "trend_z",
    "trend_p",
    "states",
    "cluster_rank",
)
CLUSTER_COLUMNS = (
    "rank",
    "centre",
    "members",
    "radius_m",
    "period_from",
    "period_to",
    "incidents",
    "expected",
    "relative_risk",
    "ratio",
    "p",
    "gumbel_p",
    "recurrence_months",
    "class",
)


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What identifies a run and lets it be computed again; `period_to` is exclusive.

    `border_fingerprint` is that of the land-border line, for runs that depend on it; `left_out`
    says by reason which records and how many units took no part. One that is restricted tells of
    single incidents: it is for those alone who see all counts.
    """

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
    border_fingerprint: str | None
    left_out: Mapping[str, int]
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found: a row of RESULT_COLUMNS for each unit, of CLUSTER_COLUMNS for a cluster."""

    rows: Sequence[tuple[Any, ...]]
    clusters: Sequence[tuple[Any, ...]] = ()


def save_run(connection: Connection, header: RunHeader, findings: Findings) -> UUID:
    """Write a run and what it found; one that was stored meanwhile for the same stays the only one.

    Whoever else stores the same waits until this transaction ends.
    """
    key = f"{header.method} {header.data_fingerprint} {sorted(header.parameters.items())}"
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
    )
    if known := find_run(connection, header):
        return known
    values = _bound(header)
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
        ((identifier, *row) for row in findings.rows),
    )
    copy_rows(
        connection,
        "hotspot_cluster",
        ["run_id", *CLUSTER_COLUMNS],
        ((identifier, *row) for row in findings.clusters),
    )
    return identifier


def save_stability(
    connection: Connection,
    identifier: UUID,
    tried: Mapping[str, int],
    columns: Mapping[str, Sequence[Any]],
) -> None:
    """Write how the classes of a run held.

    Args:
        tried: how many variants were computed, by family.
        columns: code and the columns of hotspot_result that say how a unit's class held.
    """
    connection.execute(query("save_stability"), {"id": identifier, **columns})
    connection.execute(
        text("UPDATE hotspot_run SET variants = :tried WHERE id = :id"),
        {"id": identifier, "tried": Jsonb(tried)},
    )


def _bound(header: RunHeader) -> dict[str, Any]:
    documents = {"parameters": Jsonb(dict(header.parameters)), "left_out": Jsonb(header.left_out)}
    return asdict(header) | documents


def mark_standard(connection: Connection, identifier: UUID) -> None:
    """Make it the newest standard run: the one that is shown unless another is asked for."""
    connection.execute(
        text("UPDATE hotspot_run SET standard_at = now() WHERE id = :id"), {"id": identifier}
    )


def find_run(connection: Connection, header: RunHeader) -> UUID | None:
    """A stored run of the same parameters over the same data and boundaries, if there is one."""
    identifier: UUID | None = connection.execute(query("find_run"), _bound(header)).scalar()
    return identifier


def populations(
    connection: Connection, edition: str, level: str, codes: list[str], year: int
) -> NDArray[np.float64]:
    """Inhabitants of units in the year nearest to `year`, shape (codes,); NaN where unknown."""
    row = connection.execute(
        query("populations"), {"edition": edition, "level": level, "year": year}
    ).one()
    known = dict(zip(row.codes, row.people, strict=True))
    return np.array([known.get(code, np.nan) for code in codes], dtype=np.float64)


def list_runs(
    connection: Connection,
    edition: str | None = None,
    level: str | None = None,
    is_standard: bool | None = None,
    limit: int = 50,
    method: str | None = None,
    *,
    also_restricted: bool = False,
) -> list[dict[str, Any]]:
    """At most so many runs, the newest first; a standard run is as new as its last confirmation."""
    rows = connection.execute(
        text(
            "SELECT * FROM hotspot_run WHERE (CAST(:edition AS text) IS NULL OR edition = :edition)"
            " AND (CAST(:level AS text) IS NULL OR level = :level)"
            " AND (CAST(:standard AS boolean) IS NULL OR (standard_at IS NOT NULL) = :standard)"
            " AND (CAST(:method AS text) IS NULL OR method = :method)"
            " AND (NOT is_restricted OR :also_restricted)"
            " ORDER BY coalesce(standard_at, created_at) DESC LIMIT :limit"
        ),
        {
            "edition": edition,
            "level": level,
            "standard": is_standard,
            "limit": limit,
            "method": method,
            "also_restricted": also_restricted,
        },
    )
    return [dict(row) for row in rows.mappings()]


def get_run(connection: Connection, identifier: UUID, *, also_restricted: bool) -> dict[str, Any]:
    """One run.

    Args:
        also_restricted: whether it is for somebody who sees all counts.

    Raises:
        NotFoundError: there is none that may be seen.
    """
    row = connection.execute(
        text(
            "SELECT * FROM hotspot_run WHERE id = :id AND (NOT is_restricted OR :also_restricted)"
        ),
        {"id": identifier, "also_restricted": also_restricted},
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
    found = connection.execute(
        text(
            f"SELECT {', '.join(RESULT_COLUMNS)} FROM hotspot_result"  # noqa: S608  own names only
            " WHERE run_id = :id ORDER BY code"
        ),
        {"id": identifier},
    )
    columns = list(zip(*found.tuples(), strict=True)) or [()] * len(RESULT_COLUMNS)
    return {name: list(column) for name, column in zip(RESULT_COLUMNS, columns, strict=True)}


def run_classes(connection: Connection, identifier: UUID) -> dict[str, int | None]:
    """The class of each unit in a run, by code and in the order of codes."""
    statement = "SELECT code, class FROM hotspot_result WHERE run_id = :id ORDER BY code"
    return dict(connection.execute(text(statement), {"id": identifier}).tuples().all())


def stability(connection: Connection, identifier: UUID) -> list[float | None]:
    """The part of variants, 0 to 1, in which units stay hot, cold or neither, by code."""
    return list(connection.scalars(query("stability"), {"id": identifier}))


def clusters(connection: Connection, identifier: UUID) -> list[dict[str, Any]]:
    """The clusters of a scan, the likeliest first; none for runs of other methods."""
    return [
        dict(row) for row in connection.execute(query("clusters"), {"id": identifier}).mappings()
    ]


def cluster_rows(connection: Connection, identifier: UUID) -> list[tuple[Any, ...]]:
    """Rows of CLUSTER_COLUMNS as they were saved, by rank."""
    return [
        tuple(row[name] for name in CLUSTER_COLUMNS) for row in clusters(connection, identifier)
    ]


def border_line_fingerprint(connection: Connection) -> str | None:
    """MD5, in hexadecimal, of the land-border line; None without one."""
    found: str | None = connection.scalar(query("border_line_fingerprint"))
    return found


def month_counts(
    connection: Connection, column: str, kinds: Sequence[str], months: tuple[int, int]
) -> list[tuple[str | None, int, int]]:
    """Countable incidents by unit and month, [first, last), where there are any.

    Args:
        column: of unit_set, which names edition and level.
        months: each as year * 12 + month - 1.

    Returns:
        code (None for what lies in no one unit), how many months after the first, incidents.
    """
    values = {
        "column": column,
        "kinds": list(kinds),
        "first_month": months[0],
        "last_month": months[1],
    }
    return [tuple(row) for row in connection.execute(query("cube_counts"), values)]


def week_counts(
    connection: Connection, column: str, kinds: Sequence[str], first: date, weeks: int
) -> list[tuple[str | None, int, int]]:
    """As `month_counts`, by so many weeks from a first day on."""
    values = {
        "column": column,
        "kinds": list(kinds or code_list("incident_kind")),
        "first": first,
        "weeks": weeks,
    }
    return [tuple(row) for row in connection.execute(query("week_counts"), values)]


def ranking(
    connection: Connection,
    identifier: UUID,
    order: Sequence[int],
    *,
    border_only: bool,
    limit: int | None,
) -> list[dict[str, Any]]:
    """The hottest units of a run, all of them without a limit: by class, then by score.

    Args:
        order: the classes of hot units, those that come first first.
    """
    values = {"id": identifier, "order": list(order), "border_only": border_only, "limit": limit}
    return [dict(row) for row in connection.execute(query("ranking"), values).mappings()]


def result_of_unit(
    connection: Connection,
    edition: str,
    level: str,
    code: str,
    run: UUID | None,
    *,
    also_restricted: bool,
) -> dict[str, Any] | None:
    """What a run says of one unit, with the run's own columns; null where it says nothing.

    Without a run it is the newest standard one of the whole country: what somebody computed for a
    question of his own answers nobody else's, however alike its parameters are.

    Args:
        also_restricted: whether it is for somebody who sees all counts.
    """
    values = {
        "edition": edition,
        "level": level,
        "code": code,
        "run": run,
        "also_restricted": also_restricted,
    }
    row = connection.execute(query("result_of_unit"), values).mappings().first()
    return dict(row) if row else None
