"""Where things live, read from the environment when asked and never on import."""

import hashlib
import tempfile
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# A Unix socket's path may have 107 bytes; ".s.PGSQL.5432" and a slash take 14 of them.
LONGEST_SOCKET_DIRECTORY = 90
# The database's role that the server connects as; migration 0012 names it too.
APPLICATION_ROLE = "bienmap_app"


class Settings(BaseSettings):
    """Settings of one installation.

    `database_url` is taken from DATABASE_URL, the rest from BIENMAP_…; without DATABASE_URL it
    names the private cluster of this checkout, reached by its Unix socket. It is that of the owner
    of the tables; the server connects as another role, with `application_password` if the database
    asks for one. `trusted_proxies` are addresses or networks, `host_names` the names that browsers
    may ask for; both comma-separated.
    """

    model_config = SettingsConfigDict(env_prefix="BIENMAP_", populate_by_name=True)

    project_root: Path = Path(__file__).resolve().parents[1]
    state_directory: Path = Field(default=Path(".bienmap"), alias="BIENMAP_STATE")
    database_url: str = Field(default="", alias="DATABASE_URL")
    application_password: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: str = ""
    host_names: str = ""

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
    def boundaries_directory(self) -> Path:
        """The boundary editions that ship with the product."""
        return self.project_root / "data" / "boundaries"


def listed(text: str) -> list[str]:
    """What commas part, without blanks around it."""
    return [part.strip() for part in text.split(",") if part.strip()]


def load_settings() -> Settings:
    """Read the settings from the environment as it is now."""
    return Settings()
