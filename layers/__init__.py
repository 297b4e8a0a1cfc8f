"""What can be put on a map: one definition per layer, known to no web framework."""
