"""Finds what was handed in: answer files, notebooks and programs in folders, or lines of a JSON Lines file.

Finding reads bytes, within caps; making a submission of them (`submission_of`) is the costly part and is left to
whoever grades, in another process or on another machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grader.classroom.bundle import FORM as FILES
from grader.classroom.bundle import Bundle, read_bundle
from grader.classroom.code_files import code_files, read_program
from grader.course.course import Assignment
from grader.course.policies import moment
from grader.documents import MAX_BYTES, DocumentError, decode, read_bytes, read_json
from grader.marking.notebook import NOTEBOOK_BYTES, lean
from grader.marking.record import Flag
from grader.marking.submission import Remark, Submission, digest, from_data, read_submission
from grader.text import Text, visible

FORMS = {"answers.yaml": "yaml", "answers.yml": "yaml", "answers.json": "json"}
NOTEBOOK = ".ipynb"
TIMESTAMP = "timestamp.txt"  # nbgrader's name for the time of hand-in
_KEPT = 200_000  # bytes of an unreadable hand-in that the store keeps as evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """One hand-in as found, not yet read."""

    form: str  # "yaml" | "json" | "ipynb" | "line" | "files": a sheet with programs | "none": nothing could be read
    body: bytes
    digest: str
    student: str | None = None  # None: the line says whose it is
    line: int | None = None
    submitted_at: datetime | None = None
    file_time: bool = False  # submitted_at is only the file's own time
    attempt: int | None = None  # known from before: it is not counted again
    refusal: Text | None = None
    remarks: tuple[Remark, ...] | None = None  # what was found around it; None: nobody looked

    @property
    def bundle(self) -> Bundle:
        """The sheet, and the programs beside it. Not of a line."""
        return read_bundle(self.body) if self.form == FILES else Bundle(self.form, self.body, {})


def from_folders(folder: Path, assignment: Assignment, timezone: ZoneInfo) -> Iterator[HandIn]:
    """Every `FOLDER/STUDENT/ASSIGNMENT/` in which something lies (`from_folder`), by student."""
    for home in sorted(folder.iterdir()):
        if (found := from_folder(home / assignment.id, home.name, assignment, timezone)) is not None:
            yield found


def from_folder(hand_in: Path, student: str, assignment: Assignment, timezone: ZoneInfo) -> HandIn | None:
    """What lies in the folder of one student's hand-in: `answers.(yaml|json)` or a notebook, with the programs beside it; None where nothing does.

    Sheet and programs are one hand-in, under one digest. Programs alone are one too.
    """
    if not hand_in.is_dir():
        return None
    sheet, programs = _sheet(hand_in, student, timezone), code_files(hand_in, assignment)
    if not programs or (sheet is not None and sheet.refusal is not None):
        return sheet
    return _bundled(sheet, student, programs, timezone)


def _sheet(hand_in: Path, student: str, timezone: ZoneInfo) -> HandIn | None:
    sheets = [hand_in / name for name in FORMS if (hand_in / name).is_symlink() or (hand_in / name).exists()]
    # Beside a sheet only the assignment's own notebook is a second answer; others are notes.
    found = sheets + [path for path in _notebooks(hand_in) if not sheets or path.stem == hand_in.name]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        return _unread(names.encode(), TWO_FILES.fill(files=visible(names, 200)), student=student)
    return _from_file(found[0], student, timezone) if found else None


def _notebooks(hand_in: Path) -> list[Path]:
    """The notebook named after the assignment; where there is none, all there are: students rename their files."""
    found = sorted(path for path in hand_in.iterdir() if path.suffix == NOTEBOOK and not path.name.startswith("."))
    own = hand_in / f"{hand_in.name}{NOTEBOOK}"
    return [own] if own in found else found


def from_lines(path: Path) -> Iterator[HandIn]:
    """Every line of a JSON Lines file: an object with `sheet`, `student`, `answers`, and `submitted_at`, `attempt` if known."""
    with path.open("rb", buffering=MAX_BYTES) as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                end = line[-1:]
                while end != b"\n" and (rest := file.readline(MAX_BYTES)):
                    end = rest[-1:]
                yield replace(_unread(line[:_KEPT], LINE_TOO_LONG.fill(line=number), student=f"line-{number}"), line=number)
            elif body := line.strip():
                yield HandIn(form="line", body=body, digest=digest(body), line=number)


def remarks_text(remarks: Sequence[Remark]) -> str:
    """Remarks as JSON."""
    return json.dumps([[str(flag), words.en, words.zh] for flag, words in remarks], ensure_ascii=False)


def remarks_of(text: str) -> tuple[Remark, ...]:
    """What `remarks_text` has written."""
    return tuple((Flag(flag), Text(en, zh)) for flag, en, zh in json.loads(text))


def submission_of(found: HandIn, assignment: Assignment, timezone: ZoneInfo) -> Submission:
    """Reads a hand-in. Never raises: what cannot be read becomes a refusal that says why."""
    read = _read(found, assignment, timezone)
    return replace(read, remarks=(*read.remarks, *found.remarks)) if found.remarks else read


def _read(found: HandIn, assignment: Assignment, timezone: ZoneInfo) -> Submission:
    if found.refusal is not None:
        return Submission(digest=found.digest, student=visible(found.student or "", 80), submitted_at=found.submitted_at, refusal=found.refusal)
    if found.form != "line":
        bundle = found.bundle
        about: dict[str, Any] = {"student": found.student or "", "submitted_at": found.submitted_at, "file_time": found.file_time}
        if bundle.form == "none":
            return Submission(digest=found.digest, files=bundle.files, **about)
        programs = assignment.programs if bundle.form == "ipynb" else {}
        return replace(read_submission(bundle.sheet, bundle.form, programs=programs, **about), digest=found.digest, files=bundle.files)
    nobody = Submission(digest=found.digest, student=f"line-{found.line}")
    try:
        data = read_json(decode(found.body))
    except DocumentError as error:
        reason = BAD_LINE.fill(line=found.line)
        return replace(nobody, refusal=Text(f"{reason.en}: {error.text.en}", f"{reason.zh}：{error.text.zh}"))
    student = data.get("student") if isinstance(data, dict) else None
    if not isinstance(student, str) or not student:
        return replace(nobody, refusal=NO_STUDENT.fill(line=found.line))
    said = data.get("submitted_at")
    time = moment(said, timezone) if isinstance(said, str) else None
    return from_data(data, digest=found.digest, student=student, submitted_at=time)


def _from_file(path: Path, student: str, timezone: ZoneInfo) -> HandIn:
    try:
        form = FORMS.get(path.name, "ipynb")
        raw = read_bytes(path) if form != "ipynb" else _notebook(path)
    except DocumentError as error:
        return _unread(path.name.encode(), error.text, student=student)
    given_time = _hand_in_time(path, timezone)
    submitted_at = given_time or datetime.fromtimestamp(int(path.stat().st_mtime), timezone)
    return HandIn(form=form, body=raw, digest=digest(raw), student=student, submitted_at=submitted_at, file_time=given_time is None)


def _notebook(path: Path) -> bytes:
    """The bytes of a notebook; without its outputs where these make it large."""
    raw = read_bytes(path, NOTEBOOK_BYTES)
    return raw if len(raw) <= MAX_BYTES else lean(raw)


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
    given_time = _hand_in_time(files[0], timezone)
    times = [int(path.stat().st_mtime) for path in files] + ([int(sheet.submitted_at.timestamp())] if sheet and sheet.submitted_at else [])
    submitted_at = given_time or datetime.fromtimestamp(max(times), timezone)
    return HandIn(form=FILES, body=raw, digest=digest(raw), student=student, submitted_at=submitted_at, file_time=given_time is None)


def _hand_in_time(path: Path, timezone: ZoneInfo) -> datetime | None:
    """The time in the `timestamp.txt` beside a file: ISO 8601, or nbgrader's form with the zone's name behind it; None where there is none."""
    try:
        text = decode(read_bytes(path.with_name(TIMESTAMP), 200)).strip()
    except DocumentError:
        return None
    if (found := moment(text, timezone)) is not None:
        return found
    time, _, zone = text.rpartition(" ")
    try:
        return moment(time, ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return None


def _unread(body: bytes, reason: Text, *, student: str) -> HandIn:
    # The digest is of what can be told: the same trouble again is the same hand-in.
    return HandIn(
        form="none", body=body, digest=digest(b"\0".join((student.encode("utf-8", "replace"), reason.en.encode(), body))), student=student, refusal=reason
    )


TWO_FILES = Text("there are several answer files ({files}); leave only the one that counts", "有多个答案文件（{files}）；请只保留要计分的一个")
BAD_LINE = Text("line {line} cannot be used", "第 {line} 行无法使用")
NO_STUDENT = Text("line {line} does not say whose it is; add `student`", "第 {line} 行没有说明是谁的；请添加 `student`")
LINE_TOO_LONG = Text("line {line} is longer than 1 MB", "第 {line} 行超过 1 MB")
