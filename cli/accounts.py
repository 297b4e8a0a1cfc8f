"""Commands on accounts. Passwords are asked for or read from standard input, never arguments."""

import re
import sys
from typing import Annotated

import typer

from cli import account_sign_ins, demo_sign_ins
from cli.account_sign_ins import RoleName, Username
from geo.errors import InputError
from geo.settings import load_settings
from geo.store import accounts
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)
app.add_typer(account_sign_ins.second_factor, name="second-factor")
app.command()(account_sign_ins.provider)

ROLE_NAMES = {
    "officer": "cán bộ / officer",
    "planner": "lập kế hoạch / planner",
    "leader": "lãnh đạo / leader",
    "administrator": "quản trị / administrator",
}


Units = Annotated[
    list[str] | None,
    typer.Option(help="địa bàn, ví dụ 2025/commune/17263; lặp lại được / unit, repeatable"),
]
Country = Annotated[bool, typer.Option("--country", help="cả nước / whole country")]


@app.callback()
def account() -> None:
    """Tài khoản người dùng / accounts."""


@app.command()
def add(
    username: Username,
    role: Annotated[RoleName, typer.Option(help="vai trò / role")],
    name: Annotated[str, typer.Option(help="tên hiển thị / display name")] = "",
    unit: Units = None,
    country: Country = False,
    agency: Annotated[str | None, typer.Option(help="mã cơ quan / agency code")] = None,
) -> None:
    """Tạo tài khoản; mật khẩu được hỏi hoặc đọc từ stdin / make an account."""
    units = _units(unit, country=country)
    wanted = accounts.NewAccount(username, name or username, role, units, agency)
    typed = _password()
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.create_account(connection, wanted, typed)
    typer.echo(f"Đã tạo tài khoản / account made: {accounts.normal_username(username)}")
    if not units and role != "administrator":
        typer.echo("Chưa có địa bàn: chưa ghi được bản ghi nào. / No units: it can write nothing.")


@app.command("list")
def list_command() -> None:
    """Danh sách tài khoản / all accounts."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = accounts.list_accounts(connection)
    for one in found:
        where = ", ".join(_written(unit) for unit in one.jurisdictions) or "-"
        marks = [] if one.active else ["đã khóa / disabled"]
        marks += ["minh họa / demo"] if one.is_demo else []
        marks += ["mã một lần / one-time codes"] if one.second_factor else []
        if one.second_factor_required and not one.second_factor:
            marks.append("chưa bật mã một lần bắt buộc / has yet to turn on one-time codes")
        columns = (one.username, ROLE_NAMES[one.role], where, one.agency or "-", one.display_name)
        typer.echo("\t".join([*columns, *marks]))


@app.command()
def password(username: Username) -> None:
    """Đặt mật khẩu mới; mọi phiên và khóa truy cập kết thúc / set a new password."""
    settings = load_settings()
    typed = _password()
    with transaction(create_engine(settings.database_url)) as connection:
        accounts.set_password(connection, username, typed)
    demo_sign_ins.drop(settings, accounts.normal_username(username))
    typer.echo("Đã đổi mật khẩu; các phiên cũ đã kết thúc. / Changed; open sessions have ended.")


@app.command()
def disable(username: Username) -> None:
    """Khóa tài khoản, có hiệu lực ngay / disable an account, at once."""
    settings = load_settings()
    with transaction(create_engine(settings.database_url)) as connection:
        accounts.set_active(connection, username, active=False)
    demo_sign_ins.drop(settings, accounts.normal_username(username))
    typer.echo(f"Đã khóa / disabled: {accounts.normal_username(username)}")


@app.command()
def enable(username: Username) -> None:
    """Mở lại tài khoản đã khóa / let a disabled account in again."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.set_active(connection, username, active=True)
    typer.echo(f"Đã mở lại / enabled: {accounts.normal_username(username)}")


@app.command()
def role(username: Username, role: Annotated[RoleName, typer.Argument()]) -> None:
    """Đổi vai trò, có hiệu lực ngay / give another role, at once."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.set_role(connection, username, role)
    typer.echo(f"{accounts.normal_username(username)}: {ROLE_NAMES[role]}")


@app.command()
def agency(
    username: Username,
    code: Annotated[
        str | None, typer.Argument(help="mã cơ quan, bỏ trống: không / or none")
    ] = None,
) -> None:
    """Đổi cơ quan / say of which agency the account is."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.set_agency(connection, username, code)
    typer.echo(f"{accounts.normal_username(username)}: {code or '-'}")


@app.command("units")
def units_command(username: Username, unit: Units = None, country: Country = False) -> None:
    """Thay toàn bộ địa bàn, có hiệu lực ngay / replace all units, at once; none: none."""
    units = _units(unit, country=country)
    with transaction(create_engine(load_settings().database_url)) as connection:
        accounts.set_units(connection, username, units)
    where = ", ".join(_written(one) for one in units) or "không có / none"
    typer.echo(f"{accounts.normal_username(username)}: {where}")


def _password() -> str:
    """From the terminal, asked for twice, or the first line of standard input."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(
            "Mật khẩu / password", hide_input=True, confirmation_prompt="Nhập lại / again"
        )
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _units(texts: list[str] | None, *, country: bool) -> list[Jurisdiction]:
    return [_unit(text) for text in texts or []] + ([COUNTRY] if country else [])


def _unit(text: str) -> Jurisdiction:
    found = re.fullmatch(r"(2024|2025)/(province|district|commune)/([0-9]{2,5})", text, re.ASCII)
    if found is None:
        raise InputError(
            "account.unit",
            f"Địa bàn “{text}” phải có dạng phiên bản/cấp/mã, ví dụ 2025/commune/17263.",
            f"The unit “{text}” must be edition/level/code, such as 2025/commune/17263.",
        )
    return Jurisdiction(*found.groups())


def _written(unit: Jurisdiction) -> str:
    if unit == COUNTRY:
        return "cả nước / country"
    return f"{unit.edition}/{unit.level}/{unit.code}"
