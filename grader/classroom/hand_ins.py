"""Finds what was handed in: answer files in folders, or lines of a JSON Lines file. Reads each once, within caps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.course.policies import moment
from grader.documents import MAX_BYTES, DocumentError, decode, read_bytes, read_json
from grader.marking.submission import Submission, digest, from_data, read_submission
from grader.text import Text, visible

FORMS = {"answers.yaml": "yaml", "answers.yml": "yaml", "answers.json": "json"}
TIMESTAMP = "timestamp.txt"  # nbgrader's name for the time of hand-in
_KEPT = 200_000  # bytes of an unreadable hand-in that the store keeps as evidence


@dataclass(frozen=True, slots=True)
class HandIn:
    """One hand-in as found: the submission read from it, and its bytes for the store."""

    submission: Submission
    form: str
    body: bytes
    where: str


def from_folders(folder: Path, assignment: str, timezone: ZoneInfo) -> Iterator[HandIn]:
    """Every `FOLDER/STUDENT/ASSIGNMENT/answers.(yaml|json)`, by student. Whoever handed in nothing is passed over."""
    for home in sorted(folder.iterdir()):
        hand_in = home / assignment
        if not hand_in.is_dir():
            continue
        found = [hand_in / name for name in FORMS if (hand_in / name).is_symlink() or (hand_in / name).exists()]
        if len(found) > 1:
            yield _refused(home.name, " ".join(path.name for path in found), TWO_FILES.fill(files=", ".join(path.name for path in found)))
        elif found:
            yield _from_file(found[0], home.name, timezone)


def from_lines(path: Path, timezone: ZoneInfo) -> Iterator[HandIn]:
    """Every line of a JSON Lines file: an object with `sheet`, `student`, `answers`, and `submitted_at`, `attempt` if known."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                while not line.endswith(b"\n") and (rest := file.readline(MAX_BYTES)):
                    line = line[:_KEPT] + rest[-1:]
                yield _refused(f"line-{number}", f"line {number}", LINE_TOO_LONG.fill(line=number), line[:_KEPT])
            elif line.strip():
                yield _from_line(line.strip(), number, timezone)


def _from_line(line: bytes, number: int, timezone: ZoneInfo) -> HandIn:
    try:
        data = read_json(decode(line))
    except DocumentError as error:
        reason = BAD_LINE.fill(line=number)
        return _refused(f"line-{number}", f"line {number}", Text(f"{reason.en}: {error.text.en}", f"{reason.zh}：{error.text.zh}"), line)
    student = data.get("student") if isinstance(data, dict) else None
    if not isinstance(student, str) or not student:
        return _refused(f"line-{number}", f"line {number}", NO_STUDENT.fill(line=number), line)
    submitted_at = data.get("submitted_at")
    time = moment(submitted_at, timezone) if isinstance(submitted_at, str) else None
    submission = from_data(data, digest=digest(line), student=student, submitted_at=time)
    return HandIn(submission, "json", line, f"line {number}")


def _from_file(path: Path, student: str, timezone: ZoneInfo) -> HandIn:
    try:
        raw = read_bytes(path)
    except DocumentError as error:
        return _refused(student, path.name, error.text)
    given_time = _timestamp(path.with_name(TIMESTAMP), timezone)
    submitted_at = given_time or datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    submission = read_submission(raw, FORMS[path.name], student, submitted_at, file_time=given_time is None)
    return HandIn(submission, FORMS[path.name], raw, str(path))


def _timestamp(path: Path, timezone: ZoneInfo) -> datetime | None:
    """The time in a `timestamp.txt`: ISO 8601, or nbgrader's form with the zone's name behind it."""
    try:
        text = decode(read_bytes(path, 200)).strip()
    except DocumentError:
        return None
    if (found := moment(text, timezone)) is not None:
        return found
    time, _, zone = text.rpartition(" ")
    try:
        return moment(time, ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return None


def _refused(student: str, where: str, reason: Text, body: bytes = b"") -> HandIn:
    # Nothing could be read, so the digest is of what can be told: the same trouble again is the same hand-in.
    about = digest(body or f"{student} {where} {reason.en}".encode())
    return HandIn(replace(Submission(digest=about, student=visible(student, 80)), refusal=reason), "none", body, where)


TWO_FILES = Text("there are several answer files ({files}); leave only the one that counts", "有多个答案文件（{files}）；请只保留要计分的一个")
BAD_LINE = Text("line {line} cannot be used", "第 {line} 行无法使用")
NO_STUDENT = Text("line {line} does not say whose it is; add `student`", "第 {line} 行没有说明是谁的；请添加 `student`")
LINE_TOO_LONG = Text("line {line} is longer than 1 MB", "第 {line} 行超过 1 MB")
