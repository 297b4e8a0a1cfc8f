"""Whether the time of a refusal tells if an account exists.

    make bench

Sign-ins at the API in process, in random order: a wrong password for an account that exists, one
for an account with one-time codes, and one for a name that nobody has. `p` is of a two-sided
Mann-Whitney test that the times of both come from one distribution.
"""

import json
import random
import statistics
import sys
import time
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scipy.stats import mannwhitneyu  # noqa: E402
from sqlalchemy import text  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from api.app import create_api  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402

EACH, SEED = 200, 20_261_127


def main() -> None:
    """Print a JSON line for each comparison."""
    settings = load_settings()
    migrate(settings.database_url)
    engine = create_engine(settings.database_url)
    names = {"known": f"k-{uuid4().hex}", "with codes": f"c-{uuid4().hex}", "unknown": "nobody"}
    with transaction(engine) as connection:
        for kind in ("known", "with codes"):
            wanted = NewAccount(names[kind], "Bench", "planner")
            account = create_account(connection, wanted, uuid4().hex)
        connection.execute(
            text(
                "INSERT INTO second_factor (account_id, secret, confirmed_at)"
                " VALUES (:account, '\\x00', now())"
            ),
            {"account": account},
        )
    times: dict[str, list[float]] = {kind: [] for kind in names}
    order = [kind for kind in names for _ in range(EACH)]
    random.Random(SEED).shuffle(order)
    with TestClient(create_api(settings, engine)) as client:
        for kind in order:
            # Else ten wrong guesses would end it.
            with transaction(engine) as connection:
                connection.execute(text("DELETE FROM sign_in_attempt"))
            begun = time.perf_counter()
            typed = {"username": names[kind], "password": "wrong password"}
            assert client.post("/api/v1/session", json=typed).status_code == 401
            times[kind].append((time.perf_counter() - begun) * 1000)
    for kind in ("known", "with codes"):
        figures = {
            "bench": f"sign-in refused, {kind} against unknown",
            "median_ms": round(statistics.median(times[kind]), 2),
            "unknown_median_ms": round(statistics.median(times["unknown"]), 2),
            "p": round(float(mannwhitneyu(times[kind], times["unknown"]).pvalue), 3),
            "each": EACH,
        }
        print(json.dumps(figures), flush=True)
    engine.dispose()


if __name__ == "__main__":
    main()
