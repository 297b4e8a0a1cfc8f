"""Population: the provinces' published figures, spread over their communes by a stated rule.

Published are the figures of the 34 provinces (Resolution 202/2025/QH15 and the papers on it). No
registry package has the communes', so a province's figure is spread in proportion to

    sum over the old communes merged into the unit of (kind x share)  x  area ^ -0.15

with kind = 2 for an old ward, 1.5 for a township, 1 for a commune, and share the part of the old
commune that came to this unit. Everything but the provinces of 2025 is marked estimated; parts sum
exactly to the figure they were made from (largest remainders).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

_KIND_WEIGHTS = {"Phường": 2.0, "Thị trấn": 1.5}
_AREA_EXPONENT = -0.15  # smaller units are denser
_PUBLISHED = "Nghị quyết 202/2025/QH15"
_SPREAD = (
    f"{_PUBLISHED}, chia cho các xã theo số, loại đơn vị hợp thành và diện tích"
    " / spread over communes by number and kind of merged units and area"
)
_CARRIED = f"{_SPREAD}; quy về địa giới 2024 / carried to 2024 units by the crosswalk"


def split_exactly(total: int, weights: np.ndarray) -> np.ndarray:
    """Split an integer in proportion to weights; the parts are integers and sum to it.

    >>> split_exactly(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(int)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def old_commune_weights(crosswalk: pd.DataFrame) -> pd.Series:
    """Return the weight of each crosswalk row: kind of the old commune times its share."""
    kinds = pd.Series(1.0, index=crosswalk.index)
    for kind, weight in _KIND_WEIGHTS.items():
        kinds[crosswalk["old_name"].fillna("").str.startswith(kind)] = weight
    return kinds * crosswalk["share_area"]


def spread_population(
    communes: pd.DataFrame, areas: np.ndarray, crosswalk: pd.DataFrame, provinces: pd.DataFrame
) -> pd.DataFrame:
    """Return edition, level, code, year, value, source, estimated for every unit shipped."""
    weights = old_commune_weights(crosswalk)
    merged = weights.groupby(crosswalk["new_code"]).sum()
    raw = communes["code"].map(merged).to_numpy() * areas**_AREA_EXPONENT
    values = pd.Series(0, index=communes.index)
    figures = provinces.set_index("code")["population_2025"]
    for province, group in communes.groupby("province_code"):
        values[group.index] = split_exactly(int(figures[province]), raw[group.index])
    by_commune = pd.Series(values.to_numpy(), index=communes["code"].to_numpy())

    old = crosswalk.assign(weight=weights, value=0)
    for code, group in old.groupby("new_code"):
        old.loc[group.index, "value"] = split_exactly(
            int(by_commune[code]), group["weight"].to_numpy()
        )
    tables = [
        _rows("2025", "province", figures, _PUBLISHED, estimated=False),
        _rows("2025", "commune", by_commune, _SPREAD, estimated=True),
        _rows("2024", "province", old.groupby("province_code")["value"].sum(), _CARRIED),
        _rows("2024", "district", old.groupby("district_code")["value"].sum(), _CARRIED),
    ]
    return pd.concat(tables, ignore_index=True)


def _rows(
    edition: str, level: str, values: pd.Series, source: str, *, estimated: bool = True
) -> pd.DataFrame:
    ordered = values.sort_index()
    return pd.DataFrame(
        {
            "edition": edition,
            "level": level,
            "code": ordered.index,
            "year": 2025,
            "value": ordered.to_numpy(),
            "source": source,
            "estimated": str(estimated).lower(),
        }
    )
