"""Whatever comes in, the answer is a problem that says what to mend, and never a failure."""

from urllib.parse import quote
from uuid import UUID

import pytest
from starlette.testclient import TestClient

BAD = [
    "incidents?bbox=109,8,102,23",
    "incidents?bbox=102,23,109,8",
    "incidents?bbox=NaN,8,109,23",
    "incidents?bbox=102,8,inf,23",
    "incidents?bbox=102,8,109",
    "incidents?bbox=",
    "incidents?bbox=102,8,181,23",
    "incidents?bbox=102,-91,109,23",
    "incidents?bbox=102,8,109,x",
    "incidents?limit=1000000000",
    "incidents?limit=0",
    "incidents?limit=-1",
    "incidents?limit=9" + "9" * 400,
    "incidents?from=2025-02-31",
    "incidents?from=10000-01-01",
    "incidents?from=31/02/2025",
    "incidents?from=2025-08-02&to=2025-08-01",
    "incidents?from=9999-12-31",
    "incidents?to=1974-12-31",
    "incidents?from=2100-01-01",
    "incidents?kind=nothing",
    "incidents?unit=99999",
    "incidents?unit=40",
    "incidents?unit=17263&level=province",
    "outreach-events?unit=17263&edition=2024",
    "incidents?after=nothing",
    "incidents?unit=4a",
    "incidents?unit=٤٤",
    "incidents?edition=1975",
    "incidents?edition=2025&level=district&unit=001",
    "incidents?land_border=perhaps",
    "incidents/1",
    "outreach-events?kind=rescue",
    "statistics?edition=2025&level=district",
    "statistics?level=commune",
    "statistics?edition=2025&level=village",
    "statistics?edition=2025&level=commune&kind=nothing",
    "statistics?edition=2025&level=commune&measure=money",
    "statistics?edition=2025&level=commune&from=2025-08-02&to=2025-08-01",
    "units?edition=2025&level=district",
    "units?parent=abc",
    "units?parent=99",
    "units?parent=40&level=province",
    "units?parent=40&edition=2024",
    "units?neighbour=VNM",
    "units?q=" + "a" * 101,
    "units/2025/district/001",
    "hotspot-runs?edition=1",
    "hotspot-runs/1",
    f"hotspot-runs/{UUID(int=0)}/ranking?limit=0",
    "tiles/2025/commune/x/one/0/0.mvt",
]
# What is wrong with a period, and the word by which the answer says so.
PERIODS = [
    ("from=2025-08-02&to=2025-08-01", "period.reversed", "Swap"),
    ("from=9999-12-31&to=9999-12-31", "period.beyond", "1975-01-01 to 2099-12-31"),
    ("from=9999-12-31", "period.beyond", "1975-01-01 to 2099-12-31"),
    ("from=0001-01-01&to=1970-01-01", "period.beyond", "1975-01-01 to 2099-12-31"),
    ("to=1970-01-01", "period.beyond", "1975-01-01 to 2099-12-31"),
]
UNKNOWN = [
    "nothing",
    "units/2025/province/99",
    "units/2025/commune/'; DROP TABLE unit; --",
    f"incidents/{UUID(int=0)}",
    f"outreach-events/{UUID(int=0)}",
    f"networks/{UUID(int=0)}",
    f"hotspot-runs/{UUID(int=0)}",
    f"units/2025/commune/17263?run={UUID(int=0)}",
    f"hotspot-runs/{UUID(int=0)}/results",
    f"hotspot-runs/{UUID(int=0)}/ranking",
    "tiles/2025/commune/FINGERPRINT/40/0/0.mvt",
    "tiles/2025/commune/FINGERPRINT/3/-1/0.mvt",
    "tiles/2025/commune/FINGERPRINT/3/0/8.mvt",
    "tiles/2025/commune/FINGERPRINT/3/99999999999999999999999/0.mvt",
    "tiles/2025/commune/wrong/3/6/3.mvt",
    "tiles/2025/district/wrong/3/6/3.mvt",
]
TEXTS = [
    "units?q=",
    "units?parent=",
    "units?edition=",
    "units/2025/commune/",
    "incidents?kind=",
    "incidents?unit=",
    "incidents?bbox=",
    "incidents?after=",
    "incidents?from=",
    "outreach-events?kind=",
    "statistics?edition=2025&level=commune&kind=",
    "hotspot-runs?edition=",
    "hotspot-runs/",
    "tiles/2025/commune/",
]


