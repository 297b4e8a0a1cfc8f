"""Units of both editions and the crosswalk between them, from the PyPI package vietnamadminunits.

Only the official centres, the official areas, names, codes and the crosswalk are read. The old
communes' points and boxes in the same package come from a commercial geocoder and stay unread.
"""

from __future__ import annotations

import json
import sqlite3
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

INPUTS = Path(__file__).parent / "inputs"
# Decision 19/2025/QĐ-TTg gives Ba Chẽ this code; the package still has the old one.
_CODE_CORRECTIONS = {"06970": "06978"}
# The resolution's area; the package holds only the land above water.
_AREA_CORRECTIONS = {"22736": 496.3}

_NEW_SQL = """
SELECT wardCode AS code, wardShort AS name, ward AS full_name, wardType AS unit_type,
       wardKey AS ward_key, provinceCode AS province_code, province AS province_full_name,
       provinceShort AS province_name, provinceKey AS province_key,
       wardLat AS lat, wardLon AS lon, wardAreaKm2 AS area_km2
FROM admin_units ORDER BY wardCode
"""
_OLD_SQL = """
SELECT wardCode AS code, ward AS full_name, districtCode AS district_code,
       district AS district_full_name, districtShort AS district_name,
       districtType AS district_type, provinceCode AS province_code,
       province AS province_full_name, provinceShort AS province_name,
       provinceKey || '_' || districtKey || '_' || coalesce(wardKey, '') AS old_key
FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode
"""


def _package_file(name: str) -> Path:
    return Path(str(resources.files("vietnamadminunits") / "data" / name))


def _query(sql: str) -> pd.DataFrame:
    connection = sqlite3.connect(_package_file("dataset.db"))
    try:
        return pd.read_sql(sql, connection)
    finally:
        connection.close()


def read_communes() -> pd.DataFrame:
    """Return the 3,321 units of 2025: names, province, corrected centre, area or NaN.

    An area that the package gives to several units of the same name was joined by name: nobody
    can say whose it is, so all of them count as unknown (``area_known`` is False).
    """
    units = _query(_NEW_SQL)
    units["code"] = units["code"].replace(_CODE_CORRECTIONS)
    # Code points, whatever the locale: the same order on every machine.
    units = units.sort_values("code", ignore_index=True)
    fixes = units["code"].map(_AREA_CORRECTIONS)
    units["area_km2"] = fixes.fillna(units["area_km2"].where(units["area_km2"] > 0))
    centres = pd.read_csv(INPUTS / "centre-corrections.csv", dtype={"code": str}).set_index("code")
    for axis in ("lon", "lat"):
        units[axis] = units["code"].map(centres[axis]).fillna(units[axis])
    copied = units.duplicated(["name", "area_km2"], keep=False)
    units["area_known"] = units["area_km2"].notna() & ~copied
    return units


def read_old_communes() -> pd.DataFrame:
    """Return the communes of 2024, their district and province; five islands have no commune."""
    old = _query(_OLD_SQL)
    # Five districts are spelt with a capital where the others have none.
    spelling = {"Thành Phố ": "Thành phố ", "Thị Xã ": "Thị xã "}
    old["district_full_name"] = old["district_full_name"].replace(
        {f"^{wrong}": right for wrong, right in spelling.items()}, regex=True
    )
    return old


def read_crosswalk(communes: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of old and new commune: kind whole or part, share of the old one's area.

    The shares of divided communes are estimates: half to the unit that the package calls the
    default, the other half spread evenly over the rest.
    """
    data = json.loads(_package_file("converter_2025.json").read_text(encoding="utf-8"))
    rows = [
        (province, ward, old_key, "whole", 1.0)
        for province, wards in data["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, old_keys in wards.items()
        for old_key in old_keys
    ]
    for province, divided in data["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, targets in divided.items():
            for target in targets:
                share = 0.5 if target["isDefaultNewWard"] else 0.5 / max(1, len(targets) - 1)
                rows.append((province, target["newWardKey"], old_key, "part", share))
    pairs = pd.DataFrame(
        rows, columns=["province_key", "ward_key", "old_key", "kind", "share_area"]
    )
    new_codes = communes[["province_key", "ward_key", "code"]].rename(columns={"code": "new_code"})
    pairs = pairs.merge(new_codes, on=["province_key", "ward_key"], validate="many_to_one")
    pairs = pairs.merge(old, on="old_key", validate="many_to_one")
    pairs = without_namesakes(pairs, communes)
    total = pairs.groupby("old_key")["share_area"].transform("sum")
    pairs["share_area"] = (pairs["share_area"] / total).round(4)
    pairs.loc[pairs["share_area"] == 1, "kind"] = "whole"
    return pairs.rename(columns={"code": "old_code", "full_name": "old_name"}).sort_values(
        ["new_code", "district_code", "old_code"], ignore_index=True
    )


def without_namesakes(pairs: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs without parts that the package gives to the wrong one of two namesakes.

    It read the resolutions by name: the ward 4 of Mỹ Tho is said to lie partly in Cao Lãnh, 50 km
    away, whose own ward 4 does. Of communes of one name that one new unit is said to take, only
    those are kept whose district lies nearest, by the units that took its undivided communes.
    """
    centres = communes.set_index("code")[["lon", "lat"]]
    whole = pairs[pairs["kind"] == "whole"]
    homes = whole.groupby("district_code")["new_code"].agg(lambda codes: sorted(set(codes)))

    def distance(row: pd.Series) -> float:
        home = centres.loc[homes.get(row["district_code"], [])]
        step = (home - centres.loc[row["new_code"]]) * [np.cos(np.radians(16)), 1]
        return float(np.hypot(step["lon"], step["lat"]).min()) if len(home) else np.inf

    of_name = ["new_code", "full_name"]
    several = pairs.groupby(of_name)["old_key"].transform("nunique") > 1
    far = pairs[several].apply(distance, axis=1)
    nearest = far.groupby([pairs.loc[several, name] for name in of_name]).transform("min")
    is_part = pairs.loc[several, "kind"] == "part"
    return pairs.drop(index=far.index[is_part & (far > nearest)])


def estimated_areas(communes: pd.DataFrame, centres: np.ndarray) -> np.ndarray:
    """Fill unknown areas with the median of the 12 nearest known ones; centres in km, (n, 2)."""
    known = np.flatnonzero(communes["area_known"])
    areas = communes["area_km2"].to_numpy()
    _, near = KDTree(centres[known]).query(centres, k=12)
    guess = np.median(areas[known][near], axis=1)
    return np.where(communes["area_known"], areas, guess)
