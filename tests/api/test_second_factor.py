"""One-time codes beside the password, and what keeps others from using them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import Settings
from geo.store import accounts
from geo.store.database import transaction
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, Person, make_account, signed_in

SESSION, FACTOR = "/api/v1/session", "/api/v1/second-factor"
KEY, OTHER_KEY = "A" * 43 + "=", "B" * 42 + "A="
ORIGIN = {"Origin": "http://testserver"}


def client_with(engine: Engine, key: str) -> TestClient:
    """A browser of its own before a server with this key."""
    api = create_api(Settings(secret_key=key), engine)
    return TestClient(api, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def api(api_engine: Engine) -> FastAPI:
    """The server, with a key for secrets."""
    return create_api(Settings(secret_key=KEY), api_engine)


@pytest.fixture
def browser(api: FastAPI) -> Iterator[TestClient]:
    """A browser of its own."""
    with TestClient(api, raise_server_exceptions=False) as found:
        yield found


def code_of(secret: str, steps: int = 0) -> str:
    """The code that a telephone shows now, or some steps of 30 seconds later."""
    return pyotp.TOTP(secret).at(int(time.time()), counter_offset=steps)


def enrolled(browser: TestClient, person: Person) -> tuple[str, list[str], str]:
    """Sign in and turn one-time codes on; the secret, the recovery codes and the code it took."""
    signed_in(browser, person)
    secret = browser.post(FACTOR).json()["secret"]
    # The step before: the code of now is still unused, for the sign-in of the test.
    # Once more where its time ran out on the way.
    for _ in range(2):
        used = code_of(secret, -1)
        made = browser.post(f"{FACTOR}/confirmation", json={"code": used})
        if made.status_code != 422:
            break
    assert made.status_code == 201, made.text
    return secret, made.json()["recovery_codes"], used


def enter(browser: TestClient, person: Person, code: str = "") -> Any:
    """The answer to name, password and code."""
    return browser.post(SESSION, json=vars(person) | {"code": code})


def told(answer: Any, status: int, code: str) -> None:
    """The answer is this problem."""
    assert_problem(answer, status)
    assert answer.json()["code"] == code


def run(engine: Engine, statement: str, **values: object) -> None:
    """Change something behind the API's back."""
    with transaction(engine) as connection:
        connection.execute(text(statement), values)


def test_a_code_counts_only_once_it_was_confirmed(browser: TestClient, officer: Person) -> None:
    signed_in(browser, officer)
    assert browser.get(FACTOR).json() == {
        "enabled": False,
        "required": False,
        "confirmed_at": None,
        "recovery_codes_left": 0,
    }
    offer = browser.post(FACTOR).json()
    assert offer["picture"].startswith("data:image/svg+xml")
    assert pyotp.parse_uri(offer["address"]).secret == offer["secret"]
    told(
        browser.post(f"{FACTOR}/confirmation", json={"code": code_of(offer["secret"], 9)}),
        422,
        "second_factor.code",
    )
    assert enter(browser, officer).status_code == 201
    made = browser.post(f"{FACTOR}/confirmation", json={"code": code_of(offer["secret"])})
    assert len(set(made.json()["recovery_codes"])) == 8
    told(enter(browser, officer), 401, "sign_in.code_needed")


def test_the_code_is_asked_for_after_the_password_and_taken_once(
    browser: TestClient, officer: Person
) -> None:
    secret, _, used = enrolled(browser, officer)
    told(enter(browser, Person(officer.username, "sai mật khẩu")), 401, "sign_in.wrong")
    told(enter(browser, officer, code_of(secret, 5)), 401, "sign_in.code_wrong")
    # The code of the enrolment was used with it.
    told(enter(browser, officer, used), 401, "sign_in.code_wrong")
    now = code_of(secret)
    with ThreadPoolExecutor(4) as pool:
        found = [
            answer.status_code
            for answer in pool.map(lambda _: enter(browser, officer, now), [1] * 4)
        ]
    assert sorted(found) == [201, 401, 401, 401]
    spaced = code_of(secret, 1)
    assert enter(browser, officer, f" {spaced[:3]} {spaced[3:]} ").status_code == 201


def test_a_recovery_code_opens_once(browser: TestClient, officer: Person) -> None:
    _, codes, _ = enrolled(browser, officer)
    assert enter(browser, officer, codes[0].upper().replace("-", " ")).status_code == 201
    assert browser.get(FACTOR).json()["recovery_codes_left"] == 7
    told(enter(browser, officer, codes[0]), 401, "sign_in.code_wrong")
    fresh = browser.post(f"{FACTOR}/recovery-codes").json()["recovery_codes"]
    told(enter(browser, officer, codes[1]), 401, "sign_in.code_wrong")
    assert enter(browser, officer, fresh[1]).status_code == 201


def test_guesses_at_codes_are_counted_with_those_at_passwords(
    browser: TestClient, officer: Person
) -> None:
    secret, codes, _ = enrolled(browser, officer)
    for _ in range(5):
        enter(browser, Person(officer.username, "sai mật khẩu"))
    for _ in range(5):
        told(enter(browser, officer, "000 00x"), 401, "sign_in.code_wrong")
    told(enter(browser, officer, code_of(secret)), 429, "sign_in.too_many")
    assert_problem(enter(browser, officer, codes[0]), 429)


