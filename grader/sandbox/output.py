"""What student code prints: counted, and of it the end kept."""

from __future__ import annotations


class Output:
    """Bytes as they come; memory stays bounded by what is kept."""

    def __init__(self, kept: int) -> None:
        self.printed = 0
        self._kept = kept
        self._tail = b""

    def add(self, raw: bytes) -> None:
        self.printed += len(raw)
        self._tail = (self._tail + raw)[-self._kept :] if self._kept else b""

    def take(self, other: Output) -> None:
        """Goes on with what another process has printed."""
        before = self.printed
        self.add(other._tail)
        self.printed = before + other.printed

    @property
    def text(self) -> str:
        """The end, as text; a character cut in two or in another encoding shows as U+FFFD."""
        return self._tail.decode("utf-8", "replace")
