"""How Vietnamese and English write what both say."""

from geo.errors import Language


def number(value: float, language: Language, digits: int = 1) -> str:
    """A number as the language writes it: decimal comma and thousands point in Vietnamese."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
