"""Support figures in the store: written, found, and whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pyarrow
import sqlalchemy as sa
from sqlalchemy import Connection, text

from geo.errors import NotFoundError
from geo.records.digests import with_content_hash
from geo.records.figures import Period
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.bulk import stage
from geo.store.database import query
from geo.store.records import LoadOutcome, Origin, count_new, drop_unchanged
from geo.store.tables import SupportMeasure

# The country, and a province of an edition, as (edition, code).
Place = tuple[str, str]
NATIONAL: Place = ("", "")
HIDDEN = {
    "content_hash",
    "import_batch_id",
    "updated_reason",
    "deleted_at",
    "deleted_reason",
    "external_id",
}
ORDER = (
    SupportMeasure.period_from,
    SupportMeasure.programme,
    SupportMeasure.measure,
    SupportMeasure.edition,
    SupportMeasure.code,
    SupportMeasure.id,
)


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures: those whose period lies in [first, last]; `after` is the last one before."""

    programmes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    place: Place | None = None
    first: date | None = None
    last: date | None = None
    source: str | None = None
    after: UUID | None = None
    limit: int = 1_000


def load_figures(connection: Connection, rows: pyarrow.Table, origin: Origin) -> LoadOutcome:
    """Add or change figures, each known by its source and key; the same again changes nothing.

    Args:
        rows: external_id (see `figure_key`) and further columns of the table support_measure.
    """
    if "content_hash" not in rows.column_names:
        rows = with_content_hash(rows)
    if "row_number" in rows.column_names:
        rows = rows.drop_columns("row_number")
    stage(connection, "support_measure", rows)
    outcome = LoadOutcome(unchanged=drop_unchanged(connection, "support_measure", origin.source))
    outcome.added, outcome.changed = count_new(
        connection, "support_measure", "staged_record", origin.source
    )
    own = ", ".join(rows.column_names)
    changes = ", ".join(
        f"{name} = excluded.{name}"
        for name in rows.column_names
        if name not in ("id", "external_id")
    )
    if "updated_reason" not in rows.column_names:
        # A file gives no reason, and must not seem to have that of the version before.
        changes += ", updated_reason = NULL"
    connection.execute(
        text(
            f"INSERT INTO support_measure ({own}, source, created_by, updated_by,"  # noqa: S608
            f" import_batch_id, is_demo) SELECT {own}, :source, :actor, :actor, :batch, :is_demo"
            f" FROM staged_record ON CONFLICT (source, external_id) DO UPDATE SET {changes},"
            " updated_by = excluded.updated_by, import_batch_id = excluded.import_batch_id,"
            " deleted_at = NULL, deleted_reason = NULL"
        ),
        {
            "source": origin.source,
            "actor": origin.actor,
            "batch": origin.batch,
            "is_demo": origin.is_demo,
        },
    )
    connection.execute(text("DROP TABLE staged_record"))
    return outcome


def list_figures(connection: Connection, wanted: FigureFilter) -> list[dict[str, Any]]:
    """Figures by period, programme, measure and unit, without deleted ones."""
    own = [column for column in SupportMeasure.__table__.columns if column.name not in HIDDEN]
    conditions: list[sa.ColumnElement[bool]] = [SupportMeasure.deleted_at.is_(None)]
    if wanted.programmes:
        conditions.append(SupportMeasure.programme.in_(wanted.programmes))
    if wanted.measures:
        conditions.append(SupportMeasure.measure.in_(wanted.measures))
    if wanted.place is not None:
        conditions.append(sa.tuple_(SupportMeasure.edition, SupportMeasure.code) == wanted.place)
    if wanted.first:
        conditions.append(SupportMeasure.period_from >= wanted.first)
    if wanted.last:
        conditions.append(SupportMeasure.period_to <= wanted.last)
    if wanted.source:
        conditions.append(SupportMeasure.source == wanted.source)
    if wanted.after:
        last = sa.select(*ORDER).where(SupportMeasure.id == wanted.after).subquery()
        conditions.append(sa.tuple_(*ORDER) > sa.select(*last.c).scalar_subquery())
    rows = connection.execute(
        sa.select(*own).where(*conditions).order_by(*ORDER).limit(wanted.limit)
    )
    return [_figure(row) for row in rows.mappings()]


def get_figure(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """One figure.

    Raises:
        NotFoundError: there is none, or it was deleted.
    """
    own = [column for column in SupportMeasure.__table__.columns if column.name not in HIDDEN]
    row = connection.execute(
        sa.select(*own).where(SupportMeasure.id == identifier, SupportMeasure.deleted_at.is_(None))
    ).mappings()
    found = row.first()
    if found is None:
        raise NotFoundError(
            "record.unknown",
            f"Không có số liệu {identifier}, hoặc đã bị xóa.",
            f"There is no figure {identifier}, or it was deleted.",
        )
    return _figure(found)


def figures_beside(
    connection: Connection, figures: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """All figures of the same programmes, measures and years, of whatever unit and source.

    They are the ones with which those could be computed; each has what `list_figures` gives.
    """
    own = [column for column in SupportMeasure.__table__.columns if column.name not in HIDDEN]
    kinds = {(one["programme"], one["measure"], int(one["period"][:4])) for one in figures}
    year = sa.extract("year", SupportMeasure.period_from)
    rows = connection.execute(
        sa.select(*own).where(
            SupportMeasure.deleted_at.is_(None),
            sa.tuple_(SupportMeasure.programme, SupportMeasure.measure, year).in_(sorted(kinds)),
        )
    )
    return [_figure(row) for row in rows.mappings()]


def provinces_since(connection: Connection) -> dict[str, tuple[str, bool]]:
    """The province of 2025 in which one of 2024 lies, and whether it is all of that one."""
    rows = connection.execute(query("provinces_since"))
    return {row.before: (row.now, row.is_whole) for row in rows}


def place_of(connection: Connection, identifier: UUID) -> Place | None:
    """Of which unit a figure is, deleted or not; None where there is none."""
    row = connection.execute(
        sa.select(SupportMeasure.edition, SupportMeasure.code).where(
            SupportMeasure.id == identifier
        )
    ).first()
    return (row.edition, row.code) if row else None


def responsible_places(
    connection: Connection, units: Sequence[Jurisdiction]
) -> frozenset[Place] | None:
    """The provinces, of both editions, that lie wholly in somebody's units; None for all.

    Whoever is responsible for Quảng Trị of 2025 is so for Quảng Bình of before too.
    """
    if COUNTRY in units:
        return None
    own = [one for one in units if one.level == "province"]
    values = {"editions": [one.edition for one in own], "codes": [one.code for one in own]}
    rows: Sequence[Any] = connection.execute(query("responsible_provinces"), values).all()
    return frozenset((row.edition, row.code) for row in rows)


def _figure(row: Any) -> dict[str, Any]:
    figure = dict(row)
    period = Period(figure.pop("period_from"), figure.pop("period_to"))
    return {"id": str(figure.pop("id")), "period": period.text, **figure}
