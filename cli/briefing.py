"""The command that prints the briefing of a province."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.options import First, Last, days, file_of
from geo.dates import today, whole_months
from geo.errors import Language
from geo.pipeline.briefing import BriefingQuestion, brief
from geo.pipeline.releases import EVERYTHING, Releases
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from web.briefing.document import compose
from web.briefing.pdf import to_pdf
from web.briefing.word import to_docx

app = typer.Typer(no_args_is_help=True)


@app.command()
def briefing(
    province: Annotated[str, typer.Option(help="mã tỉnh từ 01/7/2025 / code of a province")],
    output: Annotated[
        Path,
        typer.Option(
            dir_okay=False, callback=file_of(".pdf", ".docx"), help="tệp / file: .pdf, .docx"
        ),
    ],
    period_from: First = None,
    period_to: Last = None,
    dated: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="ngày ghi trên báo cáo / day on the paper"),
    ] = None,
    language: Annotated[Language, typer.Option(help="ngôn ngữ / language")] = "vi",
) -> None:
    """Báo cáo in của một tỉnh trong một kỳ / a province's briefing on a period, on paper."""
    first, last = whole_months(*days(period_from, period_to))
    day = dated.date() if dated else today()
    question = BriefingQuestion(province, first, last, day)
    settings = load_settings()
    releases = Releases(settings)
    with transaction(create_engine(settings.database_url)) as connection:
        found = brief(connection, connection, question, settings, releases, EVERYTHING)
    document = compose(found, language)
    made = to_pdf(document) if output.suffix.lower() == ".pdf" else to_docx(document)
    output.write_bytes(made)
    until = last - timedelta(days=1)
    # Of whole months, whichever days were asked for.
    typer.echo(f"• {output}: {first:%d/%m/%Y} – {until:%d/%m/%Y}", err=True)
