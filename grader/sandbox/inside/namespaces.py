"""Namespaces: a server that sees no other process, no network, and of all files only what it is handed, read-only.

They are entered once, by the server; children get them by birth. So they cost a submission nothing.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

from . import kernel

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_OTHERS = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET
_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_DETACH = 2
_BASE = "/tmp"  # covered in our own mount namespace only


def enter() -> bool:
    """Leaves the machine's namespaces; the next child is process 1 of the new ones.

    Returns:
        whether root is still root, able to become another user. Otherwise this user alone exists in there.

    Raises:
        OSError: the system does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        try:
            kernel.call("unshare", _OTHERS)
        except OSError as error:
            if error.errno != errno.EPERM:  # root of a container: goes on as any user
                raise
        else:
            return True
    kernel.call("unshare", _NEWUSER | _OTHERS)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    return False


def home() -> int:
    """A descriptor of this process's own process namespace; to be taken before its files are covered."""
    return os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def nest(home: int) -> None:
    """The next child is process 1 of a namespace below this one's: it cannot name the server, and all it starts ends with it."""
    kernel.call("setns", home, _NEWPID)  # a second namespace can be made only from where one started
    kernel.call("unshare", _NEWPID)


def cover(shown: Sequence[str], hidden: Sequence[str]) -> None:
    """Makes a file system that holds `shown` and nothing else, read-only, the root of this process.

    Args:
        shown: files and folders, at their own paths; a folder before what is inside it.
        hidden: folders inside `shown` that appear empty, but for what of `shown` is inside them.

    Raises:
        OSError: a mount is refused.
    """
    _mount(None, "/", None, _REC | _PRIVATE)
    # Held by descriptor: the new root lies over /tmp, and what is shown may itself be in there.
    held = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in shown}
    _mount("tmpfs", _BASE, "tmpfs", _NOSUID | _NODEV, "mode=755,size=1m")
    covers = []
    for path, descriptor in held.items():
        _place(_BASE + path, descriptor)
        _mount(f"/proc/self/fd/{descriptor}", _BASE + path, None, _BIND)
        os.close(descriptor)
        for folder in hidden:
            if folder.startswith(path + "/"):
                _mount("tmpfs", _BASE + folder, "tmpfs", _NOSUID | _NODEV, "mode=755,size=1m")
                covers.append(_BASE + folder)
    for place in [*(_BASE + path for path in shown), *covers, _BASE]:
        # Flags that the place has already cannot be taken off by an ordinary user, so they are kept.
        kept = os.statvfs(place).f_flag & 0x0F
        _mount(None, place, None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV | kept)
    os.chdir(_BASE)
    kernel.syscall("pivot_root", b".", b".")
    kernel.call("umount2", b".", _DETACH)
    os.chdir("/")


def _place(path: str, descriptor: int) -> None:
    """Makes the empty folder or file that something is mounted on."""
    folder = os.path.isdir(f"/proc/self/fd/{descriptor}")
    os.makedirs(path if folder else os.path.dirname(path), exist_ok=True)
    if not folder:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    source_, target_, kind_, data_ = (text.encode() if text is not None else None for text in (source, target, kind, data))
    kernel.call("mount", source_, target_, kind_, flags, data_)
