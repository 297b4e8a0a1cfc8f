"""The one rule that gives a record its units."""

import numpy as np
import pyarrow
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.store.database import transaction
from geo.store.locations import inside_cells, locate_staged, stand_ins
from tests.geo.store.conftest import NORTH, SOUTH, STEP, WEST, column_box

# One metre is about 9e-6 degrees; the toy country's tolerance is that of surveyed edges, 50 m.
METRE = 9e-6


def locate(
    engine: Engine, places: list[tuple[float | None, float | None, str | None]]
) -> list[tuple[object, ...]]:
    """Run the rule over (longitude, latitude, stated unit as 'edition/level/code')."""
    with transaction(engine) as connection:
        connection.execute(
            text(
                "CREATE TEMP TABLE staged_location (row_number integer,"
                " point geometry(Point, 4326), stated_edition text, stated_level text,"
                " stated_code text) ON COMMIT DROP"
            )
        )
        rows = []
        for number, (longitude, latitude, stated) in enumerate(places):
            edition, level, code = stated.split("/") if stated else (None, None, None)
            rows.append(
                {"n": number, "x": longitude, "y": latitude, "e": edition, "l": level, "c": code}
            )
        connection.execute(
            text(
                "INSERT INTO staged_location VALUES"
                " (:n, ST_SetSRID(ST_MakePoint(:x, :y), 4326), :e, :l, :c)"
            ),
            rows,
        )
        locate_staged(connection)
        found = connection.execute(
            text(
                "SELECT commune_2025, province_2025, commune_2024, district_2024, province_2024,"
                " assignment, location_flags FROM located"
                " JOIN unit_set ON unit_set.id = unit_set_id ORDER BY row_number"
            )
        )
        return [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(
            (107.05, 16.05, None), ("00001", "01", None, "001", "01", "inside", []), id="inside"
        ),
        pytest.param(
            (107.1, 16.05, None), ("00001", "01", None, "001", "01", "inside", []), id="shared edge"
        ),
        pytest.param(
            (107.2, 16.1, None), ("00002", "01", None, "002", "01", "inside", []), id="vertex"
        ),
        pytest.param(
            (WEST - 30 * METRE, 16.05, None),
            ("00001", "01", None, "001", "01", "nearest", []),
            id="30 m outside",
        ),
        pytest.param(
            (WEST - 70 * METRE, 16.05, None),
            (None, None, None, None, None, "outside", []),
            id="70 m outside",
        ),
        pytest.param(
            (103.0, 18.0, None), (None, None, None, None, None, "outside", []), id="abroad"
        ),
        pytest.param((None, None, None), (None, None, None, None, None, "none", []), id="nowhere"),
        pytest.param(
            (None, None, "2025/commune/00002"),
            ("00002", "01", "10002", "002", "01", "stated", []),
            id="commune only",
        ),
        pytest.param(
            (None, None, "2024/commune/10003"),
            (None, "02", "10003", "003", "02", "stated", []),
            id="old commune that was split",
        ),
        pytest.param(
            (None, None, "2024/district/003"),
            (None, "02", None, "003", "02", "stated", []),
            id="old district that became two communes",
        ),
        pytest.param(
            (None, None, "2025/province/01"),
            (None, "01", None, None, "01", "stated", []),
            id="province only",
        ),
        pytest.param(
            (107.05, 16.05, "2025/commune/00004"),
            ("00001", "01", None, "001", "01", "inside", ["stated_unit_differs"]),
            id="point against stated unit",
        ),
        pytest.param(
            (107.05, 16.05, "2024/district/001"),
            ("00001", "01", None, "001", "01", "inside", []),
            id="point agrees with stated unit",
        ),
        # Communes of 2024 have no shapes: that of today must be a part of what was stated.
        pytest.param(
            (107.05, 16.05, "2024/commune/10003"),
            ("00001", "01", None, "001", "01", "inside", ["stated_unit_differs"]),
            id="point against stated old commune",
        ),
        pytest.param(
            (107.05, 16.05, "2024/commune/10001"),
            ("00001", "01", None, "001", "01", "inside", []),
            id="point in a part of the stated old commune",
        ),
    ],
)
def test_rule(
    toy_engine: Engine,
    place: tuple[float | None, float | None, str | None],
    expected: tuple[object, ...],
) -> None:
    assert locate(toy_engine, [place]) == [expected]


