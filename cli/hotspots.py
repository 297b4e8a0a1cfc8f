"""Commands on hotspot runs."""

from datetime import date, datetime
from typing import Annotated, Literal

import typer

from geo import pipeline
from geo.analysis.hotspots import Measure, Neighbourhood, Parameters
from geo.settings import load_settings
from geo.store.database import create_engine

app = typer.Typer(no_args_is_help=True)


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
    method: Annotated[
        Literal["gi_star", "local_moran"], typer.Option(help="phương pháp / method")
    ] = "gi_star",
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
    permutations: Annotated[int, typer.Option(min=99, max=999_999)] = (Parameters().permutations),
    seed: Annotated[int, typer.Option(min=0)] = Parameters().seed,
) -> None:
    """Tính điểm nóng; không có --edition: các lớp chuẩn / without --edition the standard layers."""
    engine = create_engine(load_settings().database_url)
    if edition is None or period_from is None or period_to is None:
        if edition or period_from or period_to:
            raise typer.BadParameter("--edition, --from, --to: cần cả ba / give all three")
        runs = pipeline.run_standard(engine)
    else:
        parameters = Parameters(
            method=method,
            measure=measure,
            border_only=border_only,
            neighbourhood=neighbourhood,
            nearest=nearest,
            reach_metres=reach_metres,
            permutations=permutations,
            seed=seed,
        )
        first, last = period_from.date(), _day_after(period_to)
        question = pipeline.Question(edition, level, first, last, kind or (), parameters)
        runs = [pipeline.run_hotspots(engine, question)]
    for identifier in runs:
        typer.echo(identifier)


def _day_after(moment: datetime) -> date:
    return date.fromordinal(moment.toordinal() + 1)
