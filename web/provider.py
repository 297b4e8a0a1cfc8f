"""A provider that signs people in by OpenID Connect: authorisation code with PKCE, state and nonce.

What the provider says of itself, and its keys, are fetched when first needed and kept for an hour;
nothing is asked outside where no provider is set.
"""

import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from geo.errors import InputError, ResourceError, SignInError
from geo.settings import Settings
from geo.store.provider_links import Identity, Journey

KEPT_SECONDS, ASKED_AGAIN_SECONDS = 3600, 60
LARGEST_BYTES = 256 * 1024
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
# Signatures by a key of the provider's alone: neither "none" nor the client's secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# RFC 8176: what a provider calls a sign-in with more than a password.
SECOND_FACTORS = {"mfa", "otp", "hwk", "sc", "swk", "fpt", "face"}
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent, and what its way back is held against."""

    address: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._client = settings.oidc_client_id
        self._secret_file = settings.oidc_client_secret_file
        self._claim = settings.oidc_username_claim
        self._lock = Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        _check_address(self._issuer, "BIENMAP_OIDC_ISSUER")
        if not self._client:
            raise InputError(
                "settings.oidc_client_id",
                "Có BIENMAP_OIDC_ISSUER thì phải có BIENMAP_OIDC_CLIENT_ID.",
                "BIENMAP_OIDC_ISSUER needs BIENMAP_OIDC_CLIENT_ID beside it.",
            )

    def depart(self, back: str, *, again: bool) -> Departure:
        """Send a browser there; `again` asks for a fresh proof even of whoever is signed in there.

        Raises:
            ResourceError: the provider does not answer as it should.
        """
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        more = {"prompt": "login", "max_age": "0"} if again else {}
        address, state = self._session(back).create_authorization_url(
            self._about()["authorization_endpoint"],
            state=secrets.token_urlsafe(32),
            nonce=nonce,
            code_verifier=verifier,
            **more,
        )
        return Departure(address, state, nonce, verifier)

    def arrive(self, back: str, code: str, journey: Journey) -> Identity:
        """Whom the provider vouches for with this code.

        Raises:
            SignInError: the code or what came for it does not hold.
            ResourceError: the provider does not answer as it should.
        """
        try:
            answer = self._session(back).fetch_token(
                self._about()["token_endpoint"],
                code=code,
                code_verifier=journey.verifier,
                allow_redirects=False,
                timeout=TIMEOUT_SECONDS,
            )
            return self._identity(answer, journey.nonce)
        except requests.RequestException as error:
            raise _away(self._issuer) from error
        except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInError(
                "provider.token",
                "Câu trả lời của hệ thống đăng nhập chung không hợp lệ. Hãy đăng nhập lại; nếu vẫn"
                " lỗi, báo quản trị viên.",
                "What the provider answered does not hold. Sign in again; if it happens again, tell"
                " the administrator.",
                reason=type(error).__name__,
            ) from error

    def sign_out_address(self, back: str) -> str | None:
        """Where a browser also signs out of the provider; None if the provider has no such page."""
        address = self._about().get("end_session_endpoint")
        if not isinstance(address, str):
            return None
        _check_address(address, "end_session_endpoint")
        asked = {"client_id": self._client, "post_logout_redirect_uri": back}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def _session(self, back: str) -> OAuth2Session:
        secret = (
            self._secret_file.read_text(encoding="utf-8").strip() if self._secret_file else None
        )
        return OAuth2Session(
            self._client,
            secret,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _identity(self, answer: dict[str, Any], nonce: str) -> Identity:
        token = self._decoded(answer["id_token"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self._issuer},
                "aud": {"essential": True, "value": self._client},
            },
            params={
                "nonce": nonce,
                "client_id": self._client,
                "access_token": answer.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        username, subject = claims[self._claim], claims["sub"]
        if not (isinstance(username, str) and isinstance(subject, str) and subject):
            raise TypeError(self._claim)
        proved = claims.get("auth_time")
        return Identity(
            self._issuer,
            subject,
            username,
            bool(SECOND_FACTORS & set(claims.get("amr") or ())),
            datetime.fromtimestamp(proved, UTC) if proved else None,
        )

    def _decoded(self, text: str) -> jwt.Token:
        try:
            return jwt.decode(text, self._keys(KEPT_SECONDS), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys; it is asked once a minute at most.
            return jwt.decode(text, self._keys(ASKED_AGAIN_SECONDS), algorithms=ALGORITHMS)

    def _about(self) -> dict[str, Any]:
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._fetch(address, KEPT_SECONDS)
        if found.get("issuer") != self._issuer:
            raise _away(self._issuer)
        for name in ENDPOINTS:
            _check_address(found.get(name), name)
        return found

    def _keys(self, kept: int) -> KeySet:
        return KeySet.import_key_set(self._fetch(self._about()["jwks_uri"], kept))  # type: ignore[arg-type]

    def _fetch(self, address: str, kept: int) -> dict[str, Any]:
        with self._lock:
            at, content = self._kept.get(address, (0.0, {}))
            if content and time.monotonic() - at < kept:
                return content
            content = _read(address, self._issuer)
            self._kept[address] = (time.monotonic(), content)
            return content


def _read(address: str, issuer: str) -> dict[str, Any]:
    try:
        with requests.get(
            address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise _away(issuer)
            body = answer.raw.read(LARGEST_BYTES + 1, decode_content=True)
        content = json.loads(body) if len(body) <= LARGEST_BYTES else None
    except (requests.RequestException, OSError, ValueError) as error:
        raise _away(issuer) from error
    if not isinstance(content, dict):
        raise _away(issuer)
    return content


def _check_address(address: object, name: str) -> None:
    """Refuse what is neither https nor on this machine: codes and keys travel there."""
    parts = urlsplit(address if isinstance(address, str) else "")
    near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or parts.scheme not in ({"https", "http"} if near else {"https"}):
        raise InputError(
            "settings.oidc_issuer",
            f"{name} phải là địa chỉ https (http chỉ dùng trên chính máy này).",
            f"{name} must be an https address (http only on this machine).",
        )


def _away(issuer: str) -> ResourceError:
    return ResourceError(
        "provider.unavailable",
        f"Hệ thống đăng nhập chung {issuer} không trả lời đúng. Hãy thử lại sau, hoặc đăng nhập"
        " bằng mật khẩu.",
        f"The provider {issuer} does not answer as it should. Try again later, or sign in with your"
        " password.",
    )
