"""Holds this process to what it promises: marking needs no network."""

from __future__ import annotations

import sys
from typing import Any

REACHING = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"})


class OfflineError(PermissionError):
    """Something tried to reach the network. A solution of the course does, if anything."""


def go_offline() -> None:
    """From now on, whatever in this process tries to reach the network fails at once. There is no way back."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in REACHING:
        raise OfflineError(f"--offline: something tried to use the network ({event}); marking needs none")
