"""Directories of one checkout: its state, and what in it is for PostgreSQL's user alone."""

import hashlib
import os
import pwd
import subprocess
from pathlib import Path

from cli.postgres_programs import account_for_server, identity
from geo.errors import ResourceError
from geo.settings import Settings

AWAY_FROM_CHECKOUT = Path("/var/lib/bienmap")


def make_state_directory(settings: Settings) -> None:
    """The directory of all that belongs to this checkout.

    Raises ResourceError if it cannot be written to.
    """
    state = settings.state_directory
    try:
        if not state.exists():
            state.mkdir(parents=True)
            # PostgreSQL's user must pass through, whatever the umask says.
            state.chmod(0o755)
        (state / "lock").touch()
    except PermissionError as error:
        raise ResourceError(
            "state-not-writable",
            f"Không ghi được vào {state}. Hãy chạy bằng người dùng đã cài đặt, hoặc đặt "
            "BIENMAP_STATE tới một thư mục của bạn.",
            f"Cannot write to {state}. Run as the user who installed it, or set BIENMAP_STATE to "
            "a directory of your own.",
        ) from error


def make_private_directories(settings: Settings) -> None:
    """Directories of data and socket, for PostgreSQL's user alone.

    Raises ResourceError if one of them is there already and belongs to somebody else.
    """
    account = account_for_server()
    state = settings.state_directory
    make_state_directory(settings)
    home, sockets = state / "postgres", settings.socket_directory
    if subprocess.run(["test", "-x", state], check=False, **identity(account)).returncode != 0:
        # A checkout under /root: PostgreSQL's user cannot pass, so its files live elsewhere.
        links = [folder for folder in (home, sockets) if folder.is_relative_to(state)]
        if any(link.is_dir() and not link.is_symlink() for link in links):
            raise _closed(state, account)
        aside = _directory_aside(state)
        for link in links:
            link.unlink(missing_ok=True)
            link.symlink_to(aside / link.name)
    for folder in (home, sockets):
        _make_private(folder.resolve(), account)


def drop_copied_links(settings: Settings) -> None:
    """A copy of a checkout whose data live elsewhere must not end up in the original's data.

    The file `checkout` beside the data names their owner. An owner that is gone was moved to here.
    """
    link = settings.state_directory / "postgres"
    if not link.is_symlink():
        return
    owner = Path((link.readlink().parent / "checkout").read_text().strip())
    if owner != settings.state_directory and (owner / "postgres").is_symlink():
        link.unlink()
        (settings.state_directory / "run").unlink(missing_ok=True)


def _directory_aside(state: Path) -> Path:
    """Where the files of this checkout live outside it."""
    link = state / "postgres"
    digest = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    aside = link.readlink().parent if link.is_symlink() else AWAY_FROM_CHECKOUT / digest
    for folder in (aside.parent, aside):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask says
    (aside / "checkout").write_text(f"{state}\n")
    return aside


def _make_private(folder: Path, account: pwd.struct_passwd) -> None:
    """Make the folder with mode 0700 for the account, or check that it is so."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)
    except FileExistsError:
        found = folder.lstat()
        if found.st_uid != account.pw_uid or found.st_mode & 0o077 or not folder.is_dir():
            raise ResourceError(
                "directory-not-private",
                f"Thư mục {folder} phải thuộc về '{account.pw_name}' với quyền 0700. Hãy sửa bằng "
                f"chown và chmod, hoặc chạy bằng đúng người dùng đã tạo ra nó.",
                f"The directory {folder} must belong to '{account.pw_name}' with mode 0700. Mend "
                "it with chown and chmod, or run as the user who made it.",
            ) from None


def _closed(state: Path, account: pwd.struct_passwd) -> ResourceError:
    return ResourceError(
        "checkout-closed",
        f"Người dùng '{account.pw_name}' không còn vào được {state}. Hãy mở lại bằng chmod o+x "
        "cho các thư mục trên đường dẫn đó.",
        f"The user '{account.pw_name}' can no longer pass to {state}. Open the directories on "
        "its path again with chmod o+x.",
    )
