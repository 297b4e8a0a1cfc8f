"""What looks like personal data is found, and what only resembles it is not."""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.records.personal_data import find_personal_data
from tests.corpus.personal_data import LEAST_PRECISION, LEAST_RECALL, sentences


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


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("số 038195001234", "citizen_id"),
        ("số 187654321", "identity_card"),
        ("gọi 0912 345 678", "phone"),
        ("a@b.vn", "email"),
        ("chị Hoa", "name"),
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
    text = "chị " * 5_000 + "0912 " * 5_000
    assert len(find_personal_data(text)) <= 5_000
