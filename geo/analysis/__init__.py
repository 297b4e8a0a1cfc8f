"""Pure numerics: arrays and frames in, dataclasses out; no database, no files."""
