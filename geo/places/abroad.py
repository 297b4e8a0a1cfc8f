"""Places of the neighbours that texts name, so that none in Vietnam is offered for them.

Countries; the provinces along the land border and the capitals by ISO 3166-2 (CN, LA, KH); the
towns that reports of the border name most. Vietnamese spellings as newspapers write them. Names
that places in Vietnam bear too (Đông Hưng, Côn Minh) are not here: the country behind them tells.
"""

from collections.abc import Iterator, Sequence

from geo.places.gazetteer import Gazetteer
from geo.places.spelling import Word, clean, is_silent, name_key, words_of

_NAMES = {
    ("Trung Quốc", "China"): "Trung Quốc, China, CHND Trung Hoa, Quảng Tây, Guangxi, Vân Nam,"
    " Yunnan, Guangdong, Nanning, Kunming, Bằng Tường, Pingxiang, Hekou, Dongxing,"
    " Sùng Tả, Chongzuo, Bách Sắc, Baise, Phòng Thành Cảng,"
    " Fangchenggang, Bắc Kinh, Beijing",
    ("Lào", "Laos"): "Lào, Laos, CHDCND Lào, Lao PDR, Viêng Chăn, Vientiane, Phông Sa Lỳ,"
    " Phongsaly, Luông Pha Băng, Luông Prabang, Luang Prabang, Hủa Phăn, Houaphanh, Huaphanh,"
    " Xiêng Khoảng, Xieng Khouang, Xiangkhouang, Bô Ly Khăm Xay, Bolikhamxay, Khăm Muộn,"
    " Khammouane, Sa Vẳn Na Khệt, Savannakhet, Sa La Van, Salavan, Sê Kông, Xê Kông, Sekong,"
    " Át Ta Pư, Attapeu, Chăm Pa Sắc, Champasak, Pắc Xế, Pakse, Sầm Nưa, Xam Neua",
    ("Campuchia", "Cambodia"): "Campuchia, Cam pu chia, Cambodia, Phnôm Pênh, Phnom Penh,"
    " Ratanakiri, Mondulkiri, Kratié, Tboung Khmum, Tbong Khmum, Svay Rieng, Prey Veng, Kandal,"
    " Takeo, Kampot, Bavet, Poipet, Sihanoukville, Siem Reap, Xiêm Riệp",
    ("Thái Lan", "Thailand"): "Thái Lan, Thailand, Bangkok",
    ("Myanmar", "Myanmar"): "Myanmar, Miến Điện",
    ("Malaysia", "Malaysia"): "Malaysia",
    ("Singapore", "Singapore"): "Singapore",
}
# The country, Vietnamese and English, of each name's key.
ABROAD = {
    name_key(name)[0]: country for country, names in _NAMES.items() for name in names.split(", ")
}


def abroad_in(words: Sequence[Word], gazetteer: Gazetteer) -> tuple[str, str] | None:
    """The country, Vietnamese and English, in which a text ends that names no province of ours."""
    parts = list(_parts(words))
    country = _country_of(parts[-1]) if parts else None
    is_ours = any(
        match.name.area.role == "province"
        for part in parts[:-1]
        for match in gazetteer.find(_key(part), _marked(part))
    )
    return None if is_ours else country


def abroad_reason(text: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Why a text has no places, in both languages, where it names one abroad."""
    country = abroad_in(words_of(clean(text)), gazetteer)
    if country is None:
        return None
    return (
        f"Nơi này ở {country[0]}, ngoài Việt Nam. Ở đây chỉ tìm được nơi ở Việt Nam.",
        f"This place lies in {country[1]}, outside Vietnam. Only places in Vietnam are found here.",
    )


def _parts(words: Sequence[Word]) -> Iterator[list[Word]]:
    """What stands between commas, without words that are none of a name."""
    part: list[Word] = []
    for word in words:
        if word.starts and part:
            yield part
            part = []
        if not is_silent(word) and not (word.label == "province" and not part):
            part.append(word)
    if part:
        yield part


def _country_of(part: Sequence[Word]) -> tuple[str, str] | None:
    """The country of a part that is a name abroad, or two: "Viêng Chăn Lào"."""
    cuts = range(len(part), 0, -1)
    heads = ((ABROAD.get(_key(part[:cut])), part[cut:]) for cut in cuts)
    return next((head for head, rest in heads if head and (not rest or _country_of(rest))), None)


def _key(part: Sequence[Word]) -> str:
    return "".join(word.plain for word in part)


def _marked(part: Sequence[Word]) -> str:
    return " ".join(word.marked for word in part)
