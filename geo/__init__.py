"""What is true: settings, errors, records, boundaries, places; importers, store and analysis."""
