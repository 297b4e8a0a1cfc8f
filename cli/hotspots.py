"""Commands on hotspot runs."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress

from geo import pipeline
from geo.analysis.hotspots import Measure, MethodName, Neighbourhood, Parameters
from geo.analysis.space_time import usual_share
from geo.settings import load_settings
from geo.store.database import create_engine

app = typer.Typer(no_args_is_help=True)

Method = Annotated[
    MethodName,
    typer.Option(help="phương pháp / method"),
]
# What is not given is as usual for the method.
Permutations = Annotated[
    int | None,
    typer.Option(min=99, max=999_999, help="hoán vị, lần lặp / permutations, replications"),
]
StepMonths = Annotated[
    int | None, typer.Option(min=1, max=12, help="số tháng mỗi lát / months in a time step")
]
LargestShare = Annotated[
    float | None,
    typer.Option(
        min=0.001, max=0.5, help="phần lớn nhất trong vòng tròn / largest share of a circle"
    ),
]


@app.callback()
def hotspots() -> None:
    """Phân tích điểm nóng / hotspot analysis."""


@app.command()
def run(
    edition: Annotated[
        Literal["2024", "2025"] | None, typer.Option(help="phiên bản địa giới / boundary edition")
    ] = None,
    level: Annotated[
        Literal["province", "district", "commune"], typer.Option(help="cấp / level")
    ] = "commune",
    period_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="từ ngày / first day")
    ] = None,
    period_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="đến hết / last day")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="loại vụ việc / kind of incident")] = None,
    method: Method = "gi_star",
    measure: Annotated[Measure, typer.Option(help="đại lượng / measure")] = "standardised_rate",
    border_only: Annotated[bool, typer.Option(help="chỉ đơn vị biên giới / border only")] = False,
    neighbourhood: Annotated[
        Neighbourhood, typer.Option(help="láng giềng / who is a neighbour")
    ] = "queen",
    nearest: Annotated[
        int, typer.Option(min=1, help="số láng giềng gần nhất / how many nearest units")
    ] = Parameters().nearest,
    reach_metres: Annotated[
        float,
        typer.Option(min=1, help="bán kính, hoặc dọc biên giới / radius, or along the border"),
    ] = Parameters().reach_metres,
    permutations: Permutations = None,
    step_months: StepMonths = None,
    largest_share: LargestShare = None,
    seed: Annotated[int, typer.Option(min=0)] = Parameters().seed,
) -> None:
    """Tính điểm nóng; không có --edition: các lớp chuẩn / without --edition the standard layers."""
    engine = create_engine(load_settings().database_url)
    if edition is None or period_from is None or period_to is None:
        if edition or period_from or period_to:
            raise typer.BadParameter("--edition, --from, --to: cần cả ba / give all three")
        runs = pipeline.run_standard(engine, progress=_tell)
    else:
        asked = {
            "method": method,
            "measure": measure,
            "border_only": border_only,
            "neighbourhood": neighbourhood,
            "nearest": nearest,
            "reach_metres": reach_metres,
            "replications": permutations,
            "permutations": permutations,
            "step_months": step_months,
            "largest_share": largest_share or usual_share(method, border_only=border_only),
            "seed": seed,
        }
        _tell(f"{edition} {level} {method}")
        days = period_from.date(), _day_after(period_to)
        question = pipeline.Question(edition, level, *days, kind or (), _parameters(asked))
        runs = [pipeline.run_hotspots(engine, question)]
    for identifier in runs:
        typer.echo(identifier)


@app.command()
def rerun(
    run: Annotated[UUID, typer.Argument(help="mã lần tính / id of the run")],
) -> None:
    """Tính lại từ tham số đã lưu / compute a stored run again: is every number the same?"""
    engine = create_engine(load_settings().database_url)
    if not pipeline.rerun(engine, run):
        typer.echo("Kết quả khác. / The result differs.", err=True)
        raise typer.Exit(1)
    typer.echo("Giống đến chữ số cuối cùng. / The same to the last digit.")


@app.command()
def stability(
    run: Annotated[UUID, typer.Argument(help="mã lần tính / id of the run")],
) -> None:
    """Loại có giữ nguyên khi tính khác đi? / do classes hold when it is computed otherwise?"""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("độ vững / stability", total=1.0)
        engine = create_engine(load_settings().database_url)
        pipeline.examine(engine, run, lambda part: bar.update(task, completed=part))


def _parameters(asked: dict[str, Any]) -> Any:
    """Those that the method has, of what was asked for; the rest as usual."""
    kind = pipeline.KINDS_OF_PARAMETERS[asked["method"]]
    names = [one.name for one in fields(kind) if asked.get(one.name) is not None]
    return kind(**{name: asked[name] for name in names})


def _tell(line: str) -> None:
    typer.echo(f"• {line}", err=True)


def _day_after(moment: datetime) -> date:
    return date.fromordinal(moment.toordinal() + 1)
