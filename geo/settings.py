"""Where things live, read from the environment when asked and never on import."""

import hashlib
import tempfile
from datetime import time
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# A Unix socket's path may have 107 bytes; ".s.PGSQL.5432" and a slash take 14 of them.
LONGEST_SOCKET_DIRECTORY = 90
# The database's role that the server connects as; migration 0018 names it too.
APPLICATION_ROLE = "bienmap_app"


def libpq_address(url: str) -> str:
    """SQLAlchemy's URL of a database as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class Settings(BaseSettings):
    """Settings of one installation.

    `database_url` is taken from DATABASE_URL, the rest from BIENMAP_…; without DATABASE_URL it
    names the private cluster of this checkout, reached by its Unix socket. It is that of the owner
    of the tables; the server connects as another role, with `application_password` if the database
    asks for one. `trusted_proxies` are addresses or networks, `host_names` the names that browsers
    may ask for; both comma-separated.
    `secret_key` seals what the database may not hold in the open; without it the key is taken from
    `secret_key_file`. `oidc_…` name a provider that may sign people in, if there is one;
    `oidc_agencies` are those whose accounts it may open, comma-separated, all if empty.
    Counts below `smallest_count` are protected outside the own units, those below
    `smallest_public_count` where nobody has signed in: both can be raised, never lowered.
    With `two_person_review` a hotspot is confirmed or dismissed once a second leader agrees.
    `upload_max_bytes` is the largest file of records that the API takes, `raster_max_bytes` the
    largest raster.
    `nightly_at` is when workers begin the nightly runs, in Vietnam's time. Each tells every
    `worker_heartbeat_seconds` that it lives; of one that was not heard of for
    `worker_timeout_seconds` another takes the job over.
    """

    model_config = SettingsConfigDict(
        env_prefix="BIENMAP_", populate_by_name=True, env_ignore_empty=True
    )

    project_root: Path = Path(__file__).resolve().parents[1]
    state_directory: Path = Field(default=Path(".bienmap"), alias="BIENMAP_STATE")
    database_url: str = Field(default="", alias="DATABASE_URL")
    application_password: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    upload_max_bytes: int = Field(default=50 * 2**20, ge=2**20)
    raster_max_bytes: int = Field(default=200 * 2**20, ge=2**20)
    trusted_proxies: str = ""
    host_names: str = ""
    secret_key: SecretStr = SecretStr("")
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    oidc_username_claim: str = "preferred_username"
    oidc_agencies: str = ""
    smallest_count: int = Field(default=5, ge=5, le=1_000)
    smallest_public_count: int = Field(default=11, ge=11, le=10_000)
    two_person_review: bool = False
    nightly_at: time = time(2, 30)
    worker_heartbeat_seconds: float = Field(default=10, ge=0.1, le=3600)
    worker_timeout_seconds: float = Field(default=60, ge=0.5, le=86_400)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.state_directory.is_absolute():
            self.state_directory = self.project_root / self.state_directory
        if not self.database_url:
            socket = quote(str(self.socket_directory), safe="")
            self.database_url = f"postgresql+psycopg://bienmap@/bienmap?host={socket}"
        elif self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        return self

    @model_validator(mode="after")
    def _patient(self) -> Self:
        if self.worker_timeout_seconds < 3 * self.worker_heartbeat_seconds:
            raise ValueError(
                "BIENMAP_WORKER_TIMEOUT_SECONDS must be at least three times"
                " BIENMAP_WORKER_HEARTBEAT_SECONDS: one late word is no death"
            )
        return self

    @property
    def application_url(self) -> str:
        """The same database for the server: as a role that sees what the actor may see."""
        parts = urlsplit(self.database_url)
        password = (
            f":{quote(self.application_password, safe='')}" if self.application_password else ""
        )
        place = parts.netloc.rpartition("@")[2]
        others = [
            pair
            for pair in parse_qsl(parts.query, keep_blank_values=True)
            if pair[0] not in {"user", "password"}
        ]
        return parts._replace(
            netloc=f"{APPLICATION_ROLE}{password}@{place}", query=urlencode(others)
        ).geturl()

    @property
    def allowed_hosts(self) -> list[str]:
        """The names that a request may come by; any other is refused (DNS rebinding)."""
        return ["localhost", "127.0.0.1", "[::1]", self.host, *listed(self.host_names)]

    @property
    def socket_directory(self) -> Path:
        """Where the private cluster's socket is: aside, where the checkout's path is too long."""
        inside = self.state_directory / "run"
        if len(str(inside).encode()) <= LONGEST_SOCKET_DIRECTORY:
            return inside
        digest = hashlib.sha256(str(self.state_directory).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"bienmap-{digest}"

    @property
    def secret_key_file(self) -> Path:
        """The key of this installation, made by `make up` for its owner's eyes alone."""
        return self.state_directory / "secret.key"

    @property
    def raster_directory(self) -> Path:
        """The cells of raster layers, a file for each; what is known of them is in the store."""
        return self.state_directory / "rasters"

    @property
    def basemap_directory(self) -> Path:
        """Archives of tiles that the map may be drawn on; what is known of them is in the store."""
        return self.state_directory / "basemaps"

    @property
    def boundaries_directory(self) -> Path:
        """The boundary editions that ship with the product."""
        return self.project_root / "data" / "boundaries"


def listed(text: str) -> list[str]:
    """What commas part, without blanks around it."""
    return [part.strip() for part in text.split(",") if part.strip()]


def load_settings() -> Settings:
    """Read the settings from the environment as it is now."""
    return Settings()
