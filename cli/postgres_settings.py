"""Configuration files of the private cluster, written before every start."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from geo.settings import APPLICATION_ROLE

MEGABYTE = 1024**2
GIGABYTE = 1024**3

HEADER = "# Written by Bienmap at every start; for lasting changes use ALTER SYSTEM.\n"
# Only the system users listed in pg_ident.conf come in, each only as the roles named there.
ACCESS = "local all all peer map=bienmap\n"


def _between(low: int, value: int, high: int) -> str:
    """A size in PostgreSQL's notation, kept within its limits (bytes)."""
    return f"{max(low, min(value, high)) // MEGABYTE}MB"


@dataclass(frozen=True, slots=True)
class Machine:
    """What a server may use: memory and free disk (bytes), cores, how it can compress its log."""

    memory: int
    free_disk: int
    cores: int
    wal_compression: str


def settings_for(machine: Machine, sockets: Path, *, durable: bool) -> dict[str, str]:
    """Parameters of postgresql.conf.

    The shares leave room for the application and for other clusters on the same machine.
    """
    memory, free_disk = machine.memory, machine.free_disk
    safe = "on" if durable else "off"
    return {
        # Reached from this machine only, by those who may enter the socket's directory.
        "listen_addresses": "''",
        "unix_socket_directories": f"'{sockets}'",
        "unix_socket_permissions": "0700",
        # An acknowledged write is on disk.
        "fsync": safe,
        "full_page_writes": safe,
        "synchronous_commit": safe,
        "max_connections": "80",
        "shared_buffers": _between(128 * MEGABYTE, memory // 8, 4 * GIGABYTE),
        "effective_cache_size": _between(256 * MEGABYTE, memory // 2, 64 * GIGABYTE),
        "work_mem": _between(8 * MEGABYTE, memory // 384, 64 * MEGABYTE),
        "maintenance_work_mem": _between(64 * MEGABYTE, memory // 24, GIGABYTE),
        # Beside the one who leads: with as many as there are cores they stand in each other's way.
        "max_parallel_maintenance_workers": str(max(1, min(machine.cores - 1, 4))),
        "max_wal_size": _between(256 * MEGABYTE, free_disk // 10, 4 * GIGABYTE),
        "min_wal_size": "128MB",
        "wal_compression": machine.wal_compression,
        "checkpoint_timeout": "15min",
        # Our statements are short; compiling them costs more than it saves.
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        # DETAIL and CONTEXT of an error repeat rows, and rows hold what happened to people.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
    }


def files(
    data: Path, sockets: Path, owner: str, *, wal_compression: str, durable: bool
) -> dict[str, str]:
    """File name -> text, for the data directory of a cluster that `owner` runs on this machine."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    machine = Machine(memory, shutil.disk_usage(data).free, cores, wal_compression)
    parameters = settings_for(machine, sockets, durable=durable)
    lines = [f"{name} = {value}\n" for name, value in parameters.items()]
    users = sorted({owner, "root"})
    roles = ("postgres", "bienmap", APPLICATION_ROLE)
    idents = [f'bienmap "{user}" {role}\n' for user in users for role in roles]
    return {
        "postgresql.conf": HEADER + "".join(lines),
        "pg_hba.conf": HEADER + ACCESS,
        "pg_ident.conf": HEADER + "".join(idents),
    }
