"""The only place that joins importers, store and analysis: one module for each kind of work."""
