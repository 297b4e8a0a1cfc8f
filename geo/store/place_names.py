"""Names of places that people add: written, listed, taken away."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pyarrow
from sqlalchemy import Connection, text

from geo.errors import NotFoundError
from geo.store.actors import Actor, require_own_set
from geo.store.bulk import stage
from geo.store.database import query, statements
from geo.store.locations import (
    OutsideRow,
    drop_staged,
    hold_boundaries,
    locate_staged,
    outside_rows,
)


@dataclass(slots=True)
class AddedNames:
    """What became of names.

    `known` are ids of names that stood there before; `changed` those of them that have another
    point now. `repeated` rows put the name of an earlier row (the value) somewhere else; they and
    those outside the country are left out.
    """

    added: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    unchanged: int = 0
    known: list[UUID] = field(default_factory=list)
    outside: list[OutsideRow] = field(default_factory=list)
    repeated: dict[int, int] = field(default_factory=dict)


def add_names(
    connection: Connection, rows: pyarrow.Table, source: str, actor: str | None
) -> AddedNames:
    """Add names, or give known ones another point; runs inside the caller's transaction.

    Args:
        rows: row_number, kind, name, name_key, lon and lat (degrees, EPSG:4326, null where
            unknown), stated_edition, stated_level, stated_code.
    """
    hold_boundaries(connection)
    # One writer at a time: a name is looked for before it is added, and the time of the last write
    # tells the place box that there is something new.
    connection.execute(text("LOCK TABLE added_name IN SHARE ROW EXCLUSIVE MODE"))
    stage(connection, "added_name", rows, "staged_location")
    locate_staged(connection)
    outcome = AddedNames(outside=outside_rows(connection))
    make, repeat, change, add = statements("add_names")
    connection.execute(make)
    outcome.repeated = {row.row_number: row.first for row in connection.execute(repeat)}
    known = connection.execute(
        text("SELECT known, is_same FROM staged_name WHERE known IS NOT NULL")
    ).all()
    outcome.known = [row.known for row in known]
    outcome.changed = [row.known for row in known if not row.is_same]
    values = {"source": source, "actor": actor}
    connection.execute(change, values)
    outcome.added = list(connection.scalars(add, values))
    written = len(outcome.added) + len(outcome.changed)
    left_out = len(outcome.outside) + len(outcome.repeated)
    outcome.unchanged = rows.num_rows - left_out - written
    drop_staged(connection)
    connection.execute(text("DROP TABLE staged_name"))
    return outcome


@dataclass(frozen=True, slots=True)
class NameFilter:
    """Which names: of any of the kinds, in a unit (edition, level, code), after an id."""

    kinds: tuple[str, ...] = ()
    unit: tuple[str, str, str] | None = None
    after: UUID | None = None
    limit: int = 100


def list_names(
    connection: Connection, wanted: NameFilter, identifier: UUID | None = None
) -> list[dict[str, Any]]:
    """Added names by id, each with its units; longitude and latitude in degrees (EPSG:4326)."""
    edition, level, code = wanted.unit or (None,) * 3
    values = {
        "id": identifier,
        "kinds": list(wanted.kinds),
        "column": code and f"{level}_{edition}",
        "code": code,
        "after": wanted.after,
        "limit": wanted.limit,
    }
    return [dict(row) for row in connection.execute(query("list_names"), values).mappings()]


def require_own_name(connection: Connection, actor: Actor, identifier: UUID) -> None:
    """Refuse a name in none of the actor's units.

    Raises:
        AccessError: it lies elsewhere.
    """
    unit_set = connection.scalar(
        text("SELECT unit_set_id FROM added_name WHERE id = :id"), {"id": identifier}
    )
    require_own_set(connection, actor, unit_set)


def remove_name(connection: Connection, identifier: UUID, reason: str, actor: str | None) -> None:
    """Take a name out of the place box; it stays in the store with the reason.

    Raises:
        NotFoundError: there is none, or it was removed before.
    """
    connection.execute(text("LOCK TABLE added_name IN SHARE ROW EXCLUSIVE MODE"))
    removed = connection.execute(
        text(
            "UPDATE added_name SET deleted_at = now(), deleted_reason = :reason,"
            " version = version + 1, updated_at = clock_timestamp(), updated_by = :actor"
            " WHERE id = :id AND deleted_at IS NULL"
        ),
        {"id": identifier, "reason": reason, "actor": actor},
    ).rowcount
    if not removed:
        raise NotFoundError(
            "place_name.unknown",
            f"Không có tên {identifier}, hoặc đã bị xóa. Hãy tải lại danh sách tên.",
            f"There is no name {identifier}, or it was removed. Load the list of names again.",
        )
