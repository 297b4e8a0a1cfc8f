"""Files beside the store, by the id of the row that tells of each; written once and whole."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from geo.errors import InputError, ResourceError
from geo.store.database import disk_full, require_room_in

CHUNK = 2**20


class KeptFiles:
    """The files of a folder.

    `subject` begins the codes of errors; `group` is the group of commands that brings and removes
    the files.
    """

    def __init__(self, folder: Path, suffix: str, subject: str, group: str) -> None:
        self.folder = folder
        self.suffix = suffix
        self.subject = subject
        self.group = group

    def path(self, identifier: UUID) -> Path:
        """Where the file of a row is.

        Raises:
            ResourceError: it is gone.
        """
        path = self._path(identifier)
        if not path.is_file():
            raise ResourceError(
                f"{self.subject}.file_missing",
                f"Thiếu tệp {path.name} trong thư mục {self.folder.name}. Quản trị viên: khôi phục"
                f" tệp từ bản sao lưu, hoặc `bienmap {self.group} remove` rồi nạp lại.",
                f"The file {path.name} is missing in the folder {self.folder.name}. Administrator:"
                f" restore it from the backup, or `bienmap {self.group} remove` it and import it"
                " again.",
            )
        return path

    def write(self, identifier: UUID, source: IO[bytes], size: int) -> str:
        """Keep the file of a row: after a failure, or a fall of the machine, there is none.

        What finds no room is refused before it is copied: the store may lie on the same disk.

        Args:
            size: of what the source holds, in bytes.

        Returns:
            Its SHA-256.

        Raises:
            InputError: the source cannot be read to its end.
            ResourceError: the disk is full, or the folder cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            require_room_in(self.folder, size)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    digest = hashlib.sha256()
                    for chunk in self._chunks(source):
                        digest.update(chunk)
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                # The server may run as another user than whoever imports at the command line.
                Path(name).chmod(0o644)
                Path(name).replace(self._path(identifier))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full() from error
            raise ResourceError(
                f"{self.subject}.folder",
                f"Không ghi được vào {self.folder} ({error.strerror}). Hãy cấp quyền ghi cho người"
                " dùng chạy máy chủ.",
                f"Cannot write to {self.folder} ({error.strerror}). Let the server's user write"
                " there.",
            ) from error
        return digest.hexdigest()

    def remove(self, identifier: UUID) -> None:
        """Take the file of a row away, if it is there."""
        self._path(identifier).unlink(missing_ok=True)

    def _path(self, identifier: UUID) -> Path:
        return self.folder / f"{identifier}{self.suffix}"

    def _chunks(self, source: IO[bytes]) -> Iterator[bytes]:
        """What a source holds; its own faults are not those of the folder."""
        try:
            while chunk := source.read(CHUNK):
                yield chunk
        except OSError as error:
            raise InputError(
                f"{self.subject}.file",
                f"Không đọc hết được tệp ({error.strerror}). Hãy kiểm tra ổ đĩa chứa tệp, hoặc chép"
                " lại rồi nạp lại.",
                f"Cannot read the file to its end ({error.strerror}). Check the disk it is on, or"
                " copy it again, then import it again.",
            ) from error
