"""Parsing of untrusted files in a child process that can do nothing else.

`run_sandboxed("geo.importers.some_module:parse", path, arguments={...})` copies the file into a
fresh directory, starts a child there, and returns the bytes that `parse(Path("input"), ...)`
returned in it. The child imports the module, calls its `prepare()` if it has one (to load what
libraries load late), gives up its rights (see confinement) and only then looks at the file.

Such a function takes JSON-like keyword arguments, works on relative paths, returns bytes, and
raises InputError for what the user can mend; the parent sees the same InputError.
"""

import errno
import importlib
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from geo.errors import InputError
from geo.importers.confinement import UNPRIVILEGED_ID, confine

MIB = 2**20
INPUT_NAME = "input"
_EXIT_REFUSED, _EXIT_FAILED, _EXIT_MEMORY = 3, 4, 5
_COPY_BLOCK = 4 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    `input_bytes` counts before anything is parsed; `memory_bytes` is address space;
    `file_bytes` bounds each file that the child writes, its answer included.
    """

    input_bytes: int = 500 * MIB
    memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 120
    wall_seconds: float = 180.0
    file_bytes: int = 1024 * MIB
    open_files: int = 64


DEFAULT_LIMITS = Limits()


def run_sandboxed(
    function: str,
    path: Path,
    *,
    arguments: Mapping[str, object] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run `function` ("package.module:name") on a copy of the file at `path` in a confined child.

    Args:
        arguments: keyword arguments of the function; what JSON can carry.
        environment: further variables for the child, such as GDAL's settings. It inherits none.

    Returns:
        What the function returned.

    Raises:
        InputError: the file is missing, empty, too big or not a regular file; the function refused
            it; or its parser crashed, or went over a limit.
    """
    with (
        tempfile.TemporaryDirectory(prefix="bienmap-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as log,
    ):
        work = Path(folder)
        _copy_input(path, work / INPUT_NAME, limits.input_bytes)
        _give_to_child(work)
        request = {"function": function, "arguments": arguments or {}, "limits": asdict(limits)}
        child = _start_child(work, answer, log, environment or {})
        status = _wait(child, json.dumps(request).encode(), limits.wall_seconds)
        _raise_for(status, path, answer, log, limits)
        return _content(answer)


def not_readable(path: Path, error: OSError) -> InputError:
    """Why a file cannot be opened, in words rather than the system's."""
    reasons = {
        errno.ENOENT: ("không có tệp này", "there is no such file"),
        errno.EACCES: ("không có quyền đọc", "no permission to read it"),
        errno.EISDIR: ("đây là thư mục", "it is a directory"),
        errno.ENOTDIR: ("đường dẫn đi qua một tệp", "the path leads through a file"),
        errno.ENAMETOOLONG: ("tên quá dài", "its name is too long"),
    }
    system = error.strerror or str(error)
    vi, en = reasons.get(error.errno or 0, (f"lỗi hệ thống “{system}”", system))
    return InputError(
        "file_not_readable",
        f"Không mở được tệp {path}: {vi}. Hãy kiểm tra đường dẫn và quyền đọc.",
        f"Cannot open {path}: {en}. Check the path and the permission to read.",
    )


def _copy_input(path: Path, target: Path, limit: int) -> None:
    """Copy what is there now: a file that changes meanwhile, or its neighbours, cannot matter."""
    try:
        # O_NONBLOCK, or opening a named pipe would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise not_readable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(
            "not_a_file",
            f"{path} không phải là một tệp thông thường.",
            f"{path} is not a regular file.",
        )
    with os.fdopen(descriptor, "rb") as source:
        copied = 0
        with target.open("wb") as copy:
            while copied <= limit and (block := source.read(_COPY_BLOCK)):
                copied += len(block)
                copy.write(block)
    if copied == 0:
        raise InputError(
            "file_empty",
            f"Tệp {path} rỗng (0 byte).",
            f"{path} is empty (0 bytes).",
        )
    if copied > limit:
        megabytes = limit / MIB
        raise InputError(
            "file_too_big",
            f"Tệp {path} lớn hơn giới hạn {megabytes:g} MB. Hãy chia nhỏ hoặc giản lược tệp.",
            f"{path} is larger than the limit of {megabytes:g} MB. Split or simplify it.",
        )


