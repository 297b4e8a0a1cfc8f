"""Commands on the database's schema."""

import typer

from geo.settings import load_settings
from geo.store.database import migrate

app = typer.Typer(no_args_is_help=True)


@app.callback()
def database() -> None:
    """Lược đồ cơ sở dữ liệu / database schema."""


@app.command("migrate")
def migrate_command() -> None:
    """Nâng cấp lược đồ lên bản mới nhất / bring the schema to the newest version."""
    migrate(load_settings().database_url)
    typer.echo("Lược đồ đã ở bản mới nhất. / The schema is at the newest version.")
