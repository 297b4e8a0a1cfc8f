"""What row-level security costs: statistics and tiles of incidents, as an officer of one province.

    make bench

The same questions are asked in turn by the server's role, acting for the officer, and by a role
that bypasses the policies, in one run on the same records; medians are compared. A tile is what
PostGIS makes of the incidents in a box as large as one of zoom 11, around one of the province.
Pages of the list of incidents are not compared: they end at a number of rows, so that the two roles
are given different plans.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow
from sqlalchemy import Connection, Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.pipeline import load_embedded_boundaries  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import Jurisdiction  # noqa: E402
from geo.store.database import acting, create_engine, migrate, transaction  # noqa: E402
from geo.store.records import Origin, load_records  # noqa: E402
from geo.store.statistics import Selection, unit_counts  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "200000"))
ROUNDS, WARMING, GOAL = 60, 5, 1.2
PROVINCE = "40"
TILE = 360 / 2**11
TILE_OF_INCIDENTS = text("""
SELECT ST_AsMVT(shown, 'incident') FROM (
    SELECT id::text, kind, status, ST_AsMVTGeom(
        ST_Transform(point, 3857),
        ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4326), 3857)::box2d
    ) AS geom
    FROM incident
    WHERE point && ST_MakeEnvelope(:west, :south, :east, :north, 4326) AND deleted_at IS NULL
) AS shown
""")
Asked = Callable[[Connection], object]


def main() -> None:
    """Print one JSON line for each kind of question."""
    settings = load_settings()
    migrate(settings.database_url)
    owner = create_engine(settings.database_url)
    load_embedded_boundaries(owner, settings)
    fill(owner)
    officer = make_officer(owner)
    server = create_engine(settings.application_url)
    # On the private cluster a superuser; elsewhere the owner, whose policy lets every row pass.
    is_private = not os.environ.get("DATABASE_URL")
    free = create_engine(
        owner.url.set(username="postgres").render_as_string()
        if is_private
        else settings.database_url
    )
    chosen = random.Random(20_261_127)
    spots = places(owner)
    for name, question in (
        ("statistics of all communes", lambda: counting(chosen)),
        ("tiles of incidents", lambda: tiled(chosen, spots)),
    ):
        within, without = [], []
        for turn in range(WARMING + ROUNDS):
            asked = question()
            sides = [
                (within, acting(server, officer)),
                (without, transaction(free)),
            ]
            for times, opened in sides if turn % 2 else sides[::-1]:
                times.append(timed(opened, asked))
        print_line(name, within[WARMING:], without[WARMING:])


def fill(owner: Engine) -> None:
    """Incidents spread over all communes, each around the point of its label."""
    with transaction(owner) as connection:
        connection.execute(text("TRUNCATE incident, incident_cell, import_batch CASCADE"))
        labels = np.array(
            connection.execute(
                text(
                    "SELECT ST_X(label_point), ST_Y(label_point) FROM unit"
                    " WHERE edition = '2025' AND level = 'commune' ORDER BY code"
                )
            ).all()
        )
        generator = np.random.default_rng(20_261_127)
        points = labels[generator.integers(len(labels), size=ROWS)]
        points += generator.normal(0, 0.003, points.shape)
        begun = np.datetime64("2023-01-01T00:00", "us") + generator.integers(
            3 * 365 * 24 * 60, size=ROWS
        ).astype("timedelta64[m]")
        nothing = pyarrow.nulls(ROWS, pyarrow.string())
        moments = pyarrow.array(begun, pyarrow.timestamp("us", "UTC"))
        rows = pyarrow.table(
            {
                "row_number": np.arange(ROWS),
                "external_id": [str(number) for number in range(ROWS)],
                "lon": points[:, 0],
                "lat": points[:, 1],
                "kind": generator.choice(["rescue", "tip", "transit"], ROWS),
                "occurred_from": moments,
                "occurred_to": moments,
                "precision": ["exact"] * ROWS,
                "stated_edition": nothing,
                "stated_level": nothing,
                "stated_code": nothing,
            }
        )
        load_records(connection, "incident", rows, Origin("bench"))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE incident"))
        connection.execute(text("VACUUM ANALYZE incident_cell"))
        connection.execute(text("ANALYZE unit_set"))


def make_officer(owner: Engine) -> UUID:
    """An officer of one province."""
    name = "bench-officer"
    with transaction(owner) as connection:
        connection.execute(text("DELETE FROM account WHERE username = :name"), {"name": name})
        units = (Jurisdiction("2025", "province", PROVINCE),)
        create_account(connection, NewAccount(name, name, "officer", units), "a password to test")
        found: UUID = connection.scalar(
            text("SELECT id FROM account WHERE username = :name"), {"name": name}
        )
    return found


def places(owner: Engine) -> list[tuple[float, float]]:
    """Points of incidents in the officer's province."""
    with transaction(owner) as connection:
        rows = connection.execute(
            text(
                "SELECT ST_X(point), ST_Y(point) FROM incident JOIN unit_set"
                " ON unit_set.id = unit_set_id WHERE province_2025 = :code ORDER BY external_id"
            ),
            {"code": PROVINCE},
        )
        return [(lon, lat) for lon, lat in rows]


def counting(chosen: random.Random) -> Asked:
    """Counts of a period that begins and ends within a month."""
    first = date(2023, chosen.randint(1, 12), chosen.randint(1, 28))
    last = date(2025, chosen.randint(1, 12), chosen.randint(1, 28))
    selection = Selection("2025", "commune", first, last)
    return lambda connection: unit_counts(connection, selection, "incidents")


def tiled(chosen: random.Random, spots: list[tuple[float, float]]) -> Asked:
    """The incidents around one of the spots, as a vector tile."""
    lon, lat = chosen.choice(spots)
    box = {"west": lon - TILE / 2, "south": lat - TILE / 2}
    box |= {"east": lon + TILE / 2, "north": lat + TILE / 2}
    return lambda connection: connection.scalar(TILE_OF_INCIDENTS, box)


def timed(opened: AbstractContextManager[Connection], asked: Asked) -> float:
    """Milliseconds of a whole transaction."""
    begun = time.perf_counter()
    with opened as connection:
        asked(connection)
    return (time.perf_counter() - begun) * 1_000


def print_line(name: str, within: list[float], without: list[float]) -> None:
    """One figure, with its goal."""
    ours, peer = statistics.median(within), statistics.median(without)
    print(
        json.dumps(
            {
                "name": f"row-level security: {name}, {ROWS:,} incidents",
                "value": round(ours, 2),
                "unit": "ms",
                "peer": round(peer, 2),
                "ratio": round(ours / peer, 3),
                "goal": f"ratio <= {GOAL}",
                "met": ours / peer <= GOAL,
            }
        )
    )


if __name__ == "__main__":
    main()
