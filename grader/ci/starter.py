"""Makes a student's repository: sheet, questions as a page, what marking needs, workflows. No key and no secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from grader.ci.course_copy import course_files
from grader.ci.escape import markdown, plain
from grader.ci.repository import HOME, MANIFEST, Manifest, file_digest
from grader.ci.workflows import workflow_files
from grader.classroom.code_files import SUFFIX
from grader.classroom.issuing import starter_files
from grader.course.course import Assignment, Course
from grader.course.part import LETTERS
from grader.course.shown_cases import shown_cases_file, shown_cases_text
from grader.course.starter import starter
from grader.text import Text, both
from grader.variants.given import given_lines, unsaid
from grader.variants.sheet import points_text, prompt_of, sheet_yaml
from grader.variants.variant import IssuedSlot, Sheet, Variant

IGNORED = b"# what marking leaves behind\ngrader-results/\n.cache/\n__pycache__/\n.pytest_cache/\n"


def kept_files(course: Course, assignment: Assignment, *, install: str, pass_mark: str) -> dict[str, bytes]:
    """What every student's repository holds and leaves as it is, by path.

    Raises:
        CourseError, DocumentError: the course cannot be read.
    """
    own = {f"{HOME}/{path}": raw for path, raw in course_files(course, assignment).items()}
    for exercise in (entry.exercise for entry in assignment.entries if entry.exercise.code_part is not None):
        own[f"{HOME}/{shown_cases_file(exercise)}"] = shown_cases_text(exercise).encode()
    return {**own, **workflow_files(install, pass_mark)}


def repository_files(
    sheet: Sheet, signature: str | None, secret: bytes | None, languages: Sequence[str], kept: Mapping[str, bytes], install: str
) -> dict[str, bytes]:
    """All files of one student's repository, by path. `kept` are those that every student has."""
    manifest = Manifest(
        sheet=sheet.id,
        assignment=sheet.assignment.id,
        student=sheet.student,
        attempt=sheet.attempt,
        languages=tuple(languages),
        slots={variant.slot: IssuedSlot(variant.id, variant.given) for variant in sheet.variants},
        signature=signature,
        files={path: file_digest(raw) for path, raw in sorted(kept.items())},
    )
    if secret is not None:
        manifest = replace(manifest, proof=manifest.proof_by(secret))
    return {
        "README.md": readme(sheet, languages, install).encode(),
        "answers.yaml": sheet_yaml(sheet, languages, signature).encode(),
        **{name: text.encode() for name, text in starter_files(sheet, languages).items()},
        ".gitignore": IGNORED,
        **kept,
        MANIFEST: manifest.text().encode(),
    }


def readme(sheet: Sheet, languages: Sequence[str], install: str) -> str:
    """The questions as a page, in each language of the course."""
    return "\n".join(line for language in languages for line in _page(sheet, language, install))


def _page(sheet: Sheet, language: str, install: str) -> Iterator[str]:
    yield f"# {markdown(sheet.course.title[language])} · {markdown(sheet.assignment.title[language])} · {markdown(sheet.student)}"
    yield ""
    yield HOW.fill(install=plain(install).replace("`", "'"))[language]
    if sheet.assignment.due is not None:
        yield ""
        yield DUE.fill(due=sheet.assignment.due.strftime("%Y-%m-%d %H:%M"), zone=markdown(str(sheet.course.timezone)))[language]
    for variant in sheet.variants:
        yield ""
        yield from _question(variant, language)
    yield ""


def _question(variant: Variant, language: str) -> Iterator[str]:
    yield f"## {variant.slot} · {markdown(variant.exercise.title[language])} · {points_text(variant.points)[language]}"
    yield ""
    for indented, lines in groupby(prompt_of(variant)[language].strip("\n").split("\n"), key=lambda line: line.startswith("  ")):
        if indented:  # layers, and code: their columns matter
            yield from ("", "```text", *map(plain, lines), "```", "")
        else:
            yield from (markdown(line) + "  " if line else "" for line in lines)  # two spaces at the end keep a line break
    if grids := given_lines(unsaid(variant.exercise, variant.given)):
        yield from ("", "```text", *grids, "```")
    if (part := variant.exercise.code_part) is not None and part.code is not None:
        yield from ("", WRITE.fill(function=part.code.function, file=f"{variant.slot}{SUFFIX}")[language], "")
        yield from ("```python", *map(plain, starter(part.code, (language,)).splitlines()), "```")
        return
    parts = variant.exercise.parts_of(variant.given)
    if len(parts) > 1 or any(part.options for part in parts):
        yield ""
    for part in parts:
        if len(parts) > 1 or part.options:
            yield f"- `{part.id}`: {markdown((part.title or both(part.id))[language])}"
        yield from (f"  - {letter}) {markdown(option.words[language])}" for letter, option in zip(LETTERS, part.options, strict=False))


HOW = Text(
    "Fill in `answers.yaml`, commit and push. Each push is marked and tells you what to look at next; "
    "`pip install '{install}'`, once, and `pytest` do the same on your own computer. "
    "This marking is practice. The grade that counts is marked by your instructor from a clone of this repository; "
    "leave `.grader/` and the workflow files as they are.",
    "填写 `answers.yaml`，然后 commit 并 push。每次 push 都会评分，并提示下一步该检查什么；"
    "在自己的电脑上先运行一次 `pip install '{install}'`，之后运行 `pytest` 效果相同。"
    "这里的评分仅供练习。正式成绩由教师克隆本仓库后评定；请勿改动 `.grader/` 和工作流文件。",
)
WRITE = Text("Write `{function}` in `{file}`, which begins as this:", "请在 `{file}` 中编写 `{function}`。文件开头如下：")
DUE = Text("Due {due} ({zone}).", "截止时间：{due}（{zone}）。")