def assert_problem(answer, status: int) -> None:  # type: ignore[no-untyped-def]
    assert answer.status_code == status, f"{answer.url}: {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["detail"]
    assert body["title"]
    assert body["code"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("route", BAD)
def test_bad_input_is_refused(client: TestClient, route: str, language: str) -> None:
    answer = client.get(f"/api/v1/{route}", headers={"Accept-Language": language})
    assert_problem(answer, 422)
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(("query", "code", "said"), PERIODS)
@pytest.mark.parametrize("route", ["incidents?", "statistics?edition=2025&level=commune&"])
def test_a_period_in_which_no_record_may_lie_is_told_from_a_reversed_one(
    client: TestClient, route: str, query: str, code: str, said: str
) -> None:
    answer = client.get(f"/api/v1/{route}{query}", headers={"Accept-Language": "en"})
    assert_problem(answer, 422)
    assert answer.json()["code"] == code
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("query", ["to=9999-12-31", "from=2099-12-31", "from=1970-01-01"])
def test_a_period_that_reaches_further_than_the_data_is_none(
    client: TestClient, query: str
) -> None:
    assert client.get(f"/api/v1/incidents?{query}").status_code == 200


@pytest.mark.parametrize("route", UNKNOWN)
def test_what_does_not_exist_is_not_found(client: TestClient, route: str) -> None:
    layers = client.get("/api/v1/editions").json()[1]["layers"]
    fingerprint = next(layer["fingerprint"] for layer in layers if layer["level"] == "commune")
    assert_problem(client.get(f"/api/v1/{route.replace('FINGERPRINT', fingerprint)}"), 404)


@pytest.mark.parametrize("route", TEXTS)
@pytest.mark.parametrize(
    "text", ["' OR 1=1; --", "1; DROP TABLE incident", "%", "\\", '"', "{", "$1", ":code"]
)
def test_sql_in_texts_is_only_text(client: TestClient, route: str, text: str) -> None:
    address = f"/api/v1/{route}{quote(text, safe='')}"
    assert client.get(address).status_code in {200, 404, 422}
    assert len(client.get("/api/v1/incidents").json()["features"]) == 20


@pytest.mark.parametrize("route", [*TEXTS[:-1], "health?nothing=", "border-lines?x="])
def test_nul_in_an_address_is_refused(client: TestClient, route: str) -> None:
    assert_problem(client.get(f"/api/v1/{route}a%00b"), 422)


@pytest.mark.parametrize("route", TEXTS)
@pytest.mark.parametrize("octets", ["%ff%fe", "%ed%a0%80", "%C0%80", "%zz", "%"])
def test_what_is_not_utf8_never_fails(client: TestClient, route: str, octets: str) -> None:
    assert client.get(f"/api/v1/{route}{octets}").status_code in {200, 404, 422}


def test_problems_speak_the_language_asked_for(client: TestClient) -> None:
    def detail(language: str) -> str:
        headers = {"Accept-Language": language}
        return client.get("/api/v1/incidents?kind=x", headers=headers).json()["detail"]

    assert detail("en-GB,vi;q=0.5").startswith("There is no kind")
    assert detail("vi,en;q=0.9").startswith("Không có loại")
    assert detail("").startswith("Không có loại")
    assert detail("fr;q=x, en;q=nan").startswith("Không có loại")


@pytest.mark.parametrize(
    ("route", "vi", "en"),
    [
        ("incidents?bbox=109,8,102,23", "cạnh tây", "its west not below its east"),
        ("incidents?bbox=102,23,109,8", "cạnh nam", "its south not below its north"),
        ("incidents?bbox=102,8,109", "không phải bốn số", "is not four numbers"),
        ("incidents?bbox=102,8,200,23", "ngoài ±180", "beyond ±180"),
        ("incidents?unit=99999", "units?edition=2025&level=commune", "lists the codes"),
        ("incidents?unit=40", "hãy thêm edition=2025&level=province", "add edition=2025&level="),
        ("networks?scope=rescue", "Có thể chọn: local", "Choices: local"),
        ("incidents?kind=resque", "rescue", "rescue"),
        ("incidents?from=2025-08-02&to=2025-08-01", "Hãy đổi chỗ", "Swap them"),
        ("incidents?to=1974-12-31", "từ 1975-01-01", "from 1975-01-01"),
        ("incidents?limit=10001", "không được quá 10000", "less than or equal to 10000"),
        ("units?parent=99", "cấp tỉnh mã 99", "no province of code 99"),
        ("units?parent=40&edition=2024", "cấp huyện mã 40", "add edition=2025&level=province"),
    ],
)
def test_problems_say_how_to_mend_it(client: TestClient, route: str, vi: str, en: str) -> None:
    for language, part in (("vi", vi), ("en", en)):
        answer = client.get(f"/api/v1/{route}", headers={"Accept-Language": language})
        assert part in answer.json()["detail"], answer.text


def test_methods_that_a_route_does_not_know(client: TestClient) -> None:
    assert_problem(client.post("/api/v1/statistics"), 405)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"from": "2025-08-02", "to": "2025-08-01"},
        {"from": "2025-08-01", "to": "2025-08-02", "level": "district"},
        {"from": "2025-08-01", "to": "2025-08-02", "kinds": ["x"]},
        {"from": "2025-08-01", "to": "2025-08-02", "permutations": 10**9},
        [],
    ],
)
def test_bad_hotspot_requests_are_refused(client: TestClient, body: object) -> None:
    assert_problem(client.post("/api/v1/hotspot-runs", json=body), 422)


def test_problem_lists_every_fault_with_its_field(client: TestClient) -> None:
    problem = client.get("/api/v1/incidents?limit=0&after=x").json()
    assert {fault["field"] for fault in problem["errors"]} == {"query.limit", "query.after"}
