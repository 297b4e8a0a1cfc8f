"""The only place that joins importers, store and analysis: one module for each kind of work."""

from geo.pipeline.boundaries import (
    BoundaryFile,
    BoundaryImport,
    import_boundaries,
    load_embedded_boundaries,
)
from geo.pipeline.hotspots import Question, run_hotspots, run_standard

__all__ = [
    "BoundaryFile",
    "BoundaryImport",
    "Question",
    "import_boundaries",
    "load_embedded_boundaries",
    "run_hotspots",
    "run_standard",
]
