"""Smoothed rates over the API: what they are, and what others may learn from them."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.analysis.smoothing import empirical_bayes
from geo.analysis.weights import queen
from geo.settings import load_settings
from geo.store.actors import COUNTRY
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.hotspots import populations
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in

ROUTE = "/api/v1/rates"
YEAR = {"edition": "2025", "level": "province", "from": "2025-08-01", "to": "2026-07-31"}
DAYS = 365


@pytest.fixture(scope="module")
def people(demo_engine: Engine) -> dict[str, TestClient]:
    """A leader of the country, one of Nghệ An, and a stranger."""
    api = create_api(load_settings(), as_server(demo_engine))
    clients = {}
    for name, home in (("country", COUNTRY), ("nghe an", NGHE_AN)):
        client = TestClient(api)
        signed_in(client, make_account(demo_engine, "leader", home))
        clients[name] = client
    clients["stranger"] = TestClient(api)
    return clients


def told(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get(ROUTE, params=YEAR | asked)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


@pytest.mark.parametrize("reference", ["all", "neighbours"])
def test_rates_are_those_of_the_method(
    people: dict[str, TestClient], demo_engine: Engine, reference: str
) -> None:
    found = told(people["country"], reference=reference, credibility=0.9)
    counted = people["country"].get("/api/v1/statistics", params=YEAR).json()
    assert found["codes"] == counted["codes"]
    with transaction(demo_engine) as connection:
        inhabitants = populations(connection, "2025", "province", found["codes"], 2026)
        weights = queen(stored_units(connection, "2025", "province").geometry)
    beside = weights if reference == "neighbours" else None
    counts = np.array(counted["values"], float)
    exact = empirical_bayes(counts, inhabitants, DAYS, weights=beside, credibility=0.9)
    for name, column in (
        ("values", exact.rate),
        ("lower", exact.lower),
        ("upper", exact.upper),
        ("reference_rates", exact.reference),
        ("own_share", exact.own_share),
    ):
        np.testing.assert_allclose(np.array(found[name], float), column, atol=5e-4)
    assert len(set(found["reference_rates"])) > 1 or reference == "all"
    assert found["protection"] is None
    assert found["used"]["records"] + found["left_out"]["records_in_no_unit"] == counted["total"]


def test_rounded_counts_widen_the_interval_around_what_is_true(
    people: dict[str, TestClient],
) -> None:
    level = {"level": "commune"}
    exact, rounded = told(people["country"], **level), told(people["stranger"], **level)
    assert rounded["protection"] is not None
    widths = [
        np.array(one["upper"], float) - np.array(one["lower"], float) for one in (exact, rounded)
    ]
    assert np.nanmean(widths[1]) > np.nanmean(widths[0])
    of_home = told(people["nghe an"], **level)
    own = of_home["protection"]["exact"]
    assert own
    place = of_home["codes"].index(own[0])
    # Of one's own units the crude rate is the true one.
    assert of_home["crude"][place] == exact["crude"][place]


def test_a_wider_credibility_holds_more(people: dict[str, TestClient]) -> None:
    narrow, wide = (told(people["country"], credibility=one) for one in (0.5, 0.99))
    assert narrow["values"] == wide["values"]
    for low, high in zip(wide["lower"], narrow["lower"], strict=True):
        assert low <= high
    assert wide["parameters"]["credibility"] == 0.99


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?edition=2025&level=district", 422),
        ("?edition=2024&level=commune", 404),
        ("?edition=2025&level=commune&reference=nobody", 422),
        ("?edition=2025&level=commune&credibility=1", 422),
        ("?edition=2025&level=commune&border_band=0-5", 422),
    ],
)
def test_what_cannot_be_asked_is_said(
    people: dict[str, TestClient], asked: str, status: int
) -> None:
    assert_problem(people["country"].get(f"{ROUTE}{asked}"), status)
