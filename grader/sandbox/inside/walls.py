"""All that is put between a submission and the machine, in the order in which it has to be done."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Callable
from dataclasses import dataclass

from . import kernel, landlock, seccomp

NOBODY = 65534
OPEN_FILES = 64
STACK = 8 << 20


@dataclass(frozen=True)
class Walls:
    """What the server has prepared for every child."""

    rules: int | None  # descriptor of a Landlock ruleset
    filter: bool  # seccomp
    namespaces: bool
    other_user: bool  # the child can become nobody, and nobody can read what it needs
    home: int | None  # each child gets a process namespace below this one

    def raise_for(self, *, memory: int, seconds: int) -> None:
        """Confines this process, for good.

        Args:
            memory: bytes of address space, the interpreter's own included.
            seconds: of processor time; the wall clock stands outside.

        Raises:
            OSError: a wall that was promised does not stand.
        """
        _limit(resource.RLIMIT_CPU, seconds)
        _limit(resource.RLIMIT_AS, memory)
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
        _limit(resource.RLIMIT_STACK, STACK)
        if not kernel.SUPPORTED:
            return
        if self.rules is not None or self.filter or self.namespaces:
            _limit(resource.RLIMIT_NPROC, 0)  # no further process; root is exempt, hence nobody below and seccomp
            _limit(resource.RLIMIT_MSGQUEUE, 0)
        if self.other_user:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        if self.rules is not None or self.filter or self.namespaces:
            kernel.drop_capabilities()
            kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self.rules is not None:
            landlock.restrict(self.rules)
            os.close(self.rules)
        if self.filter:
            seccomp.restrict()


def _limit(which: int, most: int) -> None:
    """A limit that cannot be raised again; where the system's own is lower, that one stays."""
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows some limits by name only; raises for these
        resource.setrlimit(which, (most, most))


def standing(outside: str) -> dict[str, bool]:
    """Each part, tried from inside after `raise_for`, by an attempt that this part alone refuses.

    Systems that imitate Linux accept a ruleset or a filter without following it. So nobody is told of a wall
    that was not run against.

    Args:
        outside: a file that this user may read, but for the walls.
    """
    return {
        "landlock": _refused(lambda: os.listdir("/")),
        "seccomp": _refused(os.pipe),  # not on the list, and harmless where it works
        "namespaces": _refused(lambda: os.stat(outside)),  # the file is not there; Landlock would let it be asked for
    }


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False
