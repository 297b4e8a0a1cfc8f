"""What the API answers to those who read: every route, paging, caching, languages."""

import math
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.dependencies import FOREVER
from geo.store.database import transaction
from tests.api.conftest import NARRATIVE

ROUTES = [
    "health",
    "code-lists",
    "editions",
    "units?land_border=true",
    "units?q=mon son",
    "places?q=18,8885; 104,848",
    "units/2025/province/40",
    "units/2024/district/001",
    "statistics?edition=2025&level=commune",
    "statistics?edition=2024&level=province&measure=victims&from=2025-08-02&to=2025-08-05",
    "statistics?edition=2025&level=province&measure=outreach",
    "statistics?edition=2025&level=province&measure=rate&kind=rescue",
    "hotspot-runs",
    "incidents",
    "outreach-events",
    f"incidents/{UUID(int=1)}",
    f"outreach-events/{UUID(int=1)}",
    "networks",
    "border-lines",
    "border-gates",
    "outline",
    "support-measures",
    "openapi.json",
]


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_answers(client: TestClient, route: str) -> None:
    answer = client.get(f"/api/v1/{route}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("route", ["editions", "units?q=mon son", "code-lists", "border-lines"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, route: str) -> None:
    first = client.get(f"/api/v1/{route}")
    again = client.get(f"/api/v1/{route}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(f"/api/v1/{route}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("route", ["incidents", "outreach-events"])
@pytest.mark.parametrize("limit", [1, 7, 20, 1000])
def test_pages_bring_every_record_once(client: TestClient, route: str, limit: int) -> None:
    address: str | None = f"/api/v1/{route}?limit={limit}&from=2025-08-01"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        assert len(page["features"]) <= limit
        seen += [feature["id"] for feature in page["features"]]
        address = page.get("next")
    assert seen == [str(UUID(int=number)) for number in range(1, 21)]


def test_narratives_are_in_single_records_and_never_in_lists(client: TestClient) -> None:
    assert NARRATIVE in client.get(f"/api/v1/incidents/{UUID(int=3)}").text
    listed = client.get("/api/v1/incidents").json()["features"]
    assert all("narrative" not in feature["properties"] for feature in listed)


def test_filters_choose_by_place_and_time(client: TestClient) -> None:
    def count(query: str) -> int:
        return len(client.get(f"/api/v1/incidents?{query}").json()["features"])

    # Odd days lie on the border, even ones in Hà Nội; both ends of the period are included.
    assert count("from=2025-08-02&to=2025-08-05") == 4
    assert count("from=2025-08-02&to=2025-08-05&land_border=true") == 2
    assert count("land_border=false") == 10
    assert count("bbox=105,20,107,22") == 10
    assert count("edition=2025&level=province&unit=40") == 10
    assert count("kind=rescue&kind=tip") == 20
    assert count("kind=tip") == 0


def test_statistics_of_known_records(client: TestClient) -> None:
    query = "edition=2025&level=province&from=2025-08-02&to=2025-08-05"
    answer = client.get(f"/api/v1/statistics?{query}").json()
    values = dict(zip(answer["codes"], answer["values"], strict=True))
    assert (values["40"], values["01"]) == (2, 2)
    assert (len(values), answer["unassigned"], answer["total"]) == (34, 0, 4)
    victims = client.get(f"/api/v1/statistics?{query}&measure=victims").json()
    assert victims["total"] == 8
    rates = client.get(f"/api/v1/statistics?{query}&measure=rate").json()
    assert rates["total"] is None
    assert all(value is None or value >= 0 for value in rates["values"])


@pytest.mark.parametrize("measure", ["incidents", "victims", "outreach", "rate"])
def test_statistics_of_a_level_that_is_not_loaded(
    client: TestClient, stranger: TestClient, measure: str
) -> None:
    for api in (client, stranger):
        query = f"edition=2024&level=commune&measure={measure}"
        answer = api.get(f"/api/v1/statistics?{query}", headers={"Accept-Language": "en"})
        assert answer.status_code == 404, answer.text
        assert "bienmap boundaries import" in answer.json()["detail"]


def test_what_is_held_back_near_the_border_is_not_summed(
    client: TestClient, stranger: TestClient
) -> None:
    query = "edition=2025&level=commune&border_band=10-20"
    assert client.get(f"/api/v1/statistics?{query}").json()["total"] is not None
    answer = stranger.get(f"/api/v1/statistics?{query}").json()
    assert (answer["total"], answer["unassigned"]) == (None, None)
    assert set(answer["values"]) == {None}


def test_unit_shows_its_months_and_kinds(client: TestClient) -> None:
    unit = client.get("/api/v1/units/2025/province/40").json()
    assert unit["incidents_by_kind"] == {"rescue": 10}
    assert unit["months"] == [
        {"month": "2025-08", "incidents": 10, "victims": 20, "apportioned": 0.0}
    ]


def test_hotspot_run_is_kept_and_found_again(client: TestClient) -> None:
    wanted = {"edition": "2025", "level": "province", "from": "2025-08-01", "to": "2025-08-31"}
    made = client.post("/api/v1/hotspot-runs", json=wanted | {"permutations": 99})
    assert made.status_code == 201, made.text
    run = made.json()["id"]
    assert client.post("/api/v1/hotspot-runs", json=wanted | {"permutations": 99}).json() == {
        "id": run
    }
    results = client.get(f"/api/v1/hotspot-runs/{run}/results")
    # What it tells depends on who asks.
    assert results.headers["cache-control"] == "private, no-cache"
    assert sum(results.json()["incidents"]) == 20
    assert results.json()["period_to"] == "2025-08-31"
    for part in ("", "/ranking?border_only=false&limit=3"):
        assert client.get(f"/api/v1/hotspot-runs/{run}{part}").status_code == 200


def test_unit_is_explained_by_the_run_asked_for_and_by_nobody_elses(client: TestClient) -> None:
    wanted = {"edition": "2025", "level": "province", "from": "2025-08-01", "to": "2025-08-31"}
    run = client.post("/api/v1/hotspot-runs", json=wanted).json()["id"]
    address = "/api/v1/units/2025/province/40"
    # A month is no standard period: nobody is shown it who has not asked for it.
    assert client.get(address).json()["hotspot"] is None
    told = client.get(f"{address}?run={run}", headers={"Accept-Language": "en"}).json()["hotspot"]
    assert (told["run_id"], told["incidents"]) == (run, 10)
    assert told["explanation"].startswith("10 incidents against")
    assert client.get(f"/api/v1/units/2025/commune/17263?run={run}").json()["hotspot"] is None


def _commune_layer(client: TestClient) -> dict[str, str]:
    layers = {e["name"]: {x["level"]: x for x in e["layers"]} for e in _json(client, "editions")}
    layer: dict[str, str] = layers["2025"]["commune"]
    return layer


def test_tile_is_kept_for_ever_and_empty_where_nothing_lies(client: TestClient) -> None:
    layer = _commune_layer(client)
    # Tile 6/50/28 holds Hà Nội (column (105.8 + 180) / 360 * 64 = 50.8); 6/0/0 the Arctic.
    full = client.get(f"/api/v1/tiles/2025/commune/{layer['tiles']}/6/50/28.mvt")
    empty = client.get(f"/api/v1/tiles/2025/commune/{layer['tiles']}/6/0/0.mvt")
    assert full.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "immutable" in full.headers["cache-control"]
    assert b"commune" in full.content
    assert empty.content == b""
    # The fingerprint says nothing of names: the same tile, but not for ever.
    plain = client.get(f"/api/v1/tiles/2025/commune/{layer['fingerprint']}/6/50/28.mvt")
    assert (plain.content, plain.headers["cache-control"]) == (full.content, "no-store")


def test_a_tile_is_the_same_cut_or_kept_compressed_or_not(client: TestClient) -> None:
    address = f"/api/v1/tiles/2025/commune/{_commune_layer(client)['tiles']}/7/101/57.mvt"
    packings = ("gzip", "gzip", "identity")
    answers = [client.get(address, headers={"Accept-Encoding": one}) for one in packings]
    assert [one.headers.get("content-encoding") for one in answers] == ["gzip", "gzip", None]
    assert answers[0].content == answers[1].content == answers[2].content != b""
    assert {one.headers["vary"] for one in answers} == {"Accept-Encoding"}
    assert {one.headers["cache-control"] for one in answers} == {FOREVER}


def test_tiles_have_another_address_when_a_name_changes(
    client: TestClient, api_engine: Engine
) -> None:
    # Phường Tân Khai since 30 April 2026.
    unit = _json(client, "units/2025/commune/25357")
    across = int((unit["lon"] + 180) / 360 * 512)
    down = int((1 - math.asinh(math.tan(math.radians(unit["lat"]))) / math.pi) / 2 * 512)

    def tile(key: str) -> tuple[bytes, str]:
        answer = client.get(f"/api/v1/tiles/2025/commune/{key}/9/{across}/{down}.mvt")
        return answer.content, answer.headers["cache-control"]

    def amend(assignment: str) -> None:
        with transaction(api_engine) as connection:
            connection.execute(text(f"UPDATE unit_amendment SET {assignment} WHERE code = '25357'"))

    before = _commune_layer(client)
    assert "Phường Tân Khai".encode() in tile(before["tiles"])[0]
    amend("valid_from = '2100-01-01'")
    try:
        after = _commune_layer(client)
        assert after["fingerprint"] == before["fingerprint"]
        assert after["tiles"] != before["tiles"]
        assert "Xã Tân Khai".encode() in tile(after["tiles"])[0]
        assert "immutable" in tile(after["tiles"])[1]
        # A page that was open then goes on, and what it is given under an address of other names,
        # unless it is what that address always meant, is not kept.
        assert "Phường Tân Khai".encode() in tile(before["tiles"])[0]
        other = before["fingerprint"] + "-000000000000"
        assert tile(other) == (tile(after["tiles"])[0], "no-store")
    finally:
        amend("valid_from = '2026-04-30'")
    assert _commune_layer(client)["tiles"] == before["tiles"]
    amend("full_name = 'Phường Tân Khai Mới'")
    try:
        assert _commune_layer(client)["tiles"] != before["tiles"]
    finally:
        amend("full_name = 'Phường Tân Khai'")


def test_openapi_describes_every_route(client: TestClient) -> None:
    for path, methods in _json(client, "openapi.json")["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
            assert operation.get("tags"), f"{method} {path}"
            assert operation.get("description"), f"{method} {path}"


def _json(client: TestClient, route: str):  # type: ignore[no-untyped-def]
    return client.get(f"/api/v1/{route}").json()


def test_units_bear_the_names_that_hold_today(client: TestClient, api_engine: Engine) -> None:
    def commune() -> dict[str, str]:
        unit: dict[str, str] = client.get("/api/v1/units/2025/commune/25357").json()
        return unit

    # Since 30 April 2026.
    assert (commune()["full_name"], commune()["unit_type"]) == ("Phường Tân Khai", "Phường")
    assert commune()["name_en"] == "Tan Khai Ward"
    assert commune()["parent_name"] == "Thành phố Đồng Nai"
    found = client.get("/api/v1/units?edition=2025&level=commune&q=Phường Tân Khai").json()
    assert [unit["code"] for unit in found["units"]] == ["25357"]
    with transaction(api_engine) as connection:
        connection.execute(
            text("UPDATE unit_amendment SET valid_from = '2100-01-01' WHERE code = '25357'")
        )
    try:
        assert commune()["full_name"] == "Xã Tân Khai"
    finally:
        with transaction(api_engine) as connection:
            connection.execute(
                text("UPDATE unit_amendment SET valid_from = '2026-04-30' WHERE code = '25357'")
            )
