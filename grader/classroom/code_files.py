"""Programs beside a sheet: `SLOT.py` in the folder of a hand-in. Sheet and programs are one hand-in, under one digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.classroom.bundle import FORM, Bundle
from grader.classroom.hand_ins import HandIn, hand_in_time
from grader.course.course import Assignment
from grader.documents import DocumentError, read_bytes
from grader.marking.submission import digest
from grader.sandbox.call import Limits
from grader.text import Text, visible

SUFFIX = ".py"
KEPT = Limits().source + 1  # bytes: one more than may be run, so that a longer file is told from one that just fits


def code_slots(assignment: Assignment) -> tuple[str, ...]:
    """The slots that ask for a program."""
    return tuple(slot for entry in assignment.entries if entry.exercise.code_part is not None for slot in entry.slots)


def with_code(hand_ins: Iterator[HandIn], folder: Path, assignment: Assignment, timezone: ZoneInfo) -> Iterator[HandIn]:
    """The hand-ins of `hand_ins.from_folders`, each with the programs beside its sheet; whoever handed in only programs is among them.

    Only files that bear the name of a slot that asks for one are read; others are left alone.
    """
    slots = code_slots(assignment)
    if not slots:
        yield from hand_ins
        return
    found = next(hand_ins, None)
    for home in sorted(folder.iterdir()):
        sheet = None
        if found is not None and found.student == home.name:
            sheet, found = found, next(hand_ins, None)
        files = [path for slot in slots if (path := home / assignment.id / f"{slot}{SUFFIX}").is_symlink() or path.exists()]
        if files and (sheet is None or sheet.refusal is None):
            yield _bundled(sheet, home.name, files, timezone)
        elif sheet is not None:
            yield sheet


def _bundled(sheet: HandIn | None, student: str, files: Sequence[Path], timezone: ZoneInfo) -> HandIn:
    programs: dict[str, bytes] = {}
    for path in files:
        try:
            programs[path.stem] = read_program(path)
        except DocumentError as error:
            name = visible(path.name, 80)
            reason = Text(f"{name}: {error.text.en}", f"{name}：{error.text.zh}")
            about = digest(b"\0".join((student.encode("utf-8", "replace"), reason.en.encode())))
            return HandIn(form="none", body=path.name.encode(), digest=about, student=student, refusal=reason)
    raw = Bundle(sheet.form if sheet else "none", sheet.body if sheet else b"", programs).body()
    given_time = hand_in_time(files[0], timezone)
    times = [int(path.stat().st_mtime) for path in files] + ([int(sheet.submitted_at.timestamp())] if sheet and sheet.submitted_at else [])
    submitted_at = given_time or datetime.fromtimestamp(max(times), UTC)
    return HandIn(form=FORM, body=raw, digest=digest(raw), student=student, submitted_at=submitted_at, file_time=given_time is None)


def read_program(path: Path) -> bytes:
    """The bytes of a program, of a long one as many as show that it is too long.

    Raises:
        DocumentError: it is no regular file, or far too large.
    """
    return read_bytes(path)[:KEPT]
