"""Turns at the database: who waits for one is told in time, and health waits behind nobody."""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests.api.test_bad_input import assert_problem


@pytest.fixture
def one_turn(api: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Speaks to a server with one turn, for which nobody waits longer than half a second."""
    monkeypatch.setattr("api.dependencies.MOST_AT_THE_DATABASE", 1)
    monkeypatch.setattr("api.dependencies.LONGEST_WAIT_FOR_A_TURN", 0.5)
    # Turns are those of an event loop, and this client has one of its own.
    with TestClient(api, raise_server_exceptions=False) as client:
        yield client


def test_who_gets_no_turn_is_told_and_the_next_one_gets_it(
    one_turn: TestClient, api_engine: Engine
) -> None:
    slow = "/api/v1/border-lines"
    assert one_turn.get(slow).status_code == 200
    with ThreadPoolExecutor(2) as pool:
        with api_engine.begin() as connection:
            # Whoever reads the border waits until this transaction has ended.
            connection.execute(text("LOCK TABLE border_line IN ACCESS EXCLUSIVE MODE"))
            asked = [pool.submit(one_turn.get, slow) for _ in range(2)]
            [refused], [held] = wait(asked, timeout=20, return_when=FIRST_COMPLETED)
            assert_problem(refused.result(), 503)
            assert refused.result().json()["code"] == "store.busy"
            # It asks other tables, and needs no turn.
            assert one_turn.get("/api/v1/health").status_code == 200
        assert held.result().status_code == 200
    assert one_turn.get(slow).status_code == 200