def _give_to_child(work: Path) -> None:
    if os.geteuid() == 0:
        for item in (work / INPUT_NAME, work):
            # Where user ids are not mapped, the child stays what it is and owns the folder already.
            try:
                os.chown(item, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
            except OSError:
                return


def _start_child(
    work: Path, answer: IO[bytes], log: IO[bytes], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "geo.importers.sandbox", str(answer.fileno())],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        cwd=work,
        pass_fds=[answer.fileno()],
        env=_child_environment() | dict(environment),
        start_new_session=True,
    )


def _wait(child: subprocess.Popen[bytes], request: bytes, seconds: float) -> int | None:
    """The child's exit status, negative for a signal, None when it ran out of time."""
    try:
        child.communicate(request, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return child.returncode


def _child_environment() -> dict[str, str]:
    """Nothing of the parent's: it holds addresses and passwords. One thread per library."""
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


def _content(file: IO[bytes], last: int | None = None) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(0 if last is None else max(0, size - last))
    return file.read()


def _raise_for(
    status: int | None, path: Path, answer: IO[bytes], log: IO[bytes], limits: Limits
) -> None:
    if status == 0:
        return
    if status == _EXIT_REFUSED:
        error = json.loads(_content(answer))
        raise InputError(error["code"], error["vi"], error["en"], **error["context"])
    name = path.name
    if status is None or status == -signal.SIGXCPU:
        raise InputError(
            "file_too_slow",
            f"Đọc tệp {name} vượt quá giới hạn {limits.wall_seconds:g} giây nên đã dừng. "
            "Hãy giản lược hình học hoặc chia nhỏ tệp.",
            f"Reading {name} took longer than the limit of {limits.wall_seconds:g} s and was "
            "stopped. Simplify its geometry or split it.",
        )
    if status in (_EXIT_MEMORY, -signal.SIGKILL):
        raise InputError(
            "file_too_heavy",
            f"Đọc tệp {name} cần nhiều hơn {limits.memory_bytes / MIB:g} MB bộ nhớ nên đã dừng. "
            "Hãy giản lược, chia nhỏ hoặc đổi sang định dạng gọn hơn (FlatGeobuf, CSV).",
            f"Reading {name} needs more than {limits.memory_bytes / MIB:g} MB of memory and was "
            "stopped. Simplify it, split it, or use a leaner format (FlatGeobuf, CSV).",
        )
    detail = _content(log, last=2000).decode("utf-8", "replace").strip()
    reason = detail.rsplit("\n", 1)[-1][:300] if status > 0 else signal.Signals(-status).name
    raise InputError(
        "file_unreadable",
        f"Không đọc được tệp {name}: tệp bị hỏng hoặc không đúng định dạng ({reason}). "
        "Hãy mở và lưu lại tệp bằng QGIS hoặc phần mềm gốc.",
        f"Cannot read {name}: it is damaged or not in the format it claims ({reason}). "
        "Open it in QGIS or the program that made it, and save it again.",
    )


def _serve(answer: int) -> int:
    """The child's whole life: import, confine, parse, answer."""
    request = json.loads(sys.stdin.buffer.read())
    module_name, _, function_name = request["function"].partition(":")
    module = importlib.import_module(module_name)
    if hasattr(module, "prepare"):
        module.prepare()
    limits = Limits(**request["limits"])
    confine(limits.memory_bytes, limits.cpu_seconds, limits.file_bytes, limits.open_files)
    status, payload = 0, b""
    try:
        payload = getattr(module, function_name)(Path(INPUT_NAME), **request["arguments"])
    except InputError as error:
        status = _EXIT_REFUSED
        what = {"code": error.code, "vi": error.vi, "en": error.en, "context": error.context}
        payload = json.dumps(what, default=str).encode()
    except MemoryError:
        status = _EXIT_MEMORY
    except Exception as error:  # whatever a parser may raise on hostile input
        traceback.print_exc()
        print(f"{type(error).__name__}: {str(error)[:300]}".replace("\n", " "), file=sys.stderr)
        status = _EXIT_FAILED
    with os.fdopen(answer, "wb") as file:
        file.write(payload)
    return status


if __name__ == "__main__":
    sys.exit(_serve(int(sys.argv[1])))
