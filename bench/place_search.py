"""The place box as somebody types: p95 at the API, beside a trigram search in the database.

    make bench

Addresses of the corpus are asked for letter by letter, as far as the page does (it waits for a
pause in typing, so every third letter), by HTTP to a server of its own. The peer is the usual
way to search names with typing errors: `pg_trgm` with an index over all names, old communes
included, asked on the same server without HTTP. It finds names that look like the whole text, and
does not know which part of it is the province.
"""

import http.client
import json
import random
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from servers import api_server  # noqa: E402

from geo.pipeline import load_embedded_boundaries  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from tests.corpus.addresses import make_addresses, read_lists  # noqa: E402

BOUNDARIES = ROOT.parent / "shared" / "boundaries"
ADDRESSES, SEED, EVERY, REQUESTS, WARMING = 300, 20_260_920, 3, 1_000, 20
GOAL_MS = 25.0
PEER_TABLE = (
    "CREATE TEMP TABLE peer AS SELECT edition, level, code, plain_name(full_name) AS name"
    " FROM unit_today"
    " UNION SELECT '2024', 'commune', old_code, plain_name(old_name) FROM crosswalk",
    "CREATE INDEX ON peer USING gin (name gin_trgm_ops)",
    "ANALYZE peer",
    # The default, 0.3, finds nothing once an address is longer than a name.
    "SET pg_trgm.word_similarity_threshold = 0.5",
)
PEER = (
    "SELECT edition, level, code FROM peer WHERE name <% plain_name(:text)"
    " ORDER BY word_similarity(name, plain_name(:text)) DESC LIMIT 8"
)


def main() -> None:
    """Print one JSON line."""
    settings = load_settings()
    migrate(settings.database_url)
    engine = create_engine(settings.database_url)
    load_embedded_boundaries(engine, settings)
    texts = typed()
    with api_server(settings) as address:
        ours = measure(address, texts)
    value, peer = (float(np.percentile(times, 95)) for times in (ours, measure_peer(engine, texts)))
    print(
        json.dumps(
            {
                "name": "p95 of the place box as typed, by HTTP; peer: pg_trgm in SQL",
                "value": round(value, 2),
                "unit": "ms",
                "peer": round(peer, 2),
                "ratio": round(peer / value, 2),
                "goal": f"p95 <= {GOAL_MS:.0f} ms",
                "met": value <= GOAL_MS,
            }
        ),
        flush=True,
    )


def typed() -> list[str]:
    """Beginnings of addresses, in any order."""
    addresses = make_addresses(read_lists(BOUNDARIES), ADDRESSES, SEED)
    beginnings = [
        one.text[:length] for one in addresses for length in range(2, len(one.text) + 1, EVERY)
    ]
    return random.Random(SEED).sample(beginnings, REQUESTS + WARMING)


def measure(address: str, texts: list[str]) -> list[float]:
    """Milliseconds of each request."""
    client = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    times = []
    for one in texts:
        begun = time.perf_counter()
        client.request("GET", "/api/v1/places?" + urlencode({"q": one}))
        answer = client.getresponse()
        answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {one!r}")
    return times[WARMING:]


def measure_peer(engine: Engine, texts: list[str]) -> list[float]:
    """Milliseconds of the peer's statement for each text."""
    times = []
    with transaction(engine) as connection:
        for statement in PEER_TABLE:
            connection.execute(text(statement))
        for one in texts:
            begun = time.perf_counter()
            connection.execute(text(PEER), {"text": one}).all()
            times.append((time.perf_counter() - begun) * 1000)
    return times[WARMING:]


if __name__ == "__main__":
    main()
