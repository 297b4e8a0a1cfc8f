"""Commands on dismantled networks."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from geo import pipeline
from geo.records.code_lists import code_list
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)

MOST_LINES = 15
COLUMNS = ("start", "start_name", "end", "end_name", "networks", "legs")


@app.callback()
def networks() -> None:
    """Đường dây đã triệt phá / dismantled networks."""


@app.command()
def flows(
    period_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="triệt phá từ ngày / dismantled from"),
    ] = None,
    period_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="đến hết / last day")
    ] = None,
    edition: Annotated[
        Literal["2024", "2025"], typer.Option(help="phiên bản địa giới / boundary edition")
    ] = "2025",
    level: Annotated[
        Literal["province", "district", "commune"], typer.Option(help="cấp / level")
    ] = "province",
    scope: Annotated[list[str] | None, typer.Option(help="phạm vi / scope")] = None,
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="ghi ra tệp .csv hoặc .geojson / write to")
    ] = None,
) -> None:
    """Luồng, tuyến, nơi qua biên giới, nơi dùng chung / flows, routes, crossings, shared places."""
    if (edition, level) == ("2025", "district"):
        raise typer.BadParameter("từ 01/7/2025 không còn cấp huyện / districts ended in 2025")
    if unknown := set(scope or ()) - set(code_list("network_scope")):
        raise typer.BadParameter(f"không có phạm vi / no such scope: {', '.join(sorted(unknown))}")
    if output and output.suffix not in {".csv", ".geojson"}:
        raise typer.BadParameter("--output: tên tệp .csv hoặc .geojson / name it .csv or .geojson")
    if output and not output.parent.is_dir():
        raise typer.BadParameter(f"không có thư mục / no such folder: {output.parent}")
    wanted = pipeline.FlowFilter(
        edition,
        level,
        period_from and period_from.date(),
        period_to and period_to.date() + timedelta(days=1),
        tuple(scope or ()),
    )
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = pipeline.as_geojson(pipeline.network_flows(connection, wanted))
    if output and output.suffix == ".csv":
        _write_table(output, (feature["properties"] for feature in found["features"]))
    elif output:
        output.write_bytes(orjson.dumps(found))
    else:
        _show(found)


def _write_table(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """A table of flows, with a mark at its head by which spreadsheets know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)


def _show(found: Mapping[str, Any]) -> None:
    names = {place["place"]: place["name"] for place in found["places"]}
    typer.echo(f"{len(found['cases'])} đường dây / networks")
    left_out = found["stops_unplaced"]
    if left_out:
        typer.echo(f"{left_out} địa điểm không rõ đơn vị, không tính / places without a unit")
    flows = [feature["properties"] for feature in found["features"]]
    _list("Luồng / flows", ((one, _way(names, (one["start"], one["end"]))) for one in flows))
    routes = ((one, [step["place"] for step in one["steps"]]) for one in found["routes"])
    _list("Tuyến / routes", ((one, _way(names, places)) for one, places in routes))
    _list("Qua biên giới / crossings", ((one, _crossing(one)) for one in found["crossings"]))
    _list(
        "Nơi dùng chung / shared places",
        (
            (place, f"{place['name']} (betweenness {place['betweenness']:.3f})")
            for place in found["places"]
            if place["networks"] > 1
        ),
    )


def _list(title: str, lines: Iterable[tuple[Mapping[str, Any], str]]) -> None:
    typer.echo(f"\n{title}")
    rows = list(lines)
    for row, words in rows[:MOST_LINES]:
        typer.echo(f"{row['networks']:>6}  {words}")
    if len(rows) > MOST_LINES:
        typer.echo(
            f"        … {len(rows) - MOST_LINES} dòng nữa, xem --output / more with --output"
        )


def _way(names: Mapping[str, str], places: Iterable[str]) -> str:
    """Names of places on a way, each once where it is both left and come to."""
    return " → ".join(names[place] for place, _ in groupby(places))


def _crossing(one: Mapping[str, Any]) -> str:
    kind = code_list("crossing_type").get(one["crossing"])
    how = kind.label_vi if kind else "chưa rõ cách / kind unknown"
    where = one["gate"] or one["border_section"] or "xa biên giới đất liền / far from the border"
    return f"{how}, {where}"
