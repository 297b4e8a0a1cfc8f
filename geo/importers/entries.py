"""Networks as somebody entered them, held to the rules for the rows of a file."""

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow

from geo.boundaries.names import UnitNames
from geo.importers.raw_tables import RawTable
from geo.importers.tables import ReadResult, check_table
from geo.records.fields import fields_of


def check_network(
    rows: Sequence[Mapping[str, str | None]], *, names: UnitNames, today: date
) -> ReadResult:
    """Check a network, a row for each of its places, by the names of fields; rows count from 1."""
    fields = fields_of("network")
    columns = {
        name: pyarrow.array([row.get(name) for row in rows], pyarrow.string()) for name in fields
    }
    numbers = pyarrow.array(range(1, len(rows) + 1), pyarrow.int32())
    raw = RawTable(columns, {name: name for name in fields}, numbers)
    return check_table(raw, "network", names, today, is_entry=True)
