"""Alembic's entry: runs the migrations online, each with a lock timeout."""

import sqlalchemy
from alembic import context

from geo.store.tables import Base


def run() -> None:
    """Connect to the URL handed over by `geo.store.database.migrate` and upgrade."""
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("SET lock_timeout = '10s'"))
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
