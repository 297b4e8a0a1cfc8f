"""Commands on the coverage gap, and on plans of sessions that mend it."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.options import Edition, First, Kinds, Last, Level, days, file_of
from geo.analysis.coverage import HALF_LIFE_DAYS
from geo.analysis.session_plan import Terms
from geo.errors import Language
from geo.pipeline import coverage_tables, sheets
from geo.pipeline.coverage import Coverage, CoverageQuestion, cover, usual_period
from geo.pipeline.releases import EVERYTHING, Releases
from geo.pipeline.session_plans import SessionPlan, plan_for
from geo.settings import Settings, load_settings
from geo.store.database import create_engine, transaction
from geo.store.outreach import coverage_units

app = typer.Typer(no_args_is_help=True)
Rows = Sequence[Mapping[str, Any]]
LONGEST_SEARCH = 300.0


OutreachKinds = Annotated[list[str] | None, typer.Option(help="hình thức / kind of outreach")]
Audiences = Annotated[list[str] | None, typer.Option(help="đối tượng / audience that is meant")]
BorderOnly = Annotated[bool, typer.Option(help="chỉ đơn vị biên giới / border units only")]
Province = Annotated[str | None, typer.Option(help="mã tỉnh / code of a province")]
HalfLife = Annotated[
    float, typer.Option(min=1, max=3650, help="chu kỳ bán rã, ngày / half-life of a session, days")
]
Output = Annotated[
    Path | None,
    typer.Option(
        dir_okay=False,
        callback=file_of(".csv", ".xlsx", ".geojson"),
        help="tệp / file: .csv, .xlsx, .geojson",
    ),
]
Speech = Annotated[Language, typer.Option("--language", help="ngôn ngữ / language of the table")]
Limit = Annotated[int, typer.Option(min=1, help="số hàng in ra / rows to print")]


@app.command()
def coverage(
    edition: Edition = "2025",
    level: Level = "commune",
    period_from: First = None,
    period_to: Last = None,
    kind: Kinds = None,
    outreach_kind: OutreachKinds = None,
    audience: Audiences = None,
    border_only: BorderOnly = False,
    province: Province = None,
    half_life: HalfLife = HALF_LIFE_DAYS,
    output: Output = None,
    language: Speech = "vi",
    limit: Limit = 20,
) -> None:
    """Nơi nguy cơ vượt độ phủ tuyên truyền, rộng nhất trước / the widest gaps first."""
    question = CoverageQuestion(
        edition, level, *usual_period(*days(period_from, period_to)), tuple(kind or ()),
        tuple(outreach_kind or ()), tuple(audience or ()), border_only, province, half_life,
    )  # fmt: skip
    found = _covered(load_settings(), question)[0]
    rows = coverage_tables.coverage_rows(found)
    _show(coverage_tables.OF_UNITS, rows, language, limit)
    typer.echo(_facts(found), err=True)
    if output:
        document = coverage_tables.geojson(coverage_tables.OF_UNITS, rows)
        document["coverage"] = coverage_tables.context(found)
        title, _, title_of_source = coverage_tables.SHEETS[language]
        table = coverage_tables.table(coverage_tables.OF_UNITS, rows, language)
        source = coverage_tables.coverage_source(found)
        _write(output, {title: table, title_of_source: source}, document)


@app.command()
def plan(
    sessions: Annotated[int, typer.Argument(min=1, help="số buổi / sessions altogether")],
    edition: Edition = "2025",
    level: Level = "commune",
    period_from: First = None,
    period_to: Last = None,
    kind: Kinds = None,
    outreach_kind: OutreachKinds = None,
    audience: Audiences = None,
    border_only: BorderOnly = False,
    province: Province = None,
    half_life: HalfLife = HALF_LIFE_DAYS,
    post: Annotated[
        list[str] | None,
        typer.Option(help="nơi đóng quân: mã hoặc kinh độ,vĩ độ / a code, or longitude,latitude"),
    ] = None,
    teams: Annotated[
        int, typer.Option(min=1, max=10, help="số đội mỗi nơi / teams at each post")
    ] = 1,
    per_team: Annotated[
        int | None, typer.Option(min=1, help="số buổi mỗi đội / sessions of a team")
    ] = None,
    travel_km: Annotated[
        float, typer.Option(min=1, help="km đường chim bay / as the crow flies")
    ] = 60,
    catchment_km: Annotated[
        float, typer.Option(min=0, help="phạm vi phục vụ, km / how far a session serves")
    ] = 0,
    output: Output = None,
    language: Speech = "vi",
) -> None:
    """Đội nào đến xã nào để phủ được nhiều nhất / which team visits which commune."""
    question = CoverageQuestion(
        edition, level, *usual_period(*days(period_from, period_to)), tuple(kind or ()),
        tuple(outreach_kind or ()), tuple(audience or ()), border_only, province, half_life,
    )  # fmt: skip
    found, provinces = _covered(load_settings(), question)
    _tell("lập kế hoạch / planning")
    terms = Terms(sessions, travel_km, per_team, catchment_km)
    made = plan_for(found, provinces, post or (), teams, terms, LONGEST_SEARCH)
    rows = coverage_tables.visit_rows(made)
    _show(coverage_tables.OF_VISITS, rows, language, len(rows))
    typer.echo(_quality(made), err=True)
    if output:
        document = coverage_tables.geojson(coverage_tables.OF_VISITS, rows)
        document |= coverage_tables.plan_document(made)
        _, title, title_of_source = coverage_tables.SHEETS[language]
        table = coverage_tables.table(coverage_tables.OF_VISITS, rows, language)
        source = coverage_tables.plan_source(made)
        _write(output, {title: table, title_of_source: source}, document)


def _covered(settings: Settings, question: CoverageQuestion) -> tuple[Coverage, Any]:
    """The coverage, and the provinces of its edition."""
    last_day = question.last - timedelta(days=1)
    _tell(f"{question.edition} {question.level}: {question.first} – {last_day}")
    releases = Releases(settings)
    with transaction(create_engine(settings.database_url)) as connection:
        counts = partial(releases.counts, audience=EVERYTHING)
        found = cover(connection, question, counts, releases.index)
        return found, coverage_units(connection, question.edition, "province")


def _show(names: Sequence[str], rows: Rows, language: Language, limit: int) -> None:
    lines = coverage_tables.table(names, rows[:limit], language)
    cells = [["" if cell is None else str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def _write(
    path: Path, tables: Mapping[str, Sequence[Sequence[sheets.Cell]]], document: dict[str, Any]
) -> None:
    """The rows and what they came from, two tables or a document, as the file's name wants it."""
    match path.suffix.lower():
        case ".csv":
            path.write_bytes(sheets.to_csv(*tables.values()))
        case ".xlsx":
            path.write_bytes(sheets.to_workbook(tables))
        case _:
            path.write_text(json.dumps(document, default=str, ensure_ascii=False), "utf-8")
    _tell(f"{path}")


def _facts(found: Coverage) -> str:
    incidents, events = found.used["records"], found.used["events"]
    left_out, data = sum(found.left_out.values()), found.data_fingerprint[:12]
    return (
        f"Tính từ {incidents} vụ, {events} hoạt động; không tính {left_out}; dấu vân số liệu {data}"
        f"\nFrom {incidents} incidents, {events} events; {left_out} left out; data {data}"
    )


def _quality(made: SessionPlan) -> str:
    plan, asked = made.plan, made.terms.sessions
    done, served = len(plan.visits), plan.served / plan.within_need if plan.within_need else 0.0
    best_vi = "tối ưu" if plan.is_optimal else "chưa chắc tối ưu"
    best_en = "the best there is" if plan.is_optimal else "perhaps not the best"
    return (
        f"{done}/{asked} buổi, {len(plan.served_units)} đơn vị, phủ {served:.0%} nhu cầu trong tầm"
        f" đi: {best_vi}\n{done} of {asked} sessions, {len(plan.served_units)} units, {served:.0%}"
        f" of the need within reach: {best_en}"
    )


def _tell(line: str) -> None:
    typer.echo(f"• {line}", err=True)
