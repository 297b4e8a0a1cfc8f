"""Emerging hotspots and clusters as the API tells them, and to whom."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_api
from api.examples import examples
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from tests.people import NGHE_AN, as_server, make_account, signed_in

FIGURES = ("expected", "relative_risk", "ratio", "p", "gumbel_p", "recurrence_months")
TAN_PHU = "17272"
Asking = Callable[..., TestClient]


@pytest.fixture(scope="module")
def people(demo_engine: Engine) -> Iterator[Asking]:
    """Clients of a role and units, or of a stranger."""
    with ExitStack() as stack:
        api = create_api(load_settings(), as_server(demo_engine))

        def client(role: str | None = None, *units: Jurisdiction) -> TestClient:
            found = stack.enter_context(TestClient(api))
            return signed_in(found, make_account(demo_engine, role, *units)) if role else found

        yield client


def run_of(client: TestClient, method: str) -> str:
    """The standard run of the whole country."""
    runs = client.get(
        f"/api/v1/hotspot-runs?standard=true&edition=2025&level=commune&method={method}"
    ).json()
    assert {run["method"] for run in runs} == {method}
    return str(next(run["id"] for run in runs if not run["parameters"]["border_only"]))


def test_clusters_are_told_with_figures_to_who_sees_all(people: Asking) -> None:
    leader, stranger = people("leader", COUNTRY), people()
    address = f"/api/v1/hotspot-runs/{run_of(stranger, 'scan_poisson')}/clusters"
    told, shown = (one.get(address).json()["features"] for one in (leader, stranger))
    example = examples()["hotspot_clusters"]["features"][0]
    assert example.keys() == told[0].keys()
    assert example["properties"].keys() == told[0]["properties"].keys()
    known = ("rank", "class", "centre", "members", "radius_m", "period_from", "period_to")
    assert len(told) == len(shown) > 5
    for one, other in zip(told, shown, strict=True):
        mine, public = one["properties"], other["properties"]
        assert [mine[name] for name in known] == [public[name] for name in known]
        assert all(mine[name] is not None for name in ("expected", "p", "recurrence_months"))
        assert all(public[name] is None for name in FIGURES)
        # Rounded sums of the same units, never the true one.
        assert public["base"] == 12
        assert public["incidents"] is None or public["incidents"] % 12 == 0
    assert f"{told[0]['properties']['incidents']} vụ" in told[0]["properties"]["explanation"]
    assert "vụ" not in shown[0]["properties"]["explanation"]
    # A window of the greatest length may hold the end of what began before it: that is said.
    for one in (feature["properties"] for feature in told):
        is_longest = (one["period_from"], one["period_to"]) == ("2025-11-01", "2026-10-31")
        assert one["may_be_older"] == is_longest
        assert ("hoặc sớm hơn" in one["explanation"]) == (is_longest and one["class"] > 0)
    assert {one["properties"]["may_be_older"] for one in told} == {True, False}


def test_categories_are_for_everybody_and_scores_are_not(people: Asking) -> None:
    leader, stranger = people("leader", COUNTRY), people()
    run = run_of(stranger, "emerging")
    told, shown = (
        one.get(f"/api/v1/hotspot-runs/{run}/results").json() for one in (leader, stranger)
    )
    assert told["classes"] == shown["classes"]
    assert {2, 4, 6, 0} <= set(told["classes"])
    assert any(told["trend_z"])
    assert not any(shown["trend_z"])
    ranking = stranger.get(f"/api/v1/hotspot-runs/{run}/ranking?border_only=false&limit=200").json()
    order = [3, 1, 2, 4, 6, 7, 5, 8]
    places = [order.index(unit["class"]) for unit in ranking]
    assert places == sorted(places)
    assert len(set(places)) > 2


@pytest.mark.parametrize(
    ("language", "sentence", "since"),
    [
        ("vi", "Điểm nóng liên tiếp: liên tục trong các kỳ gần đây", "từ tháng 02/2024"),
        ("en", "Consecutive hot spot: in each of the last periods", "since 2024-02"),
    ],
)
def test_a_unit_says_its_category_and_to_who_signed_in_since_when(
    people: Asking, language: str, sentence: str, since: str
) -> None:
    run = run_of(people(), "emerging")
    address = f"/api/v1/units/2025/commune/{TAN_PHU}?run={run}"
    spoken = {"Accept-Language": language}
    stranger: dict[str, Any] = people().get(address, headers=spoken).json()["hotspot"]
    officer = people("officer", NGHE_AN).get(address, headers=spoken).json()
    assert sentence in stranger["explanation"]
    assert since not in stranger["explanation"]
    assert since in officer["hotspot"]["explanation"]
    # In his own commune he is told how many against how many, as near as released counts tell the
    # country's: within some per cent, by the secret of the release.
    leader = people("leader", COUNTRY).get(address, headers=spoken).json()["hotspot"]
    assert leader["explanation"].index(sentence) > leader["explanation"].index(
        str(leader["incidents"])
    )
    assert officer["hotspot"]["incidents"] == leader["incidents"]
    assert officer["hotspot"]["expected_incidents"] == pytest.approx(
        leader["expected_incidents"], rel=0.1
    )
    assert stranger["expected_incidents"] is None
    assert officer["hotspot"]["trend_z"] is None
    chance = {"vi": "sau hiệu chỉnh", "en": "after correction"}[language]
    assert chance in leader["explanation"]
    assert chance not in stranger["explanation"] + officer["hotspot"]["explanation"]


@pytest.mark.parametrize(
    ("language", "since"),
    [
        ("vi", "Theo từng bước 3 tháng, nóng từ 02/2024."),
        ("en", "steps of 3 months hot since 2024"),
    ],
)
def test_a_local_hotspot_says_since_when_to_who_signed_in(
    people: Asking, language: str, since: str
) -> None:
    address = f"/api/v1/units/2025/commune/{TAN_PHU}"
    spoken = {"Accept-Language": language}
    stranger = people().get(address, headers=spoken).json()["hotspot"]
    assert (stranger["method"], stranger["class"]) == ("gi_star", 3)
    assert since not in stranger["explanation"]
    for who in (people("leader", COUNTRY), people("officer", NGHE_AN)):
        assert since in who.get(address, headers=spoken).json()["hotspot"]["explanation"]


def test_since_when_is_said_of_the_same_incidents_alone(people: Asking) -> None:
    leader = people("leader", COUNTRY)
    kinds = ["tip", "case150", "foiled", "rescue", "self_return", "handover", "missing"]
    asked = {"from": "2025-11-01", "to": "2026-10-31", "kinds": kinds}
    run = leader.post("/api/v1/hotspot-runs", json=asked).json()["id"]
    told = leader.get(f"/api/v1/units/2025/commune/{TAN_PHU}?run={run}").json()["hotspot"]
    assert told["class"]
    assert "Theo từng bước" not in told["explanation"]


def test_a_unit_that_a_border_run_leaves_out_is_told_why(people: Asking) -> None:
    leader = people("leader", COUNTRY)
    asked = {"from": "2025-11-01", "to": "2026-10-31", "permutations": 99, "border_only": True}
    run = leader.post("/api/v1/hotspot-runs", json=asked).json()["id"]
    inland = leader.get(f"/api/v1/units/2025/commune/00004?run={run}").json()["hotspot"]
    assert inland["class"] is None
    assert "chỉ so các địa bàn giáp biên giới" in inland["explanation"]


def test_a_unit_says_which_cluster_it_is_in(people: Asking) -> None:
    run = run_of(people(), "scan_poisson")
    address = f"/api/v1/units/2025/commune/{TAN_PHU}?run={run}"
    spoken = {"Accept-Language": "en"}
    leader = people("leader", COUNTRY).get(address, headers=spoken).json()["hotspot"]["explanation"]
    assert "99 % confidence" in leader
    assert "expected at the common level" in leader
    elsewhere = address.replace(TAN_PHU, "00004")
    assert (
        "In no cluster" in people().get(elsewhere, headers=spoken).json()["hotspot"]["explanation"]
    )
