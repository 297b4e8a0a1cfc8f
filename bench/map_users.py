"""200 readers of the map at once, over 1,000,000 incidents: how long each request takes.

    make bench
    .venv/bin/python bench/map_users.py [--rows 1000000] [--users 200] [--seconds 60]

Half have signed in (officers, planners and leaders of provinces), of whom every fifth shows the
layer of incidents, which is off at first; half have not. Each opens the map, then does one thing
every five seconds in turn: he pans or zooms by one step, chooses another period and other kinds, or
clicks on a unit. What is asked then is what web/static/js asks: tiles of the communes and provinces
in view that his browser has not kept, the names of provinces and, near by, of the communes of those
in view, up to four pages of the incidents in view, the statistics for the colours and once more for
the list of units, and the unit with what the one raster layer says of it, which are asked for again
with each choice while it is open. Six requests of a reader run at once, as in a browser. Left out
are the files of the page (scripts, styles, surroundings), which a browser keeps; the stream of
changes, on which nothing is told while nobody enters anything; and the decision on a unit, as here
nobody has decided anything. The server is the one of `make up`, on loopback; the readers run in one
process beside it, so their own work is in the times.
Readers come within three quarters of a minute; until half a minute later nothing is measured.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import (  # noqa: E402
    DAYS,
    FIRST_DAY,
    fill,
    load_boundaries,
    make_places,
    own_cluster,
)
from servers import PASSWORD, our_server, sign_in  # noqa: E402
from web_mercator import on_square  # noqa: E402

from geo.demo import relief as made_up  # noqa: E402
from geo.pipeline import NewRaster, import_raster, run_standard  # noqa: E402
from geo.records.code_lists import code_list  # noqa: E402
from geo.settings import Settings  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import Jurisdiction, Role  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from geo.store.tiles import tile_keys  # noqa: E402

ROLES: tuple[Role, ...] = ("officer", "planner", "leader")
ACCOUNTS, AT_ONCE, SHOW_INCIDENTS = 18, 6, 5
PAUSE, COMING, LONGEST_WAIT = 5.0, 75.0, 20.0
GOAL_MS = 300.0
WIDTH, HEIGHT, TILE = 1440, 900, 512
FIRST_ZOOM, DEEPEST = 6, 12
# Of web/static/js: from this zoom on names.js names units,
NAMED_FROM = 10
# units.js asks for no tile beyond the territory (south, west, north, east), and
# records.js for no more pages of incidents.
TERRITORY = (4.0, 101.5, 23.6, 118.5)
PAGE, MOST_PAGES = 1_000, 4


@dataclass(frozen=True, slots=True)
class Store:
    """What readers can ask for: tiles by level, the run that the map opens with, units."""

    keys: dict[str, str]
    run: str
    units: list[tuple[str, float, float]]


@dataclass
class Timing:
    """Milliseconds by kind of request, and what went wrong; of whom is in the name."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    is_on: bool = False


