"""What a student handed in, read from YAML or JSON: answers as raw values, and what the file claims about itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from grader.course.part import Code
from grader.documents import DocumentError, NumberText, decode, read_json, read_yaml
from grader.marking.notebook import NO_PROGRAMS, read_notebook
from grader.marking.record import Flag
from grader.text import Text, visible

if TYPE_CHECKING:  # brings NumPy along
    from grader.marking.code_run import Run

MAX_ANSWERS = 500
Remark = tuple[Flag, Text]  # what a person should know of a hand-in


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One hand-in. `refusal` says why a file cannot be one; then there are no answers."""

    digest: str  # "sha256:…" of the bytes handed in
    student: str  # whose folder or line it is
    answers: Mapping[str, Any] = field(default_factory=dict)
    sheet: str | None = None  # as the file claims: course/assignment/student/attempt
    claimed_student: str | None = None
    given: Mapping[str, Any] | None = None  # by slot, as the file claims
    signature: str | None = None
    submitted_at: datetime | None = None
    attempt: int | None = None  # if known from outside the sheet
    file_time: bool = False  # submitted_at is only the file's own time
    refusal: Text | None = None
    remarks: tuple[Remark, ...] = ()  # of how it was read, and of what was found around it
    files: Mapping[str, bytes] = field(default_factory=dict)  # programs, by the slot whose name they bear
    runs: Mapping[str, Run] = field(default_factory=dict)  # what came of each program, by slot


def digest(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def read_submission(
    raw: bytes, form: str, student: str, submitted_at: datetime | None = None, *, file_time: bool = False, programs: Mapping[str, Code] = NO_PROGRAMS
) -> Submission:
    """Reads the bytes of an answer file. Never raises: what cannot be read becomes a refusal that says why.

    Args:
        form: "yaml", "json" or "ipynb".
        student: whose hand-in it is by the folder it lies in.
        programs: of a notebook, the slots whose cells hold programs.
    """
    about: dict[str, Any] = {"digest": digest(raw), "student": student, "submitted_at": submitted_at, "file_time": file_time}
    data: Any
    twice: tuple[str, ...] = ()
    if not raw.strip():
        return Submission(**about, refusal=EMPTY)
    try:
        text = decode(raw)
        if form == "ipynb":
            notebook = read_notebook(text, programs)
            data, twice = dict(notebook.document), notebook.twice
        else:
            data = read_json(text) if form == "json" else read_yaml(text, typed=False).data
    except DocumentError as error:
        return Submission(**about, refusal=Text(visible(error.located.en, 400), visible(error.located.zh, 400)))
    # Which attempt this is, is not the file's to say: a student could make every hand-in the first one.
    remarks = tuple((Flag.ANSWERED_TWICE, TWICE.fill(slot=visible(slot, 40))) for slot in twice[:MAX_REMARKS])
    return replace(from_data(data, **about), attempt=None, remarks=remarks)


def from_data(data: Any, *, digest: str, student: str, submitted_at: datetime | None = None, file_time: bool = False) -> Submission:
    """A submission from the value of its document: of a file, or of a line of `--from`, which may say which `attempt` it is."""
    about: dict[str, Any] = {"digest": digest, "student": student, "submitted_at": submitted_at, "file_time": file_time}
    if data is None:
        return Submission(**about, refusal=EMPTY)
    if not isinstance(data, dict):
        return Submission(**about, refusal=NO_MAPPING)
    if "answers" not in data:
        return Submission(**about, refusal=NO_ANSWERS)
    answers = data["answers"] if data["answers"] is not None else {}
    if not isinstance(answers, dict) or len(answers) > MAX_ANSWERS:
        return Submission(**about, refusal=BAD_ANSWERS)
    slots = data.get("slots")
    claims = {slot: claim["given"] for slot, claim in slots.items() if isinstance(claim, dict) and "given" in claim} if isinstance(slots, dict) else None
    return Submission(
        **about,
        answers=answers,
        sheet=_text(data.get("sheet")),
        claimed_student=_text(data.get("student")),
        given=claims,
        signature=_text(data.get("signature")),
        attempt=data["attempt"] if type(data.get("attempt")) is int and 1 <= data["attempt"] <= 1000 else None,
    )


def sheet_attempt(sheet: str | None) -> int:
    """The attempt a sheet was issued for, from its line `course/assignment/student/attempt`; 1 where it does not say."""
    last = (sheet or "").rpartition("/")[2].strip()
    return int(last) if last.isascii() and last.isdigit() and len(last) <= 3 and int(last) > 0 else 1


def same_given(claimed: Any, true: Any) -> bool:
    """Whether a given in a file is the true one, typed (JSON) or as text (YAML)."""
    if type(claimed) is int and type(true) is int:
        return claimed == true
    if repr(claimed) == repr(true):
        return True  # as nearly all are; `repr` tells True from 1, and 1 from "1"
    if claimed is None:
        return true in ({}, None)  # `given:` with nothing after it
    if isinstance(true, dict):
        return isinstance(claimed, dict) and claimed.keys() == true.keys() and all(same_given(claimed[name], true[name]) for name in true)
    if isinstance(true, list):
        if isinstance(claimed, list) and set(map(type, claimed)) == set(map(type, true)) == {int}:
            return claimed == true
        return isinstance(claimed, list) and len(claimed) == len(true) and all(same_given(c, t) for c, t in zip(claimed, true, strict=True))
    if isinstance(true, bool):
        return claimed is true or (isinstance(claimed, str) and claimed == str(true).lower())
    if isinstance(claimed, bool):
        return False
    return str(claimed) == str(true)


def _text(raw: Any) -> str | None:
    if isinstance(raw, (str, int)) and not isinstance(raw, (bool, NumberText)):
        return visible(str(raw), 300)
    return None


MAX_REMARKS = 3
TWICE = Text(
    "question {slot} has several answer cells that say different things; the last one that is filled in was marked",
    "题目 {slot} 有多个内容不同的答题单元格；已按最后一个填写了答案的单元格评分",
)
EMPTY = Text("the file is empty; hand in the sheet with your answers", "文件是空的；请提交填好答案的答题纸")
NO_MAPPING = Text("this is not an answer sheet; hand in the sheet you were given, filled in", "这不是答题纸；请提交发给你的那份答题纸")
NO_ANSWERS = Text("there is no `answers:` in the file; hand in the sheet you were given, filled in", "文件中没有 `answers:`；请提交发给你的那份答题纸")
BAD_ANSWERS = Text(
    "`answers:` must hold one line for each question; hand in the sheet you were given, filled in", "`answers:` 下应为每题一行；请提交发给你的那份答题纸"
)
