"""No password, key or secret ships with the product: they are made where it is installed."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, tracked

NAMES = r"[\w.-]*(?:password|passwd|mat_khau|secret|secret_key|api_key)"
# A name for a secret, then a value in quotes, or after = or : where files take it without them;
# PASSWORD :'name' is psql's for a variable.
QUOTED = re.compile(
    rf"(?i)\b{NAMES}[\"']?\s*(?::\s*\w+\s*)?(?:=|(?<!\s):)\s*[bf]?[\"']([^\"'\s{{}}$]{{4,}})[\"']"
)
BARE = re.compile(rf"(?i)^\s*-?\s*(?:ENV\s+)?{NAMES}\s*[=:]\s*([^\s$#\"'<{{]{{4,}})")
IN_ADDRESS = re.compile(r"postgres(?:ql)?(?:\+\w+)?://\w+:([^@\s$<{]+)@")
# What documentation shows: a word in an address, and the secret that every text on codes shows.
PLACEHOLDERS = {"password", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
BARE_ENDINGS = {".yml", ".yaml", ".env", ".sh", ".toml", ".ini", ".cfg", ""}


def secrets_in(name: str, text: str) -> list[str]:
    """Values in a file that look like a password or a key."""
    found = IN_ADDRESS.findall(text) + QUOTED.findall(text)
    if Path(name).suffix in BARE_ENDINGS:
        found += [hit for line in text.splitlines() for hit in BARE.findall(line)]
    return [value for value in found if value not in PLACEHOLDERS]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'PASSWORD = "bienmap2026"'),
        ("a.py", 'secret_key: str = "0123456789abcdef"'),
        ("a.json", '{"admin_password": "changeme"}'),
        ("a.yml", "      POSTGRES_PASSWORD: bienmap"),
        ("Dockerfile", "ENV BIENMAP_SECRET_KEY=abcdefgh"),
        ("a.md", "postgresql://bienmap:bienmap@database/bienmap"),
    ],
)
def test_a_default_would_be_found(name: str, text: str) -> None:
    assert secrets_in(name, text)


def test_nothing_ships_with_a_default() -> None:
    endings = (".py", ".json", ".yml", ".toml", ".sh", ".sql", ".html", ".js", ".md")
    files = [*tracked(*endings), *(ROOT / name for name in ("Dockerfile", "Makefile"))]
    shipped = [path for path in files if not path.is_relative_to(ROOT / "tests")]
    assert len(shipped) > 200
    # The catalogue of texts has keys that speak of passwords, and no values of them.
    texts = ROOT / "web" / "messages.json"
    found = {
        str(path.relative_to(ROOT)): hits
        for path in shipped
        if path != texts and (hits := secrets_in(path.name, path.read_text(encoding="utf-8")))
    }
    assert found == {}
