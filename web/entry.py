"""What the page on which records are entered and corrected says of itself, whoever opens it."""

from collections.abc import Mapping
from typing import Any

from geo.errors import Language
from geo.records.code_lists import code_lists
from geo.records.personal_data import PATTERNS
from web.assets import Assets
from web.i18n import messages
from web.maps import NATIONAL_BOUNDS

CODE_LISTS = (
    "incident_kind",
    "status",
    "channel",
    "destination",
    "sex",
    "age_band",
    "ethnicity_count",
    "agency",
    "purpose",
    "coord_precision",
    "outreach_kind",
    "audience",
    "prevention_model",
    "network_scope",
    "network_status",
    "network_node_role",
    "crossing_type",
)


def entry_configuration(language: Language, assets: Assets) -> Mapping[str, Any]:
    """Texts, codes and patterns for its scripts; they learn from the session who works with it."""
    text = messages(language)
    return {
        "language": language,
        "text": {key: value for key, value in text.items() if not key.startswith("page_")},
        "codeLists": {
            name: {code.code: code.label(language) for code in code_lists()[name].values()}
            for name in CODE_LISTS
        },
        # The order in which to show them: the labels come sorted by code.
        "codes": {name: list(code_lists()[name]) for name in CODE_LISTS},
        "bounds": NATIONAL_BOUNDS,
        "assets": {"surroundings": assets.url("surroundings.json")},
        # Pairs, in the order in which one kind goes before another.
        "personalData": list(PATTERNS.items()),
    }
