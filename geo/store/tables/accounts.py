"""Who may use the system: accounts, their units, sessions and tokens, and attempts to sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base

HASH_COMMENT = "SHA-256 of the token, which is kept nowhere"


def _account_key(*, primary_key: bool = False, index: bool = False) -> Mapped[UUID]:
    return mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=primary_key, index=index
    )


class Account(Base):
    """A person, or for demonstration a made-up one; disabled accounts stay, for their records."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("username ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="username"),
        CheckConstraint("role IN ('officer', 'planner', 'leader', 'administrator')", name="role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    agency: Mapped[str | None]
    password_hash: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    password_changed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    second_factor_required: Mapped[bool] = mapped_column(server_default=text("false"))


class JurisdictionRow(Base):
    """A unit that an account is responsible for; a unit covers all that lies in it."""

    __tablename__ = "jurisdiction"
    __table_args__ = (
        CheckConstraint(
            "(level = 'country' AND edition = '' AND code = '')"
            " OR (level IN ('province', 'commune') AND edition IN ('2024', '2025') AND code <> '')"
            " OR (level = 'district' AND edition = '2024' AND code <> '')",
            name="unit",
        ),
    )

    account_id: Mapped[UUID] = _account_key(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(
        primary_key=True,
        comment="country (edition and code are empty), province, district or commune",
    )
    code: Mapped[str] = mapped_column(primary_key=True)


class Session(Base):
    """A signed-in browser."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("opened_by IN ('password', 'provider')", name="opened_by"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment=HASH_COMMENT)
    account_id: Mapped[UUID] = _account_key(index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    id: Mapped[UUID] = mapped_column(unique=True, server_default=text("uuid_v7()"))
    confirmed_at: Mapped[datetime] = mapped_column(
        server_default=text("now()"), comment="when the person last proved who he is"
    )
    address: Mapped[str] = mapped_column(server_default=text("''"))
    client: Mapped[str] = mapped_column(
        server_default=text("''"), comment="what the browser calls itself"
    )
    opened_by: Mapped[str] = mapped_column(server_default=text("'password'"))
    second_factor: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="whether the sign-in showed a second factor"
    )


class Token(Base):
    """A personal access token, for a program that acts for a person."""

    __tablename__ = "token"
    __table_args__ = (
        CheckConstraint(
            "cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write']", name="scopes"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    account_id: Mapped[UUID] = _account_key(index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment=HASH_COMMENT)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One guess at a password."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_guesses", "username", "address", "attempted_at"),
        Index("ix_sign_in_attempt_address", "address", "attempted_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(
        comment="as typed, in small letters: there may be no such account"
    )
    address: Mapped[str] = mapped_column(
        comment="of IPv6 the network of 64 bits, which is one customer"
    )
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    succeeded: Mapped[bool] = mapped_column(server_default=text("false"))
