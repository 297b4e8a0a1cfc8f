"""The density as a picture: the same as the file, for the same readers, and nothing kept of it."""

from base64 import b64decode
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from rasterio.io import MemoryFile
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.api.conftest import BORDER_POINT, HANOI_POINT, Joining
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN

PICTURE = "/api/v1/density/map"
YEAR = "from=2025-01-01&to=2025-12-31"
NARROW = f"{YEAR}&bandwidth=9000&cell=3000"


def answer(client: TestClient, query: str = NARROW, **headers: str) -> dict[str, Any]:
    """What is told of a question."""
    found = client.get(f"{PICTURE}?{query}", headers=headers)
    assert found.status_code == 200, found.text
    assert found.headers["cache-control"] == "private, no-store"
    content: dict[str, Any] = found.json()
    return content


def pixels(picture: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Red, green, blue and opacity by row and column."""
    with MemoryFile(b64decode(picture["png"])) as file, file.open() as opened:
        assert (opened.width, opened.height) == (picture["width"], picture["height"])
        return np.moveaxis(opened.read(), 0, -1)


def colour_at(picture: dict[str, Any], point: tuple[float, float]) -> tuple[int, ...]:
    """The pixel of a place in degrees, by the formula of Web Mercator."""
    side = 256 * 2 ** picture["zoom"]
    latitude = np.radians(point[1])
    x = int((point[0] + 180) / 360 * side) - picture["left"]
    y = int((1 - np.arcsinh(np.tan(latitude)) / np.pi) / 2 * side) - picture["top"]
    return tuple(int(value) for value in pixels(picture)[y, x])


def test_the_picture_lies_where_the_incidents_are(client: TestClient) -> None:
    told = answer(client)
    assert (told["used"], told["bandwidth_m"], told["smallest"]) == (20, 9_000, 5)
    picture = told["picture"]
    dark = colour_at(picture, HANOI_POINT)
    assert dark[3] == 255
    assert sum(dark[:3]) < 250, "the middle of ten incidents is the darkest"
    assert colour_at(picture, BORDER_POINT)[3] == 255
    # Half a degree off nothing is within the kernel.
    assert colour_at(picture, (HANOI_POINT[0] + 0.5, HANOI_POINT[1]))[3] == 0
    # The colour becomes paler from the middle to the edge.
    east = [sum(colour_at(picture, (HANOI_POINT[0] + off, HANOI_POINT[1]))[:3])
            for off in (0.0, 0.03, 0.06)]  # fmt: skip
    assert east == sorted(east)
    assert east[0] < east[2]
    assert picture["width"] * picture["height"] < 5_000_000


def test_the_legend_is_in_the_language_and_darkens(client: TestClient) -> None:
    told = answer(client, **{"Accept-Language": "en"})
    labels = [one["label"] for one in told["legend"]]
    assert len(labels) == 5
    assert labels[0].startswith("≤ ")
    values = [float(one.strip("≤≥ ").replace(",", "")) for one in labels]
    # Equal ratios; two digits are told.
    ratios = [after / before for before, after in pairwise(values)]
    assert max(ratios) / min(ratios) < 1.15
    # The peak of ten incidents, 3 / (pi h2) each, a year and 100 km2.
    assert values[-1] == pytest.approx(3000 / np.pi / 81, rel=0.05)
    assert "," in answer(client, **{"Accept-Language": "vi"})["legend"][0]["label"]


def test_it_is_for_those_who_may_have_the_file(joining: Joining, stranger: TestClient) -> None:
    assert_problem(stranger.get(f"{PICTURE}?{NARROW}"), 401)
    assert_problem(joining("administrator", COUNTRY).get(f"{PICTURE}?{NARROW}"), 403)
    assert_problem(joining("officer").get(f"{PICTURE}?{NARROW}"), 422)
    own = answer(joining("officer", NGHE_AN))
    assert own["used"] == 10
    picture = own["picture"]
    assert colour_at(picture, BORDER_POINT)[3] == 255
    # Hà Nội is no part of it.
    side = 256 * 2 ** picture["zoom"]
    east = (picture["left"] + picture["width"]) / side * 360 - 180
    assert east < 106.2
    tag = joining("leader", NGHE_AN).get(f"{PICTURE}?{NARROW}").headers["etag"]
    other = joining("leader", NGHE_AN)
    repeated = other.get(f"{PICTURE}?{NARROW}", headers={"If-None-Match": tag})
    assert repeated.status_code == 200


def test_fewer_than_the_threshold_leave_no_mark(joining: Joining) -> None:
    officer = joining("officer", NGHE_AN)
    query = "from=2025-08-01&to=2025-08-{day:02}&bandwidth=9000&cell=3000"
    assert answer(officer, query.format(day=8))["picture"] is None
    assert answer(officer, query.format(day=8))["legend"] == []
    assert answer(officer, query.format(day=9))["picture"]


def test_too_few_to_choose_a_bandwidth_are_said_and_no_fault(joining: Joining) -> None:
    officer = joining("officer", NGHE_AN)
    told = answer(officer, "from=2025-08-01&to=2025-08-09&cell=3000")
    assert told == {"picture": None, "legend": [], "needed": 10}
    assert_problem(officer.get(f"{PICTURE}?{YEAR}&cell=3000&bandwidth=2000"), 422)


def test_nothing_of_it_stays_on_the_server(client: TestClient, api_engine: Engine) -> None:
    count = text("SELECT count(*) FROM raster_layer")
    assert answer(client)["picture"]
    with transaction(api_engine) as connection:
        assert connection.scalar(count) == 0
    assert client.get("/api/v1/raster-layers").json()["raster_layers"] == []


@pytest.mark.parametrize("unit", [NGHE_AN, Jurisdiction("2025", "commune", "17263")])
def test_planners_have_victims_spread_over_the_commune(
    joining: Joining, unit: Jurisdiction
) -> None:
    exact = answer(joining("officer", unit), f"{YEAR}&bandwidth=4000&cell=1000")
    spread = answer(joining("planner", unit), f"{YEAR}&bandwidth=4000&cell=1000")
    assert exact["picture"]
    assert spread["picture"] is None
