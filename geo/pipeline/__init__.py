"""The only place that joins importers, store and analysis: one module for each kind of work."""

from geo.pipeline.boundaries import (
    BoundaryFile,
    BoundaryImport,
    import_boundaries,
    load_embedded_boundaries,
)

__all__ = ["BoundaryFile", "BoundaryImport", "import_boundaries", "load_embedded_boundaries"]
