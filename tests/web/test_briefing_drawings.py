"""The drawings of the briefing: labels that keep apart, texts that stay texts, a round scale."""

import itertools
import xml.etree.ElementTree as ET

import shapely

from geo.pipeline.briefing import Figure, Month
from web.briefing import svg
from web.briefing.chart_svg import draw_chart
from web.briefing.labels import Labels
from web.briefing.wording import change, figure, words

SVG = "{http://www.w3.org/2000/svg}"


def test_labels_at_one_place_lie_beside_each_other() -> None:
    labels = Labels(1000, 1000)
    places = [labels.near(500, 500, 48, 48) for _ in range(10)]
    assert places[0] == (500, 500)
    boxes = [shapely.box(x - 24, y - 24, x + 24, y + 24) for x, y in filter(None, places)]
    assert len(boxes) == 10
    assert all(one.intersection(other).area < 1e-6
               for one, other in itertools.combinations(boxes, 2))  # fmt: skip
    assert labels.near(-2000, 0, 48, 48) is None


def test_texts_stay_texts_and_hold_nothing_that_turns_writing_around() -> None:
    drawn = svg.document(svg.text('</text><script>"&\x00\x1b\u202e\u2066Nậm Cắn', 1, 2, 3), 10, 10)
    [text] = ET.fromstring(drawn)  # noqa: S314  our own
    assert text.tag == f"{SVG}text"
    assert text.text == '</text><script>"&Nậm Cắn'


def test_a_bar_is_as_high_as_its_count() -> None:
    months = [Month(24307 + place, Figure(count), Figure(0)) for place, count in enumerate((5, 10))]
    drawn = ET.fromstring(draw_chart(months, words("vi")))  # noqa: S314  our own
    bars = list(drawn.iter(f"{SVG}rect"))[:2]
    low, high = (float(one.attrib["height"]) for one in bars)
    assert abs(high - 2 * low) < 0.2
    said = [one.text for one in drawn.iter(f"{SVG}text")]
    assert {"8/2025", "9/2025", "0", "10"} <= set(said)


def test_figures_say_no_more_than_may_be_told() -> None:
    assert figure(Figure(1234), "vi") == "1.234"
    assert figure(Figure(24, 12), "vi") == "khoảng 24"
    assert figure(Figure(None, 12, 12), "en") == "under 12"
    assert figure(Figure(None, 12, 1090), "en") == "few or none"
    assert figure(Figure(None, 12), "vi") == "ít hoặc không có"
    assert change(Figure(110), Figure(100), "en") == " (up 10\u00a0%)"
    assert change(Figure(100), Figure(0), "en") == ""
    assert change(Figure(120, 12), Figure(96, 12), "en") == ""
