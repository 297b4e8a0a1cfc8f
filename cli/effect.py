"""The command on what an intervention did."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer

from cli.options import Edition, First, Last, Level, check_level, days, file_of
from geo.analysis.intervention import CONTROLS
from geo.errors import Language
from geo.pipeline.intervention import (
    FEWEST_MONTHS,
    MONTHS,
    MOST_CONTROLS,
    MOST_MONTHS,
    Campaign,
    InterventionQuestion,
    Network,
    answer,
)
from geo.pipeline.intervention_answers import told
from geo.pipeline.releases import EVERYTHING, Releases
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)
MONTHS_BEFORE = typer.Option(
    min=FEWEST_MONTHS, max=MOST_MONTHS, help="số tháng trước / months before"
)
MONTHS_AFTER = typer.Option(
    min=1, max=MOST_MONTHS, help="số tháng sau, nhiều nhất / months after, at most"
)


@app.command()
def effect(
    network: Annotated[
        UUID | None, typer.Option(help="đường dây đã triệt phá / a dismantled network")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="đơn vị có tuyên truyền / units of a campaign")
    ] = None,
    period_from: First = None,
    period_to: Last = None,
    months_before: Annotated[int, MONTHS_BEFORE] = MONTHS,
    months_after: Annotated[int, MONTHS_AFTER] = MONTHS,
    edition: Edition = "2025",
    level: Level = "commune",
    controls: Annotated[
        int, typer.Option(min=1, max=MOST_CONTROLS, help="đối chứng mỗi đơn vị / of each unit")
    ] = CONTROLS,
    output: Annotated[
        Path | None,
        typer.Option(dir_okay=False, callback=file_of(".json"), help="ghi ra tệp .json / write to"),
    ] = None,
    language: Annotated[Language, typer.Option(help="ngôn ngữ / language")] = "vi",
) -> None:
    """Trước và sau một lần triệt phá hay một đợt tuyên truyền / before and after, with controls."""
    check_level(edition, level)
    intervention = _intervention(network, unit or [], period_from, period_to)
    question = InterventionQuestion(
        intervention, edition, level, months_before, months_after, controls
    )
    settings = load_settings()
    releases = Releases(settings)
    with transaction(create_engine(settings.database_url)) as connection:
        counts = partial(releases.counts, audience=EVERYTHING)
        found = told(answer(connection, question, counts, releases.index), language)
    if output:
        output.write_bytes(orjson.dumps(found, default=str))
    _show(found)


def _intervention(
    network: UUID | None, units: list[str], first: datetime | None, last: datetime | None
) -> Network | Campaign:
    if network and not (units or first or last):
        return Network(network)
    if units and first and last and not network:
        return Campaign(tuple(sorted(set(units))), *days(first, last))
    raise typer.BadParameter(
        "--network, hoặc --unit với --from và --to / --network, or --unit with --from and --to"
    )


def _show(found: dict[str, Any]) -> None:
    typer.echo(found["explanation"])
    for name, title in (
        ("treated", "nơi tác động / treated"),
        ("ring", "liền kề / ring"),
        ("controls", "đối chứng / controls"),
    ):
        group = found[name]
        typer.echo(
            f"{title}: {len(group['codes'])} đơn vị / units,"
            f" {group['incidents_before']} → {group['incidents_after']} vụ / incidents"
        )
    for one in found["balance"]:
        typer.echo(f"cân bằng / balance, {one['name']}: {_plain(one['difference'])}")
    displacement = found["displacement"]
    if displacement["value"] is not None:
        ends = f"{_plain(displacement['lower'])} … {_plain(displacement['upper'])}"
        typer.echo(f"dịch chuyển / displacement (WDQ): {_plain(displacement['value'])} ({ends})")
    typer.echo(
        f"{found['before']['from']} … {found['after']['to']}, {found['software_version']},"
        f" {found['data_fingerprint']}",
        err=True,
    )


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
