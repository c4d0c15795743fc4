"""The warm server: NumPy is loaded once, then a child is forked for each submission, one ahead of need.

It never reads a submission: the grader hands it to the waiting child directly, so nothing of one student's file is in the
memory that the next child gets. The grader has a socket to the child that waits, and says to the server:

    B    the waiting child has been given a submission; fork the next one
    K    end the child that has it, and all it started; answer how it ended, with a socket to the next one
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import resource
import signal
import socket
import sys
from dataclasses import replace
from typing import Any

from . import child, kernel, landlock, namespaces, seccomp
from .orders import ENDED, RUN
from .places import places
from .walls import Walls, standing

FAILED = 93  # exit status of a child that could not be confined
OUT, RULES = 3, 4  # descriptors of the child, beside the standard three


def main(control: socket.socket, setup: dict[str, Any]) -> None:
    """Serves until the grader closes the socket.

    Args:
        setup: `use` (parts wanted), `outside` (a file that must be out of reach), `root` (with namespaces: whether root
            is still root).
    """
    os.environ.clear()
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = child.streams()  # type: ignore[misc]
    child.rehearse()
    gc.collect()
    gc.disable()
    gc.freeze()
    own = address_space()
    missing: dict[str, str] = {}
    try:
        walls = prepare(setup, missing)
    except OSError as error:
        # Half a covered file system cannot be taken back: the grader starts another server, without namespaces.
        control.sendall(json.dumps({"retry": str(error)}).encode() + b"\n")
        return
    # Where no process can be started, here or later, this one ends, and its children with it: the grader notices.
    parts = tried(walls, missing, outside=setup["outside"], memory=own + (64 << 20))
    control.sendall(json.dumps({"parts": parts, "missing": missing}).encode() + b"\n")
    told = b"S"
    waiting, link = fork(control, walls, own)
    while True:
        socket.send_fds(control, [told], [link.fileno()])
        link.close()
        if control.recv(1) != b"B":
            return
        busy = waiting
        waiting, link = fork(control, walls, own)
        if control.recv(1) != b"K":
            return
        told = end(busy, waiting, walls)


def prepare(setup: dict[str, Any], missing: dict[str, str]) -> Walls:
    """Builds what was asked for, as far as the system has it; notes what it lacks, with the reason.

    Raises:
        OSError: the file system could not be covered.
    """
    use, seen = set(setup["use"]), places()
    spaces, home = "namespaces" in use, None
    if spaces:
        home = namespaces.home()
        namespaces.cover(seen.shown, seen.hidden)
    elif sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    rules, filtered = None, False
    if "landlock" in use:
        try:
            rules = landlock.ruleset(seen.readable, seen.listed)
        except OSError as error:
            missing["landlock"] = str(error)
    if "seccomp" in use:
        try:
            seccomp.prepare()
            filtered = True
        except OSError as error:
            missing["seccomp"] = str(error)
    # With seccomp no process can be started, signalled or limited. Without it each child gets a process namespace of its
    # own, and root has to become someone whom limits bind, if that user can read what is shown.
    other = spaces and not filtered and setup["root"] and all(os.stat(path).st_mode & 0o005 == 0o005 for path in seen.shown)
    if filtered and home is not None:
        os.close(home)
        home = None
    return Walls(rules, filtered, spaces, other, home)


def tried(walls: Walls, missing: dict[str, str], *, outside: str, memory: int) -> list[str]:
    """The parts that hold in a child which is confined as every later one will be."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            walls.raise_for(memory=memory, seconds=5)
            os.write(writer, json.dumps(standing(outside)).encode())
        except BaseException as error:
            os.write(writer, f"error {error}"[:400].encode())
        finally:
            os._exit(0)
    os.close(writer)
    found = os.read(reader, 500)
    os.close(reader)
    os.waitpid(pid, 0)
    built = {"landlock": walls.rules is not None, "seccomp": walls.filter, "namespaces": walls.namespaces}
    if not found.startswith(b"{"):
        missing |= {name: found.decode("utf-8", "replace") or "the child that tried it died" for name, is_built in built.items() if is_built}
        return []
    holds = json.loads(found)
    missing |= {name: "accepted by this system, but not followed" for name in built if built[name] and not holds[name]}
    return [name for name in built if built[name] and holds[name]]


def fork(control: socket.socket, walls: Walls, own: int) -> tuple[int, socket.socket]:
    """A child that waits for a submission, and the socket on which it does.

    Raises:
        OSError: the system has no room for another process.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        if walls.home is not None:
            namespaces.nest(walls.home)
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                ours.close()
                wait(theirs, walls, own)
            finally:
                os._exit(FAILED)  # never back into the server's loop
    return pid, ours


def wait(link: socket.socket, walls: Walls, own: int) -> None:
    """In the child: takes one submission and runs it."""
    os.setsid()
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    message, descriptors, _, _ = socket.recv_fds(link, RUN.size, 3)
    if len(message) == RUN.size:
        memory, seconds = RUN.unpack(message)
        run(walls, *descriptors, memory=own + memory, seconds=seconds)


def run(walls: Walls, given: int, out: int, text: int, *, memory: int, seconds: int) -> None:
    """In the child: descriptors and walls, then the submission."""
    raw = os.pread(given, os.fstat(given).st_size, 0)
    # Up and out of the way first: what is put in its place must not close what is still to be moved.
    out, text = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, 32) for descriptor in (out, text))
    rules = None if walls.rules is None else fcntl.fcntl(walls.rules, fcntl.F_DUPFD, 32)
    for descriptor, place in ((text, 1), (text, 2), (out, OUT), *(((rules, RULES),) if rules is not None else ())):
        os.dup2(descriptor, place)
    os.closerange(OUT + 1 if rules is None else RULES + 1, 1 << 16)
    replace(walls, rules=None if rules is None else RULES).raise_for(memory=memory, seconds=seconds)
    child.serve(raw, OUT)
    os._exit(0)


def end(pid: int, waiting: int, walls: Walls) -> bytes:
    """Ends a child and whatever it started, and tells how the child itself ended.

    With seccomp it has started nothing; with namespaces alone it was process 1 of its own, and all in there end with it.
    Otherwise orphans come to this process.
    """
    kill(pid)
    _, status, usage = os.wait4(pid, 0)
    while not walls.filter and not walls.namespaces and (orphans := [child for child in children() if child != waiting]):
        for orphan in orphans:
            kill(orphan)
            os.waitpid(orphan, 0)
    return ENDED.pack(status, usage.ru_utime, usage.ru_stime, usage.ru_maxrss)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children() -> list[int]:
    """Processes right below this one, where the system lists them."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def address_space() -> int:
    """Bytes of address space this process holds: a limit has to lie above it."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 4 << 30
