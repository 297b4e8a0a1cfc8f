"""Networks laid over each other, on the map."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.conftest import Watched

Opener = Callable[..., Watched]


def test_flows_follow_the_period_and_say_what_they_are(open_page: Opener) -> None:
    page = open_page(as_leader=True).open("/#o=network-flows&p=2024-01..2025-12")
    hubs, flows = page.locator(".pin.hub"), page.locator("path[marker-end]")
    hubs.first.wait_for(state="attached")
    both = flows.count()
    with page.expect_response(lambda answer: "/network-flows" in answer.url) as waited:
        page.locator("#period-from").fill(str(2025 * 12))  # January 2025
    told = waited.value.json()
    lines = [one["properties"] for one in told["features"] if one["geometry"]]
    places = [one for one in told["places"] if one["geometry"]]
    expect(flows).to_have_count(len(lines))
    expect(hubs).to_have_count(len(places))
    assert 0 < len(lines) < both
    # What most networks share is drawn widest.
    widths = flows.evaluate_all(
        "paths => paths.map((path) => Number(path.getAttribute('stroke-width')))"
    )
    assert widths == [min(9, 1 + line["networks"]) for line in lines]
    # A place says by the keyboard how many networks it has.
    busiest = next(one for one in places if one["betweenness"] > 0)
    page.locator(f'.pin.hub[title="{busiest["name"]}"]').focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text(busiest["name"])
    expect(popup.locator("dd").first).to_have_text(str(busiest["networks"]))
