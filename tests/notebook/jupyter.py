"""A Jupyter server of the tests: settings, history and files of its own, at a free port of this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TOKEN = "of-the-tests"
SLOW = 120_000  # ms: a server, or a kernel that imports torch, on a busy machine
_OPTIONS = ("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}")


@contextmanager
def served(module: str, *, root: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a server that runs in `root`; its own files go to `folder`.

    Args:
        module: `jupyterlab`, or `jupyter_server` with the extensions that are installed.

    Raises:
        RuntimeError: it does not start; has what it printed.
    """
    places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    log = folder / "server.log"
    with log.open("w") as output:
        command = [sys.executable, "-m", module, *_OPTIONS]
        server = subprocess.Popen(command, cwd=root, env={**environment, **places}, stdout=output, stderr=output)
        try:
            yield _address(server, folder / "runtime", log)
        finally:
            server.terminate()  # which also ends its kernels
            server.wait(timeout=60)


def _address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    end = time.monotonic() + SLOW / 1000
    while time.monotonic() < end and server.poll() is None:
        for found in runtime.glob("jpserver-*.json"):
            if (text := found.read_text()).strip().endswith("}"):  # it is written while we look
                return str(json.loads(text)["url"])
        time.sleep(0.2)
    raise RuntimeError(f"Jupyter does not start:\n{log.read_text()[-2_000:]}")
