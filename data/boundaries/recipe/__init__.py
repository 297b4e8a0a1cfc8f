"""The recipe for the approximate boundary editions that ship with Bienmap."""
