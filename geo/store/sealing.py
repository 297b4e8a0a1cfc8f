"""Secrets that the database keeps sealed, with a key that is kept outside of it."""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geo.errors import InputError, ResourceError
from geo.settings import Settings

KEY_BYTES, NONCE_BYTES = 32, 12


class Seal:
    """Closes and opens secrets with AES-256-GCM, each for the account that it belongs to."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, secret: str, owner: UUID) -> bytes:
        """The sealed secret, which opens for this account alone."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), owner.bytes)

    def open(self, sealed: bytes, owner: UUID) -> str:
        """The secret.

        Raises:
            ResourceError: it was sealed with another key, or for another account.
        """
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, owner.bytes).decode()
        except InvalidTag as error:
            raise key_missing() from error


def key_missing() -> ResourceError:
    """What is said where the key is not there, or is another than the secrets were sealed with."""
    return ResourceError(
        "secret_key.missing",
        "Máy chủ không có khóa bí mật đã dùng để cất mã một lần. Hãy đăng nhập bằng một mã dự"
        " phòng; quản trị viên: khôi phục secret.key hoặc BIENMAP_SECRET_KEY, hay đặt lại bằng"
        " `bienmap account second-factor reset`.",
        "The server lacks the secret key that one-time codes were sealed with. Sign in with a"
        " recovery code; administrator: restore secret.key or BIENMAP_SECRET_KEY, or use"
        " `bienmap account second-factor reset`.",
    )


def load_seal(settings: Settings) -> Seal | None:
    """The seal of this installation; None where no key was set or made.

    Raises:
        InputError: what is set or in the file is no key.
    """
    text = settings.secret_key.get_secret_value()
    try:
        text = text or settings.secret_key_file.read_text(encoding="ascii").strip()
        key = urlsafe_b64decode(text)
    except FileNotFoundError:
        return None
    except (Base64Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(
            "settings.secret_key",
            f"BIENMAP_SECRET_KEY hoặc {settings.secret_key_file} phải là {KEY_BYTES} byte dạng"
            " base64url. Tạo bằng: openssl rand -base64 32 | tr +/ -_",
            f"BIENMAP_SECRET_KEY or {settings.secret_key_file} must be {KEY_BYTES} bytes in"
            " base64url. Make one with: openssl rand -base64 32 | tr +/ -_",
        )
    return Seal(key)


def make_key(settings: Settings) -> None:
    """Make the key of this installation, unless there is one; only the owner may read it."""
    if load_seal(settings) is not None:
        return
    key = urlsafe_b64encode(secrets.token_bytes(KEY_BYTES))
    # Exclusive: a link that lies there is not followed.
    door = os.open(settings.secret_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(door, "wb") as file:  # noqa: PTH123
        file.write(key + b"\n")
