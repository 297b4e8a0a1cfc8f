"""Engines, transactions and migrations; driver errors become domain errors here."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy
from psycopg import errors as driver
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from geo.errors import BienmapError, ConflictError, InputError, ResourceError

STORE = Path(__file__).parent

# synchronous_commit is set, not assumed: an acknowledged write is on disk whatever the server's
# own default is.
SESSION_SETTINGS = "SET synchronous_commit = on; SET timezone = 'Asia/Ho_Chi_Minh'"


def create_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for `url`; nothing connects until it is used."""
    engine = sqlalchemy.create_engine(
        url, pool_size=pool_size, max_overflow=4, pool_pre_ping=True, future=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
        with connection.cursor() as cursor:
            cursor.execute(SESSION_SETTINGS)
        connection.commit()

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction; what the driver raises leaves as a domain error.

    Raises:
        InputError: a value breaks a constraint of the database.
        ConflictError: the transaction lost against another one and can be tried again.
        ResourceError: the database is away, or out of disk or memory.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise translate(error.orig) from error
    except driver.Error as error:  # COPY speaks to the driver itself
        raise translate(error) from error


def require_room(connection: Connection, needed: int) -> None:
    """Refuse what would fill the disk, before any of it is written.

    A server whose log finds no room does not answer "disk full": it stops, for all. Known only
    for the private cluster, whose data lie beside its socket; another server looks after itself.

    Args:
        needed: bytes, log and indexes included.

    Raises:
        ResourceError: the disk has less.
    """
    home = Path(str(connection.engine.url.query.get("host", ""))).parent
    if (home / "postgres" / "data").is_dir() and shutil.disk_usage(home).free < needed:
        raise disk_full()


def disk_full() -> ResourceError:
    """What somebody is told whose data found no room."""
    return ResourceError(
        "store.disk_full",
        "Đĩa đã đầy: chưa ghi gì cả. Hãy giải phóng dung lượng rồi làm lại.",
        "The disk is full: nothing was written. Free some space, then try again.",
    )


def translate(cause: BaseException | None) -> BienmapError:
    """The domain error that says what a driver error means to the user."""
    if isinstance(cause, driver.DiskFull):
        return disk_full()
    if isinstance(cause, driver.IntegrityError):
        name = cause.diag.constraint_name or ""
        return InputError(
            "store.constraint",
            f"Dữ liệu trái với ràng buộc “{name}” của cơ sở dữ liệu: {cause.diag.message_primary}",
            f"The data break the database's constraint “{name}”: {cause.diag.message_primary}",
            constraint=name,
        )
    if isinstance(
        cause, driver.SerializationFailure | driver.DeadlockDetected | driver.LockNotAvailable
    ):
        return ConflictError(
            "store.busy",
            "Dữ liệu đang được người khác thay đổi. Hãy thử lại sau ít giây.",
            "The data are being changed by somebody else. Try again in a few seconds.",
        )
    if isinstance(cause, driver.DataError):
        return InputError(
            "store.value",
            f"Cơ sở dữ liệu không nhận giá trị: {cause.diag.message_primary}",
            f"The database does not accept a value: {cause.diag.message_primary}",
        )
    return ResourceError(
        "store.unavailable",
        f"Không dùng được cơ sở dữ liệu: {cause}",
        f"The database cannot be used: {cause}",
    )


@cache
def query(name: str) -> sqlalchemy.TextClause:
    """The statement kept in sql/<name>.sql; values are bound, never formatted in."""
    return sqlalchemy.text((STORE / "sql" / f"{name}.sql").read_text(encoding="utf-8"))


@cache
def statements(name: str) -> list[sqlalchemy.TextClause]:
    """The statements of sql/<name>.sql, parted by lines of `--;`, to be run in order."""
    text = (STORE / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return [sqlalchemy.text(part) for part in text.split("\n--;\n")]


def migrate(url: str) -> None:
    """Bring the database to the newest version of the schema.

    Raises:
        ResourceError: the database cannot be reached.
    """
    # Only this needs it, and it takes half a second of every command.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(STORE / "migrations"))
    config.attributes["url"] = url
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        raise translate(error.orig) from error