def test_the_secret_is_sealed_for_its_account_with_a_key_outside(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    secret, codes, _ = enrolled(browser, officer)
    with transaction(api_engine) as connection:
        stored = str(connection.execute(text("SELECT * FROM second_factor")).all())
        stored += str(connection.execute(text("SELECT * FROM recovery_code")).all())
        entries = str(connection.execute(text("SELECT content FROM audit_entry")).all())
    assert "second_factor" in entries
    for hidden in (secret, *codes, codes[0].replace("-", "")):
        assert hidden not in stored + entries
    assert not any(f'"{name}"' in entries for name in ("pending", "code_hash", "last_step"))
    with client_with(api_engine, OTHER_KEY) as elsewhere:
        told(enter(elsewhere, officer, code_of(secret)), 503, "secret_key.missing")
        assert enter(elsewhere, officer, codes[0]).status_code == 201
    thief = make_account(api_engine, "officer", MON_SON)
    run(
        api_engine,
        "INSERT INTO second_factor (account_id, secret, confirmed_at)"
        " SELECT other.id, secret, now() FROM second_factor, account AS other"
        " WHERE other.username = :thief"
        " AND account_id = (SELECT id FROM account WHERE username = :owner)",
        thief=thief.username,
        owner=officer.username,
    )
    told(enter(browser, thief, code_of(secret)), 503, "secret_key.missing")


def test_without_a_key_no_code_can_be_turned_on(api_engine: Engine, officer: Person) -> None:
    with client_with(api_engine, "") as browser:
        signed_in(browser, officer)
        told(browser.post(FACTOR), 503, "secret_key.missing")


def test_turning_it_on_ends_the_other_sessions(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    with client_with(api_engine, KEY) as other:
        signed_in(other, officer)
        enrolled(browser, officer)
        assert_problem(other.get(SESSION), 401)
    assert browser.get(SESSION).status_code == 200
    assert browser.delete(FACTOR).status_code == 204
    assert enter(browser, officer).status_code == 201


@pytest.mark.parametrize("whole_role", [False, True])
def test_whoever_must_have_codes_can_do_nothing_before(
    browser: TestClient, api_engine: Engine, whole_role: bool
) -> None:
    planner = make_account(api_engine, "planner", MON_SON)
    signed_in(browser, planner)
    token = browser.post("/api/v1/tokens", json={"name": "t"}).json()["token"]
    with transaction(api_engine) as connection:
        if whole_role:
            accounts.require_second_factor_of_role(connection, "planner", required=True)
        else:
            accounts.require_second_factor(connection, planner.username, required=True)
    for path in ("tokens", "sessions"):
        told(browser.get(f"/api/v1/{path}"), 403, "second_factor.enrol")
    bearer = {"Authorization": f"Bearer {token}"}
    told(browser.get("/api/v1/tokens", headers=bearer), 403, "second_factor.enrol")
    told(browser.post("/api/v1/tokens", json={"name": "t"}), 403, "second_factor.enrol")
    assert browser.get(SESSION).json()["must_enrol"]
    enrolled(browser, planner)
    assert browser.get("/api/v1/tokens", headers=bearer).status_code == 200
    told(browser.delete(FACTOR), 403, "second_factor.required")
    with transaction(api_engine) as connection:
        accounts.require_second_factor_of_role(connection, "planner", required=False)


def test_an_administrator_takes_it_away_and_the_chain_says_so(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    enrolled(browser, officer)
    with transaction(api_engine) as connection:
        accounts.reset_second_factor(connection, officer.username)
    assert_problem(browser.get(SESSION), 401)
    assert enter(browser, officer).status_code == 201
    with transaction(api_engine) as connection:
        newest = connection.scalar(
            text(
                "SELECT content FROM audit_entry"
                " WHERE content LIKE '%second_factor%' ORDER BY id DESC LIMIT 1"
            )
        )
    assert '"DELETE"' in newest


def test_what_needs_a_recent_sign_in_asks_for_it(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    signed_in(browser, officer)
    run(api_engine, "UPDATE session SET confirmed_at = now() - interval '301 seconds'")
    told(browser.post("/api/v1/tokens", json={"name": "t"}), 403, "sign_in.again")
    for method, path in (
        ("post", ""),
        ("delete", ""),
        ("post", "/recovery-codes"),
    ):
        told(browser.request(method, FACTOR + path), 403, "sign_in.again")
    confirmation = f"{SESSION}/confirmation"
    told(browser.post(confirmation, json={"password": "sai"}), 401, "sign_in.wrong")
    told(browser.post("/api/v1/tokens", json={"name": "t"}), 403, "sign_in.again")
    assert browser.post(confirmation, json={"password": officer.password}).status_code == 204
    assert browser.post("/api/v1/tokens", json={"name": "t"}).status_code == 201
