"""Boundaries as pure geometry: checks of unit sets, and which units touch the land border."""
