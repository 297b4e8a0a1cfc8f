"""Single cells: dates, codes, counts, and text of any kind."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries.names import plain, without_type
from geo.importers.cells import CellError, CodeReader, parse_count, parse_moment
from geo.records.code_lists import code_list, code_lists
from tests.record_files import TODAY


def test_every_code_is_read_by_code_and_by_both_labels() -> None:
    for name, entries in code_lists().items():
        reader = CodeReader(entries)
        for code, entry in entries.items():
            assert reader.one(code) == code, name
            assert reader.one(entry.label_vi.upper()) == code, name
            assert reader.one(entry.label_en) == code, name
        pair = list(entries)[:2]
        labels = [entries[code].label_vi for code in pair]
        assert reader.several("; ".join(labels)) == pair
        assert reader.several(", ".join(labels)) == pair
    assert isinstance(CodeReader(code_list("act")).several("recruit;fly"), CellError)


@given(st.dates(date(1975, 7, 1), TODAY))
def test_a_day_reads_the_same_in_every_way_of_writing(day: date) -> None:
    ways = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d")
    moments = {parse_moment(day.strftime(way), TODAY) for way in ways}
    [moment] = moments
    assert not isinstance(moment, CellError)
    assert (moment.start.date(), moment.end.date()) == (day, day)


@given(st.text())
def test_no_text_breaks_a_cell(text: str) -> None:
    parse_moment(text, TODAY)
    parse_count(text)
    assert plain(plain(text)) == plain(text)
    without_type(text)
    CodeReader(code_list("channel")).several(text)
