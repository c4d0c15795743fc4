"""What the figures were measured on, without names or paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def machine(threads: int) -> dict[str, Any]:
    """Cores, versions and load; `threads` is what torch may use in each process, 0: its own choice."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": [round(load, 2) for load in os.getloadavg()],
        "torch_threads": threads or "its own choice",
        "python": platform.python_version(),
        **{name: _version(name) for name in ("torch", "numpy", "sqlalchemy", "conv-grader")},
    }


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine_text(found: dict[str, Any]) -> str:
    load = "/".join(str(part) for part in found["load"])
    return (
        f"{found['date']}, {found['system']}, {found['cores']} cores, load {load}, torch threads {found['torch_threads']}; Python {found['python']}, "
        f"torch {found['torch']}, numpy {found['numpy']}, SQLAlchemy {found['sqlalchemy']}, conv-grader {found['conv-grader']}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
