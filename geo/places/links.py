"""Positions in the links that maps make."""

import re

_LINK = re.compile(r"^(?:https?://|geo:)", re.IGNORECASE)
_PAIR = r"([-+]?\d{1,3}(?:\.\d+)?)"
_COMMA = r"(?:,|%2C)(?:\+|%20|\s)?"
_IN_LINK = (
    # The place that was chosen comes before the middle of the map.
    re.compile(rf"!3d{_PAIR}!4d{_PAIR}"),
    re.compile(
        rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?{_PAIR}{_COMMA}{_PAIR}", re.IGNORECASE
    ),
    re.compile(rf"[?&]mlat={_PAIR}&mlon={_PAIR}"),
    re.compile(rf"#map=\d+(?:\.\d+)?/{_PAIR}/{_PAIR}"),
    # The end of a way is where somebody wants to go; its stations stand before it.
    re.compile(rf"/maps/(?:dir|place|search)/(?:[^@?#]*/)?{_PAIR}{_COMMA}{_PAIR}(?=[/?#]|$)", re.I),
    re.compile(rf"@{_PAIR},{_PAIR}"),
    re.compile(rf"^geo:{_PAIR},{_PAIR}", re.IGNORECASE),
)
_SHORT_LINK = re.compile(
    r"^https?://(?:maps\.app\.goo\.gl|goo\.gl|g\.co|g\.page|osm\.org/go|zalo\.me|bit\.ly)/",
    re.IGNORECASE,
)


def is_link(text: str) -> bool:
    """Whether the text is a link, of a map or not."""
    return bool(_LINK.match(text))


def is_short_link(text: str) -> bool:
    """Whether it is a link that says where only to who follows it on the internet."""
    return bool(_SHORT_LINK.match(text.strip()))


def pair_of_link(link: str) -> tuple[str, str] | None:
    """Latitude and longitude in degrees, as the link has them; None if it says no position."""
    for pattern in _IN_LINK:
        found = pattern.search(link)
        if found:
            return found[1], found[2]
    return None