class Reader:
    """One person at the map, with his browser's cache."""

    def __init__(self, client: httpx.AsyncClient, store: Store, number: int, timing: Timing):
        self.client, self.store, self.timing = client, store, timing
        self.chance = random.Random(number)
        self.cookie: dict[str, str] = {}
        self.shows_incidents = False
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.seen: set[str] = set()
        # Of provinces whose communes he has no names of: west, south, east, north.
        self.unnamed: dict[str, tuple[float, float, float, float]] = {}
        self.zoom, (_, self.lon, self.lat) = FIRST_ZOOM, self.chance.choice(store.units)
        self.query: dict[str, Any] = {}
        self.code: str | None = None

    async def live(self, begin: float, end: float) -> None:
        """Open the map, and use it until the end."""
        await asyncio.sleep(begin - time.monotonic() + self.chance.uniform(0, COMING * 0.6))
        await self.open()
        actions = [self.pan, self.filter, self.click]
        self.chance.shuffle(actions)
        following = time.monotonic() + self.chance.uniform(0, PAUSE)
        while max(following, time.monotonic()) < end:
            await asyncio.sleep(following - time.monotonic())
            await actions[0]()
            actions.append(actions.pop(0))
            following += PAUSE

    async def open(self) -> None:
        """The page, and what it asks at once."""
        run = f"/api/v1/hotspot-runs/{self.store.run}"
        ranking = ("ranking", f"{run}/ranking", {"border_only": True, "limit": 20})
        await self.ask("page", "/")
        reviews = [("reviews", "/api/v1/hotspot-reviews", self.layer | {"waiting": False})]
        asked = [("results", f"{run}/results", {}), ranking, ("run", run, {})]
        await self.together([*asked, *(reviews if self.cookie else []), *self.tiles()])
        answer = await self.ask("names", "/api/v1/units", {"edition": "2025", "level": "province"})
        units = json.loads(answer)["units"] if answer else []
        self.unnamed = {unit["code"]: unit["bounds"] for unit in units}

    async def pan(self) -> None:
        """Half a screen aside, or one zoom in or out, to another unit from time to time."""
        step = 360 / 2**self.zoom / 256
        turn = self.chance.random()
        if turn < 0.2:
            _, self.lon, self.lat = self.chance.choice(self.store.units)
        elif turn < 0.6:
            self.zoom = min(max(self.zoom + self.chance.choice([1, 1, -1]), FIRST_ZOOM), DEEPEST)
        else:
            self.lon += step * WIDTH / 2 * self.chance.choice([-1, 1])
            self.lat += step * HEIGHT / 2 * self.chance.choice([-1, 1])
        south, west, north, east = TERRITORY
        self.lon, self.lat = min(max(self.lon, west), east), min(max(self.lat, south), north)
        await asyncio.gather(self.together(self.tiles()), self.names(), self.records())

    async def filter(self) -> None:
        """Another period of whole months and up to three kinds."""
        months = self.chance.randrange(1, 24)
        first = FIRST_DAY + timedelta(days=30 * self.chance.randrange(DAYS // 30 - months))
        kinds = self.chance.sample(list(code_list("incident_kind")), self.chance.randint(0, 3))
        self.query = {"kind": kinds, "from": first, "to": first + timedelta(days=30 * months)}
        counts = ("statistics", "/api/v1/statistics", self.layer | self.query)
        asked = [counts, counts, *self.unit()]
        await asyncio.gather(self.together(asked), self.records())

    async def click(self) -> None:
        """A unit near the middle."""
        near = sorted(self.store.units, key=lambda u: abs(u[1] - self.lon) + abs(u[2] - self.lat))
        self.code = self.chance.choice(near[:20])[0]
        await self.together(self.unit())

    def unit(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The one that is open, if any, and what the raster layer says of it."""
        if self.code is None:
            return []
        unit = f"/api/v1/units/2025/commune/{self.code}", {"run": self.store.run}
        figures = f"/api/v1/raster-layers/figures/commune/{self.code}"
        return [("unit", *unit), ("raster", figures, {})]

    @property
    def layer(self) -> dict[str, Any]:
        """The units shown."""
        return {"edition": "2025", "level": "commune"}

    def tiles(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Those in view that the browser has not kept; of 512 pixels, as units.js draws them."""
        z = self.zoom - 1
        x, y = on_square(self.lon, self.lat)
        half = (WIDTH / 2 / TILE, HEIGHT / 2 / TILE)
        south, west, north, east = TERRITORY
        (left, top), (right, bottom) = on_square(west, north), on_square(east, south)
        asked = []
        columns = range(int(max(x * 2**z - half[0], left * 2**z)), int(x * 2**z + half[0]) + 1)
        rows = range(int(max(y * 2**z - half[1], top * 2**z)), int(y * 2**z + half[1]) + 1)
        for column in columns:
            for row in rows:
                if column > right * 2**z or row > bottom * 2**z:
                    continue
                for level, key in self.store.keys.items():
                    asked.append(f"/api/v1/tiles/2025/{level}/{key}/{z}/{column}/{row}.mvt")
        fresh = [address for address in asked if address not in self.seen]
        self.seen.update(fresh)
        return [("tile", address, {}) for address in fresh]

    def view(self, times: float = 1) -> tuple[float, float, float, float]:
        """West, south, east, north of what is in view, or of so many times as much each way."""
        wide, high = (times * size / 2 * 360 / 2**self.zoom / 256 for size in (WIDTH, HEIGHT))
        return self.lon - wide, self.lat - high, self.lon + wide, self.lat + high

    async def names(self) -> None:
        """Near by of the communes of the provinces in view, one after the other, each once."""
        if self.zoom < NAMED_FROM:
            return
        west, south, east, north = self.view()
        for code, (left, bottom, right, top) in list(self.unnamed.items()):
            if left <= east and right >= west and bottom <= north and top >= south:
                del self.unnamed[code]
                await self.ask("names", "/api/v1/units", self.layer | {"parent": code})

    async def records(self) -> None:
        """Pages of the incidents in view, one after the other."""
        if not self.shows_incidents:
            return
        bbox = ",".join(f"{value:.4f}" for value in self.view(1.2))
        query: dict[str, Any] | None = {"bbox": bbox, "limit": PAGE} | self.query
        address = "/api/v1/incidents"
        for _ in range(MOST_PAGES):
            answer = await self.ask("incidents", address, query)
            address, query = json.loads(answer or b"{}").get("next"), None
            if not address:
                return

    async def together(self, asked: list[tuple[str, str, dict[str, Any]]]) -> None:
        """Ask all of them, as many at once as a browser does."""
        await asyncio.gather(*(self.ask(*one) for one in asked))

    async def ask(self, kind: str, address: str, query: dict[str, Any] | None = None) -> bytes:
        """The body of an answer, empty where there was none."""
        async with self.slots:
            begun = time.perf_counter()
            try:
                answer = await self.client.get(address, params=query or None, headers=self.cookie)
            except httpx.HTTPError as error:
                self.timing.errors.append(f"{kind}: {type(error).__name__}")
                return b""
            taken = (time.perf_counter() - begun) * 1_000
        if answer.status_code != 200:
            self.timing.errors.append(f"{kind}: {answer.status_code}")
            return b""
        if self.timing.is_on:
            self.timing.taken[kind].append(taken)
        return answer.content


def main() -> None:
    """Print a JSON line for those who have signed in, and one for those who have not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    wanted = parser.parse_args()
    with own_cluster() as settings:
        migrate(settings.database_url)
        engine = create_engine(settings.database_url)
        load_boundaries(engine, settings)
        make_places(engine)
        fill(engine, wanted.rows)
        run_standard(engine)
        put_relief(engine, settings)
        names = make_accounts(engine)
        store = read_store(engine)
        engine.dispose()
        with our_server(settings) as address:
            cookies = [sign_in(address, name) for name in names]
            timings = asyncio.run(crowd(address, store, cookies, wanted))
    for name, timing in timings.items():
        report(name, timing, wanted)


def put_relief(engine: Engine, settings: Settings) -> None:
    """The raster layer of the demonstration, for everyone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{made_up.NAME}.tif"
        with transaction(engine) as connection:
            made_up.write_relief(connection, path)
        titles = made_up.TITLE_VI, made_up.TITLE_EN
        new = NewRaster(path, path.name, made_up.NAME, *titles, "elevation", "m", "everyone")
        import_raster(engine, settings.raster_directory, new)


def make_accounts(engine: Engine) -> list[str]:
    """Names of officers, planners and leaders of provinces, those at the border first."""
    with transaction(engine) as connection:
        codes = connection.scalars(
            text(
                "SELECT parent_code FROM unit WHERE edition = '2025' AND level = 'commune'"
                " GROUP BY parent_code ORDER BY bool_or(is_land_border) DESC, parent_code"
            )
        ).all()
        names = [f"reader-{number}" for number in range(ACCOUNTS)]
        for number, name in enumerate(names):
            province = Jurisdiction("2025", "province", codes[number % len(codes)])
            role = ROLES[number % len(ROLES)]
            create_account(connection, NewAccount(name, name, role, (province,)), PASSWORD)
    return names


def read_store(engine: Engine) -> Store:
    """What is there to be asked for."""
    with transaction(engine) as connection:
        keys = tile_keys(connection)
        run = connection.scalar(
            text(
                "SELECT id::text FROM hotspot_run WHERE edition = '2025' AND level = 'commune'"
                " AND NOT (parameters ->> 'border_only')::boolean AND method = 'gi_star'"
                " AND standard_at IS NOT NULL ORDER BY standard_at DESC LIMIT 1"
            )
        )
        units = connection.execute(
            text(
                "SELECT code, ST_X(label_point), ST_Y(label_point) FROM unit"
                " WHERE edition = '2025' AND level = 'commune' ORDER BY code"
            )
        )
        levels = {level: keys["2025", level] for level in ("commune", "province")}
        return Store(levels, run, [(code, lon, lat) for code, lon, lat in units])


async def crowd(
    address: str, store: Store, cookies: list[str], wanted: argparse.Namespace
) -> dict[str, Timing]:
    """All readers at once, for the time that is asked for."""
    timings = {"signed in": Timing(), "without a sign-in": Timing()}
    # A browser asks anew where the server closed an idle connection (after 5 s); httpx does not.
    most = AT_ONCE * wanted.users
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=2)
    client = httpx.AsyncClient(base_url=address, limits=limits, timeout=LONGEST_WAIT, verify=False)  # noqa: S501
    async with client:
        begin = time.monotonic()
        end = begin + COMING + wanted.seconds
        living = []
        for number in range(wanted.users):
            is_signed_in = number % 2 == 0
            timing = timings["signed in" if is_signed_in else "without a sign-in"]
            reader = Reader(client, store, number, timing)
            if is_signed_in:
                reader.cookie = {"Cookie": cookies[number // 2 % len(cookies)]}
                reader.shows_incidents = number // 2 % SHOW_INCIDENTS == 0
            living.append(reader.live(begin, end))
        await asyncio.gather(begin_measuring(timings), *living)
    return timings


async def begin_measuring(timings: dict[str, Timing]) -> None:
    """Once all have come."""
    await asyncio.sleep(COMING)
    for timing in timings.values():
        timing.is_on = True


def report(name: str, timing: Timing, wanted: argparse.Namespace) -> None:
    """One line, with the percentiles of each kind of request beside it."""
    every = np.concatenate([np.array(times) for times in timing.taken.values()])
    p95 = float(np.percentile(every, 95))
    line = {
        "name": f"p95 of a request, {wanted.users} readers, {wanted.rows:,} incidents, {name}",
        "value": round(p95, 1),
        "unit": "ms",
        "peer": None,
        "ratio": None,
        "goal": f"p95 <= {GOAL_MS:.0f} ms and no errors",
        "met": p95 <= GOAL_MS and not timing.errors,
        "errors": len(timing.errors),
        "requests_per_second": round(len(every) / wanted.seconds, 1),
        "p95_by_kind": {
            kind: [len(times), round(float(np.percentile(times, 95)), 1)]
            for kind, times in sorted(timing.taken.items())
        },
    }
    if timing.errors:
        line["kinds_of_errors"] = sorted(set(timing.errors))
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
