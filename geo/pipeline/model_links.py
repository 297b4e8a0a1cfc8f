"""Which club or model held an event: rows name it by its id or external id."""

from typing import Any

import pyarrow
import pyarrow.compute as pc
from sqlalchemy import Connection

from geo.importers.cells import CellError
from geo.importers.tables import ReadResult
from geo.store.database import query

LINK = "prevention_model_id"


def link_models(connection: Connection, result: ReadResult, source: str) -> None:
    """Put ids in place of what rows name; rows that name none that is stored are rejected."""
    if result.rows is None or LINK not in result.rows.column_names:
        return
    said = result.rows[LINK]
    texts = [one for one in said.unique().to_pylist() if one is not None]
    found = connection.execute(query("known_models"), {"texts": texts, "source": source})
    known: dict[str, str] = dict(found.tuples().all())
    missing = [one for one in texts if one not in known]
    unknown = pc.is_in(said, pyarrow.array(missing, pyarrow.string()))
    for number in result.rows.filter(unknown)["row_number"].to_pylist():
        row = result.contents(number)
        row.problems.append(_problem(row.content, result.headings.get(LINK, LINK)))
        result.rejected.append(row)
    rows = result.rows.filter(pc.invert(unknown))
    linked = pyarrow.array([known.get(one or "") for one in rows[LINK].to_pylist()])
    place = rows.column_names.index(LINK)
    result.rows = rows.set_column(place, LINK, linked.cast(pyarrow.string()))


def _problem(content: dict[str, str | None], heading: str) -> dict[str, Any]:
    text = content.get(heading)
    error = CellError(
        "model_unknown",
        f"Không có mô hình, câu lạc bộ “{text}”. Hãy nhập mô hình trước, hoặc sửa mã.",
        f"There is no club or model “{text}”. Enter it first, or correct its ID.",
    )
    return error.problem(heading, text)
