"""House rules that no linter knows."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("cli", "web", "api", "layers", "geo", "data")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def tracked(*endings: str) -> list[Path]:
    """Files of the checkout that git knows or would take, with one of the endings."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [path for name in listing if name.endswith(endings) and (path := ROOT / name).is_file()]


def test_files_stay_readable_in_one_sitting() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked(".py", ".js", ".css", ".sql", ".html")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_stay_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_the_product_reads_nothing_beside_the_checkout() -> None:
    reading = [
        str(path.relative_to(ROOT))
        for path in tracked(".py", ".js", ".sql", ".html")
        if path.relative_to(ROOT).parts[0] in PRODUCT and "../shared" in path.read_text("utf-8")
    ]
    assert reading == []


def test_no_public_name_goes_without_its_docstring() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] in PRODUCT and "migrations" not in path.parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["geo/analysis", "geo/boundaries", "geo/records"])
def test_pure_rooms_know_no_database(folder: str) -> None:
    impure = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.split(".")[0] in {"sqlalchemy", "psycopg", "geoalchemy2"}
    ]
    assert impure == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
