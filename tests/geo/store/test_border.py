"""How far places lie from the land border: one rule, held against measuring to all of it."""

import numpy as np
import pytest
from pyproj import Geod
from sqlalchemy import Engine, text

from geo.pipeline.border import derive_border
from geo.places.seas import ARCHIPELAGOS
from geo.store.database import transaction

REACH_M = 20_000
# Around Vietnam's land border, both sides of it.
POINTS = (
    "WITH place AS (SELECT number, ST_SetSRID(ST_MakePoint(x, y), 4326) AS point"
    " FROM unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY AS p (x, y, number))"
)


def points_near_the_border(engine: Engine, count: int) -> dict[str, list[float]]:
    """Random points within some 30 km of a vertex of the border."""
    random = np.random.default_rng(7)
    with transaction(engine) as connection:
        vertices = np.array(
            connection.execute(
                text("SELECT ST_X(p.geom), ST_Y(p.geom) FROM border_line, ST_DumpPoints(geom) AS p")
            ).all()
        )
    chosen = vertices[random.integers(0, len(vertices), count)]
    places = chosen + random.uniform(-0.25, 0.25, chosen.shape)
    return {"x": places[:, 0].tolist(), "y": places[:, 1].tolist()}


def test_the_nearest_of_a_cell_is_the_nearest_of_all(module_boundaries_engine: Engine) -> None:
    places = points_near_the_border(module_boundaries_engine, 800)
    with transaction(module_boundaries_engine) as connection:
        rows = connection.execute(
            text(
                f"{POINTS} SELECT near.border_m, near.neighbour, near.gate_m, whole.distance_m,"
                " whole.neighbour, gate.distance_m, EXISTS (SELECT FROM unit_cell"
                " WHERE cell = grid_cell(ST_X(place.point), ST_Y(place.point))"
                " AND edition = '2025')"
                " FROM place LEFT JOIN border_near(place.point) AS near ON true"
                # Piece by piece: of a long line PostGIS measures to the point that is nearest on a
                # sphere, which may be some metres from the nearest on the ellipsoid.
                " CROSS JOIN LATERAL (SELECT neighbour, ST_Distance(geom::geography,"
                " place.point::geography) AS distance_m FROM border_piece"
                " ORDER BY 2 LIMIT 1) AS whole"
                " CROSS JOIN LATERAL (SELECT min(ST_Distance(border_gate.point::geography,"
                " place.point::geography)) AS distance_m FROM border_gate) AS gate"
            ),
            places,
        ).all()
    found = [row for row in rows if row[0] is not None]
    assert len(found) > 250
    for border_m, neighbour, gate_m, whole_m, whole_neighbour, whole_gate_m, _ in found:
        assert border_m == pytest.approx(whole_m, abs=0.001)
        assert neighbour == whole_neighbour
        assert gate_m == pytest.approx(whole_gate_m, abs=0.001)
    missed = [row for row in rows if row[0] is None]
    assert missed
    # Nothing is known beyond 20 km, nor more than 5 km abroad.
    assert all(row[3] >= REACH_M or (not row[6] and row[3] >= 5_000) for row in missed)


def test_a_distance_is_that_on_the_ellipsoid(module_boundaries_engine: Engine) -> None:
    with transaction(module_boundaries_engine) as connection:
        # Along a meridian from a gate, 3 km by another library.
        lon, lat = connection.execute(
            text("SELECT ST_X(point), ST_Y(point) FROM border_gate WHERE name_vi LIKE '%Nậm Cắn%'")
        ).one()
        east, north, _ = Geod(ellps="WGS84").fwd(lon, lat, 90, 3_000)
        gate_m = connection.scalar(
            text("SELECT gate_m FROM border_near(ST_SetSRID(ST_MakePoint(:x, :y), 4326))"),
            {"x": east, "y": north},
        )
    assert gate_m == pytest.approx(3_000, abs=0.01)


