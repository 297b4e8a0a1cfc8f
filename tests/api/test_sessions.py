"""Signing in and out, and what keeps others from doing it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.actors import COOKIE
from geo.store.accounts import set_active, set_password
from geo.store.actors import COUNTRY
from geo.store.database import transaction
from geo.store.sessions import _place_of
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, Person, make_account, signed_in

SESSION = "/api/v1/session"


def test_sign_in_shows_who_and_sign_out_ends_it(browser: TestClient, officer: Person) -> None:
    assert_problem(browser.get(SESSION), 401)
    typed = {"username": f" {officer.username.upper()} ", "password": officer.password}
    made = browser.post(SESSION, json=typed)
    assert made.status_code == 201
    cookie = made.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    shown = browser.get(SESSION).json()
    assert shown == made.json()
    assert (shown["username"], shown["role"]) == (officer.username, "officer")
    assert shown["jurisdictions"] == [{"edition": "2025", "level": "commune", "code": "17263"}]
    kept = browser.cookies[COOKIE]
    assert len(kept) >= 43  # 256 bits in base 64
    out = browser.delete(SESSION, headers={"Origin": "http://testserver"})
    assert out.status_code == 204
    assert COOKIE not in browser.cookies
    browser.cookies[COOKIE] = kept
    assert_problem(browser.get(SESSION), 401)


def test_signing_in_again_ends_the_session_before(browser: TestClient, officer: Person) -> None:
    signed_in(browser, officer)
    before = browser.cookies[COOKIE]
    signed_in(browser, officer)
    assert browser.cookies[COOKIE] != before
    assert browser.get(SESSION).status_code == 200
    browser.cookies.clear()
    assert_problem(browser.get(SESSION, headers={"Cookie": f"{COOKIE}={before}"}), 401)


def test_over_https_the_cookie_is_for_this_host_alone(api: FastAPI, officer: Person) -> None:
    with TestClient(api, base_url="https://testserver") as secure:
        cookie = secure.post(SESSION, json=vars(officer)).headers["set-cookie"]
        assert cookie.startswith(f"__Host-{COOKIE}=")
        assert {"Secure", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert secure.get(SESSION).status_code == 200


def test_nothing_secret_is_stored(browser: TestClient, api_engine: Engine, officer: Person) -> None:
    signed_in(browser, officer)
    made = browser.post("/api/v1/tokens", json={"name": "máy trạm"}).json()
    with transaction(api_engine) as connection:
        rows = "".join(
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("account", "session", "token", "sign_in_attempt")
        )
    for secret in (officer.password, browser.cookies[COOKIE], made["token"]):
        assert secret not in rows
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in rows


@pytest.mark.parametrize("language", ["vi", "en"])
def test_wrong_name_and_wrong_password_are_told_alike(
    browser: TestClient, officer: Person, language: str
) -> None:
    answers = [
        browser.post(
            SESSION,
            json={"username": name, "password": "sai rồi"},
            headers={"Accept-Language": language},
        )
        for name in (officer.username, f"nobody-{uuid4().hex}", "<script>", "")
    ]
    for answer in answers:
        assert_problem(answer, 401)
        assert answer.json()["code"] == "sign_in.wrong"
        assert answer.json()["detail"] == answers[0].json()["detail"]
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "a"},
        {"username": "a", "password": None},
        {"username": ["a"], "password": "b"},
        {"username": "a" * 201, "password": "b"},
        {"username": "a", "password": "b" * 257},
        {"username": "a\0", "password": "b"},
    ],
)
def test_what_is_no_sign_in_is_told(browser: TestClient, body: object) -> None:
    assert_problem(browser.post(SESSION, json=body), 422)


def test_guessing_is_slowed_and_nobody_is_locked_out(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    wrong = {"username": officer.username, "password": "sai rồi"}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: browser.post(SESSION, json=wrong).status_code, range(24)))
    assert sorted(found) == [401] * 10 + [429] * 14
    refused = browser.post(SESSION, json=vars(officer))
    assert_problem(refused, 429)
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    # Another address, and another account from this one, are not held up.
    assert signed_in(browser, make_account(api_engine, "leader", COUNTRY))
    with transaction(api_engine) as connection:
        connection.execute(
            text(
                "UPDATE sign_in_attempt SET attempted_at = attempted_at - interval '15 minutes'"
                " WHERE username = :name"
            ),
            {"name": officer.username},
        )
    assert signed_in(browser, officer)


def guesses(engine: Engine, count: int, *, username: str, ago: str) -> None:
    """So many wrong guesses at the account, from as many addresses, so long ago."""
    with transaction(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO sign_in_attempt (username, address, attempted_at)"
                " SELECT :username, '203.0.113.' || n % 250, now() - CAST(:ago AS interval)"
                " FROM generate_series(1, :count) AS n"
            ),
            {"username": username, "ago": ago, "count": count},
        )


@pytest.fixture
def forget_guesses(api_engine: Engine) -> Iterator[None]:
    """What others guessed does not count, and what is guessed here does not hold up others."""

    def forget() -> None:
        with transaction(api_engine) as connection:
            connection.execute(text("DELETE FROM sign_in_attempt"))

    forget()
    yield
    forget()


@pytest.mark.usefixtures("forget_guesses")
def test_one_address_cannot_try_one_password_at_all_names(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    known = make_account(api_engine, "leader", COUNTRY)
    signed_in(browser, known)
    found = [
        browser.post(SESSION, json={"username": f"name-{n}", "password": "sai rồi"}).status_code
        for n in range(60)
    ]
    assert found == [401] * 50 + [429] * 10
    refused = browser.post(SESSION, json=vars(officer))
    assert_problem(refused, 429)
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    # Those who work behind the address go on: who has signed in from there before is not held.
    signed_in(browser, known)


@pytest.mark.usefixtures("forget_guesses")
@pytest.mark.parametrize(
    ("count", "ago", "status"),
    [
        (19, "1 minute", 201),
        (20, "1 minute", 429),
        (20, "6 minutes", 201),
        (50, "59 minutes", 429),
        (50, "61 minutes", 201),
        (100, "23 hours", 429),
        (100, "25 hours", 201),
    ],
)
def test_guesses_from_many_addresses_are_slowed_and_never_for_good(
    browser: TestClient, api_engine: Engine, officer: Person, count: int, ago: str, status: int
) -> None:
    with transaction(api_engine) as connection:
        connection.execute(
            text(
                "UPDATE account SET password_changed_at = now() - interval '9 days'"
                " WHERE username = :name"
            ),
            {"name": officer.username},
        )
    guesses(api_engine, count, username=officer.username, ago=ago)
    assert browser.post(SESSION, json=vars(officer)).status_code == status


@pytest.mark.usefixtures("forget_guesses")
def test_strangers_do_not_hold_up_whoever_is_known_here_or_has_a_new_password(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    signed_in(browser, officer)
    guesses(api_engine, 200, username=officer.username, ago="-1 second")
    assert browser.post(SESSION, json=vars(officer)).status_code == 201
    other = make_account(api_engine, "officer", MON_SON)
    guesses(api_engine, 200, username=other.username, ago="-1 second")
    assert_problem(browser.post(SESSION, json=vars(other)), 429)
    with transaction(api_engine) as connection:
        connection.execute(
            text("UPDATE sign_in_attempt SET attempted_at = now() - interval '1 minute'")
        )
        set_password(connection, other.username, other.password)
    assert browser.post(SESSION, json=vars(other)).status_code == 201


def test_addresses_of_one_ipv6_network_are_one() -> None:
    assert _place_of("2001:db8:1:2:a::1") == _place_of("2001:db8:1:2:b::2") != "2001:db8:1:3::1"
    assert _place_of("203.0.113.7") == "203.0.113.7"


def test_old_parameters_are_renewed_at_sign_in(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415

    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(officer.password)
    with transaction(api_engine) as connection:
        connection.execute(
            text("UPDATE account SET password_hash = :old WHERE username = :name"),
            {"old": old, "name": officer.username},
        )
    signed_in(browser, officer)
    with transaction(api_engine) as connection:
        new = connection.scalar(
            text("SELECT password_hash FROM account WHERE username = :name"),
            {"name": officer.username},
        )
    assert "m=19456,t=2,p=1" in new
    browser.cookies.clear()
    assert signed_in(browser, officer)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE session SET expires_at = now()",
        "UPDATE session SET last_seen_at = now() - interval '2 hours'",
        "UPDATE session SET revoked_at = now()",
        "UPDATE account SET active = false WHERE username = :name",
    ],
)
def test_a_session_that_ended_is_refused(
    browser: TestClient, api_engine: Engine, officer: Person, change: str
) -> None:
    signed_in(browser, officer)
    with transaction(api_engine) as connection:
        connection.execute(text(change), {"name": officer.username})
    assert_problem(browser.get(SESSION), 401)
    assert_problem(browser.post("/api/v1/incidents", json={}), 401)


@pytest.mark.parametrize("how", ["password", "disabled"])
def test_new_password_and_disabling_end_what_was_open(
    browser: TestClient, api_engine: Engine, officer: Person, how: str
) -> None:
    signed_in(browser, officer)
    token = browser.post("/api/v1/tokens", json={"name": "t"}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.get(SESSION, headers=bearer).json()["found_by"] == "token"
    with transaction(api_engine) as connection:
        if how == "password":
            set_password(connection, officer.username, "mật khẩu mới đây")
        else:
            set_active(connection, officer.username, active=False)
    assert_problem(browser.get(SESSION), 401)
    assert_problem(browser.get(SESSION, headers=bearer), 401)
    assert_problem(browser.post(SESSION, json=vars(officer)), 401)


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
]


@pytest.mark.parametrize("headers", [*FOREIGN, {}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "ü"}])
def test_another_site_cannot_act_for_whoever_is_signed_in(
    browser: TestClient, officer: Person, headers: dict[str, str]
) -> None:
    browser.post(SESSION, json=vars(officer))
    raw = {name: value.encode() for name, value in headers.items()}
    answer = browser.post("/api/v1/tokens", json={"name": "t"}, headers=raw)
    assert_problem(answer, 403)
    assert answer.json()["code"] == "request.foreign"
    assert_problem(browser.delete(SESSION, headers=raw), 403)
    assert browser.get(SESSION).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_sign_a_browser_in(
    browser: TestClient, officer: Person, headers: dict[str, str]
) -> None:
    assert_problem(browser.post(SESSION, json=vars(officer), headers=headers), 403)


def test_own_pages_and_programs_with_the_token_may_act(
    browser: TestClient, officer: Person
) -> None:
    token = browser.post(SESSION, json=vars(officer)).json()["csrf_token"]
    for headers in (
        {"Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin"},
        {"X-CSRF-Token": token},
    ):
        assert browser.post("/api/v1/tokens", json={"name": "t"}, headers=headers).is_success


def test_a_page_of_somebody_else_writes_in_nobodys_name(
    browser: TestClient, api_engine: Engine, officer: Person
) -> None:
    browser.post(SESSION, json=vars(officer))
    with transaction(api_engine) as connection:
        own = connection.scalar(
            text("SELECT id::text FROM account WHERE username = :username"), vars(officer)
        )
    for whom, is_taken in ((own, True), (str(uuid4()), False), ("", False)):
        answer = browser.post(
            "/api/v1/tokens",
            json={"name": "t"},
            headers={"Sec-Fetch-Site": "same-origin", "X-Account": whom},
        )
        assert answer.is_success == is_taken
        if not is_taken:
            assert_problem(answer, 403)
            assert answer.json()["code"] == "sign_in.another"


def test_counts_need_no_sign_in_and_records_do(stranger: TestClient) -> None:
    for path in ("statistics?edition=2025&level=commune", "hotspot-runs", "health"):
        assert stranger.get(f"/api/v1/{path}").status_code == 200
    for path in ("incidents", "outreach-events", "networks"):
        assert_problem(stranger.get(f"/api/v1/{path}"), 401)
