"""Which files a child may see: the standard library and NumPy. Other installed packages are not among them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_INSTALLED = ("site-packages", "dist-packages")  # where torch is, and on some systems right inside the standard library


@dataclass(frozen=True)
class Places:
    """Paths as they stand in `sys.path`; links in them are followed by whoever opens them."""

    shown: tuple[str, ...]  # folders, each before what is inside it
    hidden: tuple[str, ...]  # folders inside them that hold installed packages
    readable: tuple[str, ...]  # the same files without the hidden ones, for rules that can only add
    listed: tuple[str, ...]


def places(path: Sequence[str] | None = None) -> Places:
    """The places of this interpreter.

    Args:
        path: the folders of the standard library; `sys.path` if not given.
    """
    library = [folder for folder in (sys.path if path is None else path) if os.path.isdir(folder)]
    library = [folder for folder in library if not any(folder.startswith(other + "/") for other in library)]
    hidden = [f"{folder}/{name}" for folder in library for name in _INSTALLED if os.path.isdir(f"{folder}/{name}")]
    entries = [f"{folder}/{name}" for folder in library for name in sorted(os.listdir(folder)) if name not in _INSTALLED]
    packages = list(np.__path__)
    packages += [f"{folder}.libs" for folder in packages if os.path.isdir(f"{folder}.libs")]  # shared libraries of a wheel
    return Places((*library, *packages), tuple(hidden), (*entries, *packages), tuple(library))
