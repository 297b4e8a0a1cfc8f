"""Engines, transactions and migrations; driver errors become domain errors here."""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import UUID

import sqlalchemy
from psycopg import errors as driver
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from geo.errors import AccessError, BienmapError, ConflictError, InputError, ResourceError

STORE = Path(__file__).parent

# synchronous_commit is set, not assumed: an acknowledged write is on disk whatever the server's
# own default is.
SESSION_SETTINGS = "SET synchronous_commit = on; SET timezone = 'Asia/Ho_Chi_Minh'"

# What is left on a disk, whatever is written.
SPARE_BYTES = 64 * 2**20
ACT_AS = sqlalchemy.text("SELECT set_config('bienmap.actor', :account_id, true)")
# A record's own names: who sends one that is taken does not learn what it belongs to.
RECORD_KEYS = re.compile(
    "(pk|uq)_(incident|outreach_event|network|prevention_model|support_measure)"
    "(_source_external_id)?"
)


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


@contextmanager
def acting(engine: Engine, account_id: UUID | None) -> Iterator[Connection]:
    """A transaction in an account's name: the database shows and takes what this account may.

    For the server's role there is no record without an account. The name goes with the transaction,
    so that a connection comes back to the pool as nobody's.

    Raises:
        AccessError: a record was to be written that the account may not write.
        InputError, ConflictError, ResourceError: as `transaction` does.
    """
    with transaction(engine) as connection:
        if account_id is not None:
            connection.execute(ACT_AS, {"account_id": str(account_id)})
        yield connection


def require_room(connection: Connection, needed: int) -> None:
    """Refuse what would fill the disk, before any of it is written.

    A server whose log finds no room does not answer "disk full": it stops, for all. Known only
    for the private cluster, whose data lie beside its socket; another server looks after itself.

    Args:
        needed: bytes, log and indexes included; some more must be free.

    Raises:
        ResourceError: the disk has less.
    """
    home = Path(str(connection.engine.url.query.get("host", ""))).parent
    if (home / "postgres" / "data").is_dir():
        require_room_in(home, needed)


def require_room_in(folder: Path, needed: int) -> None:
    """Refuse what would fill the disk of a folder.

    Args:
        needed: bytes; some more must be free.

    Raises:
        ResourceError: the disk has less.
    """
    if shutil.disk_usage(folder).free < needed + SPARE_BYTES:
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
    if isinstance(cause, driver.InsufficientPrivilege):
        return _refused(cause)
    if isinstance(cause, driver.IntegrityError):
        return _broken(cause)
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


def _broken(cause: driver.IntegrityError) -> BienmapError:
    """What a constraint says to the user."""
    name = cause.diag.constraint_name or ""
    if isinstance(cause, driver.UniqueViolation) and RECORD_KEYS.fullmatch(name):
        return record_taken()
    return InputError(
        "store.constraint",
        f"Dữ liệu trái với ràng buộc “{name}” của cơ sở dữ liệu: {cause.diag.message_primary}",
        f"The data break the database's constraint “{name}”: {cause.diag.message_primary}",
        constraint=name,
    )


def _refused(cause: driver.InsufficientPrivilege) -> BienmapError:
    """What a policy, or a right that the role lacks, says to the user."""
    # An update in place of an insert met a record that its sender may not see.
    if "USING" in (cause.diag.message_primary or ""):
        return record_taken()
    return AccessError(
        "access.other_units",
        "Địa điểm nằm ngoài địa bàn được giao cho tài khoản của bạn, hoặc vai trò của bạn không"
        " được ghi loại bản ghi này. Hãy kiểm tra vị trí, hoặc báo đơn vị phụ trách địa bàn đó.",
        "The place lies outside the units that your account is responsible for, or your role may"
        " not write such records. Check the position, or tell the unit that is responsible there.",
    )


def record_taken() -> ConflictError:
    """The id or the external id is some other record's, of which no more is said."""
    return ConflictError(
        "record.taken",
        "Mã bản ghi (id) hoặc mã ngoài (external_id) này đã được dùng. Hãy dùng mã khác.",
        "This id or external id is in use already. Take another one.",
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
