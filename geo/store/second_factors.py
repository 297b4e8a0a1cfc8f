"""Time-based one-time codes (RFC 6238) and recovery codes beside an account's password."""

import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Literal
from uuid import UUID

import pyotp
import segno
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo.errors import AccessError, InputError
from geo.store.actors import Actor
from geo.store.passwords import random_password
from geo.store.sealing import Seal, key_missing
from geo.store.tables import RecoveryCode, SecondFactor

ISSUER = "Bienmap"
STEP_SECONDS, WINDOW, DIGITS = 30, 1, 6
RECOVERY_CODES = 8
LONGEST_CODE = 40
Outcome = Literal["none", "missing", "right", "wrong"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an account has a second factor, and must have one."""

    enabled: bool
    required: bool
    confirmed_at: datetime | None
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A new secret, for the telephone's eyes: as text, as an address, as a picture (data URI)."""

    secret: str
    address: str
    picture: str


def standing_of(connection: Connection, account: UUID) -> Standing:
    """What the account page says of the second factor."""
    row = connection.execute(
        text(
            "SELECT confirmed_at, account.second_factor_required OR EXISTS"
            " (SELECT FROM second_factor_role AS named WHERE named.role = account.role)"
            " AS required, (SELECT count(*) FROM recovery_code WHERE account_id = account.id"
            " AND used_at IS NULL) AS codes_left"
            " FROM account LEFT JOIN second_factor ON account_id = account.id"
            " WHERE account.id = :account"
        ),
        {"account": account},
    ).one()
    return Standing(row.confirmed_at is not None, row.required, row.confirmed_at, row.codes_left)


def offer_secret(connection: Connection, actor: Actor, seal: Seal | None) -> Offer:
    """Make a secret that counts once a code of it was typed; one that counts already still does.

    Raises:
        ResourceError: the installation has no key to seal it with.
    """
    if seal is None:
        raise key_missing()
    secret = pyotp.random_base32()
    pending = {"pending": seal.close(secret, actor.account_id)}
    connection.execute(
        upsert(SecondFactor)
        .values(account_id=actor.account_id, **pending)
        .on_conflict_do_update(index_elements=["account_id"], set_=pending)
    )
    address = pyotp.TOTP(secret).provisioning_uri(name=actor.username, issuer_name=ISSUER)
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return Offer(secret, address, picture)


def confirm_secret(
    connection: Connection, actor: Actor, code: str, seal: Seal | None
) -> tuple[str, ...]:
    """Let the secret count, for it made this code; new recovery codes, which are kept nowhere.

    The account's other sessions end: they were opened without it.

    Raises:
        InputError: no secret was offered, or the code is not one of it.
        ResourceError: the key that it was sealed with is gone.
    """
    pending = connection.scalar(
        select(SecondFactor.pending)
        .where(SecondFactor.account_id == actor.account_id)
        .with_for_update()
    )
    if pending is None:
        raise InputError(
            "second_factor.not_offered",
            "Chưa có mã QR nào đang chờ. Hãy bắt đầu lại ở trang tài khoản.",
            "No QR code is waiting. Begin again on the account page.",
        )
    if seal is None:
        raise key_missing()
    step = _step_of(seal.open(pending, actor.account_id), code, after=0)
    if step is None:
        raise InputError(
            "second_factor.code",
            "Mã không đúng. Hãy xem giờ của điện thoại có đúng không, rồi gõ mã đang hiện.",
            "The code is wrong. See that the telephone's clock is right, and type the code shown.",
        )
    connection.execute(
        update(SecondFactor)
        .where(SecondFactor.account_id == actor.account_id)
        .values(secret=pending, pending=None, confirmed_at=func.now(), last_step=step)
    )
    end_other_sessions(connection, actor)
    connection.execute(
        text("UPDATE session SET second_factor = true WHERE id = :session"),
        {"session": actor.session_id},
    )
    return new_recovery_codes(connection, actor.account_id)


def end_other_sessions(connection: Connection, actor: Actor) -> None:
    """End every session of the account but the one that asks."""
    connection.execute(
        text(
            "UPDATE session SET revoked_at = now()"
            " WHERE account_id = :account AND id <> :session AND revoked_at IS NULL"
        ),
        {"account": actor.account_id, "session": actor.session_id},
    )


def new_recovery_codes(connection: Connection, account: UUID) -> tuple[str, ...]:
    """Eight codes that open once each; those before open no more.

    Raises:
        InputError: the account has no second factor.
    """
    if not standing_of(connection, account).enabled:
        raise InputError(
            "second_factor.off",
            "Tài khoản chưa bật mã một lần. Hãy bật trước.",
            "The account has no one-time codes yet. Turn them on first.",
        )
    connection.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
    codes = tuple(random_password() for _ in range(RECOVERY_CODES))
    connection.execute(
        insert(RecoveryCode),
        [{"account_id": account, "code_hash": _hash(account, code)} for code in codes],
    )
    return codes


def remove_second_factor(connection: Connection, account: UUID) -> None:
    """Take the second factor and its recovery codes away."""
    connection.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
    connection.execute(delete(SecondFactor).where(SecondFactor.account_id == account))


def turn_off(connection: Connection, account: UUID) -> None:
    """What the person himself may do where no second factor is required of him.

    Raises:
        AccessError: one is.
    """
    if standing_of(connection, account).required:
        raise AccessError(
            "second_factor.required",
            "Quản trị viên yêu cầu tài khoản này dùng mã một lần: không tắt được. Có thể đổi sang"
            " điện thoại khác.",
            "The administrator requires one-time codes of this account: they cannot be turned off."
            " You can move to another telephone.",
        )
    remove_second_factor(connection, account)


def check_code(connection: Connection, account: UUID, code: str, seal: Seal | None) -> Outcome:
    """Hold a code against the account's second factor; one that was right is used up.

    Returns:
        "none" without a second factor, "missing" where one is needed and no code came.

    Raises:
        ResourceError: the key is gone and this is no recovery code.
    """
    row = connection.execute(
        select(SecondFactor.secret, SecondFactor.last_step).where(
            SecondFactor.account_id == account, SecondFactor.secret.is_not(None)
        )
    ).first()
    if row is None:
        return "none"
    code = "".join(code.split())
    if not code:
        return "missing"
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return _use_recovery_code(connection, account, code)
    if seal is None:
        raise key_missing()
    step = _step_of(seal.open(row.secret, account), code, after=row.last_step)
    if step is None:
        return "wrong"
    # Of two requests with the same code, only one still finds an older step.
    used = update(SecondFactor).where(
        SecondFactor.account_id == account, SecondFactor.last_step < step
    )
    return "right" if connection.execute(used.values(last_step=step)).rowcount else "wrong"


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The step within the window that makes this code; None if there is none later than `after`."""
    code = "".join(code.split())
    maker, now = pyotp.TOTP(secret, digits=DIGITS), int(time.time()) // STEP_SECONDS
    found = None
    # All are computed, whichever fits: the time taken tells nothing.
    for step in range(now - WINDOW, now + WINDOW + 1):
        if compare_digest(maker.generate_otp(step).encode(), code.encode()) and step > after:
            found = step
    return found


def _use_recovery_code(connection: Connection, account: UUID, code: str) -> Outcome:
    used = update(RecoveryCode).where(
        RecoveryCode.account_id == account,
        RecoveryCode.code_hash == _hash(account, code),
        RecoveryCode.used_at.is_(None),
    )
    return "right" if connection.execute(used.values(used_at=func.now())).rowcount else "wrong"


def _hash(account: UUID, code: str) -> bytes:
    normal = code.lower().replace("-", "")
    return sha256(account.bytes + normal.encode()).digest()
