"""The command that writes the map of hotspots as one file."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.options import First, Last, days, file_of
from geo.dates import today, whole_months
from geo.errors import Language
from geo.pipeline.hotspot_map import MapQuestion, gather_map
from geo.pipeline.releases import PUBLIC, Releases
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from web.assets import load_assets, replace_folium_links
from web.single_file import build_map_file

app = typer.Typer(no_args_is_help=True)


@app.command("map")
def map_file(
    output: Annotated[
        Path,
        typer.Option(dir_okay=False, callback=file_of(".html"), help="tệp / file: .html"),
    ],
    province: Annotated[
        str | None,
        typer.Option(help="mã tỉnh từ 01/7/2025, cả nước nếu không có / a province's code"),
    ] = None,
    period_from: First = None,
    period_to: Last = None,
    dated: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="ngày ghi trên bản đồ / day told on the map"),
    ] = None,
    language: Annotated[Language, typer.Option(help="ngôn ngữ / language")] = "vi",
) -> None:
    """Bản đồ điểm nóng trong một tệp, số vụ theo mức công bố / the map, with public counts."""
    first, last = whole_months(*days(period_from, period_to))
    question = MapQuestion(province, first, last, dated.date() if dated else today(), language)
    settings = load_settings()
    assets = load_assets(settings)
    replace_folium_links(assets)
    with transaction(create_engine(settings.database_url)) as connection:
        found = gather_map(connection, question, Releases(settings), PUBLIC)
    output.write_text(build_map_file(found, assets), encoding="utf-8", newline="\n")
    until = last - timedelta(days=1)
    # Of whole months, whichever days were asked for.
    typer.echo(f"• {output}: {first:%d/%m/%Y} – {until:%d/%m/%Y}", err=True)
