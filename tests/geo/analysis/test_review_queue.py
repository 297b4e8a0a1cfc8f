"""Why a hotspot waits for a look: each rule by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo.analysis.emerging import Category
from geo.analysis.review_queue import Decided, Heat, Why, explain_why, order, reasons

TODAY = date(2026, 11, 27)
YESTERDAY = TODAY - timedelta(days=1)
HOT = Heat(hot_class=2)
CONFIRMED = Decided("confirm", HOT, "leader-a")
WATCHED = Decided("watch", HOT, "leader-a")
DISMISSED = Decided("dismiss", HOT, "leader-a")
NEW_HOT, PERSISTENT = int(Category.NEW_HOT), int(Category.PERSISTENT_HOT)


def why(now: Heat, decided: Decided | None, **asked: object) -> tuple[Why, ...]:
    return reasons(now, decided, TODAY, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Heat(), ()),
        (Heat(hot_class=-3), ()),
        (Heat(hot_class=1), ()),
        (Heat(hot_class=2), ("new",)),
        (Heat(category=NEW_HOT), ("new",)),
        (Heat(category=-NEW_HOT), ()),
        (Heat(category=int(Category.HISTORICAL_HOT)), ()),
        (Heat(cluster=1), ("new",)),
    ],
)
def test_what_nobody_decided_on_waits_while_it_is_hot(now: Heat, expected: tuple[Why]) -> None:
    assert why(now, None) == expected


def test_ninety_percent_is_a_hotspot_where_that_is_asked_for() -> None:
    assert why(Heat(hot_class=1), None, least=1) == ("new",)
    assert why(Heat(hot_class=2), None, least=3) == ()


@pytest.mark.parametrize("decided", [CONFIRMED, WATCHED, DISMISSED])
def test_a_decision_rests_while_nothing_changes(decided: Decided) -> None:
    assert why(HOT, decided) == ()
    assert why(HOT, replace(decided, due_on=TODAY)) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Heat(hot_class=3), ("hotter",)),
        (Heat(hot_class=1), ("colder",)),
        (Heat(hot_class=0), ("gone",)),
        (Heat(hot_class=-2), ("gone",)),
        (Heat(hot_class=2, category=NEW_HOT), ("category",)),
        (Heat(hot_class=0, category=NEW_HOT), ("colder", "category")),
        (Heat(hot_class=2, cluster=3), ("cluster",)),
    ],
)
def test_what_changed_since_the_decision_is_told(now: Heat, expected: tuple[Why]) -> None:
    assert why(now, CONFIRMED) == why(now, WATCHED) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Heat(hot_class=3), ("hotter",)),
        (Heat(hot_class=1), ()),
        (Heat(), ()),
        (Heat(hot_class=2, category=PERSISTENT), ("category",)),
        (Heat(hot_class=2, cluster=2), ("cluster",)),
    ],
)
def test_what_was_dismissed_comes_back_only_hotter(now: Heat, expected: tuple[Why]) -> None:
    assert why(now, DISMISSED) == expected


def test_a_category_that_is_less_urgent_matters_only_while_the_matter_is_open() -> None:
    seen = Heat(hot_class=2, category=NEW_HOT)
    calmer = Heat(hot_class=2, category=PERSISTENT)
    assert why(calmer, replace(CONFIRMED, seen=seen)) == ("category",)
    assert why(calmer, replace(DISMISSED, seen=seen)) == ()


def test_a_hotspot_decided_on_while_it_was_gone_comes_back_when_it_is_hot_again() -> None:
    closed = Decided("watch", Heat(), "leader-a")
    assert why(Heat(), closed) == ()
    assert why(Heat(hot_class=1), closed) == ()
    assert why(Heat(hot_class=2), closed) == ("hotter",)


def test_an_overdue_hotspot_comes_back_by_itself_only_while_it_is_hot() -> None:
    overdue = replace(CONFIRMED, due_on=YESTERDAY)
    assert why(HOT, overdue) == ("due",)
    assert why(Heat(hot_class=3), overdue) == ("due", "hotter")
    assert why(Heat(), overdue) == ("gone",)
    assert why(HOT, replace(DISMISSED, due_on=YESTERDAY)) == ("due",)


def test_a_proposal_waits_for_another_leader_and_not_for_its_author() -> None:
    proposed = replace(CONFIRMED, stands=False)
    assert why(HOT, proposed, viewer="leader-b") == ("second",)
    assert why(HOT, proposed) == ("second",)
    assert why(HOT, proposed, viewer="leader-a") == ()
    assert why(Heat(hot_class=3), proposed, viewer="leader-a") == ("hotter",)


def test_the_hottest_come_first_then_the_pressing_then_the_populous() -> None:
    pressing = replace(WATCHED, priority=1)
    cases = [
        (Heat(hot_class=3), None, 10),
        (Heat(hot_class=2), pressing, 10),
        (Heat(hot_class=2), None, 500),
        (Heat(hot_class=2), WATCHED, 400),
        (Heat(hot_class=2), None, None),
        (Heat(hot_class=-3, category=NEW_HOT), pressing, 900),
    ]
    mixed = [cases[place] for place in (3, 5, 0, 4, 2, 1)]
    assert sorted(mixed, key=lambda case: order(*case)) == cases


def test_reasons_are_told_in_both_languages() -> None:
    decided = replace(
        CONFIRMED, due_on=YESTERDAY, stands=False, seen=Heat(hot_class=2, category=NEW_HOT)
    )
    now = Heat(hot_class=3, category=PERSISTENT, cluster=1)
    found = why(now, decided)
    assert found == ("second", "due", "hotter", "category", "cluster")
    assert explain_why(found, now, decided, "vi") == [
        "leader-a đề nghị xác nhận: cần một lãnh đạo khác đồng ý.",
        "Đã quá hạn 26/11/2026 mà vẫn còn nóng.",
        "Nóng hơn khi quyết định: tin cậy 95 % → tin cậy 99 %.",
        "Diễn biến theo thời gian đã đổi: mới → bền vững.",
        "Nay là tâm của một cụm vụ việc đang có.",
    ]
    english = explain_why(found, now, decided, "en")
    assert english[0] == "leader-a proposes to confirm it: another leader has to agree."
    assert english[1] == "Still hot after the due date, 2026-11-26."
    assert explain_why(["gone"], Heat(), CONFIRMED, "en") == [
        "No longer the hotspot that was decided on."
    ]


@pytest.mark.parametrize(
    ("now", "vi", "en"),
    [
        (HOT, "Điểm nóng, tin cậy 95 %", "A hotspot, 95 % confidence"),
        (
            Heat(hot_class=1, category=NEW_HOT, cluster=1),
            "Nóng theo diễn biến thời gian (mới)",
            "Hot by its course over time (new)",
        ),
        (Heat(hot_class=1), "Điểm nóng, tin cậy 90 %", "A hotspot, 90 % confidence"),
        (Heat(cluster=2), "Tâm của một cụm vụ việc đang có", "The centre of a present cluster"),
    ],
)
def test_a_new_hotspot_says_what_makes_it_one(now: Heat, vi: str, en: str) -> None:
    assert explain_why(["new"], now, None, "vi") == [f"{vi}: chưa có quyết định."]
    assert explain_why(["new"], now, None, "en") == [f"{en}: nothing was decided yet."]
