"""What the kernel takes from a process before it parses an untrusted file.

Every measure but the resource limits is best effort, because containers differ in what they
permit; several overlap on purpose, so that one that is missing leaves no hole: the network is
closed by a namespace and by seccomp, files by an unprivileged user and by Landlock.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Callable
from pathlib import Path

UNPRIVILEGED_ID = 65534

_NAMESPACES = 0x00020000 | 0x08000000 | 0x40000000  # mount, IPC, network
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

# Per machine: the audit architecture, the number of seccomp(2), and the numbers of the calls that
# a parser never needs: kill, socket, connect, execve, ptrace, mount, keyctl, unshare, setns,
# process_vm_readv, process_vm_writev, bpf, execveat, pidfd_send_signal, io_uring_setup.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        317,
        (62, 41, 42, 59, 101, 165, 250, 272, 308, 310, 311, 321, 322, 424, 425),
    ),
    "aarch64": (
        0xC00000B7,
        277,
        (129, 198, 203, 221, 117, 40, 219, 97, 268, 270, 271, 280, 281, 424, 425),
    ),
}
_X32_CALLS = 0x40000000  # x86_64 has a second numbering of the same calls above this

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_ALL = 0x1FFF  # the file rights of the first Landlock version
_LANDLOCK_READ = 0x4 | 0x8  # read a file, list a directory
_LANDLOCK_WORK = _LANDLOCK_READ | 0x2 | 0x10 | 0x20 | 0x80 | 0x100  # write, make, remove


def confine(memory_bytes: int, cpu_seconds: int, file_bytes: int, open_files: int) -> list[str]:
    """Give up what parsing a file in the working directory does not need, for good.

    Import everything first: afterwards only the working directory can be written, and only it,
    the standard library and what is open already can be read.

    Returns:
        The names of the measures that took hold.
    """
    _limit(memory_bytes, cpu_seconds, file_bytes, open_files)
    measures: list[tuple[str, Callable[[], object]]] = [
        ("namespaces", lambda: _check(_libc().unshare(_NAMESPACES))),
        ("unprivileged", _drop_privileges),
        ("dies_with_parent", lambda: _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)),
        ("no_new_privileges", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        ("landlock", lambda: _restrict_files(Path.cwd())),
        ("seccomp", _restrict_calls),
    ]
    held = ["limits"]
    for name, measure in measures:
        with contextlib.suppress(OSError, AttributeError, KeyError):
            measure()
            held.append(name)
    return held


def _limit(memory_bytes: int, cpu_seconds: int, file_bytes: int, open_files: int) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, value, value)
    # A soft limit below the hard one, so that the end by SIGXCPU tells its cause.
    _lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 5)


def _lower(kind: int, soft: int, hard: int) -> None:
    highest = resource.getrlimit(kind)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))


def _drop_privileges() -> None:
    if os.geteuid() != 0:
        raise PermissionError("only root has another user to become")
    os.setgroups([])
    os.setresgid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    os.setresuid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)


def _restrict_files(work: Path) -> None:
    ruleset = _system_call(_LANDLOCK_CREATE, struct.pack("=Q", _LANDLOCK_ALL), 8, 0)
    try:
        # Beside the working directory, the standard library: codecs and the like load late.
        for folder, rights in ((work, _LANDLOCK_WORK), (Path(os.__file__).parent, _LANDLOCK_READ)):
            try:
                descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            except PermissionError:
                continue  # a Python in somebody's home: what may not be opened needs no rule
            rule = struct.pack("=Qi", rights, descriptor)
            try:
                _system_call(_LANDLOCK_ADD, ruleset, 1, rule, 0)
            finally:
                os.close(descriptor)
        _system_call(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _restrict_calls() -> None:
    """Forbid sockets, programs and other processes with a seccomp filter, for all threads."""
    architecture, seccomp, denied = _MACHINES[platform.machine()]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, kill), (load, 0, 0, 0)]
    program.append((at_least, len(denied) + 1, 0, _X32_CALLS))
    # Each comparison jumps over what is left of the list, and over "allow", to "refuse".
    program += [(equal, len(denied) - place, 0, call) for place, call in enumerate(denied)]
    program += [(give, 0, 0, allow), (give, 0, 0, refuse)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    pointer = struct.pack("@HP", len(program), ctypes.addressof(code))
    _system_call(seccomp, 1, 1, pointer)


def _prctl(option: int, value: int) -> None:
    _check(_libc().prctl(option, value, 0, 0, 0))


def _system_call(number: int, *values: int | bytes) -> int:
    # A variadic call takes whole registers: a Python int would pass as half of one.
    whole = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return _check(_libc().syscall(ctypes.c_long(number), *whole))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
