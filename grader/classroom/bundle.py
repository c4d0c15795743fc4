"""A sheet and the programs beside it as one body, so that they travel, are stored and are told apart as one hand-in."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

FORM = "files"
"""The form of a hand-in whose body is a bundle."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sheet and the programs beside it."""

    form: str  # of the sheet; "none": there is none
    sheet: bytes
    files: Mapping[str, bytes]  # by slot

    def body(self) -> bytes:
        """JSON, always the same for the same files."""
        files = {name: base64.b64encode(raw).decode() for name, raw in sorted(self.files.items())}
        return json.dumps({"form": self.form, "sheet": base64.b64encode(self.sheet).decode(), "files": files}, separators=(",", ":")).encode()


def read_bundle(raw: bytes) -> Bundle:
    """What `Bundle.body` has made. Only our own store holds such bodies: no student can hand one in."""
    data = json.loads(raw)
    return Bundle(data["form"], base64.b64decode(data["sheet"]), {name: base64.b64decode(text) for name, text in data["files"].items()})
