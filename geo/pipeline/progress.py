"""What a run is at, in words, for those who wait for it or want to end it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done."""

    vi: str
    en: str

    def of(self, whole: str) -> "Step":
        """The step as a part of something that has a name in both languages."""
        return Step(f"{whole}: {self.vi}", f"{whole}: {self.en}")


READING = Step("đọc dữ liệu", "reading the data")
COMPUTING = Step("tính toán", "computing")
STORING = Step("lưu kết quả", "storing the result")
EXAMINING = Step("xét độ vững", "examining stability")

# Takes what is being done and the share of the whole that is done, 0 … 1. It may raise: nothing
# is stored then.
Watch = Callable[[Step, float], None]


def nobody(_step: Step, _share: float) -> None:
    """Nobody watches."""
