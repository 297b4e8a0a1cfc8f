"""No route passes over a query parameter that it does not know or that comes twice."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import Settings, load_settings
from tests.api.test_bad_input import assert_problem
from web.app import create_app

PLACEHOLDERS = {"edition": "2025", "level": "commune", "code": "17263", "key": "x"}
SCHEMA = create_api(load_settings(), None).openapi()  # type: ignore[arg-type]
OPERATIONS = [
    (method, path, operation)
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]


def query_names(operation: dict[str, Any]) -> set[str]:
    return {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}


def address_of(path: str, operation: dict[str, Any]) -> str:
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
    return path.format_map(
        {name: PLACEHOLDERS.get(name, "1" if len(name) == 1 else UUID(int=0)) for name in names}
    )


def test_the_description_is_walked() -> None:
    assert len(OPERATIONS) > 25
    assert sum(bool(query_names(operation)) for *_, operation in OPERATIONS) > 10


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS]
)
def test_unknown_parameters_are_refused_everywhere(
    stranger: TestClient, method: str, path: str, operation: dict[str, Any]
) -> None:
    address = address_of(path, operation)
    for language, word in (("vi", "Không có tham số"), ("en", "There is no parameter")):
        answer = stranger.request(
            method, f"{address}?khong_co=1&xyzzy=2", headers={"Accept-Language": language}
        )
        assert_problem(answer, 422)
        problem = answer.json()
        assert problem["code"] == "parameter.unknown"
        assert problem["detail"].startswith(f"{word} “khong_co”, “xyzzy”")
        assert problem["unknown"] == ["khong_co", "xyzzy"]
        assert set(problem["known"]) == query_names(operation)
        assert all(name in problem["detail"] for name in query_names(operation))


@pytest.mark.parametrize(
    ("route", "meant"),
    [
        ("incidents?limt=5", "limit"),
        ("incidents?Kind=tip", "kind"),
        ("networks?land-border=true", "land_border"),
        ("units?neighbor=LAO", "neighbour"),
        ("statistics?edition=2025&level=commune&mesure=rate", "measure"),
    ],
)
def test_near_misses_are_guessed(client: TestClient, route: str, meant: str) -> None:
    english = client.get(f"/api/v1/{route}", headers={"Accept-Language": "en"}).json()
    assert f"Did you mean “{meant}”?" in english["detail"]
    assert f"Có phải ý bạn là “{meant}”?" in client.get(f"/api/v1/{route}").json()["detail"]


@pytest.mark.parametrize("route", ["incidents?unit=17263&unit=17266", "units?q=a&q=b"])
def test_what_is_asked_once_is_not_taken_twice(client: TestClient, route: str) -> None:
    answer = client.get(f"/api/v1/{route}")
    assert_problem(answer, 422)
    assert answer.json()["code"] == "parameter.repeated"


def test_lists_take_several(client: TestClient) -> None:
    assert client.get("/api/v1/incidents?kind=rescue&kind=tip").status_code == 200


@pytest.fixture(scope="module")
def site(module_boundaries_url: str) -> Iterator[TestClient]:
    """The whole site, pages and API."""
    app = create_app(Settings(database_url=module_boundaries_url))
    with TestClient(app, base_url="http://localhost") as started:
        yield started


@pytest.mark.parametrize("address", ["/?lang=en", "/?utm_source=mail", "/sign-in?lang=vi&x=1"])
def test_pages_pass_over_what_others_hang_on_their_address(site: TestClient, address: str) -> None:
    assert site.get(address).headers["content-type"].startswith("text/html")
    assert site.get(address).status_code == 200


def test_static_files_pass_over_it_too(site: TestClient) -> None:
    assert site.get("/favicon.ico?v=3").status_code == 200
