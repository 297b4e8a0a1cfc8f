"""Files to checked rows or geometries, with a report."""
