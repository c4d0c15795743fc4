"""The server's process, seen from the grader: started, asked, ended, and noticed when it is gone."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.sandbox.inside import wire
from grader.sandbox.inside.orders import ENDED, RUN
from grader.sandbox.level import Isolation

_FOLDER = Path(__file__).resolve().parent
_START_SECONDS = 30.0
_ANSWER_SECONDS = 10.0  # for ending a child; a machine that swaps needs some of it
# Thread pools would each start threads that no child may have. Hashes are fixed so that a set of names has one order on every run.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class Lost(Exception):
    """The server is gone, or no longer does what it is for; another has to be started."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended, as the system counts it."""

    status: int  # as of `os.wait`
    processor_seconds: float
    peak_memory: int  # bytes


class Server:
    """One server process.

    Args:
        use: the parts of isolation to use.

    Raises:
        Lost: it did not start.
    """

    def __init__(self, use: Sequence[str]) -> None:
        missing: dict[str, str] = {}
        self._next: socket.socket | None = None
        while True:
            told = self._start(use)
            if "retry" not in told:
                break
            # Namespaces were half entered: only a new process is without them again.
            self.close()
            missing["namespaces"] = str(told["retry"])
            use = [part for part in use if part != "namespaces"]
        self.isolation = Isolation(tuple(told["parts"]), missing | told["missing"])
        try:
            self._next = self._receive(1)[1]
        except Lost:
            self.close()
            raise

    def _start(self, use: Sequence[str]) -> dict[str, Any]:
        ours, theirs = socket.socketpair()
        code = f"import sys; sys.path.insert(0, {str(_FOLDER)!r}); from inside.launcher import main; main({theirs.fileno()})"
        self._control = ours
        with theirs, tempfile.TemporaryFile() as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-s", "-P", "-B", "-c", code],
                env=_ENVIRONMENT,
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this one
            )
            theirs.close()
            ours.settimeout(_START_SECONDS)
            try:
                ours.sendall(json.dumps({"use": list(use), "numpy": _numpy(), "outside": wire.__file__}).encode() + b"\n")
                found = b""
                while not found.endswith(b"\n"):
                    part = ours.recv(1)  # not a byte further: a descriptor comes right behind
                    if not part:
                        raise Lost
                    found += part
            except (OSError, Lost) as error:
                self.close()
                errors.seek(0)
                words = errors.read()[-2000:].decode("utf-8", "replace").strip() or "it said nothing"
                what = f"did not start within {_START_SECONDS:.0f} s" if isinstance(error, TimeoutError) else "ended before it was ready"
                raise Lost(f"the runner's server {what}: {words}") from None
        told: dict[str, Any] = json.loads(found)
        return told

    def begin(self, request: int, results: int, output: int, *, memory: int, seconds: int) -> None:
        """Gives the waiting child a submission; the descriptors are its own from then on."""
        if self._next is None:
            raise Lost("no child of the runner's server waits")
        try:
            socket.send_fds(self._next, [RUN.pack(memory, seconds)], [request, results, output])
            self._control.sendall(b"B")
        except OSError as error:
            raise Lost(f"the runner's server is gone: {error}") from None
        finally:
            self._next.close()
            self._next = None

    def end(self) -> Ended:
        """Ends the child and all it has started, whether or not it has ended by itself."""
        try:
            self._control.settimeout(_ANSWER_SECONDS)
            self._control.sendall(b"K")
        except OSError as error:
            raise Lost(f"the runner's server is gone: {error}") from None
        found, self._next = self._receive(ENDED.size)
        status, user, system, peak = ENDED.unpack(found)
        return Ended(status, user + system, peak * (1 if sys.platform == "darwin" else 1024))

    def _receive(self, size: int) -> tuple[bytes, socket.socket]:
        """What the server answers, with a socket to the child that waits next."""
        try:
            found, descriptors, _, _ = socket.recv_fds(self._control, size, 1)
        except OSError as error:
            raise Lost(f"the runner's server does not answer: {error}") from None
        if len(found) != size or len(descriptors) != 1:
            raise Lost("the runner's server is gone")
        return found, socket.socket(fileno=descriptors[0])

    def close(self) -> None:
        """Ends the server; with it end its children."""
        self._control.close()
        if self._next is not None:
            self._next.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _numpy() -> str:
    """The folder to import NumPy from, and nothing else."""
    found = importlib.util.find_spec("numpy")
    if found is None or found.origin is None:
        raise Lost("NumPy is not installed")
    return os.fspath(Path(found.origin).parent.parent)
