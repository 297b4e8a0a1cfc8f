"""What is true: settings, errors, records, boundaries, places; importers, store and analysis."""

__version__ = "0.3.0"
