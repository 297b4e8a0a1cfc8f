"""The published figures of 2024: exactly those of the article, none more."""

from geo.demo import published
from geo.records.code_lists import code_list


def values() -> dict[tuple[str, str, str, str], int]:
    return {(m.programme, m.measure, m.breakdown, m.code): m.value for m in published.MEASURES}


def test_hotline_111() -> None:
    hotline = {key[1:3]: value for key, value in values().items() if key[0] == "hotline_111"}
    assert hotline == {
        ("calls", "total"): 780,
        ("persons_supported", "total"): 30,
        ("persons_supported", "sex:m"): 15,
        ("persons_supported", "sex:f"): 15,
        ("persons_supported", "ethnicity:kinh"): 29,
        ("persons_supported", "ethnicity:minority"): 1,
    }


def test_reception_and_emergency_support() -> None:
    found = values()
    assert found["reception_verification", "persons_received_verified", "total", ""] == 85
    assert found["emergency_support", "persons_supported", "total", ""] == 65


def test_the_reintegration_pilot_is_in_three_provinces_of_2024() -> None:
    pilots = [m for m in published.MEASURES if m.breakdown == "model:M10"]
    assert [(m.edition, m.code) for m in pilots] == [("2024", "40"), ("2024", "42"), ("2024", "44")]
    assert values()["reintegration_pilot", "provinces", "total", ""] == 3


def test_nine_models_are_named_and_none_is_counted() -> None:
    named = {m.breakdown for m in published.MEASURES if m.programme == "prevention_models"}
    assert named == {"total"} | {f"model:M0{number}" for number in range(1, 10)}
    assert set(published.MODELS_NAMED) < set(code_list("prevention_model"))


def test_figures_are_told_apart_by_their_key_and_cover_2024() -> None:
    rows = published.support_measures()
    keys = {tuple(row[name] for name in published.MEASURE_KEY) for row in rows}
    assert len(keys) == len(rows)
    assert {(str(row["period_from"]), str(row["period_to"])) for row in rows} == {
        ("2024-01-01", "2024-12-31")
    }


def test_the_caption_keeps_its_words_and_has_no_date_of_its_own() -> None:
    (event,) = published.seed_outreach_event().to_pylist()
    assert event["place_text"] == "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)"
    assert (event["precision"], event["stated_code"]) == ("commune", "17263")
    assert (event["lon"], event["lat"], event["attendance"]) == (None, None, None)
    # The whole of 2024 in Vietnamese time (UTC+7).
    assert event["occurred_from"].isoformat() == "2023-12-31T17:00:00+00:00"
    assert event["occurred_to"].isoformat() == "2024-12-31T16:59:59+00:00"
