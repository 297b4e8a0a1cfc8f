"""The `bienmap` command: one module per group of commands."""
