"""Hotspot runs from the command line, computed here or left to a worker."""

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from cli.main import app
from geo.store.database import transaction
from geo.store.hotspots import get_run
from tests.api.conftest import load_few
from tests.hot_units import forget_reviews, store_run

PERIOD = ("--edition", "2025", "--level", "province", "--from", "2023-01-01", "--to", "2025-12-31")
METHODS = {
    "gi_star": ("--permutations", "99", "--neighbourhood", "nearest", "--nearest", "4"),
    "local_moran": ("--permutations", "99", "--measure", "rate"),
    "emerging": ("--permutations", "99", "--step-months", "3", "--seed", "7"),
    "scan_poisson": ("--permutations", "99", "--largest-share", "0.2"),
    "scan_permutation": ("--permutations", "99"),
}
Bienmap = Callable[..., Result]
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def store(module_boundaries_engine: Engine) -> Engine:
    """A store of boundaries and twenty incidents."""
    load_few(module_boundaries_engine)
    return module_boundaries_engine


@pytest.fixture
def bienmap(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Bienmap:
    """The command on that store."""
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    return lambda *words: CliRunner().invoke(app, words)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_runs_and_its_run_is_the_same_again(
    store: Engine, bienmap: Bienmap, method: str
) -> None:
    said = bienmap("hotspots", "run", *PERIOD, "--method", method, *METHODS[method])
    assert said.exit_code == 0, said.output
    run = said.stdout.strip()
    assert "• tính toán / computing" in said.stderr
    with transaction(store) as connection:
        stored = get_run(connection, UUID(run), also_restricted=True)
    assert stored["method"] == method
    often = "replications" if method.startswith("scan") else "permutations"
    assert stored["parameters"][often] == 99
    again = bienmap("hotspots", "rerun", run)
    assert again.exit_code == 0, again.output
    assert "The same to the last digit." in again.stdout
    with transaction(store) as connection:
        connection.execute(
            text("UPDATE hotspot_result SET value = value + 1 WHERE run_id = :run"), {"run": run}
        )
    differs = bienmap("hotspots", "rerun", run)
    assert differs.exit_code == 1
    assert "The result differs." in differs.stderr


def test_what_the_method_does_not_have_is_said(bienmap: Bienmap) -> None:
    said = bienmap("hotspots", "run", *PERIOD, "--method", "scan_poisson", "--measure", "count")
    assert said.exit_code == 1
    assert "The method “scan_poisson” has no such parameters: measure." in said.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((*PERIOD, "--kind", "zz"), "no such code: zz"),
        (("--seed", "3"), "give all three"),
        (("--method", "emerging"), "give all three"),
        ((*PERIOD, "--nearest", "51"), "equal to 50"),
        (("--edition", "2025", "--from", "2026-01-02", "--to", "2026-01-01"), "lies before"),
        ((*PERIOD, "--level", "district"), "districts ended in 2025"),
    ],
)
def test_what_there_is_not_is_refused(bienmap: Bienmap, asked: tuple[str, ...], said: str) -> None:
    answer = bienmap("hotspots", "run", *asked)
    assert answer.exit_code == 2
    assert said in answer.output


def test_a_queued_run_is_listed_shown_and_cancelled(bienmap: Bienmap) -> None:
    wanted = ("hotspots", "run", *PERIOD, "--method", "emerging", "--queue")
    said = bienmap(*wanted)
    assert said.exit_code == 0, said.output
    job = said.stdout.strip()
    assert IDENTIFIER.fullmatch(job)
    assert bienmap(*wanted).stdout.strip() == job
    listed = bienmap("jobs", "list", "--state", "queued").stdout
    assert job in listed
    assert "queued  0%  2025 province emerging" in listed
    shown = json.loads(bienmap("jobs", "show", job).stdout)
    assert (shown["id"], shown["question"]["period_to"]) == (job, "2026-01-01")
    assert bienmap("jobs", "cancel", job).stdout.startswith("cancelled")
    resumed = bienmap("jobs", "resume", job).stdout
    assert "queued" in resumed
    assert not resumed.startswith(job)
    assert job not in bienmap("jobs", "list", "--state", "queued").stdout
    unknown = bienmap("jobs", "show", str(UUID(int=1)))
    assert unknown.exit_code == 1
    assert "There is no job" in unknown.stderr


def test_the_standard_runs_can_be_queued(bienmap: Bienmap) -> None:
    job = bienmap("hotspots", "run", "--queue").stdout.strip()
    assert json.loads(bienmap("jobs", "show", job).stdout)["kind"] == "standard_runs"


def test_the_queue_lists_what_waits_the_hottest_first(bienmap: Bienmap, store: Engine) -> None:
    forget_reviews(store)
    store_run(store, {"17263": 2, "17230": 3, "17266": 1})
    listed = bienmap("hotspots", "queue")
    assert listed.exit_code == 0, listed.output
    assert [line.split()[:2] for line in listed.output.splitlines()] == [
        ["3", "17230"],
        ["2", "17263"],
    ]
    assert "Điểm nóng, tin cậy 99 %: chưa có quyết định." in listed.output
    found = bienmap("hotspots", "queue", "--json", "--least-class", "1")
    assert [json.loads(line)["code"] for line in found.output.splitlines()] == [
        "17230",
        "17263",
        "17266",
    ]
