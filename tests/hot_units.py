"""Standard runs as if computed: the classes of some units, put straight into the store."""

from collections.abc import Mapping
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Engine, text

RUN = text(
    "INSERT INTO hotspot_run (method, edition, level, period_from, period_to, parameters,"
    " data_fingerprint, boundary_fingerprint, software_version, records_used, records_left_out,"
    " is_restricted, standard_at) SELECT :method, '2025', 'commune', '2025-11-01', '2026-11-01',"
    " :parameters, '', fingerprint, '0', 0, 0, false, clock_timestamp() FROM boundary_layer"
    " WHERE (edition, level) = ('2025', 'commune') RETURNING id"
)
RESULT = text(
    "INSERT INTO hotspot_result (run_id, code, incidents, population, value, neighbours, class)"
    " VALUES (:run, :code, 4, 5000, 80, 3, :class)"
)
CLUSTER = text(
    "INSERT INTO hotspot_cluster (run_id, rank, centre, members, radius_m, period_from, period_to,"
    " incidents, expected, ratio, p, gumbel_p, class) VALUES (:run, 1, :code, ARRAY[:code], 1,"
    " '2026-08-01', '2026-11-01', 4, 1, 1, 0.01, 0.01, :class)"
)


def store_run(
    engine: Engine,
    classes: Mapping[str, int],
    method: str = "gi_star",
    *,
    border_only: bool = False,
    centre: str | None = None,
) -> UUID:
    """A standard run of communes of 2025, newer than all before; `centre` is that of a cluster."""
    parameters = Jsonb({"border_only": border_only, "kinds": [], "measure": "rate"})
    with engine.begin() as connection:
        run = connection.scalar(RUN, {"method": method, "parameters": parameters})
        for code, hot_class in classes.items():
            connection.execute(RESULT, {"run": run, "code": code, "class": hot_class})
        if centre is not None:
            connection.execute(CLUSTER, {"run": run, "code": centre, "class": classes[centre]})
    assert isinstance(run, UUID)
    return run


def forget_reviews(engine: Engine) -> None:
    """No decision, no action, no run."""
    with engine.begin() as connection:
        for table in ("hotspot_action", "hotspot_review", "hotspot_run"):
            connection.execute(text(f"DELETE FROM {table}"))
