"""What a person does with his own account: password, sessions, tokens."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.actors import COOKIE
from geo.store import passwords
from geo.store.accounts import set_role
from geo.store.database import transaction
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, Person, make_account, signed_in

SESSION, SESSIONS = "/api/v1/session", "/api/v1/sessions"
NEW = "mật khẩu mới tinh"


@pytest.fixture
def browsers(api: FastAPI, officer: Person) -> Iterator[tuple[TestClient, TestClient]]:
    """Two browsers of the officer."""
    with TestClient(api) as first, TestClient(api) as second:
        second.headers["User-Agent"] = "Firefox 140"
        yield signed_in(first, officer), signed_in(second, officer)


def test_a_new_password_ends_all_else(
    browsers: tuple[TestClient, TestClient], officer: Person
) -> None:
    here, there = browsers
    token = here.post("/api/v1/tokens", json={"name": "t"}).json()["token"]
    path = f"{SESSION}/password"
    assert_problem(here.put(path, json={"old": "sai", "new": NEW}), 401)
    assert_problem(here.put(path, json={"old": officer.password, "new": "ngắn"}), 422)
    assert there.get(SESSION).status_code == 200
    answer = here.put(path, json={"old": officer.password, "new": NEW})
    assert answer.status_code == 204
    assert here.get(SESSION).status_code == 200
    assert_problem(there.get(SESSION), 401)
    assert_problem(there.get(SESSION, headers={"Authorization": f"Bearer {token}"}), 401)
    assert_problem(there.post(SESSION, json=vars(officer)), 401)
    assert there.post(SESSION, json=vars(Person(officer.username, NEW))).status_code == 201


def test_guesses_at_the_old_password_are_counted(
    browsers: tuple[TestClient, TestClient], officer: Person
) -> None:
    here, _ = browsers
    found = [
        here.put(f"{SESSION}/password", json={"old": "sai", "new": NEW}).status_code
        for _ in range(11)
    ]
    assert found == [401] * 10 + [429]


def test_sessions_are_listed_and_ended(
    browsers: tuple[TestClient, TestClient], api: FastAPI, api_engine: Engine
) -> None:
    here, there = browsers
    listed = here.get(SESSIONS).json()
    assert (listed["life_hours"], listed["rest_minutes"]) == (12, 120)
    assert [one["current"] for one in listed["sessions"]] == [False, True]
    assert "token_hash" not in listed["sessions"][0]
    assert listed["sessions"][0]["client"] == "Firefox 140"
    other = listed["sessions"][0]["id"]
    stranger = make_account(api_engine, "officer", MON_SON)
    with TestClient(api) as elsewhere:
        signed_in(elsewhere, stranger)
        assert_problem(elsewhere.delete(f"{SESSIONS}/{other}"), 404)
    assert there.get(SESSION).status_code == 200
    assert here.delete(f"{SESSIONS}/{other}").status_code == 204
    assert_problem(there.get(SESSION), 401)
    assert_problem(here.delete(f"{SESSIONS}/{other}"), 404)
    assert_problem(here.delete(f"{SESSIONS}/{UUID(int=7)}"), 404)


def test_a_token_cannot_manage_the_account(browsers: tuple[TestClient, TestClient]) -> None:
    here, _ = browsers
    made = here.post("/api/v1/tokens", json={"name": "t", "scopes": ["read", "write"]}).json()
    here.cookies.clear()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    for method, path in (
        ("GET", SESSIONS),
        ("PUT", f"{SESSION}/password"),
        ("POST", f"{SESSION}/confirmation"),
        ("POST", "/api/v1/second-factor"),
        ("GET", "/api/v1/second-factor"),
    ):
        body = {"old": "x", "new": NEW, "password": "x"} if method != "GET" else None
        answer = here.request(method, path, json=body, headers=bearer)
        assert_problem(answer, 403)
        assert answer.json()["code"] == "access.password_needed"


def test_a_session_that_was_brought_along_is_not_the_one_that_is_opened(
    browsers: tuple[TestClient, TestClient], officer: Person
) -> None:
    here, _ = browsers
    for planted in ("planted-by-somebody", here.cookies[COOKIE]):
        brought = {"Cookie": f"{COOKIE}={planted}"}
        here.cookies.clear()
        opened = here.post(SESSION, json=vars(officer), headers=brought)
        assert opened.status_code == 201
        assert f"{COOKIE}={planted}" not in opened.headers["set-cookie"]
        here.cookies.clear()
        assert_problem(here.get(SESSION, headers=brought), 401)


def test_another_role_holds_with_the_next_request(
    browsers: tuple[TestClient, TestClient], api_engine: Engine, officer: Person
) -> None:
    here, _ = browsers
    with transaction(api_engine) as connection:
        set_role(connection, officer.username, "planner")
    assert here.get(SESSION).json()["role"] == "planner"


@pytest.mark.parametrize("name", ["known", "nobody-at-all"])
def test_each_guess_costs_one_check_whoever_is_named(
    api: FastAPI, officer: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored.split("$")[:4])
            return hasher.verify(stored, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    hasher = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    with TestClient(api) as browser:
        typed = {"username": officer.username if name == "known" else name, "password": "sai"}
        assert_problem(browser.post(SESSION, json=typed), 401)
    assert checked == [["", "argon2id", "v=19", "m=19456,t=2,p=1"]]
