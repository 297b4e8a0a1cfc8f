"""How far a computation has come, told to whoever watches; who watches may end it by raising."""

from collections.abc import Callable
from dataclasses import dataclass

# Takes the share that is done, 0 … 1.
Ticks = Callable[[float], None]


def unwatched(_share: float) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Progress:
    """What was told last, so that long steps can give who watches a chance to end them."""

    ticks: Ticks
    share: float = 0.0

    def reach(self, share: float) -> None:
        """So much is done."""
        self.share = share
        self.ticks(share)

    def still(self) -> None:
        """No more is done, and it goes on."""
        self.ticks(self.share)
