"""Passwords: hashed with Argon2id, checked in the same time whether the account exists or not."""

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from geo.errors import InputError

SHORTEST, LONGEST = 12, 256
# OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each check takes 19 MiB and a core: a crowd at the door waits instead of filling the memory.
AT_ONCE = BoundedSemaphore(4)
# Without letters and digits that are mistaken for each other: these are typed from a paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The hash to store.

    Raises:
        InputError: the password is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            "password.length",
            f"Mật khẩu phải dài từ {SHORTEST} đến {LONGEST} ký tự.",
            f"A password must have {SHORTEST} to {LONGEST} characters.",
        )
    return HASHER.hash(_normal(password))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored hash the answer is no, and takes as long."""
    with AT_ONCE:
        try:
            HASHER.verify(stored or _nobody(), _normal(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def rehash(password: str) -> str:
    """A hash with today's parameters of a password that was just verified, whatever its length."""
    return HASHER.hash(_normal(password))


def random_password() -> str:
    """A password of 79 bits, in groups that are easy to type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _normal(password: str) -> str:
    # Keyboards write a Vietnamese letter with its marks as one character or as several.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
