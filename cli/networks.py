"""Commands on dismantled networks."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from cli.options import Edition, First, Last, Level, check_codes, check_level, days, file_of
from geo import pipeline
from geo.pipeline.sheets import source_lines, to_csv
from geo.places.situations import NEIGHBOURS
from geo.records.code_lists import code_list
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.store.units import features, find_units

app = typer.Typer(no_args_is_help=True)

MOST_LINES = 15
COLUMNS = ("start", "start_name", "end", "end_name", "networks", "legs")


@app.callback()
def networks() -> None:
    """Đường dây đã triệt phá / dismantled networks."""


@app.command()
def flows(
    period_from: First = None,
    period_to: Last = None,
    edition: Edition = "2025",
    level: Level = "province",
    scope: Annotated[list[str] | None, typer.Option(help="phạm vi / scope")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            callback=file_of(".csv", ".geojson"),
            help="ghi ra tệp .csv hoặc .geojson / write to",
        ),
    ] = None,
) -> None:
    """Luồng, tuyến, nơi qua biên giới, nơi dùng chung / flows, routes, crossings, shared places."""
    check_level(edition, level)
    check_codes("network_scope", scope or ())
    first, last = days(period_from, period_to)
    wanted = pipeline.FlowFilter(edition, level, first, last, tuple(scope or ()))
    with transaction(create_engine(load_settings().database_url)) as connection:
        merged = pipeline.network_flows(connection, wanted)
        provinces = {one["code"]: one["name"] for one in find_units(connection, "2025", "province")}
        known = [gate["properties"] for gate in features(connection, "border_gates")["features"]]
        gates = {gate["code"]: gate["name_vi"] for gate in known}
    found = pipeline.as_geojson(merged)
    if output and output.suffix.lower() == ".csv":
        flows = (feature["properties"] for feature in found["features"])
        rows = [COLUMNS, *([one[name] for name in COLUMNS] for one in flows)]
        output.write_bytes(to_csv(rows, source_lines(pipeline.flow_source(merged))))
    elif output:
        output.write_bytes(orjson.dumps(found))
    else:
        _show(found, provinces, gates)


def _show(found: Mapping[str, Any], provinces: Mapping[str, str], gates: Mapping[str, str]) -> None:
    names = {place["place"]: place["name"] for place in found["places"]}
    typer.echo(f"{len(found['cases'])} đường dây / networks")
    left_out = found["stops_unplaced"]
    if left_out:
        typer.echo(f"{left_out} địa điểm không rõ đơn vị, không tính / places without a unit")
    flows = [feature["properties"] for feature in found["features"]]
    _list("Luồng / flows", ((one, _way(names, (one["start"], one["end"]))) for one in flows))
    routes = ((one, [step["place"] for step in one["steps"]]) for one in found["routes"])
    _list("Tuyến / routes", ((one, _way(names, places)) for one, places in routes))
    _list(
        "Qua biên giới / crossings",
        ((one, _crossing(one, provinces, gates)) for one in found["crossings"]),
    )
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
            f"        … {len(rows) - MOST_LINES} dòng nữa, xem --output tệp.geojson"
            " / more with --output FILE.geojson"
        )


def _way(names: Mapping[str, str], places: Iterable[str]) -> str:
    """Names of places on a way, each once where it is both left and come to."""
    return " → ".join(names[place] for place, _ in groupby(places))


def _crossing(
    one: Mapping[str, Any], provinces: Mapping[str, str], gates: Mapping[str, str]
) -> str:
    kind = code_list("crossing_type").get(one["crossing"])
    how = kind.label_vi if kind else "chưa rõ cách / kind unknown"
    return f"{how}, {gates.get(one['gate']) or _stretch(one['border_section'], provinces)}"


def _stretch(section: str | None, provinces: Mapping[str, str]) -> str:
    """A stretch of the land border by its neighbour and province.

    >>> _stretch("LAO-44", {"44": "Quảng Trị"})
    'biên giới với Lào, đoạn Quảng Trị'
    """
    if section is None:
        return "xa biên giới đất liền / far from the border"
    neighbour, province = section.split("-")
    return f"biên giới với {NEIGHBOURS[neighbour][0]}, đoạn {provinces.get(province, province)}"
