"""Files beside the store: whose fault it is that one was not kept, and that nothing stays of it."""

import io
from pathlib import Path
from uuid import UUID

import pytest

from geo.errors import BienmapError
from geo.store.kept_files import KeptFiles

ROW = UUID(int=1)


def refused(files: KeptFiles, source: io.BufferedIOBase) -> BienmapError:
    """What is said where a file cannot be kept."""
    with pytest.raises(BienmapError) as caught:
        files.write(ROW, source, size=1)
    return caught.value


def test_a_source_that_cannot_be_read_is_no_fault_of_the_folder(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path / "kept", ".tif", "raster", "rasters")
    # Nothing lies at the first address of a process: to read it is an input/output error.
    with Path("/proc/self/mem").open("rb") as source:
        fault = refused(files, source)
    assert fault.code == "raster.file"
    assert "Input/output error" in fault.message("en")
    assert not list(files.folder.iterdir())


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    place = tmp_path / "kept"
    place.write_text("a file")
    fault = refused(KeptFiles(place, ".tif", "raster", "rasters"), io.BytesIO(b"a"))
    assert fault.code == "raster.folder"
    assert str(place) in fault.message("en")
