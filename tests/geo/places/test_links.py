"""What links of maps are about, and when only the middle of their map is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.coordinates import read_coordinates
from geo.places.links import Shown, shown_by_link

GOOGLE = "https://www.google.com/maps"
PIN, MIDDLE = "18.8885; 104.848", "19.5; 105.5"
DEGREES = "18°53'18.6\"N 104°50'52.8\"E"


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        # The end of a way, not its start, nor the map's middle.
        (f"{GOOGLE}/dir/21.0285,105.8542/Vinh/@19.5,105.5,7z", "Vinh"),
        (f"{GOOGLE}/dir/21.0285,105.8542/x%C3%A3+M%C3%B4n+S%C6%A1n/", "xã Môn Sơn"),
        (f"{GOOGLE}/dir/Vinh/18.8885,104.848/@19.5,105.5,7z", "18.8885,104.848"),
        (
            f"{GOOGLE}/dir/21.0285,105.8542/M%C3%B4n+S%C6%A1n/@19.5,105.5,7z/data=!4m9!4m8!1m1!4e1"
            "!1m5!1m1!1s0x1:0x2!2m2!1d104.848!2d18.8885!3e0",
            PIN,
        ),
        (f"{GOOGLE}/dir/?api=1&origin=21,105&destination=18.8885,104.848", "18.8885,104.848"),
        ("https://maps.google.com/?saddr=21,105&daddr=18.8885,104.848", "18.8885,104.848"),
    ],
)
def test_a_way_leads_to_its_end(link: str, meant: str) -> None:
    assert shown_by_link(link) == Shown(meant)


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (
            "https://maps.google.com/?ll=19.5,105.5&q=18.8885,104.848",
            Shown("18.8885,104.848", "19.5,105.5"),
        ),
        (f"{GOOGLE}/place/18°53'18.6\"N+104°50'52.8\"E/@19.5,105.5,7z", Shown(DEGREES, MIDDLE)),
        (
            f"{GOOGLE}/place/18%C2%B053'18.6%22N+104%C2%B050'52.8%22E/@19.5,105.5,7z",
            Shown(DEGREES, MIDDLE),
        ),
        (f"{GOOGLE}/place/18%C2%B053'18.6%22N+104%C2%B050'52.8%22E", Shown(DEGREES)),
        (f"{GOOGLE}/place/X/@19.5,105.5,7z/data=!4m6!3d18.8885!4d104.848", Shown(PIN, MIDDLE)),
        (f"{GOOGLE}?q=x%C3%A3+M%C3%B4n+S%C6%A1n", Shown("xã Môn Sơn")),
        (f"{GOOGLE}?q=xã+Môn+Sơn", Shown("xã Môn Sơn")),
        (f"{GOOGLE}?q=loc:18.8885,104.848", Shown("18.8885,104.848")),
        ("https://zalo.me/location?lat=18.8885&lng=104.848", Shown(PIN)),
        ("https://maps.apple.com/?ll=18.8,104.8&q=Pin", Shown("18.8,104.8", "18.8,104.8")),
        ("geo:0,0?q=18.8885,104.848(Môn Sơn)", Shown("18.8885,104.848(Môn Sơn)")),
        ("geo:18.8885,104.848;u=35", Shown("18.8885,104.848")),
        (f"Hẹn tại {GOOGLE}?q=18.8885,104.848", Shown("Hẹn tại 18.8885,104.848")),
    ],
)  # fmt: skip
def test_a_pin_or_name_is_what_a_link_is_about(link: str, shown: Shown) -> None:
    assert shown_by_link(link) == shown


@pytest.mark.parametrize(
    "link",
    [
        f"{GOOGLE}/@19.5,105.5,15z",
        "www.google.com/maps/@19.5,105.5,15z",
        "https://www.openstreetmap.org/#map=15/19.5/105.5",
        "https://www.bing.com/maps?cp=19.5~105.5&lvl=12",
    ],
)
def test_a_view_shows_its_middle_alone(link: str) -> None:
    assert shown_by_link(link) == Shown("", MIDDLE)


@pytest.mark.parametrize(
    "link", ["https://maps.app.goo.gl/AbC1", "https://zalo.me/abc", "http://["]
)
def test_other_links_show_nothing(link: str) -> None:
    assert shown_by_link(link) == Shown()


@pytest.mark.parametrize("text", ["xã Môn Sơn", "18.8885, 104.848", "Vị trí: geo: 18", ""])
def test_other_texts_are_no_links(text: str) -> None:
    assert shown_by_link(text) is None


@given(
    st.integers(-900_000, 900_000),
    st.integers(-1_800_000, 1_800_000),
    st.sampled_from(
        [
            "https://www.google.com/maps?q={},{}",
            "https://www.google.com/maps/search/{},+{}?entry=tts",
            "https://www.google.com/maps/place/X/@1.5,2.5,7z/data=!3d{}!4d{}",
            "https://www.google.com/maps/dir/1.5,2.5/{}%2C{}/@1.5,2.5,7z",
            "https://maps.google.com/?ll=1.5,2.5&q={},{}",
            "https://www.openstreetmap.org/?mlat={}&mlon={}#map=10/1.5/2.5",
            "https://zalo.me/location?lat={}&lng={}",
            "https://www.google.com/maps/@{},{},15z",
            "geo:{},{}?z=12",
        ]
    ),
)
def test_a_point_in_any_link_is_read_again(latitude: int, longitude: int, link: str) -> None:
    y, x = latitude / 10_000, longitude / 10_000
    # What the text says comes last, after what may have been meant.
    position = read_coordinates(link.format(f"{y:.4f}", f"{x:.4f}"))[-1]
    assert (position.latitude, position.longitude) == pytest.approx((y, x), abs=1e-9)
