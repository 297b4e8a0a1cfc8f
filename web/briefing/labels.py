"""Where texts stand on a drawing without lying over each other."""

import math
from dataclasses import dataclass, field

# The part of its size that a letter takes in width, on average, generously.
LETTER = 0.58
# Ways to go from a point, in turns of a twelfth; a label near it is better than one far away.
TURNS = tuple(range(12))
DISTANCES = (0.0, 46.0, 80.0, 120.0, 170.0, 230.0, 300.0)
Box = tuple[float, float, float, float]


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in the unit of its size."""
    return len(text) * size * LETTER


@dataclass
class Labels:
    """Boxes that are taken on a drawing of a width and a height."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def take(self, x: float, y: float, width: float, height: float) -> bool:
        """Take a box with its middle at a point: whether it was free, and lay on the drawing."""
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.width and box[3] <= self.height
        if not is_inside or any(_overlap(box, other) for other in self.taken):
            return False
        self.taken.append(box)
        return True

    def near(self, x: float, y: float, width: float, height: float) -> tuple[float, float] | None:
        """The free place nearest to a point, taken; None where there is none."""
        for distance in DISTANCES:
            for turn in TURNS if distance else (0,):
                angle = turn * math.tau / len(TURNS)
                place = x + distance * math.cos(angle), y - distance * math.sin(angle)
                if self.take(*place, width, height):
                    return place
        return None

    def beside(
        self, x: float, y: float, width: float, height: float, gap: float
    ) -> tuple[float, float] | None:
        """A free place to the right, left, above or below of a mark, taken; None without one."""
        aside, away = gap + width / 2, gap + height / 2
        for place in ((x + aside, y), (x - aside, y), (x, y - away), (x, y + away)):
            if self.take(*place, width, height):
                return place
        return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
