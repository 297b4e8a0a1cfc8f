"""The only place that joins importers, store and analysis: one module for each kind of work.

Each module is imported when something of it is first used: to find a place needs no statistics.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.pipeline.boundaries import (
        BoundaryFile,
        BoundaryImport,
        import_boundaries,
        load_embedded_boundaries,
    )
    from geo.pipeline.density_raster import raster
    from geo.pipeline.derived_rasters import derive_border_distance
    from geo.pipeline.entries import SOURCE, Entry, change_record, create_record, delete_record
    from geo.pipeline.flows import (
        FlowFilter,
        NetworkFlows,
        as_geojson,
        flow_source,
        network_flows,
    )
    from geo.pipeline.hotspot_questions import Question, usual_parameters
    from geo.pipeline.hotspot_stability import examine, unexamined
    from geo.pipeline.hotspots import rerun, run_hotspots, run_standard, with_staleness
    from geo.pipeline.jobs import ask_run, ask_standard
    from geo.pipeline.network_entries import Leg, Route
    from geo.pipeline.place_names import add_place_name, import_place_names, remove_place_name
    from geo.pipeline.place_words import Looked, find_misfits
    from geo.pipeline.places import Place, find_places, why_none
    from geo.pipeline.populations import import_populations
    from geo.pipeline.rasters import (
        NewRaster,
        RasterAudience,
        RasterStyle,
        import_raster,
        measure_rasters,
        raster_of_name,
        remove_raster_layer,
    )
    from geo.pipeline.records import RecordFile, import_records, unit_names
    from geo.pipeline.support import (
        FigureEntry,
        change_figure,
        create_figure,
        delete_figure,
    )
    from geo.pipeline.support_map import SupportQuestion, SupportTotals, support_totals
    from geo.pipeline.support_releases import Viewer, released
    from geo.pipeline.surfaces import (
        Density,
        DensityQuestion,
        density,
        density_source,
        zones,
    )
    from geo.pipeline.uploads import mend_rows, rows_to_mend, source_of
    from geo.pipeline.worker import work

_MODULES = {
    "boundaries": (
        "BoundaryFile",
        "BoundaryImport",
        "import_boundaries",
        "load_embedded_boundaries",
    ),
    "density_raster": ("raster",),
    "derived_rasters": ("derive_border_distance",),
    "entries": ("SOURCE", "Entry", "change_record", "create_record", "delete_record"),
    "flows": ("FlowFilter", "NetworkFlows", "as_geojson", "flow_source", "network_flows"),
    "hotspot_questions": ("Question", "usual_parameters"),
    "hotspot_stability": ("examine", "unexamined"),
    "hotspots": ("rerun", "run_hotspots", "run_standard", "with_staleness"),
    "jobs": ("ask_run", "ask_standard"),
    "network_entries": ("Leg", "Route"),
    "place_names": ("add_place_name", "import_place_names", "remove_place_name"),
    "place_words": ("Looked", "find_misfits"),
    "places": ("Place", "find_places", "why_none"),
    "populations": ("import_populations",),
    "rasters": (
        "NewRaster",
        "RasterAudience",
        "RasterStyle",
        "import_raster",
        "measure_rasters",
        "raster_of_name",
        "remove_raster_layer",
    ),
    "records": ("RecordFile", "import_records", "unit_names"),
    "support": (
        "FigureEntry",
        "change_figure",
        "create_figure",
        "delete_figure",
    ),
    "support_releases": ("Viewer", "released"),
    "support_map": ("SupportQuestion", "SupportTotals", "support_totals"),
    "surfaces": ("Density", "DensityQuestion", "density", "density_source", "zones"),
    "uploads": ("mend_rows", "rows_to_mend", "source_of"),
    "worker": ("work",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "SOURCE",
    "BoundaryFile",
    "BoundaryImport",
    "Density",
    "DensityQuestion",
    "Entry",
    "FigureEntry",
    "FlowFilter",
    "Leg",
    "Looked",
    "NetworkFlows",
    "NewRaster",
    "Place",
    "Question",
    "RasterAudience",
    "RasterStyle",
    "RecordFile",
    "Route",
    "SupportQuestion",
    "SupportTotals",
    "Viewer",
    "add_place_name",
    "as_geojson",
    "ask_run",
    "ask_standard",
    "change_figure",
    "change_record",
    "create_figure",
    "create_record",
    "delete_figure",
    "delete_record",
    "density",
    "density_source",
    "derive_border_distance",
    "examine",
    "find_misfits",
    "find_places",
    "flow_source",
    "import_boundaries",
    "import_place_names",
    "import_populations",
    "import_raster",
    "import_records",
    "load_embedded_boundaries",
    "measure_rasters",
    "mend_rows",
    "network_flows",
    "raster",
    "raster_of_name",
    "released",
    "remove_place_name",
    "remove_raster_layer",
    "rerun",
    "rows_to_mend",
    "run_hotspots",
    "run_standard",
    "source_of",
    "support_totals",
    "unexamined",
    "unit_names",
    "usual_parameters",
    "why_none",
    "with_staleness",
    "work",
    "zones",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
