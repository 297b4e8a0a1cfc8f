"""The passwords of the demonstration accounts, kept in a file for the owner's eyes alone."""

import os
from collections.abc import Iterable
from pathlib import Path

from geo.settings import Settings


def file_of(settings: Settings) -> Path:
    """Where they are written."""
    return settings.state_directory / "demo-sign-ins.txt"


def write(settings: Settings, sign_ins: Iterable[tuple[str, str, str]]) -> None:
    """Write username, password and whom it stands for, a line each; only the owner may read it."""
    _store(settings, [f"{name:<14}{password:<22}{person}" for name, password, person in sign_ins])


def _store(settings: Settings, lines: list[str]) -> None:
    forget(settings)
    # Made anew with its mode: a file that was there might be open to others, or be a link.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(file_of(settings), flags, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.writelines(f"{line}\n" for line in lines)


def read(settings: Settings) -> str:
    """The lines, or nothing where there are no such accounts."""
    try:
        return file_of(settings).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def drop(settings: Settings, username: str) -> None:
    """Take out the line of an account whose password is another by now, or of no use."""
    lines = read(settings).splitlines()
    kept = [line for line in lines if line.split()[0] != username]
    if kept != lines:
        _store(settings, kept)


def forget(settings: Settings) -> None:
    """Remove the file."""
    file_of(settings).unlink(missing_ok=True)