def test_bands_hold_the_points_that_a_filter_finds(module_boundaries_engine: Engine) -> None:
    places = points_near_the_border(module_boundaries_engine, 1_500)
    with transaction(module_boundaries_engine) as connection:
        rows = connection.execute(
            text(
                f"{POINTS} SELECT near.border_m, near.neighbour, drawn.band, drawn.neighbour"
                " FROM place JOIN unit ON unit.edition = '2025' AND unit.level = 'province'"
                " AND ST_Intersects(unit.geom, place.point)"
                " LEFT JOIN border_near(place.point) AS near ON true"
                " LEFT JOIN border_band AS drawn ON ST_Intersects(drawn.geom, place.point)"
            ),
            places,
        ).all()
    bands = {"0-5": (0, 5_000), "5-10": (5_000, 10_000), "10-20": (10_000, 20_000)}
    assert {row[2] for row in rows} == {*bands, None}
    agreeing = 0
    for border_m, neighbour, band, drawn_neighbour in rows:
        if band is None:
            # Off the drawing only beyond the last band, or beside an edge that was simplified.
            assert border_m is None or border_m < 300 or border_m > REACH_M - 300
            continue
        least, most = bands[band]
        measured = REACH_M if border_m is None else border_m
        assert least - 250 <= measured <= most + 250
        agreeing += neighbour == drawn_neighbour
    assert agreeing > 0.99 * len([row for row in rows if row[2]])


def test_units_know_their_border_and_gate(module_boundaries_engine: Engine) -> None:
    with transaction(module_boundaries_engine) as connection:
        rows = {
            (row.edition, row.level, row.code): row
            for row in connection.execute(
                text("SELECT * FROM unit_border JOIN unit USING (edition, level, code)")
            )
        }
        count = connection.scalar(text("SELECT count(*) FROM unit"))
        worst = connection.scalar(
            text(
                "SELECT max(abs(border_m - (SELECT min(ST_Distance(unit.geom::geography,"
                " line.geom::geography)) FROM border_line AS line)) / border_m)"
                " FROM unit_border JOIN unit USING (edition, level, code)"
                " WHERE edition = '2025' AND level = 'commune' AND NOT is_land_border"
                " AND border_m < 100000 AND unit.code LIKE '16%'"
            )
        )
    islands = {unit for waters in ARCHIPELAGOS for unit in waters.islands}
    assert len(rows) + len(islands) == count
    assert not islands & rows.keys()
    assert all(row.border_m == 0 for row in rows.values() if row.is_land_border)
    for (edition, level, _), row in rows.items():
        if row.is_land_border and (edition, level) == ("2025", "commune"):
            assert row.section == f"{row.neighbour}-{row.parent_code}", row.code
    mon_son = rows["2025", "commune", "17263"]
    assert (mon_son.neighbour, mon_son.section) == ("LAO", "LAO-40")
    ha_noi = rows["2025", "province", "01"]
    # Hà Nội's edge is about 70 km from Sơn La's border and farther from China's.
    assert 30_000 < ha_noi.border_m < 150_000
    assert worst is not None
    assert worst < 0.003, "measured on the ellipsoid, from points that are nearest in a plane"


def test_made_once_and_anew_when_a_gate_moves(boundaries_engine: Engine) -> None:
    with transaction(boundaries_engine) as connection:
        assert not derive_border(connection)
        before = connection.scalar(text("SELECT fingerprint FROM border_source"))
        connection.execute(
            text("UPDATE border_gate SET point = ST_Translate(point, 0.01, 0) WHERE code = 'x'")
        )
        assert not derive_border(connection)
        connection.execute(text("UPDATE border_gate SET point = ST_Translate(point, 0.01, 0)"))
        assert derive_border(connection)
        assert connection.scalar(text("SELECT fingerprint FROM border_source")) != before


def test_sections_are_the_provinces_of_the_land_border(module_boundaries_engine: Engine) -> None:
    with transaction(module_boundaries_engine) as connection:
        lengths = dict(
            connection.execute(
                text(
                    "SELECT section, sum(ST_Length(geom::geography)) / 1000 FROM border_piece"
                    " GROUP BY section"
                )
            )
            .tuples()
            .all()
        )
    # domain.md 2.2: 22 provinces, two of them with two neighbours. The kilometres there are those
    # of a finer line; the embedded one is simplified to about a kilometre and so is shorter.
    assert len(lengths) == 24
    assert {section[-2:] for section in lengths if lengths[section] > 0} >= {"04", "40", "91"}
    assert len({section.split("-")[1] for section in lengths}) == 22
    computed = {"CHN-04": 338, "LAO-40": 466, "LAO-11": 423, "KHM-75": 253, "LAO-44": 404}
    for section, kilometres in computed.items():
        assert 0.75 * kilometres < lengths[section] < 1.02 * kilometres
