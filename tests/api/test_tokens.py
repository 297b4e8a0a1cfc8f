"""Personal access tokens: made, used, ended, and what is none."""

import pytest
from starlette.testclient import TestClient

from tests.api.test_bad_input import assert_problem
from tests.people import Person, signed_in

SESSION = "/api/v1/session"


def test_tokens_live_and_end(browser: TestClient, stranger: TestClient, officer: Person) -> None:
    signed_in(browser, officer)
    wanted = {"name": "máy trạm", "scopes": ["read"], "days": 7}
    made = browser.post("/api/v1/tokens", json=wanted)
    assert made.status_code == 201
    listed = browser.get("/api/v1/tokens").json()
    assert [{**one, "token": made.json()["token"]} for one in listed] == [made.json()]
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    assert stranger.get(SESSION, headers=bearer).json()["username"] == officer.username
    assert stranger.get("/api/v1/tokens", headers=bearer).json() == listed
    # Neither may it make another one, nor write.
    write = stranger.post("/api/v1/tokens", json=wanted, headers=bearer)
    assert_problem(write, 403)
    run = stranger.post("/api/v1/hotspot-runs", json={}, headers=bearer)
    assert run.json()["code"] == "token.read_only"
    address = f"/api/v1/tokens/{made.json()['id']}"
    assert browser.delete(address).status_code == 204
    assert_problem(browser.delete(address), 404)
    assert_problem(stranger.get(SESSION, headers=bearer), 401)
    assert browser.get("/api/v1/tokens").json() == []


def test_a_writing_token_needs_no_origin_and_makes_no_tokens(
    browser: TestClient, stranger: TestClient, officer: Person
) -> None:
    signed_in(browser, officer)
    wanted = {"name": "máy trạm", "scopes": ["read", "write"]}
    token = browser.post("/api/v1/tokens", json=wanted).json()["token"]
    bearer = {"Authorization": f"bearer {token}"}
    assert_problem(stranger.post("/api/v1/tokens", json=wanted, headers=bearer), 403)
    assert_problem(stranger.delete(SESSION, headers=bearer), 403)
    assert_problem(stranger.post("/api/v1/hotspot-runs", json={}, headers=bearer), 422)


def test_tokens_of_others_cannot_be_seen_or_ended(
    browser: TestClient, client: TestClient, officer: Person
) -> None:
    signed_in(browser, officer)
    mine = browser.post("/api/v1/tokens", json={"name": "t"}).json()["id"]
    assert client.get("/api/v1/tokens").json() == []
    assert_problem(client.delete(f"/api/v1/tokens/{mine}"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "t", "scopes": []},
        {"name": "t", "scopes": ["admin"]},
        {"name": "t", "days": 0},
        {"name": "t", "days": 367},
    ],
)
def test_tokens_that_cannot_be(client: TestClient, body: object) -> None:
    assert_problem(client.post("/api/v1/tokens", json=body), 422)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer \xff", "Bearer " + "a" * 5000]
)
def test_what_is_no_token_lets_nobody_in(browser: TestClient, officer: Person, header: str) -> None:
    assert_problem(browser.get(SESSION, headers={"Authorization": header.encode("latin-1")}), 401)
    # Nor does a cookie stand in for a token that was meant and does not hold.
    signed_in(browser, officer)
    if header.startswith("Bearer x"):
        assert_problem(browser.get(SESSION, headers={"Authorization": header}), 401)
