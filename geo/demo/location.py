"""The columns of a record that say where it was, as exactly as it is known."""

import numpy as np
import pyarrow
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.demo import profiles
from geo.demo.draws import Indices, Mix, nulled, texts
from geo.demo.places import Places, draw_villages, scatter

PRECISION = Mix.of(profiles.PRECISION)
FOUND_BY = Mix.of(profiles.FOUND_BY)
EXACT, VILLAGE, COMMUNE, DISTRICT = map(
    PRECISION.codes.index, ("exact", "village", "commune", "legacy_district")
)


def located(
    rng: np.random.Generator,
    places: Places,
    commune: Indices,
    districts: NDArray[np.object_] | None,
) -> dict[str, pyarrow.Array]:
    """The columns of a location: a point, or the unit that was stated.

    `commune` holds indices into `places`; for `districts` see `incident_table`.
    """
    size = len(commune)
    precision = PRECISION.draw(rng, np.zeros(size, dtype=np.intp))
    district = texts(list(districts), commune) if districts is not None else pyarrow.nulls(size)
    unknown = pc.is_null(district).to_numpy(zero_copy_only=False)
    precision[(precision == DISTRICT) & unknown] = COMMUNE
    village = draw_villages(rng, places, commune)
    x, y = scatter(rng, places, commune, village)
    at_village = precision == VILLAGE
    x[at_village] = places.village_x[commune, village][at_village]
    y[at_village] = places.village_y[commune, village][at_village]
    has_point = precision <= VILLAGE
    names = texts(list(places.name), commune)
    numbered = pc.cast(pyarrow.array(village + 1), pyarrow.string())
    full = pc.binary_join_element_wise("Thôn ", numbered, ", ", names, "")
    place_text = pc.if_else(pyarrow.array(has_point), full, names)
    place_text = pc.if_else(pyarrow.array(precision == DISTRICT), "Chỉ biết huyện cũ", place_text)
    found = FOUND_BY.draw(rng, (precision == VILLAGE).astype(np.intp))
    stated = pc.if_else(
        pyarrow.array(precision == DISTRICT),
        district.cast(pyarrow.string()),
        texts(list(places.code), commune),
    )
    by_unit = ~has_point
    return {
        "lon": pyarrow.array(x, mask=by_unit),
        "lat": pyarrow.array(y, mask=by_unit),
        "precision": texts(PRECISION.codes, precision),
        "accuracy_m": pyarrow.array(
            np.where(precision == EXACT, rng.integers(4, 40, size), 1000).astype(float),
            mask=by_unit,
        ),
        "place_text": place_text,
        "stated_edition": _stated(("2025", "2024"), precision, by_unit),
        "stated_level": _stated(("commune", "district"), precision, by_unit),
        "stated_code": nulled(stated, by_unit),
        "found_by": pc.if_else(
            pyarrow.array(by_unit), pyarrow.scalar("place"), texts(FOUND_BY.codes, found)
        ),
    }


def _stated(
    values: tuple[str, str], precision: Indices, by_unit: NDArray[np.bool_]
) -> pyarrow.Array:
    return nulled(texts(values, (precision == DISTRICT).astype(np.intp)), by_unit)
