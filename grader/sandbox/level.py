"""How well student code is kept apart from the machine, as a run says it and a record keeps it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """From best to worst."""

    FULL = "full"  # Landlock and seccomp hold; namespaces as well where the system allows them
    NAMESPACES = "namespaces"  # no Landlock or no seccomp, but process, network and file namespaces of its own
    NONE = "none"  # limits and a clock only


PARTS = ("landlock", "seccomp", "namespaces")
# What a level uses when it is asked for by name: that of its name and no more, so that each can be tried alone.
USED = {Level.FULL: PARTS, Level.NAMESPACES: ("namespaces",), Level.NONE: ()}


@dataclass(frozen=True, slots=True)
class Isolation:
    """What holds on this machine, tried by a process that ran against it, and why the rest does not."""

    parts: tuple[str, ...]
    missing: Mapping[str, str]

    @property
    def level(self) -> Level:
        if "landlock" in self.parts and "seccomp" in self.parts:
            return Level.FULL
        return Level.NAMESPACES if "namespaces" in self.parts else Level.NONE


class IsolationError(Exception):
    """Student code is not run here as asked; the message says what to do."""


def reaches(found: Level, wanted: Level) -> bool:
    order = list(Level)
    return order.index(found) <= order.index(wanted)


def advice(isolation: Isolation, platform: str | None = None) -> str:
    """What is missing on this machine, and what to do about it. Empty where nothing is."""
    platform = sys.platform if platform is None else platform
    if platform == "win32":
        return (
            "Windows has no way to confine student code that this grader knows, and cannot fork: run the grader inside WSL 2 "
            "(`wsl --install`), where it works as on Linux."
        )
    if platform == "darwin":
        return (
            "macOS has neither Landlock nor seccomp nor namespaces: grade on a Linux machine, or in a Linux virtual machine or container on this one. "
            "Code that you have read yourself may be run all the same if you say that you trust it."
        )
    if platform != "linux":
        return f"{platform} has neither Landlock nor seccomp nor namespaces: grade on a Linux machine."
    return " ".join(f"{part}: {reason}; {_CURES[part]}." for part, reason in isolation.missing.items() if part in _CURES)


_CURES = {
    "landlock": "it needs Linux 5.13 or later with `landlock` in /sys/kernel/security/lsm (boot parameter `lsm=landlock,…`)",
    "seccomp": "it needs Linux 4.14 or later on x86_64 or aarch64, and a container that does not forbid it",
    "namespaces": (
        "allow them with `sysctl kernel.unprivileged_userns_clone=1` (Debian) or `sysctl kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu), "
        "and start a container with `--security-opt seccomp=unconfined`"
    ),
}
