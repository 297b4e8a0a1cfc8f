"""The only place that joins importers, store and analysis: one module for each kind of work."""

from geo.pipeline.boundaries import (
    BoundaryFile,
    BoundaryImport,
    import_boundaries,
    load_embedded_boundaries,
)
from geo.pipeline.entries import SOURCE, Entry, change_record, create_record, delete_record
from geo.pipeline.hotspots import Question, run_hotspots, run_standard, with_staleness
from geo.pipeline.network_entries import Leg, Route
from geo.pipeline.places import Place, find_places
from geo.pipeline.records import RecordFile, import_records, unit_names
from geo.pipeline.support import (
    FigureEntry,
    change_figure,
    create_figure,
    delete_figure,
    released,
)

__all__ = [
    "SOURCE",
    "BoundaryFile",
    "BoundaryImport",
    "Entry",
    "FigureEntry",
    "Leg",
    "Place",
    "Question",
    "RecordFile",
    "Route",
    "change_figure",
    "change_record",
    "create_figure",
    "create_record",
    "delete_figure",
    "delete_record",
    "find_places",
    "import_boundaries",
    "import_records",
    "load_embedded_boundaries",
    "released",
    "run_hotspots",
    "run_standard",
    "unit_names",
    "with_staleness",
]
