"""What an account shows beside its password: one-time codes, and a provider's word."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base


def _account_key() -> Mapped[UUID]:
    return mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)


class SecondFactor(Base):
    """The secret that an account's telephone makes codes from."""

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint("(secret IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    )

    account_id: Mapped[UUID] = _account_key()
    secret: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed with a key that is kept outside of the database"
    )
    pending: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed; counts once a code of it was typed"
    )
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(
        BigInteger,
        server_default=text("0"),
        comment="the 30 seconds of the newest code that was used: none is taken twice",
    )


class RecoveryCode(Base):
    """A code for whoever lost the telephone; it opens once."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = _account_key()
    code_hash: Mapped[bytes] = mapped_column(
        LargeBinary,
        primary_key=True,
        comment="SHA-256 of the account and the code, which has 79 random bits",
    )
    used_at: Mapped[datetime | None]


class SecondFactorRole(Base):
    """A role whose accounts all need a second factor."""

    __tablename__ = "second_factor_role"
    __table_args__ = (
        CheckConstraint("role IN ('officer', 'planner', 'leader', 'administrator')", name="role"),
    )

    role: Mapped[str] = mapped_column(primary_key=True)


class ProviderLink(Base):
    """An account that a provider may sign in, and as whom the provider knows the person."""

    __tablename__ = "provider_link"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="bound"),
    )

    account_id: Mapped[UUID] = _account_key()
    issuer: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(
        comment="null until the first sign-in by the provider binds it"
    )


class ProviderRequest(Base):
    """A browser that was sent to the provider and has not come back."""

    __tablename__ = "provider_request"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    nonce: Mapped[str]
    verifier: Mapped[str]
    back: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
