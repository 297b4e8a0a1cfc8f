"""Accounts: made, listed, given a new password, disabled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo.errors import ConflictError, InputError, NotFoundError
from geo.records.code_lists import code_list
from geo.store.actors import ROLES, Jurisdiction
from geo.store.passwords import hash_password
from geo.store.second_factors import remove_second_factor
from geo.store.tables import Account, JurisdictionRow, SecondFactor, SecondFactorRole
from geo.store.units import get_unit

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account about to be made."""

    username: str
    display_name: str
    role: str
    jurisdictions: Sequence[Jurisdiction] = ()
    agency: str | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account as a list shows it; never its password's hash."""

    username: str
    display_name: str
    role: str
    agency: str | None
    active: bool
    is_demo: bool
    created_at: datetime
    jurisdictions: tuple[Jurisdiction, ...]
    second_factor: bool
    second_factor_required: bool


def normal_username(username: str) -> str:
    """The name as it is stored: nobody needs to remember how it was capitalised."""
    return username.strip().lower()


def create_account(connection: Connection, wanted: NewAccount, password: str) -> UUID:
    """Make an account; its id.

    Raises:
        InputError: a name, the role, the agency or the password cannot be used.
        NotFoundError: a unit that it shall be responsible for is not loaded.
        ConflictError: the name is taken.
    """
    username = normal_username(wanted.username)
    _check(username, wanted)
    if connection.scalar(select(Account.id).where(Account.username == username)):
        raise ConflictError(
            "account.taken",
            f"Đã có tài khoản “{username}”. Hãy chọn tên khác.",
            f"There is an account “{username}” already. Choose another name.",
        )
    values = {
        "username": username,
        "display_name": wanted.display_name.strip(),
        "role": wanted.role,
        "agency": wanted.agency,
        "password_hash": hash_password(password),
        "is_demo": wanted.is_demo,
    }
    identifier: UUID = connection.execute(
        insert(Account).values(values).returning(Account.id)
    ).scalar_one()
    _store_units(connection, identifier, wanted.jurisdictions)
    return identifier


def _store_units(
    connection: Connection, identifier: UUID, jurisdictions: Sequence[Jurisdiction]
) -> None:
    for unit in jurisdictions:
        if unit.level != "country":
            get_unit(connection, unit.edition, unit.level, unit.code)
    rows = [
        {"account_id": identifier, "edition": u.edition, "level": u.level, "code": u.code}
        for u in dict.fromkeys(jurisdictions)
    ]
    if rows:
        connection.execute(insert(JurisdictionRow), rows)


def _check(username: str, wanted: NewAccount) -> None:
    if not USERNAME.fullmatch(username):
        raise InputError(
            "account.username",
            "Tên đăng nhập gồm 2 đến 64 chữ cái không dấu, chữ số, dấu chấm, gạch ngang,"
            " gạch dưới.",
            "A username has 2 to 64 letters without marks, digits, dots, hyphens or underscores.",
        )
    name = wanted.display_name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or any(ord(sign) < 32 for sign in name):
        raise InputError(
            "account.display_name",
            f"Tên hiển thị phải có từ 1 đến {LONGEST_NAME} ký tự, trên một dòng.",
            f"A display name must have 1 to {LONGEST_NAME} characters, on one line.",
        )
    _check_choice("role", wanted.role, ROLES)
    _check_choice("agency", wanted.agency, (None, *code_list("agency")))


def _check_choice(kind: str, value: str | None, known: Sequence[str | None]) -> None:
    if value not in known:
        choices = ", ".join(str(choice) for choice in known if choice)
        raise InputError(
            f"account.{kind}",
            f"Không có giá trị “{value}” cho {kind}. Các giá trị: {choices}.",
            f"There is no {kind} “{value}”. Choices: {choices}.",
        )


def agency_of(connection: Connection, account_id: UUID) -> str | None:
    """The agency that an account works for, if it names one."""
    agency: str | None = connection.scalar(select(Account.agency).where(Account.id == account_id))
    return agency


