"""Peers of the statistics are taken as they are in plain NumPy."""

import sys

# esda compiles with numba where it finds it: forty seconds, for less than one of counting.
sys.modules["numba"] = None  # type: ignore[assignment]
