"""The course secret: what makes one student's numbers theirs. Never printed, never in a sheet, never in git."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from grader.course.faults import CourseError, Fault
from grader.text import Text

FILE = ".grader-secret"
VARIABLE = "GRADER_SECRET"
MIN_LENGTH = 16


class SecretError(CourseError):
    """A course without a secret that serves. `text` says so, and what to do, in both languages."""

    def __init__(self, what: Text, cure: Text) -> None:
        self.text = Text(f"{what.en}; {cure.en}", f"{what.zh}；{cure.zh}")
        super().__init__([Fault(FILE, 1, 1, "", what.en, cure.en)])


def make_secret(folder: Path) -> Path:
    """Writes a new secret that only its owner may read. Raises FileExistsError: there is one, and it stays."""
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path


def find_secret(folder: Path, public_seed: str | None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The secret of a course: its public seed where it declares one, else `GRADER_SECRET`, else the file `.grader-secret`.

    Raises:
        SecretError: there is none, or it is too short.
    """
    if public_seed is not None:
        # Told apart from every secret, so that publishing a seed never reveals one.
        return b"public:" + public_seed.encode()
    path = folder / FILE
    if VARIABLE in environment:
        secret, place = environment[VARIABLE].strip(), IN_VARIABLE
    elif path.is_file():
        secret, place = path.read_text(encoding="utf-8", errors="replace").strip(), IN_FILE
    else:
        raise SecretError(NO_SECRET, MAKE_ONE)
    if len(secret) < MIN_LENGTH:
        raise SecretError(place, USE_LONGER)
    return secret.encode()


NO_SECRET = Text("this course has no secret, so nobody's numbers can be drawn", "本课程没有密钥，无法生成任何人的题目数据")
MAKE_ONE = Text(
    f"set {VARIABLE}, run `grader init` for a new course, or declare `public_seed:` in course.yaml for practice",
    f"请设置 {VARIABLE}，或用 `grader init` 新建课程；练习用的课程可在 course.yaml 中写明 `public_seed:`",
)
IN_VARIABLE = Text(f"the secret in the variable {VARIABLE} has fewer than {MIN_LENGTH} characters", f"变量 {VARIABLE} 中的密钥少于 {MIN_LENGTH} 个字符")
IN_FILE = Text(f"the secret in {FILE} has fewer than {MIN_LENGTH} characters", f"{FILE} 中的密钥少于 {MIN_LENGTH} 个字符")
USE_LONGER = Text("use a longer one", "请换用更长的密钥")
