"""The demonstration data as files that `bienmap import` reads."""

import json
from datetime import timedelta, timezone
from pathlib import Path

import pandas
import pyarrow

from geo.demo.generator import DemoData

COUNTRY_TIME = timezone(timedelta(hours=7))
# Excel's own limit is 1,048,576 rows; far below it a file becomes slow to open.
MOST_EXCEL_ROWS = 50_000


def write_files(data: DemoData, folder: Path) -> list[Path]:
    """Write each table as CSV (UTF-8 with byte order mark, for Excel) and incidents as XLSX too.

    With them, planted.json says which clusters were planted, and which communes had no outreach.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "incidents": data.incidents,
        "outreach-events": data.outreach_events,
        "networks": data.networks.networks,
        "network-nodes": data.networks.nodes,
        "network-legs": data.networks.legs,
    }
    written = []
    for name, table in tables.items():
        frame = _as_written(table)
        written.append(folder / f"{name}.csv")
        frame.to_csv(written[-1], index=False, encoding="utf-8-sig", lineterminator="\r\n")
        if name in ("incidents", "outreach-events") and len(frame) <= MOST_EXCEL_ROWS:
            written.append(folder / f"{name}.xlsx")
            frame.to_excel(written[-1], index=False, sheet_name=name)
    written.append(folder / "planted.json")
    written[-1].write_text(planted_json(data), encoding="utf-8")
    return written


def planted_json(data: DemoData) -> str:
    """The planted clusters and the communes without outreach, for tests of methods."""
    content = {
        "synthetic": True,
        "clusters": [cluster.as_json() for cluster in data.clusters],
        "communes_without_outreach": list(data.unvisited),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _as_written(table: pyarrow.Table) -> pandas.DataFrame:
    """The columns as a clerk would type them: lists joined by `;`, times local, ISO 8601."""
    frame = table.to_pandas()
    for field in table.schema:
        if pyarrow.types.is_list(field.type):
            frame[field.name] = frame[field.name].map(";".join)
        elif pyarrow.types.is_timestamp(field.type):
            local = frame[field.name].dt.tz_convert(COUNTRY_TIME)
            frame[field.name] = local.dt.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    own = [name for name in ("row_number", "content_hash", "network_id", "id") if name in frame]
    return frame.drop(columns=own)
