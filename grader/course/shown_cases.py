"""What a program is compared with on the cases that students may see, kept beside its exercise: trying it needs no torch.

These cases are the same for everyone, and so is what the reference and the wrong methods return on them. `ID.cases` holds
that and nothing of the hidden cases: it travels with the bank, and in a student's repository. It is believed for practice
alone, and only while the solution and the groups are those it was made from; else torch computes again.

`python -m grader.course.shown_cases` writes those of the bank anew, after a change of a code exercise or its solution.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from grader.course.code_key import CodeExpected, code_of, known_code
from grader.course.exercise import Exercise
from grader.documents import decode, read_bytes

FORM = 1
SUFFIX = ".cases"
FILE_BYTES = 10_000_000


def shown_cases(exercise: Exercise, folder: Path) -> CodeExpected | None:
    """What lies beside the exercise in a course's folder; None where nothing does, or it was made from something else."""
    part = exercise.code_part
    if part is None:
        return None
    try:
        seal, _, text = decode(read_bytes(folder / shown_cases_file(exercise), FILE_BYTES)).partition("\n")
        return known_code(exercise, part, text).public() if seal == _seal(exercise, text) else None
    except Exception:  # whatever the file holds, torch can still compute
        return None


def shown_cases_text(exercise: Exercise) -> str:
    """The file for an exercise, computed by torch.

    Raises:
        CourseError: its cases do not fit its groups, or the reference refuses one.
    """
    text = code_of(exercise, exercise.expect({})).public().text()
    return f"{_seal(exercise, text)}\n{text}"


def shown_cases_file(exercise: Exercise) -> str:
    """Where it lies, from the course's folder."""
    return exercise.file.removesuffix(".yaml") + SUFFIX


def _seal(exercise: Exercise, text: str) -> str:
    """Over all that decides what is expected, but for torch's version: what `conv2d` returns does not change with it, and a test says so.

    It shows what is out of date or damaged. It is no signature: whoever may write the file can make one.
    """
    part = exercise.code_part
    assert part is not None
    assert part.code is not None
    groups = [[group.id, group.hidden] for group in part.code.groups]
    about = [FORM, exercise.id, exercise.draw_version, part.id, groups, list(exercise.mistakes)]
    solution = hashlib.sha256(exercise.solution_path.read_bytes()).hexdigest()
    return hashlib.sha256(f"{json.dumps(about)}\n{solution}\n{text}".encode()).hexdigest()


def _write_all(bank: Path) -> None:
    from grader.course.exercise_file import read_exercise

    for path in sorted((bank / "exercises").glob("*.yaml")):
        exercise = read_exercise(bank, path.stem)
        if exercise.code_part is not None:
            (bank / shown_cases_file(exercise)).write_text(shown_cases_text(exercise), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    from grader.course.bank import bank_folder

    _write_all(bank_folder())
