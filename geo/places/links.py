"""What the links of maps show: a pin, a name, or only the middle of a map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus, urlsplit

_LINK = re.compile(r"(?<!\w)(?:https?://|geo:(?=[-+\d])|www\.|maps\.|goo\.gl/|zalo\.me/)\S", re.I)
_NUMBER = r"([-+]?\d{1,3}(?:\.\d+)?)"
_PIN = re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}")
# The position of a way's last stop that is a name; here the longitude comes first.
_END = re.compile(rf"!2m2!1d{_NUMBER}!2d{_NUMBER}(?!.*!(?:1m|2m2!1d))")
_DIGITS = re.compile(r"\d[.,°]\d")
_MIDDLES = (re.compile(rf"@{_NUMBER},{_NUMBER}"), re.compile(rf"#map=[\d.]+/{_NUMBER}/{_NUMBER}"))
_PLACED = re.compile(r"/maps/(dir|place|search)/([^?#]*)", re.IGNORECASE)
_MEANT = ("destination", "daddr", "q", "query")
_SPLIT = (("mlat", "mlon"), ("lat", "lng"), ("lat", "lon"))
_CENTRES = ("ll", "center", "cp", "sll")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows: coordinates or a name that it is about, and the middle of its map.

    Both as text, with the words before the link; "" where the link does not say it.
    """

    meant: str = ""
    middle: str = ""


def shown_by_link(text: str) -> Shown | None:
    """What the link in a text shows; None without a link."""
    found = _LINK.search(text)
    if not found:
        return None
    before, link = text[: found.start()], text[found.start() :]
    parts = (next(one, "") for one in (_meant(link), _middles(link)))
    return Shown(*(f"{before}{part}".strip() if part else "" for part in parts))


def _meant(link: str) -> Iterator[str]:
    """What a link can be about, the surest first."""
    placed, asked = _PLACED.search(link), _asked(link)
    if placed and placed[1].lower() == "dir":
        # Where somebody wants to go; the stations stand before it.
        yield from _last_stop(placed[2], link)
    elif pin := _PIN.search(link):
        yield f"{pin[1]}; {pin[2]}"
    # There the name beside a pin is only its label.
    if "maps.apple." in link and {"q", "ll"} <= asked.keys():
        yield asked["ll"]
    yield from (asked[key].removeprefix("loc:") for key in _MEANT if key in asked)
    yield from (f"{asked[y]}; {asked[x]}" for y, x in _SPLIT if {y, x} <= asked.keys())
    if placed and placed[1].lower() != "dir":
        yield from _stops(placed[2])[:1]
    if link.lower().startswith("geo:"):
        yield re.split("[?;]", link[4:])[0]


def _last_stop(path: str, link: str) -> list[str]:
    stops = _stops(path)[-1:]
    end = _END.search(link)
    return [f"{end[2]}; {end[1]}"] if end and not _DIGITS.search("".join(stops)) else stops


def _stops(path: str) -> list[str]:
    """The parts of a map's path before its middle and its data, empty ones left out."""
    parts = re.split("/@|/data=", f"/{path}")[0].split("/")
    return [stop for one in parts if (stop := unquote_plus(one).strip())]


def _middles(link: str) -> Iterator[str]:
    """The middle of the map; that between the start and end of a way says nothing."""
    if "/dir/" not in link:
        yield from (f"{one[1]}; {one[2]}" for at in _MIDDLES if (one := at.search(link)))
        asked = _asked(link)
        yield from (asked[key].replace("~", "; ") for key in _CENTRES if key in asked)


def _asked(link: str) -> dict[str, str]:
    try:
        query = urlsplit(link).query
    except ValueError:
        return {}
    return {key.lower(): values[-1].strip() for key, values in parse_qs(query).items()}
