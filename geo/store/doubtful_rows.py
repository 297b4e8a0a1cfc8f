"""Rows of an import that went in although their place does not quite fit."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Row

from geo.store.database import query


def doubtful_rows(
    connection: Connection, record_type: str, batch: UUID, most: int
) -> Sequence[Row[tuple[object, ...]]]:
    """The first rows of each kind, and how many there are in all; see sql/doubtful_rows.sql.

    A row that was stored before, just so, belongs to the batch that brought it.

    Returns:
        Rows of code (point_across_edge or stated_unit_differs), external_id, sequence (of a place
        in its network, else 0), rows_in_all, distance_m (geodesic, to the commune taken), and the
        codes of the stated unit and of those found.
    """
    values = {"record_type": record_type, "batch": batch, "most": most}
    return connection.execute(query("doubtful_rows"), values).all()
