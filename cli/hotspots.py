"""Commands on hotspot runs."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import typer
from sqlalchemy import Engine

from cli import progress
from cli.options import Edition, First, Kinds, Last, Level, check_codes, check_level, days
from geo import pipeline
from geo.analysis.explanation import stability_grade
from geo.analysis.hotspots import Measure, MethodName, Neighbourhood
from geo.analysis.review_queue import LEAST_CLASS
from geo.pipeline import hotspot_reviews
from geo.pipeline.progress import EXAMINING
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.store.hotspots import get_run, run_classes
from geo.store.hotspots import stability as stability_of

app = typer.Typer(no_args_is_help=True)

Method = Annotated[
    MethodName,
    typer.Option(help="phương pháp / method"),
]
# What is not given is as usual for the method.
WhichMeasure = Annotated[Measure | None, typer.Option(help="đại lượng / measure")]
Who = Annotated[Neighbourhood | None, typer.Option(help="láng giềng / who is a neighbour")]
Nearest = Annotated[
    int | None, typer.Option(min=1, max=50, help="số láng giềng gần nhất / how many nearest units")
]
Reach = Annotated[
    float | None,
    typer.Option(
        min=1, max=200_000, help="bán kính, hoặc dọc biên giới / radius, or along the border"
    ),
]
Permutations = Annotated[
    int | None,
    typer.Option(
        "--permutations",
        "--replications",
        min=99,
        max=999_999,
        help="hoán vị, lần lặp / permutations, replications",
    ),
]
StepMonths = Annotated[
    int | None, typer.Option(min=1, max=12, help="số tháng mỗi lát / months in a time step")
]
StepWeeks = Annotated[
    int | None,
    typer.Option(min=1, max=26, help="quét theo tuần: số tuần mỗi bước / scan by weeks: in a step"),
]
Prospective = Annotated[
    bool | None,
    typer.Option(
        "--prospective/--retrospective",
        help="quét cụm còn đến nay, hay mọi lúc / clusters there now, or at any time",
    ),
]
Longest = Annotated[
    int | None, typer.Option(min=1, max=60, help="cụm kéo dài nhiều nhất (bước) / longest, steps")
]
LargestShare = Annotated[
    float | None,
    typer.Option(
        min=0.001, max=0.5, help="phần lớn nhất trong vòng tròn / largest share of a circle"
    ),
]
Queue = Annotated[
    bool,
    typer.Option("--queue", help="giao cho máy tính toán / leave it to a worker, print the job"),
]


@app.callback()
def hotspots() -> None:
    """Phân tích điểm nóng / hotspot analysis."""


@app.command()
def run(
    edition: Annotated[
        Literal["2024", "2025"] | None, typer.Option(help="phiên bản địa giới / boundary edition")
    ] = None,
    level: Level = "commune",
    period_from: First = None,
    period_to: Last = None,
    kind: Kinds = None,
    method: Method = "gi_star",
    measure: WhichMeasure = None,
    border_only: Annotated[bool, typer.Option(help="chỉ đơn vị biên giới / border only")] = False,
    neighbourhood: Who = None,
    nearest: Nearest = None,
    reach_metres: Reach = None,
    permutations: Permutations = None,
    step_months: StepMonths = None,
    step_weeks: StepWeeks = None,
    prospective: Prospective = None,
    longest: Longest = None,
    largest_share: LargestShare = None,
    seed: Annotated[int | None, typer.Option(min=0)] = None,
    queue: Queue = False,
) -> None:
    """Tính điểm nóng; không có --edition: các lớp chuẩn / without --edition the standard layers."""
    engine = create_engine(load_settings().database_url)
    often = "replications" if method.startswith("scan_") else "permutations"
    asked: dict[str, Any] = {
        "measure": measure,
        "border_only": border_only or None,
        "neighbourhood": neighbourhood,
        "nearest": nearest,
        "reach_metres": reach_metres,
        often: permutations,
        "step_months": step_months,
        "step_weeks": step_weeks,
        "prospective": prospective,
        "longest": longest,
        "largest_share": largest_share,
        "seed": seed,
    }
    if edition is None or period_from is None or period_to is None:
        is_own = method != "gi_star" or kind or any(one is not None for one in asked.values())
        if edition or period_from or period_to or is_own:
            raise typer.BadParameter("--edition, --from, --to: cần cả ba / give all three")
        _standard(engine, queue=queue)
        return
    check_level(edition, level)
    check_codes("incident_kind", kind or ())
    parameters = pipeline.usual_parameters(method, asked)
    period = days(period_from, period_to)
    _answer(engine, pipeline.Question(edition, level, *period, kind or (), parameters), queue=queue)


def _standard(engine: Engine, *, queue: bool) -> None:
    if queue:
        with transaction(engine) as connection:
            typer.echo(pipeline.ask_standard(connection))
        return
    with progress.shown() as watch:
        made = pipeline.run_standard(engine, watch=watch)
    for run in made:
        typer.echo(run)


def _answer(engine: Engine, question: pipeline.Question, *, queue: bool) -> None:
    if queue:
        with transaction(engine) as connection:
            typer.echo(pipeline.ask_run(connection, question))
        return
    with progress.shown() as watch:
        made = pipeline.run_hotspots(engine, question, watch=watch)
    typer.echo(made)
    _tell(engine, made)


def _tell(engine: Engine, run: UUID) -> None:
    """What came out, beside the id: that alone is what programs read."""
    with transaction(engine) as connection:
        header = get_run(connection, run, also_restricted=True)
        classes = run_classes(connection, run).values()
    hot, cold = (sum((one or 0) * side > 0 for one in classes) for side in (1, -1))
    units = sum(one is not None for one in classes)
    used, out = header["records_used"], header["records_left_out"]
    typer.echo(
        f"{hot} điểm nóng, {cold} điểm lạnh, {units} đơn vị; tính {used} vụ, bỏ ra {out}"
        f" / {hot} hot, {cold} cold of {units} units; {used} incidents used, {out} left out",
        err=True,
    )


@app.command()
def rerun(
    run: Annotated[UUID, typer.Argument(help="mã lần tính / id of the run")],
) -> None:
    """Tính lại từ tham số đã lưu / compute a stored run again: is every number the same?"""
    engine = create_engine(load_settings().database_url)
    with progress.shown() as watch:
        is_same = pipeline.rerun(engine, run, watch)
    if not is_same:
        typer.echo("Kết quả khác. / The result differs.", err=True)
        raise typer.Exit(1)
    typer.echo("Giống đến chữ số cuối cùng. / The same to the last digit.")


@app.command()
def stability(
    run: Annotated[UUID, typer.Argument(help="mã lần tính / id of the run")],
) -> None:
    """Loại có giữ nguyên khi tính khác đi? / do classes hold when it is computed otherwise?"""
    engine = create_engine(load_settings().database_url)
    with progress.shown() as watch:
        pipeline.examine(engine, run, lambda share: watch(EXAMINING, share))
    with transaction(engine) as connection:
        classes = run_classes(connection, run).values()
        held = stability_of(connection, run)
    kept = [part for part, one in zip(held, classes, strict=True) if one and part is not None]
    grades = [stability_grade(part) for part in kept]
    stable, fairly, weak = (grades.count(grade) for grade in range(3))
    typer.echo(
        f"Trong {len(kept)} điểm nóng, điểm lạnh: {stable} vững, {fairly} khá vững, {weak} chưa"
        f" vững / of {len(kept)} hot and cold spots {stable} are stable, {fairly} fairly stable,"
        f" {weak} not"
    )


@app.command("queue")
def waiting(
    edition: Edition = "2025",
    level: Level = "commune",
    least_class: Annotated[
        int, typer.Option(min=1, max=3, help="từ mức nào là điểm nóng / from which class on")
    ] = LEAST_CLASS,
    as_json: Annotated[
        bool, typer.Option("--json", help="mỗi dòng một JSON / a line of JSON each")
    ] = False,
) -> None:
    """Điểm nóng chờ lãnh đạo duyệt, nóng nhất trước / hotspots that wait for a leader's look."""
    check_level(edition, level)
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = hotspot_reviews.queue(connection, edition, level, "vi", least=least_class)
    for hotspot in found:
        if as_json:
            typer.echo(orjson.dumps(hotspot, default=str))
            continue
        place = ", ".join(filter(None, (hotspot["full_name"], hotspot["parent_name"])))
        why = " ".join(one["text"] for one in hotspot["why"])
        typer.echo(f"{hotspot['class']:>2}  {hotspot['code']}  {place}: {why}")
