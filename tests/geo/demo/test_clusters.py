"""The planted clusters: as strong as they say, and found by the hotspot analysis."""

import geopandas
import numpy as np
import pytest
import shapely

from geo.analysis.hotspots import Observations, Parameters, Result, analyse
from geo.analysis.weights import queen
from geo.demo import calendar
from geo.demo.clusters import (
    MEMBERS,
    PlantedCluster,
    draw_where_and_when,
    planted_clusters,
)
from geo.demo.generator import DemoData
from geo.demo.places import describe, distance_m

FAR_M = 50_000.0


def test_clusters_are_contiguous_and_mostly_at_the_border(
    communes: geopandas.GeoDataFrame,
) -> None:
    clusters = planted_clusters(communes)
    shapes = communes.set_index("code")
    assert len(clusters) == 6
    assert sum(cluster.at_border for cluster in clusters) == 5
    for cluster in clusters:
        assert bool(shapes["is_land_border"][cluster.centre]) is cluster.at_border
        assert len(set(cluster.members)) == MEMBERS
        assert cluster.members[0] == cluster.centre
        whole = shapely.union_all(shapes.geometry.loc[list(cluster.members)].to_numpy())
        touching = shapes.index[shapes.geometry.intersects(whole)]
        assert set(cluster.members) <= set(touching)
        for number, member in enumerate(cluster.members[1:], 1):
            before = shapes.geometry.loc[list(cluster.members[:number])]
            assert before.intersects(shapes.geometry[member]).any()
    members = [code for cluster in clusters for code in cluster.members]
    assert len(members) == len(set(members))


def test_one_cluster_is_new_after_the_reform(communes: geopandas.GeoDataFrame) -> None:
    new = [c for c in planted_clusters(communes) if c.first_day.isoformat() > "2025-07-01"]
    assert [cluster.key for cluster in new] == ["le-thanh"]


def test_relative_risk_is_what_it_says(
    communes: geopandas.GeoDataFrame, gates: geopandas.GeoDataFrame
) -> None:
    # Incidents per weighted day inside the period over those outside it. With 2 million draws the
    # smallest cluster has some 10,000 incidents outside its period: 5 % is more than four sigma.
    rng = np.random.default_rng(5)
    places = describe(communes, gates, rng)
    clusters = planted_clusters(communes)
    drawn = draw_where_and_when(rng, places, clusters, 2_000_000)
    weight = calendar.daily_weights()
    for cluster in clusters:
        first, last = map(calendar.day_number, (cluster.first_day, cluster.last_day))
        days = drawn.day[np.isin(places.code[drawn.commune], cluster.members)]
        inside = (days >= first) & (days <= last)
        period = weight[first : last + 1].sum()
        ratio = (inside.sum() / period) / ((~inside).sum() / (weight.sum() - period))
        assert ratio == pytest.approx(cluster.relative_risk, rel=0.05), cluster.key


def commune_of(data: DemoData, communes: geopandas.GeoDataFrame) -> np.ndarray:
    """Row of the commune of each incident, -1 where only a district is known."""
    rows = data.incidents.to_pandas()
    position = {code: row for row, code in enumerate(communes["code"])}
    found = rows["stated_code"].where(rows["stated_level"] == "commune").map(position)
    place = found.fillna(-1).to_numpy(int)
    pointed = np.flatnonzero(rows["lon"].notna())
    points = shapely.points(rows["lon"].iloc[pointed], rows["lat"].iloc[pointed])
    inside = communes.sindex.query(points, predicate="within")
    place[pointed[inside[0]]] = inside[1]
    return place


def hotspots(
    data: DemoData,
    communes: geopandas.GeoDataFrame,
    first: object,
    last: object,
    *,
    border_only: bool = False,
) -> Result:
    rows = data.incidents.to_pandas()
    day = rows["occurred_from"].dt.tz_convert("Asia/Ho_Chi_Minh").dt.date
    place = commune_of(data, communes)
    used = (place >= 0) & (day >= first) & (day <= last)
    used &= ~rows["status"].isin(["duplicate", "not_victim"])
    counts = np.bincount(place[used], minlength=len(communes)).astype(float)
    return analyse(
        Observations(
            counts=counts,
            population=communes["population"].to_numpy(float),
            on_border=communes["is_land_border"].to_numpy(bool),
            weights=queen(communes.geometry),
            days=(last - first).days + 1,
        ),
        Parameters(border_only=border_only),
    )


def far_from_everything(
    communes: geopandas.GeoDataFrame, clusters: tuple[PlantedCluster, ...]
) -> np.ndarray:
    """Communes farther than FAR_M from every border commune and every member of a cluster."""
    middle = communes.geometry.representative_point()
    x, y = middle.x.to_numpy(), middle.y.to_numpy()
    members = [code for cluster in clusters for code in cluster.members]
    risky = np.flatnonzero(communes["is_land_border"] | communes["code"].isin(members))
    away = np.full(len(communes), np.inf)
    for row in risky:
        to_row = distance_m(x, y, np.full(len(x), x[row]), np.full(len(y), y[row]))
        away = np.minimum(away, to_row)
    return away > FAR_M


def test_hotspots_find_every_cluster_in_its_own_period(
    communes: geopandas.GeoDataFrame, data: DemoData
) -> None:
    far = far_from_everything(communes, data.clusters)
    assert far.sum() > 1_000
    row = {code: number for number, code in enumerate(communes["code"])}
    for cluster in data.clusters:
        result = hotspots(data, communes, cluster.first_day, cluster.last_day)
        assert result.classes[row[cluster.centre]] >= 2, cluster.key
        assert (result.classes[far] >= 2).mean() < 0.005, cluster.key


def test_the_last_year_shows_the_clusters_that_go_on(
    communes: geopandas.GeoDataFrame, data: DemoData
) -> None:
    last = calendar.LAST_DAY
    first = last.replace(year=last.year - 1)
    going_on = [c for c in data.clusters if c.last_day == last]
    assert len(going_on) == 5
    among_all = hotspots(data, communes, first, last)
    assert {c.centre for c in going_on} <= set(communes["code"][among_all.classes >= 2])
    # Against the country the border is hot wherever there are gates; against itself where it is
    # more than that.
    on_border = hotspots(data, communes, first, last, border_only=True)
    hot = set(communes["code"][on_border.classes >= 2])
    assert {c.centre for c in going_on if c.at_border} <= hot
    assert not {c.centre for c in data.clusters if c not in going_on} & hot
