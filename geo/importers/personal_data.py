"""What a sender should not have in a file: passages of its texts that seem to name somebody."""

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.importers.cells import CellError
from geo.importers.columns import MASK, Work
from geo.importers.warnings import Remark
from geo.records.person_names import PLAIN_FAMILY_NAMES
from geo.records.personal_data import FREE_KINDS, LABELS, find_in_field, without_personal_data
from geo.records.personal_patterns import LINK, PERSONS, with_plain

# Whatever the patterns may find matches this too, a million texts in the time of some thousand; to
# compose the letters of all would take ten times as long, so that texts with single marks are read.
_FAMILIES, _TITLES = (
    "|".join(with_plain(words)) for words in (PLAIN_FAMILY_NAMES, [*PERSONS, "em", "chi"])
)
_LINK = LINK.replace(" ", r"[ \t\x{a0}]")
MAYBE = (
    r"(?i)@|\p{M}|(?:[0-9][ .()-]{0,3}){9}|[a-z]\.(?:me|com|net)/|\bh'"
    r"|\p{L}[ \t\x{a0}](?:th[ịi]|v[ăa]n|[ay])[ \t\x{a0}]\p{L}"
    rf"|(?:^|[^\p{{L}}])(?:{_FAMILIES}|r[ơo] (?:ch[âa]m|mah)|rah lan)[ \t\x{{a0}}](?-i:\p{{Lu}})"
    rf"|(?:^|[^\p{{L}}])(?:{_TITLES}){_LINK}(?-i:\p{{Lu}})"
    r"|(?-i:\p{Lu})\p{L}+,? ?\(? ?(?:[0-9]{1,2} ?(?:tu[ổo]i|t\))|sinh |sn[ :.]?[0-9])"
)


def find_persons(work: Work) -> dict[str, np.ndarray]:
    """Warn of rows whose texts seem to name somebody, and say which rows of which columns do.

    What the texts say is not repeated. An ID that seems to be somebody's is no ID: its row is
    rejected, and the ID is kept nowhere.
    """
    found: dict[int, tuple[str, str]] = {}
    columns: dict[str, np.ndarray] = {}
    for name, field in work.fields.items():
        if field.kind not in FREE_KINDS or name not in work.cells:
            continue
        several = _kinds_found(name, work.cells[name])
        if not several:
            continue
        columns[name] = np.array([row for row, _ in several], np.intp)
        if field.kind == "identity":
            _reject_identities(work, name, columns.pop(name))
            continue
        for row, kind in several:
            found.setdefault(row, (work.heading(name), kind))
    if found:
        _remark(work, found)
    return columns


def _remark(work: Work, found: dict[int, tuple[str, str]]) -> None:
    def explain(row: int) -> tuple[str, str]:
        heading, kind = found[row]
        vi, en = LABELS[kind]
        return (
            f"Cột “{heading}” có vẻ ghi {vi}: đã che khi nhập. Hồ sơ không ghi tên, số giấy tờ,"
            " điện thoại của ai. Nếu bị che nhầm, hãy mở bản ghi và viết lại.",
            f"The column “{heading}” seems to hold {en}: it was masked. Records name nobody. Where"
            " that was a mistake, open the record and write it anew.",
        )

    work.remarks.append(Remark("personal_data", np.array(sorted(found), np.intp), explain))


def cover_passages(work: Work, columns: dict[str, np.ndarray]) -> None:
    """Put a mask over each such passage of these rows, by column."""
    for name, rows in columns.items():
        texts = work.cells[name].take(pyarrow.array(rows)).to_pylist()
        covered = pyarrow.array([without_personal_data(text) for text in texts], pyarrow.string())
        _put(work, name, rows, covered)


def _reject_identities(work: Work, name: str, rows: np.ndarray) -> None:
    for row in rows:
        work.reject(int(row), name, _PERSONAL_IDENTITY, MASK)
    _put(work, name, rows, pyarrow.nulls(len(rows), pyarrow.string()))


def _put(work: Work, name: str, rows: np.ndarray, values: pyarrow.Array) -> None:
    at = np.zeros(work.count, bool)
    at[rows] = True
    work.cells[name] = pc.replace_with_mask(work.cells[name], pyarrow.array(at), values)


def _kinds_found(name: str, cells: pyarrow.Array) -> list[tuple[int, str]]:
    """Rows with such a passage, in order, and of what kind the first is."""
    maybe = pc.fill_null(pc.match_substring_regex(cells, MAYBE), False)
    rows = np.flatnonzero(maybe.to_numpy(zero_copy_only=False))
    texts = cells.take(pyarrow.array(rows)).to_pylist()
    # Many rows share a text: each is read once.
    passages = {text: find_in_field(name, text) for text in set(texts)}
    found = ((int(row), passages[text]) for row, text in zip(rows, texts, strict=True))
    return [(row, several[0].kind) for row, several in found if several]


_PERSONAL_IDENTITY = CellError(
    "identity_personal",
    "Mã này có vẻ là số giấy tờ, điện thoại hay tên của một người. Hãy ghi số hồ sơ, hoặc để"
    " trống.",
    "This ID seems to be somebody's number or name. Write the file's own number, or leave it"
    " empty.",
)
