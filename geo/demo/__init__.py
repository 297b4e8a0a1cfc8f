"""Synthetic demonstration data, and the figures that ministries published for 2024."""
