"""The code lists of all records, with Vietnamese and English labels.

One place for every list: the importer, the API and the forms take their choices from here. The
codes follow the Law on Prevention and Combat of Human Trafficking (53/2024/QH15), the Penal Code
(articles 150 and 151) and IOM's Human Trafficking Case Data Standard 2.0; the column `basis` of
code_lists.csv names the basis of each.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geo.errors import Language, NotFoundError


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list."""

    code: str
    label_vi: str
    label_en: str
    htcds: str | None

    def label(self, language: Language) -> str:
        """The label in the user's language."""
        return self.label_vi if language == "vi" else self.label_en


@cache
def code_lists() -> dict[str, dict[str, Code]]:
    """All lists by name; each maps a code to its entry, in the order to show them."""
    lists: dict[str, dict[str, Code]] = {}
    with files("geo.records").joinpath("code_lists.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            entry = Code(row["code"], row["label_vi"], row["label_en"], row["htcds"] or None)
            lists.setdefault(row["list"], {})[entry.code] = entry
    return lists


def code_list(name: str) -> dict[str, Code]:
    """One list by its name.

    Raises:
        NotFoundError: there is no list of that name.
    """
    lists = code_lists()
    if name not in lists:
        raise NotFoundError(
            "code_list.unknown",
            f"Không có danh mục mã “{name}”. Các danh mục có: {', '.join(lists)}.",
            f"There is no code list “{name}”. The lists are: {', '.join(lists)}.",
            name=name,
        )
    return lists[name]
