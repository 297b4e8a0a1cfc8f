"""Flows of networks over the API: whose networks they are made of, and what filters choose."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_api
from cli.main import app
from geo.settings import load_settings
from geo.store.actors import Jurisdiction
from tests.api.conftest import BORDER_POINT, HANOI_POINT
from tests.api.test_bad_input import assert_problem
from tests.api.test_network_reading import HUE_POINT, place
from tests.people import NGHE_AN, as_server, make_account, signed_in

ROUTE = "/api/v1/network-flows"
HUE = Jurisdiction("2025", "province", "46")
LAOS_POINT = (104.9, 18.3)
# By Môn Sơn (Nghệ An) to Laos, from Hà Nội and from Huế; and from Huế to a commune of Nghệ An.
NETWORKS: dict[int, tuple[list[dict[str, Any]], str | None]] = {
    1: ([place("recruit", HANOI_POINT), place("exit", BORDER_POINT),
         place("dest", LAOS_POINT, country="LA")], "trail"),
    2: ([place("recruit", HUE_POINT), place("exit", BORDER_POINT),
         place("dest", None, country="LA")], "trail"),
    3: ([place("recruit", HUE_POINT), place("gather", None, province="Nghệ An",
                                            commune="Quỳnh Lưu")], None),
}  # fmt: skip


@pytest.fixture(scope="module")
def people(module_boundaries_engine: Engine) -> Iterator[dict[str, TestClient]]:
    """Readers in Nghệ An, where all networks have a place, and in Huế, where two have."""
    with TestClient(
        create_api(load_settings(), as_server(module_boundaries_engine)),
        raise_server_exceptions=False,
    ) as api:
        signed_in(api, make_account(module_boundaries_engine, "officer", NGHE_AN))
        for number, (places, crossing) in NETWORKS.items():
            sent = {
                "type": "Feature",
                "id": str(UUID(int=number)),
                "properties": {
                    "case_code": f"A-{number}",
                    "scope": "trans" if crossing else "inter",
                    "dismantled_on": f"2025-0{number}-15",
                },
                "places": places,
            }
            if crossing:
                sent["legs"] = [
                    {"from_sequence": 1, "to_sequence": 2},
                    {"from_sequence": 2, "to_sequence": 3, "crossing": crossing},
                ]
            made = api.post("/api/v1/networks", json=sent)
            assert made.status_code == 201, made.text
        with (
            TestClient(api.app, raise_server_exceptions=False) as hue,
            TestClient(api.app, raise_server_exceptions=False) as nobody,
        ):
            signed_in(hue, make_account(module_boundaries_engine, "planner", HUE))
            yield {"nghe an": api, "hue": hue, "nobody": nobody}


def flows(client: TestClient, query: str = "") -> dict[tuple[str, str], int]:
    """Networks by start and end."""
    answer = client.get(f"{ROUTE}?{query}")
    assert answer.status_code == 200, answer.text
    properties = [feature["properties"] for feature in answer.json()["features"]]
    return {(one["start"], one["end"]): one["networks"] for one in properties}


def test_flows_are_of_the_networks_that_one_may_read(people: dict[str, TestClient]) -> None:
    assert flows(people["nghe an"]) == {
        ("40", "LA"): 2, ("46", "40"): 2, ("01", "40"): 1,
    }  # fmt: skip
    assert flows(people["hue"]) == {("46", "40"): 2, ("40", "LA"): 1}
    assert_problem(people["nobody"].get(ROUTE), 401)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("scope=inter", {("46", "40"): 1}),
        ("from=2025-02-15&to=2025-02-15", {("46", "40"): 1, ("40", "LA"): 1}),
        ("from=2025-04-01", {}),
        ("level=commune&scope=trans&to=2025-01-31", {("00070", "17263"): 1, ("17263", "LA"): 1}),
    ],
)
def test_filters_choose_networks_and_levels_merge(
    people: dict[str, TestClient], query: str, expected: dict[tuple[str, str], int]
) -> None:
    found = flows(people["nghe an"], query)
    assert {end for _, end in found} == {end for _, end in expected}
    assert sorted(found.values()) == sorted(expected.values())
    if "level" not in query:
        assert found == expected


def test_tables_beside_the_flows(people: dict[str, TestClient]) -> None:
    told = people["nghe an"].get(ROUTE).json()
    nghe_an = told["places"][0]
    assert (nghe_an["place"], nghe_an["networks"]) == ("40", 3)
    assert nghe_an["network_ids"] == [str(UUID(int=number)) for number in (1, 2, 3)]
    assert nghe_an["roles"] == [{"role": "exit", "networks": 2}, {"role": "gather", "networks": 1}]
    # Of 3 x 2 ordered pairs of other places two lead through it: from Hà Nội and Huế to Laos.
    assert nghe_an["betweenness"] == pytest.approx(2 / 6, abs=1e-6)
    (crossing,) = told["crossings"]
    assert (crossing["crossing"], crossing["border_section"]) == ("trail", "LAO-40")
    assert (crossing["networks"], crossing["legs"]) == (2, 2)
    assert {len(route["steps"]) for route in told["routes"]} == {2, 3}
    # Laos stands where the one point that is known there is.
    abroad = next(one for one in told["features"] if one["properties"]["end"] == "LA")
    assert abroad["geometry"]["coordinates"][1] == list(LAOS_POINT)
    assert abroad["properties"]["end_name"] == "Lào"
    assert "notes" not in people["nghe an"].get(ROUTE).text


def test_a_country_without_a_point_has_no_line(people: dict[str, TestClient]) -> None:
    told = people["hue"].get(ROUTE).json()
    abroad = next(one for one in told["features"] if one["properties"]["end"] == "LA")
    assert abroad["geometry"] is None


def test_what_cannot_be_asked_is_said(people: dict[str, TestClient]) -> None:
    assert_problem(people["hue"].get(f"{ROUTE}?scope=world"), 422)
    assert_problem(people["hue"].get(f"{ROUTE}?level=district"), 422)
    # Their boundaries are not loaded: nothing to lay flows over.
    assert_problem(people["hue"].get(f"{ROUTE}?edition=2024&level=commune"), 404)
    assert_problem(people["hue"].get(f"{ROUTE}?from=2025-02-01&to=2025-01-01"), 422)


def test_reading_leaves_a_trace_and_is_kept_by_nobody_else(people: dict[str, TestClient]) -> None:
    answer = people["hue"].get(ROUTE)
    assert answer.headers["cache-control"] == "private, no-store"
    again = people["hue"].get(ROUTE, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_command_tells_and_writes_the_same(
    people: dict[str, TestClient],
    module_boundaries_engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = module_boundaries_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    command = ["networks", "flows"]
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0, shown.output
    assert "3 đường dây" in shown.output
    assert "2  Tỉnh Nghệ An → Lào" in shown.output
    assert "2  Đường mòn, đường tiểu ngạch, biên giới với Lào, đoạn Nghệ An" in shown.output
    collection, table = tmp_path / "flows.geojson", tmp_path / "flows.csv"
    for path in (collection, table):
        assert CliRunner().invoke(app, [*command, "--output", str(path)]).exit_code == 0
    assert json.loads(collection.read_bytes()) == people["nghe an"].get(ROUTE).json()
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    told = json.loads(collection.read_bytes())
    for name in ("edition", "level", "software_version", "data_fingerprint"):
        assert f"# {name},{told[name]}" in lines
    assert len(told["data_fingerprint"]) == 64
    rows = [line for line in lines if not line.startswith("# ")]
    assert rows[:2] == ["start,start_name,end,end_name,networks,legs", "40,Tỉnh Nghệ An,LA,Lào,2,2"]
    assert CliRunner().invoke(app, [*command, "--output", "flows.txt"]).exit_code == 2
    assert CliRunner().invoke(app, [*command, "--scope", "world"]).exit_code == 2
