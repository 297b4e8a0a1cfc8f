"""What the words of a file's rows mean, by the rules of the place box."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine

from geo.boundaries.names import Found, UnitNames
from geo.errors import InputError
from geo.pipeline.places import read_places, why_none
from geo.pipeline.positions import LIKELY_WORDS, Place
from geo.places.coordinates import LONGEST
from geo.store.database import transaction
from geo.wording import number

# A text takes some milliseconds to read; a file with more different ones needs columns.
MOST_TEXTS = 20_000
MOST_NAMED = 4
_TOO_MANY = (
    f"Tệp có hơn {number(MOST_TEXTS, 'vi')} mô tả địa điểm khác nhau mà không có tọa độ hay tên"
    " xã. Hãy tách tỉnh, xã ra thành cột riêng, hoặc chia nhỏ tệp.",
    f"The file has more than {number(MOST_TEXTS, 'en')} different descriptions of places without"
    " coordinates or units. Give province and commune in columns of their own, or part the file.",
)


def read_descriptions(engine: Engine, names: UnitNames, texts: Sequence[str]) -> list[Found]:
    """What each of different texts means: taken is what Enter in the place box would take.

    What that would not take comes back with a reason that names the candidates.
    """
    with transaction(engine) as connection:
        found = [_found(connection, names, text) for text in texts[:MOST_TEXTS]]
    return found + [Found(reason=_TOO_MANY)] * (len(texts) - len(found))


def _found(connection: Connection, names: UnitNames, text: str) -> Found:
    try:
        places = read_places(connection, text[:LONGEST])
    except InputError as error:
        return Found(reason=(error.vi, error.en))
    if not places:
        return Found(reason=why_none(connection, text))
    if not places[0].is_sure:
        return Found(reason=_unsure(text, places))
    return _taken(places[0], names)


def _taken(place: Place, names: UnitNames) -> Found:
    remarks = tuple((one.vi, one.en) for one in place.remarks)
    unit = place.finest
    if unit is None or place.is_measured:
        point, accuracy = (place.longitude, place.latitude), round(place.accuracy_m)
        return Found(point=point, accuracy_m=accuracy, precision=place.precision, remarks=remarks)
    named = names.by_code(unit["edition"], unit["level"], unit["code"])
    return Found(named, remarks=remarks)


def _name(place: Place) -> str:
    """Its own name, and the units around it from the finest; of coordinates the position."""
    newest = max((unit["edition"] for unit in place.units), default="")
    units = [unit["full_name"] for unit in place.units if unit["edition"] == newest]
    own = place.name or f"{place.latitude:.5f}; {place.longitude:.5f}"
    return ", ".join(dict.fromkeys([own, *reversed(units)]))


def _unsure(text: str, places: Sequence[Place]) -> tuple[str, str]:
    first, said = places[0], text[:120]
    likely = [one for one in places[:MOST_NAMED] if one.confidence >= LIKELY_WORDS] or [first]
    names = " / ".join(dict.fromkeys(map(_name, likely)))
    vi = [f"Chưa chắc “{said}” là nơi nào. Có thể là: {names}.", *(r.vi for r in first.remarks)]
    en = [f"Not sure which place “{said}” is. It may be: {names}.", *(r.en for r in first.remarks)]
    return (
        " ".join([*vi, "Hãy ghi rõ xã và tỉnh, hoặc ghi tọa độ."]),
        " ".join([*en, "Give the commune and province, or a point."]),
    )
