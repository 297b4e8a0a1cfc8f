"""The demonstration data as files that `bienmap import` reads."""

import json
from pathlib import Path

import pandas
import pyarrow

from geo.dates import COUNTRY_TIME
from geo.demo.generator import DemoData
from geo.demo.networks import NetworkTables

# Excel's own limit is 1,048,576 rows; far below it a file becomes slow to open.
MOST_EXCEL_ROWS = 50_000


def write_files(data: DemoData, folder: Path) -> list[Path]:
    """Write each record type as CSV (UTF-8 with byte order mark, for Excel) and as XLSX.

    With them, planted.json says which clusters were planted, and which communes had no outreach.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "incidents": _as_written(data.incidents),
        "outreach-events": _as_written(data.outreach_events),
        "prevention-models": _as_written(data.prevention_models),
        "networks": _one_row_for_each_place(data.networks),
    }
    written = []
    for name, frame in frames.items():
        written.append(folder / f"{name}.csv")
        frame.to_csv(written[-1], index=False, encoding="utf-8-sig", lineterminator="\r\n")
        if len(frame) <= MOST_EXCEL_ROWS:
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


def _one_row_for_each_place(networks: NetworkTables) -> pandas.DataFrame:
    """Networks as they are imported: a row is a place, with the crossing by which it is reached.

    The form knows one way to each place; where two recruiting places lead to the same one, the
    second way is left out.
    """
    legs = _as_written(networks.legs).rename(columns={"to_sequence": "sequence"})
    legs = legs.drop_duplicates(["network_external_id", "sequence"])
    places = _as_written(networks.nodes).merge(
        legs[["network_external_id", "sequence", "crossing"]],
        on=["network_external_id", "sequence"],
        how="left",
    )
    return (
        _as_written(networks.networks)
        .merge(places, left_on="external_id", right_on="network_external_id")
        .drop(columns="network_external_id")
    )


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
