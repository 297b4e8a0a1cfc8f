"""PostgreSQL as installed on this machine: where its programs are and which user runs them."""

import grp
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from geo.errors import ResourceError

OLDEST_MAJOR = 14
# The system user that the distributions' packages make for PostgreSQL.
PACKAGE_USER = "postgres"
# Where Debian's and Red Hat's packages put the programs, which are not on PATH.
USUAL_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")


def identity(account: pwd.struct_passwd) -> dict[str, Any]:
    """Arguments of subprocess that change to the account; none where we are that user already."""
    if os.geteuid() == account.pw_uid:
        return {}
    groups = [entry.gr_gid for entry in grp.getgrall() if account.pw_name in entry.gr_mem]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}


def account_for_server() -> pwd.struct_passwd:
    """Who runs PostgreSQL: the caller, or the package's own user where the caller is root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(PACKAGE_USER)
    except KeyError:
        raise _not_installed() from None


def _not_installed() -> ResourceError:
    packages = "postgresql, postgresql-<NN>-postgis-3 (Debian, Ubuntu)"
    return ResourceError(
        "postgresql-missing",
        f"Chưa cài PostgreSQL {OLDEST_MAJOR}+ với PostGIS 3. Chạy `make up` bằng quyền root, hoặc "
        f"cài: {packages}; hoặc đặt DATABASE_URL trỏ tới một máy chủ PostGIS.",
        f"PostgreSQL {OLDEST_MAJOR}+ with PostGIS 3 is not installed. Run `make up` as root, or "
        f"install: {packages}; or set DATABASE_URL to a PostGIS server.",
    )


def _installed() -> dict[int, Path]:
    """Major version -> directory of programs, of every PostgreSQL that has PostGIS."""
    candidates = [
        *(folder for place in USUAL_PLACES for folder in Path("/").glob(place)),
        *(Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder),
    ]
    found: dict[int, Path] = {}
    for folder in candidates:
        if not ((folder / "initdb").exists() and (folder / "pg_config").exists()):
            continue
        said = subprocess.run(
            [folder / "pg_config", "--version", "--sharedir"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        if (Path(said[1]) / "extension" / "postgis.control").exists():
            found.setdefault(int(said[0].split()[1].split(".")[0]), folder)
    return {major: folder for major, folder in found.items() if major >= OLDEST_MAJOR}


def find_binaries(data: Path | None = None) -> Path:
    """Directory of PostgreSQL's programs: the newest with PostGIS, or the one that made `data`.

    Raises ResourceError if there is none.
    """
    installed = _installed()
    if not installed:
        raise _not_installed()
    if data is None or not (data / "PG_VERSION").exists():
        return installed[max(installed)]
    major = int((data / "PG_VERSION").read_text())
    if major not in installed:
        raise ResourceError(
            "postgresql-changed",
            f"Dữ liệu ở {data} thuộc PostgreSQL {major}, máy này chỉ còn {sorted(installed)}. "
            f"Cài lại postgresql-{major}-postgis-3, sao lưu bằng pg_dump rồi nâng cấp.",
            f"The data in {data} belong to PostgreSQL {major}, this machine has "
            f"{sorted(installed)}. Install postgresql-{major}-postgis-3 again, back up with "
            "pg_dump, then upgrade.",
        )
    return installed[major]