def test_one_by_one_gives_what_all_at_once_gives(toy_engine: Engine) -> None:
    random = np.random.default_rng(7)
    places = [
        (float(x), float(y), None)
        for x, y in zip(
            random.uniform(106.9, 107.5, 60), random.uniform(15.95, 16.15, 60), strict=True
        )
    ]
    together = locate(toy_engine, places)
    assert together == [locate(toy_engine, [place])[0] for place in places]
    assert {row[5] for row in together} == {"inside", "nearest", "outside"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            # On the grid of edges, vertices and cell borders more often than anywhere else.
            st.integers(-2, 42).map(lambda i: WEST + i * 0.01) | st.floats(106.95, 107.45),
            st.integers(-2, 12).map(lambda i: SOUTH + i * 0.01) | st.floats(15.95, 16.15),
        ),
        min_size=1,
        max_size=50,
    )
)
def test_grid_answers_as_the_polygons_do(
    toy_engine: Engine, positions: list[tuple[float, float]]
) -> None:
    """The oracle is GEOS on the polygons: the lowest code of the units that meet the point."""
    communes = {f"0000{i + 1}": column_box(i, i + 1) for i in range(4)}
    found = locate(toy_engine, [(x, y, None) for x, y in positions])
    for (x, y), row in zip(positions, found, strict=True):
        point = shapely.Point(x, y)
        meeting = [code for code, shape in communes.items() if shape.intersects(point)]
        if row[5] != "nearest":
            assert row[0] == (min(meeting) if meeting else None)
        else:
            assert not meeting


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none()
            | st.integers(-2, 42).map(lambda i: WEST + i * 0.01)
            | st.floats(106.9, 107.5),
            st.integers(-2, 12).map(lambda i: SOUTH + i * 0.01) | st.floats(15.95, 16.15),
            st.none() | st.just("2025/commune/00003"),
        ),
        min_size=1,
        max_size=80,
    )
)
def test_who_stands_for_others_has_their_answer(
    toy_engine: Engine, places: list[tuple[float | None, float, str | None]]
) -> None:
    places = [(x, None if x is None else y, stated) for x, y, stated in places]
    rows = pyarrow.table(
        {
            "lon": pyarrow.array([x for x, _, _ in places], pyarrow.float64()),
            "lat": pyarrow.array([y for _, y, _ in places], pyarrow.float64()),
            "stated_code": pyarrow.array(
                [stated and stated.rsplit("/", 1)[1] for *_, stated in places], pyarrow.string()
            ),
        }
    )
    with transaction(toy_engine) as connection:
        stands = stand_ins(inside_cells(connection), rows)
    answers = locate(toy_engine, places)
    assert [answers[other] for other in stands] == answers


def test_many_points_of_few_units_are_asked_for_once_each(toy_engine: Engine) -> None:
    xs, ys = np.random.default_rng(3).uniform((107.02, 16.02), (107.38, 16.08), (500, 2)).T
    rows = pyarrow.table({"lon": xs, "lat": ys, "stated_code": pyarrow.nulls(500, "string")})
    with transaction(toy_engine) as connection:
        assert len(np.unique(stand_ins(inside_cells(connection), rows))) < 150


def test_every_point_of_the_country_is_in_one_unit(toy_engine: Engine) -> None:
    xs = np.linspace(WEST, WEST + 4 * STEP, 41)
    ys = np.linspace(SOUTH, NORTH, 11)
    places = [(float(x), float(y), None) for x in xs for y in ys]
    assert {row[5] for row in locate(toy_engine, places)} <= {"inside", "nearest"}
