"""An instructor's clones of students' repositories: what they handed in, and what in them is not as it was given out.

Nothing in a clone is run, imported or believed: the answer file is read as any hand-in, and marked against the true
variants. What was altered beside it changes no grade. It is said, and stands in the record, so that a person can ask why.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.ci.repository import HOME, MANIFEST, Manifest, RepositoryError, file_digest, read_manifest
from grader.classroom.code_files import SUFFIX
from grader.classroom.hand_ins import FORMS, HandIn, from_folder
from grader.course.course import Assignment, Course
from grader.course.faults import COURSE_BYTES
from grader.documents import DocumentError, read_bytes
from grader.marking.record import Flag
from grader.marking.submission import Remark
from grader.text import Text, visible

# What can steer pytest, Python or CI without being asked to.
STEERING = frozenset({"conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "sitecustomize.py", "usercustomize.py"})
WORKFLOWS = Path(".github", "workflows")
MAX_FILES = 20_000  # of one clone looked at
MAX_NAMED = 10  # changes that a record names
GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false", "-c", "safe.directory=*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """One student's clone."""

    folder: Path
    student: str
    hand_in: HandIn | None  # None: there is no answer file in it
    changes: tuple[Text, ...]  # what is not as it was given out, each with its path first
    beside: str | None = None  # the folder of an earlier clone of the same student

    @property
    def problems(self) -> tuple[Text, ...]:
        """What a person should see of it."""
        twice = SECOND.fill(student=visible(self.student, 64), folder=visible(self.beside, 80)) if self.beside is not None else None
        return tuple(words for words in (twice, *self.changes, NO_ANSWERS if self.hand_in is None else None) if words is not None)


def clones(folder: Path, course: Course, assignment: Assignment, secret: bytes | None) -> Iterator[Clone]:
    """Every clone in a folder, by name: `STUDENT`, or `ASSIGNMENT-STUDENT` as GitHub Classroom names them."""
    seen: dict[str, str] = {}
    answers = (*FORMS, *(f"{slot}{SUFFIX}" for slot in assignment.programs))
    for home in sorted(folder.iterdir()):
        if home.is_symlink() or not home.is_dir() or home.name.startswith("."):
            continue
        student = student_of(home.name, assignment.id, course.roster)
        found = from_folder(home, student, assignment, course.timezone)
        said = tuple(changes(home, f"{course.id}/{assignment.id}/{student}", secret))
        if found is not None:
            # A `timestamp.txt` here would be the student's own.
            time = commit_time(home, answers, course.timezone)
            found = replace(found, submitted_at=time, file_time=False, remarks=_remarks(said))
        yield Clone(folder=home, student=student, hand_in=found, changes=said, beside=seen.get(student))
        seen.setdefault(student, home.name)


def student_of(name: str, assignment: str, roster: Collection[str] | None) -> str:
    """Whose clone a folder is."""
    if roster is not None and name in roster:
        return name
    return name.removeprefix(f"{assignment}-")


def changes(home: Path, owner: str, secret: bytes | None) -> Iterator[Text]:
    """What in a clone is not as it was given out.

    Args:
        owner: `course/assignment/student`, whose repository it should be.
        secret: None where the course has none: then nothing proves the manifest itself.
    """
    try:
        manifest = read_manifest(home)
    except RepositoryError:
        yield DAMAGED.fill(path=MANIFEST)
        return
    if manifest.sheet.rpartition("/")[0] != owner:
        yield OF_ANOTHER.fill(path=MANIFEST, sheet=visible(manifest.sheet, 80))
    if secret is not None and not manifest.proven(secret):
        yield UNPROVEN.fill(path=MANIFEST)
    yield from _altered(home, manifest)
    yield from _added(home, manifest)


def commit_time(home: Path, answers: Sequence[str], timezone: ZoneInfo) -> datetime | None:
    """When any of the answer files was last committed, by the commit's own account; None where git cannot say."""
    if not (home / ".git").is_dir():
        return None
    command = [*GIT, "-C", str(home), "log", "-1", "--format=%cI", "--", *answers]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, env=environment, stdin=subprocess.DEVNULL).stdout.strip()
        return datetime.fromisoformat(found).astimezone(timezone) if found else None
    except (OSError, subprocess.SubprocessError, ValueError, OverflowError):
        return None


def _remarks(said: Sequence[Text]) -> tuple[Remark, ...]:
    """What a record says of changes: it names the first ones and counts the others."""
    if not said:
        return ()
    named = said[:MAX_NAMED] if len(said) <= MAX_NAMED else (*said[: MAX_NAMED - 1], OTHERS.fill(count=len(said) - MAX_NAMED + 1))
    return ((Flag.ALTERED_FILES, Text(NOT_AS_GIVEN.en + "; ".join(one.en for one in named), NOT_AS_GIVEN.zh + "；".join(one.zh for one in named))),)


def _altered(home: Path, manifest: Manifest) -> Iterator[Text]:
    for name, digest in sorted(manifest.files.items()):
        path = home / name
        shown = visible(name, 120)
        if ".." in Path(name).parts or Path(name).is_absolute():
            yield NO_PATH.fill(path=shown)
            continue
        if _through_link(home, path):
            yield LINK.fill(path=shown)
            continue
        try:
            if file_digest(read_bytes(path, COURSE_BYTES)) != digest:
                yield ALTERED.fill(path=shown)
        except DocumentError:
            yield MISSING.fill(path=shown)


def _added(home: Path, manifest: Manifest) -> Iterator[Text]:
    """Files that were not given out and can steer a run, or stand where only given-out files stand."""
    looked_at = 0
    for place, folders, names in os.walk(home):
        folders[:] = sorted(name for name in folders if name != ".git" and not Path(place, name).is_symlink())
        inside = Path(place).relative_to(home)
        ours = inside.parts[:1] == (HOME,) or inside == WORKFLOWS
        for name in sorted(names):
            looked_at += 1
            if looked_at > MAX_FILES:
                yield TOO_MANY.fill(count=MAX_FILES)
                return
            path = (inside / name).as_posix()
            if path not in manifest.files and path != MANIFEST and (ours or name in STEERING or name.endswith(".pth")):
                yield ADDED.fill(path=visible(path, 120))


def _through_link(home: Path, path: Path) -> bool:
    return any(parent.is_symlink() for parent in [path, *path.parents] if parent != home and home in parent.parents)


NOT_AS_GIVEN = Text("not as it was given out, and not used for marking: ", "与发放时不同，评分时未使用：")
OTHERS = Text("{count} more", "另有 {count} 处")
SECOND = Text("a second clone of {student}, beside {folder}", "{student} 的第二个克隆，另一个是 {folder}")
NO_ANSWERS = Text("no answer file", "没有答案文件")
DAMAGED = Text("{path}: missing or damaged", "{path}：缺失或损坏")
OF_ANOTHER = Text("{path}: of {sheet}; a folder is named after its student", "{path}：属于 {sheet}；文件夹应以其学生命名")
UNPROVEN = Text("{path}: altered, or made with another secret", "{path}：已改动，或由另一密钥生成")
NO_PATH = Text("{path}: no path of a repository", "{path}：不是仓库中的路径")
LINK = Text("{path}: a link stands there", "{path}：此处是链接")
ALTERED = Text("{path}: altered", "{path}：已改动")
MISSING = Text("{path}: missing, or no plain file", "{path}：缺失，或不是普通文件")
ADDED = Text("{path}: added", "{path}：新增")
TOO_MANY = Text("more than {count} files; the others were not looked at", "文件超过 {count} 个；其余未检查")
