"""How far a computation is, for who watches a terminal, and line by line for who keeps a log."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from geo.pipeline.progress import Step, Watch


@contextmanager
def shown() -> Iterator[Watch]:
    """What a run is at, on the standard error."""
    console = Console(stderr=True)
    watch = _bar if console.is_terminal else _lines
    with watch(console) as told:
        yield told


@contextmanager
def _bar(console: Console) -> Iterator[Watch]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=1.0)

        def tell(step: Step, share: float) -> None:
            progress.update(task, completed=share, description=_words(step))

        yield tell
        progress.update(task, completed=1.0)


@contextmanager
def _lines(console: Console) -> Iterator[Watch]:
    last: Step | None = None

    def tell(step: Step, _share: float) -> None:
        nonlocal last
        if step != last:
            last = step
            console.print(f"• {_words(step)}", markup=False, highlight=False, soft_wrap=True)

    yield tell


def _words(step: Step) -> str:
    return f"{step.vi} / {step.en}"
