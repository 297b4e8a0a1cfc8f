"""The command that works off the queue of jobs, on this host or another."""

import logging
import os

import typer

from geo import pipeline
from geo.settings import load_settings

# Whoever looks at the map of the same machine goes first.
NICENESS = 10

app = typer.Typer(no_args_is_help=True)


@app.command()
def worker() -> None:
    """Nhận và tính các việc trong hàng đợi / take jobs from the queue, until Ctrl+C or SIGTERM."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("geo").setLevel(logging.INFO)
    os.nice(NICENESS)
    pipeline.work(load_settings())
