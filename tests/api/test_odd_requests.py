"""What a careless or hostile program sends beside the description: an answer all the same."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import BORDER_POINT
from tests.api.test_bad_input import assert_problem

ROUTES = ("incidents", "outreach-events", "networks")
JSON = {"Content-Type": "application/json"}


def body(route: str, text: str) -> str:
    """A record as JSON with this text, written as JSON writes it, in a field of free text."""
    point = f'{{"type": "Point", "coordinates": [{BORDER_POINT[0]}, {BORDER_POINT[1]}]}}'
    own = {
        "incidents": f'{{"kind": "rescue", "occurred_from": "2025-08-14", "narrative": "{text}"}}',
        "outreach-events": f'{{"kind": "door", "occurred_from": "2025-08-14", "notes": "{text}"}}',
        "networks": f'{{"case_code": "A-{uuid4()}", "scope": "trans", "notes": "{text}"}}',
    }[route]
    place = f'[{{"type": "Feature", "geometry": {point}, "properties": {{"role": "exit"}}}}]'
    geometry = "null" if route == "networks" else point
    more = f', "places": {place}' if route == "networks" else ""
    return f'{{"type": "Feature", "geometry": {geometry}, "properties": {own}{more}}}'


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("text", [r"\ud800", r"a\udfffb", r"\u0000", r"a\u0000b"])
def test_text_that_cannot_be_stored_is_refused(client: TestClient, route: str, text: str) -> None:
    answer = client.post(f"/api/v1/{route}", content=body(route, text), headers=JSON)
    assert_problem(answer, 422)


@pytest.mark.parametrize("route", ROUTES)
def test_a_pair_of_surrogates_is_a_letter(client: TestClient, route: str) -> None:
    answer = client.post(f"/api/v1/{route}", content=body(route, r"\ud83d\ude00"), headers=JSON)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("route", "name", "value"),
    [
        ("incidents", "victims", 10**30),
        ("incidents", "victims", 2**31),
        ("incidents", "victims", -1),
        ("incidents", "occurred_from", "0000-00-00"),
        ("incidents", "occurred_from", "99999-01-01"),
        ("incidents", "occurred_from", "2025-08-14T25:00:00+99:00"),
        ("incidents", "accuracy_m", 1e308),
        ("outreach-events", "attendance", 10**30),
        ("outreach-events", "hours", 1e300),
        ("networks", "arrested", 10**30),
        ("networks", "dismantled_on", "10000-01-01"),
    ],
)
def test_numbers_and_days_beyond_all_bounds(
    client: TestClient, route: str, name: str, value: Any
) -> None:
    own = {
        "incidents": {"kind": "rescue", "occurred_from": "2025-08-14"},
        "outreach-events": {"kind": "school", "occurred_from": "2025-08-14"},
        "networks": {"case_code": "A", "scope": "trans"},
    }[route]
    place = {"type": "Point", "coordinates": list(BORDER_POINT)}
    exit_ = {"type": "Feature", "geometry": place, "properties": {"role": "exit"}}
    sent = {"type": "Feature", "geometry": place, "properties": own | {name: value}}
    if route == "networks":
        sent |= {"geometry": None, "places": [exit_]}
    assert_problem(client.post(f"/api/v1/{route}", json=sent), 422)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe{}", b"{", b"", b"[" * 100_000, b"NaN", b'{"a":1e999}']
)
@pytest.mark.parametrize("route", [*ROUTES, "hotspot-runs", "tokens", "session"])
def test_what_is_no_json_is_refused(client: TestClient, route: str, content: bytes) -> None:
    answer = client.post(f"/api/v1/{route}", content=content, headers=JSON)
    assert answer.status_code in {400, 422}
    assert_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("en; q=0.9, vi; q=0.1", "en"),
        ("en;q=0.1,vi;q=0.9", "vi"),
        ("en;q=0", "vi"),
        ("*", "vi"),
        ("", "vi"),
        (";;;,,,q=", "vi"),
        ("en;q=nan", "vi"),
        ("en;q=-1", "vi"),
        ("en;q=" + "9" * 5000, "en"),
        ("\xff\xfe", "vi"),
        ("fr-CH, fr;q=0.9", "vi"),
        (",".join(["en"] * 2000), "en"),
    ],
)
def test_languages_are_read_as_far_as_they_can_be(
    client: TestClient, said: str, language: str
) -> None:
    answer = client.get(
        "/api/v1/incidents?kind=x", headers={"Accept-Language": said.encode("latin-1")}
    )
    assert_problem(answer, 422)
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "TRACE", "OPTIONS", "FOO"])
def test_methods_that_an_address_does_not_know(client: TestClient, method: str) -> None:
    answer = client.request(method, "/api/v1/incidents")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert answer.headers["content-type"] == "application/problem+json"
    assert_problem(answer, 405)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("units?parent=40", 200),
        ("places?q=18.8885,104.848", 200),
        ("incidents?limit=1", 200),
        ("places", 422),
        ("networks/00000000-0000-0000-0000-00000000ffff", 404),
    ],
)
def test_head_answers_as_get_without_a_body(client: TestClient, path: str, status: int) -> None:
    got, head = (client.request(method, f"/api/v1/{path}") for method in ("GET", "HEAD"))
    assert head.status_code == got.status_code == status
    assert head.content == b""
    told = {name: value for name, value in got.headers.items() if name != "date"}
    assert {name: value for name, value in head.headers.items() if name != "date"} == told
    if etag := head.headers.get("etag"):
        again = client.head(f"/api/v1/{path}", headers={"If-None-Match": etag})
        assert again.status_code == 304


def test_head_where_there_is_no_get_is_refused(client: TestClient) -> None:
    answer = client.head("/api/v1/session/password")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "PUT"
    assert answer.content == b""
