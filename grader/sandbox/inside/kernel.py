"""System calls that Python 3.11 has no function for, through libc.

Numbers differ between processors; a machine that is not in the tables has none of the walls built on them.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

_X86_64 = {"pivot_root": 155}
_AARCH64 = {"pivot_root": 41}
_EVERYWHERE = {"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}
NUMBERS = {"x86_64": _X86_64 | _EVERYWHERE, "aarch64": _AARCH64 | _EVERYWHERE}

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 22, 36, 38

MACHINE = platform.machine()
SUPPORTED = sys.platform == "linux" and MACHINE in NUMBERS and sys.maxsize > 2**32
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def call(function: str, *arguments: object) -> int:
    """One function of libc.

    Raises:
        OSError: it failed, with its errno.
    """
    if _LIBC is None:
        raise OSError(38, f"{function}: only Linux has it")
    found: int = getattr(_LIBC, function)(*arguments)
    if found == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")
    return found


def syscall(name: str, *arguments: object) -> int:
    """One system call by its name; integers are passed as long, as the kernel reads them."""
    if not SUPPORTED:
        raise OSError(38, f"{name}: not known for {sys.platform} on {MACHINE}")
    wide = (ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments)
    return call("syscall", ctypes.c_long(NUMBERS[MACHINE][name]), *wide)


def prctl(option: int, value: object, *rest: object) -> None:
    more = [*rest, *[ctypes.c_ulong(0)] * (3 - len(rest))]
    call("prctl", ctypes.c_int(option), ctypes.c_ulong(value) if isinstance(value, int) else value, *more)


def drop_capabilities() -> None:
    """Every capability of this process is given up; root is then an ordinary owner of files."""
    call("capset", (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
