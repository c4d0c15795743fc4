"""What an attack is after, and what must be as before when it is over: files, sockets, processes, a secret."""

from __future__ import annotations

import contextlib
import os
import site
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.conftest import ROOT

SECRET = "canary-of-the-secret-2f81"
ANSWERS = b"canary-of-the-answers-77c0"
LEFT = ("/tmp/left-by-an-attack", "/tmp/link-of-an-attack", "/left-by-an-attack", "/dev/shm/left-by-an-attack", "left-by-an-attack")


@dataclass(frozen=True)
class Surroundings:
    """Baits, with their places put into an attack's text."""

    folder: Path
    key: Path
    listener: socket.socket
    datagrams: socket.socket
    local: socket.socket
    abstract: str
    others: frozenset[int]  # processes that were there before

    def fill(self, source: bytes) -> bytes:
        places = {
            "FOLDER": self.folder,
            "KEY_FILE": self.key,
            "PORT": self.listener.getsockname()[1],
            "ABSTRACT": self.abstract,
            "GRADER": os.getpid(),
            "PACKAGE": ROOT / "grader",
            "ROOT": ROOT,
            "PACKAGES": next((path for path in site.getsitepackages() if (Path(path) / "torch").exists()), "/nowhere"),
        }
        for name, value in places.items():
            source = source.replace(f"@{name}@".encode(), str(value).encode())
        return source

    def state(self) -> dict[str, object]:
        """Everything that has to be the same before and after; times of reading do not count."""
        found = self.key.stat()
        numpy = Path(np.__file__)
        return {
            "folder": sorted(path.name for path in self.folder.iterdir()),
            "answers": (self.key.read_bytes(), found.st_mode, found.st_uid, found.st_mtime_ns, found.st_nlink),
            "left": [path for path in LEFT if os.path.lexists(path)],
            "numpy": numpy.stat().st_mtime_ns,
            "library": (Path(os.__file__).parent / "sitecustomize.py").exists(),
            "connections": [name for name, bait in (("tcp", self.listener), ("local", self.local)) if _reached(bait)],
            "datagrams": _received(self.datagrams),
            "processes": len(descendants(os.getpid(), self.others)),  # one of them waits for the next submission, and so is another each time
        }


@contextlib.contextmanager
def surroundings(folder: Path) -> Iterator[Surroundings]:
    key = folder / "key.npy"
    key.write_bytes(ANSWERS)
    key.chmod(0o644)
    others = children(os.getpid())
    abstract = f"bait-of-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(type=socket.SOCK_DGRAM) as datagrams, socket.socket(socket.AF_UNIX) as local:
        datagrams.bind(listener.getsockname())
        local.bind("\0" + abstract)
        local.listen()
        for bait in (listener, datagrams, local):
            bait.setblocking(False)
        yield Surroundings(folder, key, listener, datagrams, local, abstract, others)


def _reached(bait: socket.socket) -> bool:
    try:
        bait.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _received(bait: socket.socket) -> bytes:
    try:
        return bait.recv(100)
    except BlockingIOError:
        return b""


def children(pid: int) -> frozenset[int]:
    """The processes that one has started, zombies included."""
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            found.update(map(int, (thread / "children").read_text().split()))
    return frozenset(found)


def descendants(pid: int, besides: frozenset[int] = frozenset()) -> list[int]:
    """All processes below one, zombies included.

    Args:
        besides: children of it that were there before, with all below them: a database of other tests starts workers when it likes.
    """
    return sorted(found for child in children(pid) - besides for found in (child, *descendants(child)))
