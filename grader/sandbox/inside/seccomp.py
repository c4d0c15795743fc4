"""Seccomp: the system calls that code on arrays needs. Every other one fails with EPERM.

A list of what is allowed, not of what is forbidden: calls that come with later kernels are refused as well. There is no way
in it to start a process or thread, to open a socket, to signal, trace or limit another process, or to change a file.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from functools import cache

from . import kernel

# name: number on x86_64, number on aarch64 (None: that processor has no such call)
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "futex": (202, 98),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "openat": (257, 56),
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "pread64": (17, 67),
    "writev": (20, 66),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "rseq": (334, 293),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
FCNTL = (72, 25)
# Reading flags and duplicating. F_SETOWN with F_SETSIG would send a signal of choice to any process of this user.
FCNTL_COMMANDS = (0, 1, 2, 3, 1030)  # F_DUPFD F_GETFD F_SETFD F_GETFL F_DUPFD_CLOEXEC

ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _ARCH, _SECOND_ARGUMENT = 0, 4, 24  # offsets in struct seccomp_data; of the argument the low half
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_SET_MODE_FILTER = 2


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


@cache
def program(machine: str) -> bytes:
    """The filter as instructions of classic BPF, eight bytes each."""
    column = list(ARCHITECTURE).index(machine)
    numbers = [pair[column] for pair in ALLOWED.values()]
    allowed = [number for number in numbers if number is not None]
    steps = [_step(_LOAD, _ARCH), _step(_EQUAL, ARCHITECTURE[machine], 1), _step(_RETURN, KILL), _step(_LOAD, _NUMBER)]
    # From each match on, jump over the rest of the list and the refusal after it.
    steps += [_step(_EQUAL, number, if_true=len(allowed) - index + 1 + 1 + len(FCNTL_COMMANDS)) for index, number in enumerate(allowed)]
    steps += [_step(_EQUAL, FCNTL[column], if_false=1 + len(FCNTL_COMMANDS)), _step(_LOAD, _SECOND_ARGUMENT)]
    steps += [_step(_EQUAL, command, if_true=len(FCNTL_COMMANDS) - index) for index, command in enumerate(FCNTL_COMMANDS)]
    steps += [_step(_RETURN, REFUSE), _step(_RETURN, ALLOW)]
    return b"".join(steps)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


@cache
def _loaded(machine: str) -> tuple[_Program, ctypes.Array[ctypes.c_char]]:
    """The structure the kernel takes, with the buffer it points to; made before the fork, used in every child."""
    code = program(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    return _Program(len(code) // 8, ctypes.addressof(buffer)), buffer


def prepare() -> None:
    """Builds the filter.

    Raises:
        OSError: this processor is not in the tables.
    """
    if not kernel.SUPPORTED:
        raise OSError(errno.ENOSYS, f"no list of system calls for {kernel.MACHINE}")
    _loaded(kernel.MACHINE)


def restrict() -> None:
    """Puts this process under the filter, for good. `no_new_privs` has to be set."""
    found, _ = _loaded(kernel.MACHINE)
    kernel.prctl(kernel.PR_SET_SECCOMP, _SET_MODE_FILTER, ctypes.byref(found))
