"""A PostgreSQL server of the tests' own: in a temporary folder, on a free port, gone afterwards. Never the system's."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

INSTALL = "apt-get install postgresql, and python -m pip install 'psycopg[binary]'"
_STARTS = 120  # seconds; a machine under load takes its time


@dataclass(frozen=True)
class Server:
    """A running server. Its one user is `grader`, without a password: it listens on this machine's loopback only."""

    port: int
    numbers: Iterator[int]

    def url(self, database: str, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://grader@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        psycopg = importlib.import_module("psycopg")
        name = f"store{next(self.numbers)}"
        with psycopg.connect(self.url("postgres", "postgresql"), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return self.url(name)


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps it off the PATH, one for each version."""
    found = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    pytest.importorskip("psycopg", reason=f"PostgreSQL cannot be reached: {INSTALL}", exc_type=ImportError)
    where = binaries()
    if where is None:
        pytest.skip(f"there is no PostgreSQL on this machine: {INSTALL}")
    home = Path(tempfile.mkdtemp(prefix="grader-postgres-"))  # tmp_path is closed to other users, and its name too long for a socket
    user = _owner(home)
    quiet = {"cwd": "/", "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, "stdin": subprocess.DEVNULL}
    made = subprocess.run(
        [where / "initdb", "-D", home / "data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        **quiet,
        **user,
        capture_output=True,
        text=True,
        check=False,
    )  # type: ignore[call-overload]
    if made.returncode:
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip(f"initdb failed here: {made.stderr.strip()}")
    port = _free_port()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home, "fsync": "off", "max_connections": 40}
    with (home / "log").open("wb") as log:
        arguments = [where / "postgres", "-D", home / "data", *(f"--{name}={value}" for name, value in settings.items())]
        server = subprocess.Popen(arguments, **quiet, **user, stdout=log, stderr=log)  # type: ignore[call-overload]
        try:
            _wait(server, port, home / "log")
            yield Server(port, count(1))
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: there is nothing to keep
            server.wait()
            shutil.rmtree(home, ignore_errors=True)


def _owner(home: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root; then the folder and the server belong to its own user, or to nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(home, entry.pw_uid, entry.pw_gid)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no other user (postgres, nobody)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    psycopg = importlib.import_module("psycopg")
    end = time.monotonic() + _STARTS
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="grader", dbname="postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"PostgreSQL did not start: {error}\n{log.read_text()}") from error
            time.sleep(0.05)
