"""Statistics of all 3,321 communes by period and kind, through HTTP, over 1,000,000 incidents.

    make bench

Records are those of incident_store.py. Each request asks for another period and other kinds: no
answer is repeated. The peer is the plain GROUP BY over the incidents, asked in turn on the same
server; every exact answer is checked against it. Three people ask: one who is responsible for the
country and is told all exactly, one for a province, and one for no unit at all, who is told what is
released. Runs on a cluster of its own, which is removed at the end.
"""

import http.client
import json
import random
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import DAYS, FIRST_DAY, fill, load_boundaries, make_places, own_cluster  # noqa: E402
from servers import PASSWORD, api_server, sign_in  # noqa: E402

from geo.records.code_lists import code_list  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import COUNTRY, Jurisdiction, Role  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402

PEOPLE: dict[str, tuple[Role, tuple[Jurisdiction, ...]]] = {
    "leader of the country": ("leader", (COUNTRY,)),
    "leader of a province": ("leader", (Jurisdiction("2025", "province", "40"),)),
    "outside": ("administrator", (COUNTRY,)),
}
SIZES = (100_000, 1_000_000)
REQUESTS, WARMING, CHECKED = 200, 20, 20
P95_GOAL_MS, GROWTH_GOAL = 40.0, 2.0
PEER = """
SELECT unit_set.commune_2025, count(*) FROM incident
JOIN unit_set ON unit_set.id = incident.unit_set_id
WHERE occurred_from >= CAST(:first AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    AND occurred_from < (CAST(:last AS date) + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    AND deleted_at IS NULL AND status NOT IN ('duplicate', 'not_victim') AND kind = ANY (:kinds)
GROUP BY 1
"""


def main() -> None:
    """Print two JSON lines for each person."""
    with own_cluster() as settings:
        migrate(settings.database_url)
        engine = create_engine(settings.database_url)
        load_boundaries(engine, settings)
        make_places(engine)
        make_accounts(engine)
        with api_server(settings) as address:
            measured = []
            for size in SIZES:
                fill(engine, size)
                measured.append({name: measure(engine, address, name) for name in PEOPLE})
        engine.dispose()
    for name in PEOPLE:
        report(name, [of_size[name] for of_size in measured])


def report(name: str, measured: list[tuple[list[float], list[float]]]) -> None:
    """Print the two lines of one person from the milliseconds by size."""
    medians = [float(np.median(ours)) for ours, _ in measured]
    value, peer = (float(np.percentile(times, 95)) for times in measured[-1])
    print_line(
        f"p95 of statistics of all communes over {SIZES[-1]:,} incidents, by HTTP, {name}",
        (value, "ms", peer, peer / value),
        f"p95 <= {P95_GOAL_MS:.0f} ms",
        value <= P95_GOAL_MS,
    )
    growth = medians[-1] / medians[0]
    print_line(
        f"statistics: median from {SIZES[0]:,} to {SIZES[-1]:,} incidents, {name}",
        (medians[-1], "ms", medians[0], growth),
        f"growth < {GROWTH_GOAL:.0f}",
        growth < GROWTH_GOAL,
    )


def questions() -> Iterator[dict[str, Any]]:
    """Periods of one month to two years, none of them whole months, with one to three kinds."""
    generator = random.Random(7)
    kinds = list(code_list("incident_kind"))
    while True:
        length = generator.randrange(30, 730)
        first = FIRST_DAY + timedelta(days=generator.randrange(DAYS - length))
        yield {
            "first": first,
            "last": first + timedelta(days=length),
            "kinds": generator.sample(kinds, generator.randint(1, 3)),
        }


def make_accounts(engine: Engine) -> None:
    """One account for each person."""
    with transaction(engine) as connection:
        for name, (role, units) in PEOPLE.items():
            wanted = NewAccount(username(name), name, role, units)
            create_account(connection, wanted, PASSWORD)


def username(name: str) -> str:
    """What a person signs in by."""
    return name.replace(" ", "-")


def measure(engine: Engine, address: str, name: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each request, and of the peer's statement for every tenth question."""
    client = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    cookie = sign_in(address, username(name))
    role, units = PEOPLE[name]
    is_exact = role == "leader" and COUNTRY in units
    ours, peers = [], []
    for number, question in zip(range(REQUESTS + WARMING), questions(), strict=False):
        begun = time.perf_counter()
        body = ask(client, question, cookie)
        taken = (time.perf_counter() - begun) * 1000
        if number < WARMING:
            continue
        ours.append(taken)
        if number % (REQUESTS // CHECKED) == 0:
            begun = time.perf_counter()
            with transaction(engine) as connection:
                counted = dict(connection.execute(text(PEER), question).tuples().all())
            peers.append((time.perf_counter() - begun) * 1000)
            if is_exact:
                check(json.loads(body), counted)
    client.close()
    return ours, peers


def ask(client: http.client.HTTPConnection, question: dict[str, Any], cookie: str) -> bytes:
    """The body of the answer, compressed on the way as for a browser."""
    query = {"edition": "2025", "level": "commune", "from": question["first"]}
    address = urlencode(query | {"to": question["last"], "kind": question["kinds"]}, doseq=True)
    headers = {"Accept-Encoding": "gzip", "Cookie": cookie}
    client.request("GET", f"/api/v1/statistics?{address}", headers=headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {body[:500]!r}")
    return zlib.decompress(body, wbits=31)


def check(answer: dict[str, Any], counted: dict[str | None, int]) -> None:
    """Raises RuntimeError unless the answer is that of the full scan, unit by unit."""
    unassigned = counted.pop(None, 0)
    found = {code: n for code, n in zip(answer["codes"], answer["values"], strict=True) if n}
    if found != counted or answer["unassigned"] != unassigned:
        raise RuntimeError("the statistics differ from the full scan")
    if answer["total"] != sum(counted.values()) + unassigned:
        raise RuntimeError("the sum is not conserved")


def print_line(name: str, figures: tuple[float, str, float, float], goal: str, met: bool) -> None:
    """One figure as JSON: value, unit, peer and ratio."""
    value, unit, peer, ratio = figures
    print(
        json.dumps(
            {
                "name": name,
                "value": round(value, 1),
                "unit": unit,
                "peer": round(peer, 1),
                "ratio": round(ratio, 2),
                "goal": goal,
                "met": met,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
