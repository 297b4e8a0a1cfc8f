"""The published figures of 2024: exactly those of the article, none more."""

import json
import re
from pathlib import Path

from geo.demo import published
from geo.demo.published import Figure
from geo.records.code_lists import code_list
from geo.records.figures import fault_of_breakdown


def figure(programme: str, measure: str, code: str = "") -> Figure:
    found = [
        one
        for one in published.FIGURES
        if (one.programme, one.measure, one.code) == (programme, measure, code)
    ]
    assert len(found) == 1
    return found[0]


def line_of(shared: Path, start: str) -> str:
    """The line of the domain brief's first section that begins so, without its markup."""
    text = (shared / "domain.md").read_text(encoding="utf-8").replace("*", "")
    section = text[text.index("## 1 ") : text.index("## 2 ")]
    return next(line for line in section.splitlines() if line.startswith(f"| {start}"))


def test_figures_are_those_of_the_brief(shared: Path) -> None:
    hotline = line_of(shared, "Tổng đài 111")
    calls, supported, male, female, kinh, minority = map(
        int, re.findall(r"\d+", hotline.split("|")[1])[1:]
    )
    assert figure("hotline_111", "calls").value == calls == 780
    persons = figure("hotline_111", "persons_supported")
    assert persons.value == supported == 30
    assert persons.value_by == {
        "sex": {"m": male, "f": female},
        "ethnicity": {"kinh": kinh, "minority": minority},
    }
    emergency = figure("emergency_support", "persons_supported")
    said = line_of(shared, "TƯ Hội LHPN")
    assert emergency.value == int(re.findall(r"\d+", said)[0]) == 65
    assert emergency.agencies == ("HLHPN", "CWD", "BLUEDRAGON")
    verified = figure("reception_verification", "persons_received_verified")
    said = line_of(shared, "Sở LĐTBXH")
    assert verified.value == int(re.findall(r"\d+", said)[0]) == 85
    assert "includes_suspected=true" in said
    assert verified.includes_suspected
    assert not emergency.includes_suspected


def test_the_reintegration_pilot_is_in_three_provinces_of_2024(shared: Path) -> None:
    pilots = [
        one for one in published.FIGURES if one.programme == "reintegration_pilot" and one.code
    ]
    assert [(one.edition, one.code) for one in pilots] == [
        ("2024", "40"),
        ("2024", "42"),
        ("2024", "44"),
    ]
    assert figure("reintegration_pilot", "provinces").value == 3
    said = line_of(shared, "thí điểm hỗ trợ hòa nhập")
    assert all(name in said for name in published.PILOT_PROVINCES.values())


def test_nine_models_are_named_and_none_has_a_place() -> None:
    named = figure("prevention_models", "models_named")
    assert named.value_by == {"model": {f"M0{number}": 1 for number in range(1, 10)}}
    assert (named.value, named.code) == (9, "")
    assert set(published.MODELS_NAMED) < set(code_list("prevention_model"))


def test_figures_are_told_apart_by_their_key_cover_2024_and_add_up() -> None:
    rows = published.support_figures().to_pylist()
    assert len({row["external_id"] for row in rows}) == len(rows) == len(published.FIGURES)
    for row in rows:
        assert (str(row["period_from"]), str(row["period_to"])) == ("2024-01-01", "2024-12-31")
        assert row["published"]
        assert fault_of_breakdown(row["value"], json.loads(row["value_by"])) is None


def test_the_caption_keeps_its_words_and_has_no_date_of_its_own() -> None:
    (event,) = published.seed_outreach_event().to_pylist()
    assert event["place_text"] == "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)"
    assert (event["precision"], event["stated_code"]) == ("commune", "17263")
    assert (event["lon"], event["lat"], event["attendance"]) == (None, None, None)
    # The whole of 2024 in Vietnamese time (UTC+7).
    assert event["occurred_from"].isoformat() == "2023-12-31T17:00:00+00:00"
    assert event["occurred_to"].isoformat() == "2024-12-31T16:59:59+00:00"
