"""Inhabitants of units by year: those that ship with the product, and imported ones."""

from typing import Any
from uuid import UUID

import pandas
import pyarrow
from sqlalchemy import Connection, text

from geo.store.bulk import copy_rows, stage
from geo.store.database import query, statements
from geo.store.locations import apportion, hold_boundaries
from geo.store.records import LoadOutcome

COLUMNS = ("edition", "level", "code", "year", "value", "source", "estimated")


def save_populations(connection: Connection, rows: pyarrow.Table, batch: UUID) -> LoadOutcome:
    """Write imported figures over those known of the same unit and year.

    What is known only by a unit that lies in several falls on these by their new inhabitants.

    Args:
        rows: COLUMNS, each unit and year once.
    """
    hold_boundaries(connection)
    # No set of units is added meanwhile: its shares would follow the inhabitants of before.
    connection.execute(text("LOCK TABLE unit_set, population IN SHARE ROW EXCLUSIVE MODE"))
    stage(connection, "population", rows.select(COLUMNS), "staged_population")
    compare, save = statements("save_populations")
    counts = connection.execute(compare).one()
    connection.execute(save, {"batch": batch})
    connection.execute(text("DROP TABLE staged_population"))
    if counts.added or counts.changed:
        apportion(connection)
    return LoadOutcome(counts.added, counts.changed, counts.unchanged)


def replace_shipped(connection: Connection, rows: pandas.DataFrame) -> None:
    """Put the figures that ship in place of those that shipped before; imported ones stay.

    Where a figure of the same unit and year was imported, the one that ships is left out.
    """
    connection.execute(text("DELETE FROM population WHERE import_batch_id IS NULL"))
    connection.execute(
        text("CREATE TEMP TABLE shipped (LIKE population INCLUDING DEFAULTS) ON COMMIT DROP")
    )
    copy_rows(connection, "shipped", COLUMNS, rows[list(COLUMNS)].itertuples(index=False))
    connection.execute(text("INSERT INTO population SELECT * FROM shipped ON CONFLICT DO NOTHING"))
    connection.execute(text("DROP TABLE shipped"))


def list_populations(
    connection: Connection, *, level: str | None = None, year: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Figures with the names of their units, the newest first; each row says how many there are.

    `file_name` and `imported_at` are null for those that ship.
    """
    values = {"level": level, "year": year, "limit": limit}
    return [dict(row) for row in connection.execute(query("list_populations"), values).mappings()]
