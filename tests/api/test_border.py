"""Distances to the border with every record and unit, and filters by band and neighbour."""

from typing import Any

import pytest
from starlette.testclient import TestClient


def found(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


@pytest.mark.parametrize("path", ["/incidents", "/outreach-events"])
def test_records_say_how_far_the_border_is(client: TestClient, path: str) -> None:
    by_place = {
        feature["geometry"]["coordinates"][0]: feature["properties"]
        for feature in found(client, path)
    }
    near, far = by_place[104.83], by_place[105.8342]
    # The point in Môn Sơn; the same as the place box says of it.
    [place] = client.get("/api/v1/places", params={"q": "18.97, 104.83"}).json()["places"]
    assert near["border_m"] == pytest.approx(place["border"]["distance_m"], abs=0.6)
    assert near["gate_m"] == pytest.approx(place["gate"]["distance_m"], abs=0.6)
    assert (near["neighbour"], near["border_section"]) == ("LAO", "LAO-40")
    assert far["border_m"] is far["neighbour"] is far["gate_m"] is None


@pytest.mark.parametrize("path", ["/incidents", "/outreach-events"])
def test_filters_by_band_and_neighbour(client: TestClient, path: str) -> None:
    distance = found(client, path)[0]["properties"]["border_m"]
    inside = next(b for b in ("0-5", "5-10", "10-20") if distance < int(b.split("-")[1]) * 1000)
    other = next(b for b in ("0-5", "5-10", "10-20") if b != inside)
    assert len(found(client, f"{path}?border_band={inside}")) == 10
    assert found(client, f"{path}?border_band={other}") == []
    assert len(found(client, f"{path}?border_band={inside}&border_band={other}")) == 10
    assert len(found(client, f"{path}?neighbour=LAO")) == 10
    assert len(found(client, f"{path}?neighbour=LAO&neighbour=CHN&border_band={inside}")) == 10
    assert found(client, f"{path}?neighbour=CHN") == []
    page = client.get(f"/api/v1{path}?border_band={inside}&limit=4").json()
    assert "border_band" in page["next"]
    rest = client.get(page["next"]).json()["features"]
    assert not {one["id"] for one in page["features"]} & {one["id"] for one in rest}


def test_an_unknown_band_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/incidents?border_band=0-7").status_code == 422
    assert client.get("/api/v1/incidents?neighbour=THA").status_code == 422


def test_bands_are_drawn_inside_the_country_only(client: TestClient) -> None:
    bands = found(client, "/border-bands")
    keys = {(one["properties"]["band"], one["properties"]["neighbour"]) for one in bands}
    assert keys == {(b, n) for b in ("0-5", "5-10", "10-20") for n in ("CHN", "LAO", "KHM")}


def test_a_unit_says_how_far_the_border_is(client: TestClient) -> None:
    on_it = client.get("/api/v1/units/2025/commune/17263").json()
    assert (on_it["border_m"], on_it["nearest_neighbour"]) == (0, "LAO")
    district = client.get("/api/v1/units/2024/district/001").json()
    assert district["border_m"] > 50_000
    assert district["gate_m"] >= district["border_m"] * 0.5
