"""How many victims, and of what sex, age and ethnicity."""

import json
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.importers.cells import CellError, parse_count
from geo.importers.columns import Work
from geo.records.code_lists import code_list

GROUPS = {"sex": "sex", "age": "age_band", "ethnicity": "ethnicity_count"}
_TITLES = {
    "sex": ("giới tính", "sex"),
    "age": ("độ tuổi", "age"),
    "ethnicity": ("dân tộc", "ethnicity"),
}


def victim_columns(work: Work, victims: pyarrow.Array | None) -> dict[str, pyarrow.Array]:
    """victims and victims_by (JSON text) of all rows; breakdowns that do not sum are rejected."""
    total = victims
    if "victims_by" in work.cells:
        breakdown = work.convert("victims_by", _checked_json, pyarrow.string()).fill_null("{}")
        return {"victims_by": breakdown} | ({} if total is None else {"victims": total})
    counts = {
        name: work.convert(name, parse_count, pyarrow.int64())
        for name, field in work.fields.items()
        if field.kind == "breakdown" and name in work.cells
    }
    if not counts:
        return {} if total is None else {"victims": total}
    stated = work.cells.get("victims")
    given = np.zeros(work.count, bool) if stated is None else _valid(stated)
    totals = np.zeros(work.count, np.int64) if total is None else _numbers(total)
    for group in GROUPS:
        columns = {name: column for name, column in counts.items() if name.startswith(group)}
        if columns:
            totals = _checked_sums(work, group, columns, totals, given)
            given |= np.any([_valid(column) for column in columns.values()], axis=0)
    texts = [
        pc.if_else(pc.is_valid(column), pc.cast(column, pyarrow.string()), "")
        for column in counts.values()
    ]
    encoded = pc.binary_join_element_wise(*texts, ",").dictionary_encode()
    written = [_as_json(list(counts), key) for key in encoded.dictionary.to_pylist()]
    return {
        "victims": pyarrow.array(np.minimum(totals, 2**31 - 1), pyarrow.int32()),
        "victims_by": pyarrow.array(written, pyarrow.string()).take(encoded.indices),
    }


def _checked_sums(
    work: Work,
    group: str,
    columns: dict[str, pyarrow.Array],
    totals: np.ndarray,
    given: np.ndarray,
) -> np.ndarray:
    """The totals, taken from the group where the row states none."""
    sums = np.sum([_numbers(column) for column in columns.values()], axis=0)
    filled = np.any([_valid(column) for column in columns.values()], axis=0)
    known = {f"{group}.{code}" for code in code_list(GROUPS[group]) if code != "u"}
    # A file that counts some categories only, say children, need not reach the total.
    wrong = sums > totals if known - columns.keys() else sums != totals
    vi, en = _TITLES[group]
    first = next(iter(columns))
    for row in np.flatnonzero(filled & given & wrong):
        # A count that could not be read has its own reason; what it spoils is none.
        if any((int(row), name) in work.failed for name in ("victims", *columns)):
            continue
        work.reject(
            int(row),
            "victims" if "victims" in work.cells else first,
            CellError(
                "breakdown_sum",
                f"Cộng theo {vi} được {sums[row]}, nhưng tổng số nạn nhân là {totals[row]}. "
                "Hãy sửa một trong hai.",
                f"The counts by {en} add up to {sums[row]}, but the victims are {totals[row]}. "
                "Correct one of them.",
            ),
            str(totals[row]),
        )
    taken: np.ndarray = np.where(filled & ~given, sums, totals)
    return taken


def _as_json(names: list[str], key: str) -> str:
    groups: dict[str, dict[str, int]] = {}
    for name, text in zip(names, key.split(","), strict=True):
        if text and int(text):
            group, code = name.split(".", 1)
            groups.setdefault(group, {})[code] = int(text)
    return json.dumps(groups)


def _checked_json(text: str) -> str | CellError:
    """A breakdown as the store keeps it: {"sex": {"f": 2}, …}."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _BAD_JSON
    if not isinstance(content, dict) or not all(map(_is_group, content.items())):
        return _BAD_JSON
    return json.dumps(content)


def _is_group(item: tuple[str, Any]) -> bool:
    name, counts = item
    if name not in GROUPS or not isinstance(counts, dict):
        return False
    known = code_list(GROUPS[name])
    return all(
        code in known and isinstance(count, int) and 0 <= count < 2**31
        for code, count in counts.items()
    )


def _valid(column: pyarrow.Array) -> np.ndarray:
    mask: np.ndarray = pc.is_valid(column).to_numpy(zero_copy_only=False)
    return mask


def _numbers(column: pyarrow.Array) -> np.ndarray:
    numbers: np.ndarray = (
        pc.cast(column, pyarrow.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    )
    return numbers


_BAD_JSON = CellError(
    "breakdown_unreadable",
    'Cơ cấu nạn nhân phải có dạng {"sex": {"f": 2, "m": 1}}.',
    'The breakdown must have the form {"sex": {"f": 2, "m": 1}}.',
)
