"""What a sender should take out of a file: passages of its texts that seem to name somebody."""

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.importers.columns import Work
from geo.importers.warnings import Remark
from geo.records.personal_data import LABELS, find_personal_data

# Whatever the patterns may find matches this too, a million texts in the time of some thousand; to
# compose the letters of all would take ten times as long, so that texts with single marks are read.
_MAYBE = (
    r"(?i)@|\p{M}|(?:[0-9][ .()-]{0,3}){9}"
    r"|(?:n[ạa]n nh[âa]n|ch[ịi]|em|ch[áa]u|anh|[ôo]ng|b[àa]|t[êe]n|l[àa]):?[ \t\x{a0}](?-i:\p{Lu})"
)
_FREE = {"text", "open_code", "open_codes"}


def remark_on_personal_data(work: Work) -> None:
    """Warn of rows whose texts look as if they named somebody; what they say is not repeated."""
    found: dict[int, tuple[str, str]] = {}
    for name, field in work.fields.items():
        if field.kind not in _FREE or name not in work.cells:
            continue
        for row, kind in _kinds_found(work.cells[name]):
            found.setdefault(row, (work.heading(name), kind))
    if not found:
        return

    def explain(row: int) -> tuple[str, str]:
        heading, kind = found[row]
        vi, en = LABELS[kind]
        return (
            f"Cột “{heading}” có vẻ ghi {vi}. Hồ sơ không ghi tên, số giấy tờ, điện thoại của ai:"
            " hãy bỏ đi rồi nhập lại dòng này.",
            f"The column “{heading}” seems to hold {en}. Records name nobody: take it out, then"
            " import the row again.",
        )

    work.remarks.append(Remark("personal_data", np.array(sorted(found), np.intp), explain))


def _kinds_found(cells: pyarrow.Array) -> list[tuple[int, str]]:
    """Rows with such a passage, and of what kind the first is."""
    maybe = pc.fill_null(pc.match_substring_regex(cells, _MAYBE), False)
    rows = np.flatnonzero(maybe.to_numpy(zero_copy_only=False))
    texts = cells.take(pyarrow.array(rows)).to_pylist()
    passages = ((int(row), find_personal_data(text)) for row, text in zip(rows, texts, strict=True))
    return [(row, several[0].kind) for row, several in passages if several]
