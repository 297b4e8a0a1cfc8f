"""What takes part in an analysis of units, what does not and why, and the digest of it all."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def fingerprint_of(codes: Iterable[str], *columns: NDArray[Any]) -> str:
    """SHA-256, in hexadecimal, of all that was counted in units; NaN is a value of its own."""
    data = hashlib.sha256("".join(codes).encode())
    for column in columns:
        data.update(np.nan_to_num(column.astype(np.float64), nan=-1.0).tobytes())
    return data.hexdigest()


def taking_part(
    counts: NDArray[Any],
    population: NDArray[np.float64],
    inland: NDArray[np.bool_],
    total: int,
    *,
    by_rate: bool,
) -> tuple[int, dict[str, int]]:
    """Records that take part; and of those that do not, and of units, how many for which reason.

    Args:
        counts: records by unit, shape (n,).
        population: shape (n,), NaN where unknown.
        inland: which units are left out because only the border was asked for, shape (n,).
        total: all records, those in no unit included.
        by_rate: whether a unit without a population takes no part.
    """
    unknown = ~inland & by_rate & ~(population > 0)
    return int(counts[~inland & ~unknown].sum()), {
        "records_in_no_unit": total - int(counts.sum()),
        "records_inland": int(counts[inland].sum()),
        "records_without_population": int(counts[unknown].sum()),
        "units_inland": int(inland.sum()),
        "units_without_population": int(unknown.sum()),
    }