def list_accounts(connection: Connection) -> list[ListedAccount]:
    """All accounts by name."""
    units: dict[UUID, list[Jurisdiction]] = {}
    for row in connection.execute(
        select(JurisdictionRow.__table__).order_by(
            JurisdictionRow.edition, JurisdictionRow.level, JurisdictionRow.code
        )
    ):
        units.setdefault(row.account_id, []).append(Jurisdiction(row.edition, row.level, row.code))
    enrolled = set(
        connection.scalars(
            select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
        )
    )
    roles = set(connection.scalars(select(SecondFactorRole.role)))
    return [
        ListedAccount(
            row.username,
            row.display_name,
            row.role,
            row.agency,
            row.active,
            row.is_demo,
            row.created_at,
            tuple(units.get(row.id, ())),
            row.id in enrolled,
            row.second_factor_required or row.role in roles,
        )
        for row in connection.execute(select(Account.__table__).order_by(Account.username))
    ]


def has_demo_accounts(connection: Connection) -> bool:
    """Whether there are accounts for demonstration that let somebody in."""
    return bool(connection.scalar(select(exists().where(Account.is_demo, Account.active))))


def set_password(connection: Connection, username: str, password: str) -> None:
    """Give the account a new password; its sessions and tokens end.

    Raises:
        NotFoundError: there is no such account.
        InputError: the password is too short or too long.
    """
    changed = {"password_hash": hash_password(password), "password_changed_at": func.now()}
    _end_access(connection, _change(connection, username, changed))


def set_active(connection: Connection, username: str, *, active: bool) -> None:
    """Disable an account, which ends its sessions and tokens for good, or let it in again.

    Raises:
        NotFoundError: there is no such account.
    """
    identifier = _change(connection, username, {"active": active})
    if not active:
        _end_access(connection, identifier)


def set_role(connection: Connection, username: str, role: str) -> None:
    """Give the account another role; it holds from its next request on.

    Raises:
        NotFoundError: there is no such account.
        InputError: there is no such role.
    """
    _check_choice("role", role, ROLES)
    _change(connection, username, {"role": role})


def set_agency(connection: Connection, username: str, agency: str | None) -> None:
    """Say of which agency the account is; none if None.

    Raises:
        NotFoundError: there is no such account.
        InputError: the agency is not in the code list.
    """
    _check_choice("agency", agency, (None, *code_list("agency")))
    _change(connection, username, {"agency": agency})


def set_units(connection: Connection, username: str, jurisdictions: Sequence[Jurisdiction]) -> None:
    """Make these the account's units, in place of those before.

    Raises:
        NotFoundError: there is no such account, or a unit is not loaded.
    """
    identifier = account_id(connection, username)
    connection.execute(delete(JurisdictionRow).where(JurisdictionRow.account_id == identifier))
    _store_units(connection, identifier, jurisdictions)


def require_second_factor(connection: Connection, username: str, *, required: bool) -> None:
    """Require a second factor of one account, or no longer; the one that it has stays.

    Raises:
        NotFoundError: there is no such account.
    """
    _change(connection, username, {"second_factor_required": required})


def require_second_factor_of_role(connection: Connection, role: str, *, required: bool) -> None:
    """Require a second factor of all accounts of a role, those made later included, or no longer.

    Raises:
        InputError: there is no such role.
    """
    _check_choice("role", role, ROLES)
    if required:
        connection.execute(upsert(SecondFactorRole).values(role=role).on_conflict_do_nothing())
    else:
        connection.execute(delete(SecondFactorRole).where(SecondFactorRole.role == role))


def reset_second_factor(connection: Connection, username: str) -> None:
    """Take an account's second factor away, for whoever lost telephone and codes; sessions end.

    Raises:
        NotFoundError: there is no such account.
    """
    identifier = account_id(connection, username)
    remove_second_factor(connection, identifier)
    _end_access(connection, identifier)


def account_id(connection: Connection, username: str) -> UUID:
    """The id of the account of this name.

    Raises:
        NotFoundError: there is no such account.
    """
    name = normal_username(username)
    identifier = connection.scalar(select(Account.id).where(Account.username == name))
    if identifier is None:
        raise NotFoundError(
            "account.unknown",
            f"Không có tài khoản “{username}”. Xem danh sách: bienmap account list.",
            f"There is no account “{username}”. For a list: bienmap account list.",
        )
    return identifier


def _change(connection: Connection, username: str, values: dict[str, Any]) -> UUID:
    identifier = account_id(connection, username)
    connection.execute(update(Account).where(Account.id == identifier).values(values))
    return identifier


def _end_access(connection: Connection, identifier: UUID) -> None:
    for table in ("session", "token"):
        connection.execute(
            text(
                f"UPDATE {table} SET revoked_at = now()"  # noqa: S608  own names only
                " WHERE account_id = :account AND revoked_at IS NULL"
            ),
            {"account": identifier},
        )
