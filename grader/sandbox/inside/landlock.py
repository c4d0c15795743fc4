"""Landlock: which files a process may still read. Nothing may be written, run or connected to.

Access rights and structures are those of the kernel's `linux/landlock.h`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

from . import kernel

READ_FILE, READ_DIR = 1 << 2, 1 << 3
_RULE_PATH_BENEATH = 1
_VERSION_FLAG = 1


def version() -> int:
    """The version of Landlock's interface, 0 where there is none."""
    try:
        return kernel.syscall("landlock_create_ruleset", None, 0, _VERSION_FLAG)
    except OSError:
        return 0


def handled(abi: int) -> tuple[bytes, int]:
    """The rights a ruleset takes away, as the structure of that version and its size.

    Each version refuses bits it does not know, so none may be set that came later.
    """
    files = (1 << 13) - 1
    files |= (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0) | (1 << 15 if abi >= 5 else 0)
    tcp = 0b11 if abi >= 4 else 0
    scopes = 0b11 if abi >= 6 else 0  # abstract sockets and signals outside
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    return struct.pack("=QQQ", files, tcp, scopes)[:size], size


def ruleset(whole: Iterable[str], listed: Iterable[str]) -> int:
    """A ruleset for later children, as a descriptor.

    Args:
        whole: files, and folders with all that is below them, which may be read.
        listed: folders whose names may be listed.

    Raises:
        OSError: there is no Landlock.
    """
    structure, size = handled(version())
    rules = kernel.syscall("landlock_create_ruleset", ctypes.c_char_p(structure), size, 0)
    for paths, folder_rights, file_rights in ((whole, READ_FILE | READ_DIR, READ_FILE), (listed, READ_DIR, 0)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                _allow(rules, path, folder_rights, file_rights)
    return rules


def _allow(rules: int, path: str, folder_rights: int, file_rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = folder_rights if os.path.isdir(path) else file_rights
        kernel.syscall("landlock_add_rule", rules, _RULE_PATH_BENEATH, ctypes.c_char_p(struct.pack("=Qi", rights, place)), 0)
    finally:
        os.close(place)


def restrict(rules: int) -> None:
    """Puts this process under the ruleset, for good. `no_new_privs` has to be set."""
    kernel.syscall("landlock_restrict_self", rules, 0)
