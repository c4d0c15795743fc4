"""Runs the attacks and the honest solutions as an ordinary user, and prints what went wrong as JSON.

Started as root by `test_ordinary_user.py`, in a process of its own: it becomes `nobody` for good. A Python or a checkout in a
folder that `nobody` cannot enter is shown to it in a mount namespace, where that folder holds nothing else.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from pathlib import Path

from grader.sandbox.inside import kernel
from grader.sandbox.level import Level
from grader.sandbox.runner import Runner
from tests.conftest import ROOT
from tests.sandbox.attack import attacks, faults
from tests.sandbox.honest import SOLUTIONS, shortcomings
from tests.sandbox.made import made
from tests.sandbox.surroundings import SECRET, descendants, surroundings

NOBODY = 65534
_NEWNS, _BIND, _REC, _PRIVATE, _MOVE = 0x20000, 4096, 16384, 1 << 18, 8192


def become_nobody() -> None:
    """Gives up root; the interpreter, its packages and this checkout stay readable."""
    needed = _outermost({Path(sys.base_prefix), Path(sys.prefix), ROOT})
    closed = _outermost({folder for path in needed for folder in path.parents if not folder.stat().st_mode & stat.S_IXOTH})
    if closed:
        kernel.call("unshare", _NEWNS)
        _mount(None, "/", None, _REC | _PRIVATE)
    for folder in closed:
        _show_only(folder, [path for path in needed if folder in path.parents])
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.prctl(4, 1)  # PR_SET_DUMPABLE: /proc/self belongs to this user again


def _outermost(folders: set[Path]) -> list[Path]:
    """Those of some folders that lie in no other of them."""
    return sorted(folder for folder in folders if not folders & set(folder.parents))


def _show_only(closed: Path, kept: list[Path]) -> None:
    """Puts an open folder in the place of a closed one, with nothing in it but what is kept."""
    asides = [tempfile.mkdtemp(prefix="ordinary-user-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) for _ in kept]
    try:
        for path, aside in zip(kept, asides, strict=True):
            _mount(str(path), aside, None, _BIND)
        _mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
        for path, aside in zip(kept, asides, strict=True):
            path.mkdir(parents=True)
            _mount(aside, str(path), None, _MOVE)
    finally:
        for aside in asides:
            Path(aside).rmdir()


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    kernel.call("mount", *(text.encode() if text is not None else None for text in (source, target, kind)), flags, data.encode() if data else None)


def main(level: str) -> None:
    os.environ["GRADER_SECRET"] = SECRET
    problems: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder, surroundings(Path(folder)) as around:
        with Runner(Level(level)) as runner:
            assert os.getresuid() == (NOBODY, NOBODY, NOBODY)
            # Those that end by the clock take longest and rest on the clock alone, whoever the user is; one of them is enough.
            chosen = [attack for attack in (*attacks(), *made()) if "TimedOut" not in attack.seen or attack.name == "loops_forever"]
            for attack in chosen:
                if found := faults(runner, attack, around):
                    problems[attack.name] = found
            punished = {path.stem: found for path in SOLUTIONS if (found := shortcomings(runner, path))}
        left = descendants(os.getpid())
    print(json.dumps({"ran": len(chosen), "honest": len(SOLUTIONS), "user": os.getuid(), "problems": problems, "punished": punished, "left": left}))


if __name__ == "__main__":
    become_nobody()
    main(sys.argv[1])
