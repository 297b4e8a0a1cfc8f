"""What looks like personal data is found, and what only resembles it is not."""

import unicodedata
from pathlib import Path
from uuid import UUID

import geopandas
import pandas
import pyarrow
import pyarrow.compute as pc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.importers.personal_data import MAYBE
from geo.records.personal_data import find_personal_data
from tests.corpus.personal_data import (
    HELD_OUT,
    LEAST_PRECISION,
    LEAST_RECALL,
    LEAST_TOUCHED,
    MOST_FALSE,
    MOST_UNITS_ASKED,
    WRITTEN_AGAINST,
    sentences,
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_rates_on_the_corpus(form: str) -> None:
    known = sentences()
    assert len(known) >= 120
    hits = marked = found = 0
    for text, passages in known:
        written = unicodedata.normalize(form, text)
        wanted = {text[start:end] for start, end in passages}
        got = {
            unicodedata.normalize("NFC", written[one.start : one.end])
            for one in find_personal_data(written)
        }
        hits, marked, found = hits + len(wanted & got), marked + len(wanted), found + len(got)
    assert hits / marked >= LEAST_RECALL
    assert hits / found >= LEAST_PRECISION


def test_rates_on_sentences_that_the_rules_were_not_written_against() -> None:
    known = sentences(HELD_OUT)
    naming = [(text, passages) for text, passages in known if passages]
    plain = [text for text, passages in known if not passages]
    assert (len(naming), len(plain)) >= (100, 50)
    touched = [
        any(one.start < end and one.end > start for one in find_personal_data(text))
        for text, passages in naming
        for start, end in passages
    ]
    assert sum(touched) / len(touched) >= LEAST_TOUCHED
    asked = [text for text in plain if find_personal_data(text)]
    assert len(asked) / len(plain) <= MOST_FALSE


def test_names_of_units_name_no_person() -> None:
    folder = Path(__file__).parents[3] / "data" / "boundaries"
    communes = pandas.read_csv(folder / "crosswalk-2024-2025.csv")["old_name"]
    names = set(communes) | set(communes.str.replace("^(?:Xã|Phường|Thị trấn) ", "", regex=True))
    for file in ("2024/districts", "2025/communes", "2025/provinces"):
        units = geopandas.read_file(folder / f"{file}.fgb", ignore_geometry=True)
        names |= set(units["name"]) | set(units["full_name"])
    asked = [name for name in names if find_personal_data(name)]
    assert len(names) > 10_000
    assert len(asked) <= MOST_UNITS_ASKED


def test_files_are_searched_for_all_that_the_patterns_find() -> None:
    for corpus in (WRITTEN_AGAINST, HELD_OUT):
        texts = [text for text, _ in sentences(corpus) if find_personal_data(text)]
        maybe = pc.match_substring_regex(pyarrow.array(texts), MAYBE).to_pylist()
        assert [text for text, found in zip(texts, maybe, strict=True) if not found] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("số 038195001234", "citizen_id"),
        ("số 187654321", "identity_card"),
        ("gọi 0912 345 678", "phone"),
        ("a@b.vn", "email"),
        ("chị Hoa", "name"),
        ("zalo.me/84912345678", "account"),
        ("facebook.com/hoa.vi", "account"),
    ],
)
def test_kinds_are_told_apart(text: str, kind: str) -> None:
    assert [one.kind for one in find_personal_data(text)] == [kind]


@pytest.mark.parametrize(
    "number",
    [
        "097195001234",  # provinces end at 096
        "000195001234",  # and begin with 001
        "038495001234",  # the fourth digit says century and sex: 0 to 3 until 2099
        "0381950012345",  # thirteen digits
    ],
)
def test_twelve_digits_that_are_no_identity_number(number: str) -> None:
    assert "citizen_id" not in [one.kind for one in find_personal_data(f"số {number}")]


@given(st.uuids())
@example(UUID("6f0c2a4e-1b7d-4c3a-9e21-038195001234"))
@example(UUID("09123456-7812-4345-8912-187654321000"))
def test_an_id_of_another_system_is_nobodys_number(identifier: UUID) -> None:
    assert find_personal_data(f"B-{identifier}") == []
    assert find_personal_data(f"{identifier}, gọi 0912 345 678")[0].kind == "phone"


def test_a_long_text_takes_no_time_that_grows_with_its_square() -> None:
    # Ten thousand words that nearly match: a pattern that backtracks would not come back.
    for text in ("chị " * 5_000 + "0912 " * 5_000, "a" * 20_000, "Vi Thị " * 5_000, "nữ " * 5_000):
        assert len(find_personal_data(text)) <= 5_000
