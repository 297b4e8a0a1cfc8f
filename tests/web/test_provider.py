"""Sign-in by a provider that runs as a process of its own, and attacks on the way."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.errors import InputError
from geo.settings import Settings
from geo.store.accounts import require_second_factor, set_active, set_agency
from geo.store.actors import COUNTRY
from geo.store.database import create_engine, transaction
from geo.store.provider_links import allow_provider, refuse_provider
from tests import oidc_provider
from tests.people import Person, make_account
from web.app import create_app

SESSION, START = "/api/v1/session", "/sign-in/provider"
Entering = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer's address."""
    program = Path(oidc_provider.__file__)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@pytest.fixture(scope="module")
def engine(module_database_url: str) -> Iterator[Engine]:
    """Engine on the database that the product uses here."""
    found = create_engine(module_database_url)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def settings(
    provider: str, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of an installation with the provider."""
    secret = tmp_path_factory.mktemp("oidc") / "secret"
    secret.write_text(oidc_provider.SECRET + "\n", encoding="utf-8")
    return Settings(
        database_url=module_database_url,
        host_names="testserver",
        oidc_issuer=provider,
        oidc_client_id=oidc_provider.CLIENT,
        oidc_client_secret_file=secret,
        oidc_agencies="CA_T,BDBP",
    )


@pytest.fixture
def browser(settings: Settings, person: Person, provider: str) -> Iterator[TestClient]:
    """A browser before the product; the provider knows the person and behaves."""
    say(provider, preferred_username=person.username, sub=person.username)
    with TestClient(create_app(settings), follow_redirects=False) as found:
        yield found


@pytest.fixture
def person(engine: Engine) -> Person:
    """An officer of the police whose account is open to the provider."""
    made = make_account(engine, "officer", COUNTRY)
    with transaction(engine) as connection:
        set_agency(connection, made.username, "CA_T")
        allow_provider(connection, made.username)
    return made


def say(provider: str, **changes: Any) -> None:
    """Tell the provider what to answer."""
    assert httpx.post(f"{provider}/attack", json=changes, timeout=120).status_code == 200


def to_provider(browser: TestClient, path: str = START) -> str:
    """Begin, and walk through the provider; the address that it sends the browser back to."""
    gone = browser.get(path)
    assert gone.status_code == 303, gone.text
    asked = parse_qs(urlsplit(gone.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    return httpx.get(gone.headers["location"], timeout=120).headers["location"]


def refused(answer: httpx.Response, browser: TestClient, said: str, status: int = 401) -> None:
    """The form came with the reason, and nobody is signed in."""
    assert answer.status_code == status
    assert said in answer.text
    assert browser.get(SESSION).status_code == 401


def test_signs_in_whose_account_is_open_to_it(browser: TestClient, person: Person) -> None:
    assert "/sign-in/provider" in browser.get("/sign-in").text
    back = browser.get(to_provider(browser))
    assert (back.status_code, back.headers["location"]) == (303, "/")
    shown = browser.get(SESSION).json()
    assert (shown["username"], shown["opened_by"]) == (person.username, "provider")
    browser.headers["Origin"] = "http://testserver"
    # Whoever was signed in at the provider for hours has proved nothing just now.
    token = browser.post("/api/v1/tokens", json={"name": "t"})
    assert token.json()["code"] == "sign_in.again"
    again = browser.get(to_provider(browser, f"{START}?again=true&lang=en"))
    assert again.headers["location"] == "/account?lang=en"
    assert browser.post("/api/v1/tokens", json={"name": "t"}).status_code == 201
    assert browser.delete(SESSION).status_code == 204
    assert "/leave?client_id=bienmap" in browser.get(f"{START}/leave").headers["location"]


@pytest.mark.parametrize(
    "attack",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": ["bienmap", "another"], "azp": "another"}},
        {"claims": {"iss": "https://other.example"}},
        {"claims": {"exp": 1_700_000_000}},
        {"claims": {"exp": None}},
        {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"claims": {"sub": None}},
        {"claims": {"preferred_username": None}},
        {"claims": {"preferred_username": ["a", "b"]}},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"foreign_key": True},
    ],
)
def test_a_token_that_does_not_hold_is_refused(
    browser: TestClient, person: Person, provider: str, attack: dict[str, Any]
) -> None:
    say(provider, preferred_username=person.username, sub=person.username, **attack)
    answer = browser.get(to_provider(browser))
    refused(answer, browser, "Câu trả lời của hệ thống đăng nhập chung không hợp lệ")


def test_the_way_back_holds_once_and_in_this_browser(
    browser: TestClient, settings: Settings
) -> None:
    way = to_provider(browser)
    with TestClient(create_app(settings), follow_redirects=False) as other:
        refused(other.get(way), other, "không bắt đầu ở trình duyệt này")
    state = parse_qs(urlsplit(way).query)["state"][0]
    refused(browser.get(way.replace(state, "A" * 43)), browser, "không bắt đầu")
    kept = browser.cookies["bienmap_provider"]
    assert browser.get(way).status_code == 303
    browser.cookies.clear()
    browser.cookies["bienmap_provider"] = kept
    refused(browser.get(way), browser, "không bắt đầu")
    # The same code with the state of another beginning: the provider has taken it before.
    used = parse_qs(urlsplit(way).query)["code"][0]
    fresh = to_provider(browser)
    code = parse_qs(urlsplit(fresh).query)["code"][0]
    refused(browser.get(fresh.replace(code, used)), browser, "không hợp lệ")
    late = to_provider(browser).split("?")[0]
    refused(browser.get(f"{late}?error=access_denied"), browser, "không bắt đầu")


def test_a_way_that_took_too_long_is_refused(browser: TestClient, engine: Engine) -> None:
    way = to_provider(browser)
    with transaction(engine) as connection:
        connection.execute(
            text("UPDATE provider_request SET made_at = made_at - interval '11 minutes'")
        )
    refused(browser.get(way), browser, "quá 10 phút")


@pytest.mark.parametrize("closed", ["closed", "disabled", "agency", "unknown"])
def test_no_account_is_made_or_opened_by_a_name_alone(
    browser: TestClient, person: Person, engine: Engine, provider: str, closed: str
) -> None:
    with transaction(engine) as connection:
        before = connection.scalar(text("SELECT count(*) FROM account"))
        if closed == "closed":
            refuse_provider(connection, person.username)
        if closed == "disabled":
            set_active(connection, person.username, active=False)
        if closed == "agency":
            set_agency(connection, person.username, None)
    if closed == "unknown":
        say(provider, preferred_username="nobody-here", sub="x")
    refused(browser.get(to_provider(browser)), browser, "chưa có tài khoản được mở")
    with transaction(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM account")) == before


def test_the_first_sign_in_binds_the_account_to_the_subject(
    browser: TestClient, person: Person, provider: str
) -> None:
    assert browser.get(to_provider(browser)).status_code == 303
    browser.cookies.clear()
    say(provider, preferred_username=person.username, sub="somebody else of this name")
    refused(browser.get(to_provider(browser)), browser, "chưa có tài khoản được mở")
    say(provider, preferred_username="renamed", sub=person.username)
    assert browser.get(to_provider(browser)).status_code == 303
    assert browser.get(SESSION).json()["username"] == person.username


def test_a_required_second_factor_is_the_providers_or_ours(
    browser: TestClient, person: Person, engine: Engine, provider: str
) -> None:
    with transaction(engine) as connection:
        require_second_factor(connection, person.username, required=True)
    browser.get(to_provider(browser))
    assert browser.get(SESSION).json()["must_enrol"]
    assert browser.get("/").headers["location"] == "/account"
    claims = {"amr": ["pwd", "otp"]}
    say(provider, preferred_username=person.username, sub=person.username, claims=claims)
    browser.get(to_provider(browser))
    assert not browser.get(SESSION).json()["must_enrol"]
    with transaction(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO second_factor (account_id, secret, confirmed_at)"
                " SELECT id, '\\x00', now() FROM account WHERE username = :name"
            ),
            {"name": person.username},
        )
    browser.cookies.clear()
    say(provider, preferred_username=person.username, sub=person.username)
    refused(browser.get(to_provider(browser)), browser, "yếu tố thứ hai")


def test_what_it_says_of_itself_is_asked_once(browser: TestClient, provider: str) -> None:
    before = httpx.get(f"{provider}/counted", timeout=120).json()
    for _ in range(3):
        browser.get(to_provider(browser))
    after = httpx.get(f"{provider}/counted", timeout=120).json()
    assert {name: after[name] - before[name] for name in after} == {"discovery": 1, "keys": 1}


def test_another_issuer_and_a_provider_that_is_away(
    browser: TestClient, provider: str, settings: Settings
) -> None:
    say(provider, as_issuer="https://other.example")
    refused(browser.get(START), browser, "không trả lời đúng", 503)
    away = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    with TestClient(create_app(away), follow_redirects=False) as other:
        refused(other.get(START), other, "không trả lời đúng", 503)
        assert other.get("/sign-in").status_code == 200


def test_without_a_provider_all_is_as_before(module_database_url: str) -> None:
    plain = Settings(database_url=module_database_url, host_names="testserver")
    with TestClient(create_app(plain), follow_redirects=False) as browser:
        assert "provider" not in browser.get("/sign-in").text
        for path in (START, f"{START}/return?code=a&state=b", f"{START}/leave"):
            assert browser.get(path).status_code == 404


@pytest.mark.parametrize("issuer", ["http://sso.example", "ftp://127.0.0.1", "sso.example"])
def test_a_provider_is_reached_by_https(module_database_url: str, issuer: str) -> None:
    with pytest.raises(InputError, match="https"):
        create_app(
            Settings(database_url=module_database_url, oidc_issuer=issuer, oidc_client_id="b")
        )
