"""The role that the server connects as, in a database that somebody else looks after."""

import psycopg
from psycopg import sql

from geo.errors import ResourceError
from geo.settings import APPLICATION_ROLE, Settings, libpq_address


def provide(settings: Settings) -> None:
    """See to it that the server can connect; its password is set if the owner may set it.

    Raises:
        ResourceError: it cannot, with the statement that a superuser has to run.
    """
    if _connects(settings):
        return
    if settings.application_password:
        _set_password(settings)
        if _connects(settings):
            return
    statement = f"ALTER ROLE {APPLICATION_ROLE} LOGIN PASSWORD '…';"
    raise ResourceError(
        "store.application_role",
        f"Máy chủ không kết nối được bằng vai trò {APPLICATION_ROLE}. Quản trị viên cơ sở dữ liệu"
        f" chạy: {statement} rồi đặt mật khẩu đó vào BIENMAP_APPLICATION_PASSWORD.",
        f"The server cannot connect as the role {APPLICATION_ROLE}. Let the database's"
        f" administrator run: {statement} and put that password into BIENMAP_APPLICATION_PASSWORD.",
    )


def _connects(settings: Settings) -> bool:
    try:
        with psycopg.connect(libpq_address(settings.application_url)):
            return True
    except psycopg.OperationalError:
        return False


def _set_password(settings: Settings) -> None:
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(APPLICATION_ROLE), sql.Literal(settings.application_password)
    )
    try:
        with psycopg.connect(libpq_address(settings.database_url)) as connection:
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return  # the caller finds out, and says what to do
