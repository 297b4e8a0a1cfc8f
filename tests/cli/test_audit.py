"""The audit on the command line: an anchor is taken, and the chain is held against it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture(autouse=True)
def store(boundaries_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", boundaries_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments])


def test_an_anchor_is_taken_and_found_again(tmp_path: Path) -> None:
    typed = "một mật khẩu dài\n"
    options = ["--role", "leader", "--country"]
    made = CliRunner().invoke(app, ["account", "add", "minh", *options], input=typed)
    assert made.exit_code == 0, made.output
    anchors = tmp_path / "anchors.jsonl"
    anchors.write_text(run("anchor").output)
    verified = run("verify", "--anchor", str(anchors))
    assert (verified.exit_code, "nguyên vẹn" in verified.output) == (0, True)
    shown = run("show", "--last", "3").output
    assert "account" in shown
    assert "argon2" not in shown

    other = json.loads(anchors.read_text()) | {"hash": "00" * 32}
    anchors.write_text(json.dumps(other))
    refused = run("verify", "--anchor", str(anchors))
    assert (refused.exit_code, "viết lại" in refused.output) == (1, True)
    anchors.write_text("không phải mốc")
    assert run("verify", "--anchor", str(anchors)).exit_code != 0
