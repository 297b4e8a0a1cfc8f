"""Whether these very sources have prepared the database: asked before numerics are imported."""

import json
from pathlib import Path

import psycopg

from geo.settings import Settings, libpq_address


def _file(settings: Settings) -> Path:
    return settings.state_directory / "prepared.json"


def _schema(settings: Settings) -> str | None:
    """Version of the database's schema; None if it has none yet."""
    with psycopg.connect(libpq_address(settings.database_url)) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def is_prepared(settings: Settings, sources: float) -> bool:
    """True if `prepare` ended with these sources, and the schema is still what it was then.

    The schema is asked for because a new cluster or an older dump may have come since.
    """
    try:
        said = json.loads(_file(settings).read_text())
    except (FileNotFoundError, ValueError):
        return False
    return said == {"sources": sources, "schema": _schema(settings)}


def forget(settings: Settings) -> None:
    """From here until `remember`, the database counts as unprepared."""
    _file(settings).unlink(missing_ok=True)


def remember(settings: Settings, sources: float) -> None:
    """Note that these sources have prepared the database."""
    _file(settings).write_text(json.dumps({"sources": sources, "schema": _schema(settings)}))
