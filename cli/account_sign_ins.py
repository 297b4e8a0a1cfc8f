"""Commands on how accounts sign in beside the password."""

from typing import Annotated, Literal

import typer

from geo.errors import InputError
from geo.settings import load_settings
from geo.store import accounts, provider_links
from geo.store.database import create_engine, transaction

RoleName = Literal["officer", "planner", "leader", "administrator"]
Username = Annotated[str, typer.Argument(metavar="USERNAME", help="tên đăng nhập / sign-in name")]

second_factor = typer.Typer(
    no_args_is_help=True, help="Mã một lần: bắt buộc, đặt lại / one-time codes: require, reset."
)


@second_factor.command()
def require(
    username: Annotated[
        str | None, typer.Argument(metavar="USERNAME", help="tên đăng nhập / sign-in name")
    ] = None,
    role: Annotated[
        RoleName | None, typer.Option(help="mọi tài khoản của vai trò / all accounts of a role")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="thôi bắt buộc / no longer")] = False,
) -> None:
    """Bắt buộc mã một lần với một tài khoản hoặc một vai trò / require one-time codes."""
    if (username is None) == (role is None):
        raise InputError(
            "account.second_factor",
            "Hãy nêu một tên đăng nhập, hoặc --role và một vai trò.",
            "Name one account, or --role and a role.",
        )
    with transaction(create_engine(load_settings().database_url)) as connection:
        if username is not None:
            accounts.require_second_factor(connection, username, required=not off)
        if role is not None:
            accounts.require_second_factor_of_role(connection, role, required=not off)
    what = "không bắt buộc / not required" if off else "bắt buộc / required"
    typer.echo(f"Mã một lần / one-time codes: {username or role}: {what}")


@second_factor.command()
def reset(username: Username) -> None:
    """Xóa mã một lần của người mất điện thoại; phiên và khóa truy cập kết thúc / take it away."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.reset_second_factor(connection, username)
    typer.echo(f"Đã xóa mã một lần; các phiên và khóa truy cập đã kết thúc / reset: {username}")


def provider(
    username: Username,
    close: Annotated[bool, typer.Option("--close", help="không cho nữa / no longer")] = False,
) -> None:
    """Cho tài khoản đăng nhập qua hệ thống đăng nhập chung (OIDC) / open it to the provider."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        (provider_links.refuse_provider if close else provider_links.allow_provider)(
            connection, username
        )
    how = (
        "chỉ bằng mật khẩu / by password only"
        if close
        else "qua hệ thống đăng nhập chung; lần đầu sẽ gắn với người đăng nhập / by the provider;"
        " the first sign-in binds it"
    )
    typer.echo(f"{username}: {how}")
