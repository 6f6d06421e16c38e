"""The moment between opps and PostgreSQL: run as a script, it prepares its process and becomes it.

It is a script of its own, on the standard library alone, because code between fork and exec in a
process with threads may hang.
"""

import ctypes
import os
import signal
import sys

NAMESPACE_REFUSED = 77
PARENT_IS_GONE = 78

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def leave_root() -> bool:
    """Return whether this process is no longer root in its own eyes; its files stay root's.

    PostgreSQL refuses user 0. In a user namespace without a mapping the user id reads as nobody,
    while the kernel still checks files against the real one, so nothing has to change its owner.
    """
    if os.geteuid() != 0:
        return True
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_CLONE_NEWUSER) == 0)


def stop_with_parent() -> None:
    """Ask the kernel to stop this process, as PostgreSQL's fast shutdown, when the parent dies."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def main() -> None:
    parent, *command = sys.argv[1:]
    if not leave_root():
        sys.exit(NAMESPACE_REFUSED)
    stop_with_parent()
    if os.getppid() != int(parent):
        sys.exit(PARENT_IS_GONE)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
