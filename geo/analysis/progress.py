"""How far a computation has come, told to whoever watches; who watches may end it by raising."""

from collections.abc import Callable

# Takes the share that is done, 0 … 1.
Ticks = Callable[[float], None]


def unwatched(_share: float) -> None:
    """Nobody watches."""
