"""The warm server: NumPy is loaded once, then a confined child is forked for each submission.

It never reads a submission: the child takes it from a descriptor that is only passed on, so nothing of one student's
file is in the memory that the next child gets. Commands come from the grader over a socket:

    R, with the descriptors of request, results and output    fork a child for it
    K                                                         end that child and all it started; answer how it ended
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import io
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
TEXT, OUT, RULES = 1, 3, 4  # descriptors of the child


def main(control: socket.socket, setup: dict[str, Any]) -> None:
    """Serves until the grader closes the socket.

    Args:
        setup: `use` (parts wanted), `outside` (a file that must be out of reach), `root` (with namespaces: whether root
            is still root).
    """
    os.environ.clear()
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
    parts = tried(walls, missing, outside=setup["outside"], memory=own + (64 << 20))
    control.sendall(json.dumps({"parts": parts, "missing": missing}).encode() + b"\n")
    while serve(control, walls, own):
        pass


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
            os.write(writer, bytes(standing(outside)))
        except BaseException as error:
            os.write(writer, f"error {error}"[:400].encode())
        finally:
            os._exit(0)
    os.close(writer)
    found = os.read(reader, 500)
    os.close(reader)
    os.waitpid(pid, 0)
    built = {"landlock": walls.rules is not None, "seccomp": walls.filter, "namespaces": walls.namespaces}
    if len(found) != 2:
        missing |= {name: found.decode("utf-8", "replace") or "the child that tried it died" for name, is_built in built.items() if is_built}
        return []
    files, calls = found
    holds = {"landlock": files, "seccomp": calls, "namespaces": files}
    missing |= {name: "accepted by this system, but not followed" for name in built if built[name] and not holds[name]}
    return [name for name in built if built[name] and holds[name]]


def serve(control: socket.socket, walls: Walls, own: int) -> bool:
    """One submission; whether there may be another."""
    message, descriptors, _, _ = socket.recv_fds(control, RUN.size, 3)
    if len(message) < RUN.size:
        return False
    _, memory, seconds = RUN.unpack(message)
    try:
        if walls.home is not None:
            namespaces.nest(walls.home)
        pid = os.fork()
    except OSError:
        pid = -1
    if pid == 0:
        try:
            run(walls, *descriptors, memory=own + memory, seconds=seconds)
        finally:
            os._exit(FAILED)  # never back into the server's loop
    for descriptor in descriptors:
        os.close(descriptor)
    stop = control.recv(1)
    ended = end(pid, walls) if pid > 0 else ENDED.pack(-1, 0, 0, 0)
    if stop:
        control.sendall(ended)
    return bool(stop)


def run(walls: Walls, given: int, out: int, text: int, *, memory: int, seconds: int) -> None:
    """In the child: descriptors, signals and walls, then the submission."""
    os.setsid()
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    raw = os.pread(given, os.fstat(given).st_size, 0)
    # Up and out of the way first: what is put in its place must not close what is still to be moved.
    out, text = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, 32) for descriptor in (out, text))
    rules = None if walls.rules is None else fcntl.fcntl(walls.rules, fcntl.F_DUPFD, 32)
    for descriptor, place in ((text, 1), (text, 2), (out, OUT), *(((rules, RULES),) if rules is not None else ())):
        os.dup2(descriptor, place)
    os.closerange(OUT + 1 if rules is None else RULES + 1, 1 << 16)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)))  # the server's: empty
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(io.BufferedWriter(io.FileIO(TEXT, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    replace(walls, rules=None if rules is None else RULES).raise_for(memory=memory, seconds=seconds)
    child.serve(raw, OUT)
    os._exit(0)


def end(pid: int, walls: Walls) -> bytes:
    """Ends a child and whatever it started, and tells how the child itself ended."""
    kill(pid)
    _, status, usage = os.wait4(pid, 0)
    # Orphans come to this process, as process 1 of its namespace or as their subreaper.
    while True:
        orphans = [-1] if walls.namespaces else children()  # -1: all but process 1 at once, so that none can fork away
        for orphan in orphans:
            kill(orphan)
        try:
            if not orphans or os.waitpid(-1, 0)[0] == 0:
                break
        except ChildProcessError:
            break
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
