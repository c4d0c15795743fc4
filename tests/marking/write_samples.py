"""Writes samples/: for every wrong method a sheet filled in as its user would, and what grading must say about it.

    python -m tests.marking.write_samples

The answers come from `wrong_methods.py` (plain Python), never from the solutions; what is expected of them (verdict, credit,
names, words) is what grading says now. Run it after words have been changed on purpose, and read the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from grader.course.exercise import Exercise
from grader.course.values import GivenError
from grader.marking.record import Record
from grader.variants.draw import outside_work
from grader.variants.sheet import sheet_yaml

from . import wrong_methods
from .sheets import EXERCISES, SAMPLES, as_json, drawn, exercise, hand_in, pinned

RECTANGLE = {"input_size": [7, 10], "kernel_size": [3, 2], "stride": 2, "padding": [1, 2]}
MALFORMED = {"integer": "three", "array": "[[1, 2, 3], [4, 5", "formula": "i + 2p - k) / s + 1"}


def candidates(found: Exercise) -> Iterator[dict[str, Any]]:
    """Given to choose from, small ones first, so that a person can check the numbers."""
    if found.id == "output-size":
        for i, k, s, p in product(range(5, 14), range(2, 6), (2, 3), (1, 2)):
            yield {"input_size": i, "kernel_size": k, "stride": s, "padding": p}
        return
    for given in drawn(found.id, 400, "samples"):
        if outside_work(found, given, found.expect(given)) is None:
            yield given


def given_for(found: Exercise, mistake: str) -> dict[str, Any]:
    """The first given where no other wrong method gives its answers, or as few as can be: `nearest` is never alone."""
    if mistake == "hw-swapped":
        return RECTANGLE
    best: tuple[int, dict[str, Any]] | None = None
    for given in candidates(found):
        try:
            expected = found.expect(given)
        except GivenError:
            continue
        wrong = wrong_methods.wrong(found.id, mistake, given)
        if mistake not in expected.mistakes or any(answer == expected.key[part] for part, answer in wrong.items()):
            continue
        answers = [other for name, other in expected.mistakes.items() if name != mistake]
        others = sum(any(answer in other.get(part, ()) for part, answer in wrong.items()) for other in answers)
        if best is None or others < best[0]:
            best = others, given
        if others == 0 or found.id == "size-formula":
            break
    if best is None:
        raise LookupError(f"{found.id}: {mistake} never shows")
    return best[1]


def rows(table: list[list[Any]]) -> str:
    return "".join("\n      " + " ".join(str(as_json(cell)) if cell is not None else "_" for cell in row) for row in table)


def written(answer: Any) -> str:
    return json.dumps(as_json(answer)) if isinstance(answer, (list, tuple)) else str(as_json(answer))


def filled(sheet: str, slot: str, answers: Mapping[str, Any]) -> str:
    """The sheet with answers after its colons, as a person would type them."""
    lines = []
    for line in sheet.splitlines():
        text = line
        if line.startswith("    output: |") and answers:
            answer = answers["output"]
            text += "\n      " + answer if isinstance(answer, str) else rows(answer)
        elif line.startswith(f"  {slot}:") and len(answers) == 1 and "output" not in answers and "given" not in line:
            text = f"  {slot}: {written(next(iter(answers.values())))}"
        elif line.startswith(f"  {slot}: {{") and "given" not in line:
            text = f"  {slot}: {{{', '.join(f'{part}: {written(answer)}' for part, answer in answers.items())}}}" if answers else line
        lines.append(text)
    return "\n".join(lines) + "\n"


def outcome(record: Record) -> dict[str, Any]:
    kept = ("verdict", "credit", "mistakes", "read_as", "feedback")
    return {part["part"]: {name: part[name] for name in kept} for part in record.to_json()["slots"][0]["parts"]}


def slipped(answer: Any) -> Any:
    if isinstance(answer, list):
        return [[*answer[0][:-1], answer[0][-1] + 1], *answer[1:]]
    return "floor((i + 2p - k) / s) + 2" if isinstance(answer, str) else answer + 7


def write(found: Exercise, folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {part.id: part.kind for part in found.parts}
    usual = next(iter(candidates(found)))
    cases: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    for mistake in found.mistakes:
        given = given_for(found, mistake)
        cases.append((mistake, given, {**wrong_methods.right(found.id, given), **wrong_methods.wrong(found.id, mistake, given)}))
    key = wrong_methods.right(found.id, usual)
    cases += [
        ("correct", usual, key),
        ("blank", usual, {}),
        ("one_slip", usual, {**key, list(key)[-1]: slipped(list(key.values())[-1])}),
        ("malformed", usual, {part: MALFORMED[kind] for part, kind in kinds.items()}),
    ]
    expected = {}
    for name, given, answers in cases:
        sheet = pinned({found.id: (found.id, given)})
        text = filled(sheet_yaml(sheet, ["en", "zh"], None), found.id, answers)
        if name == "malformed" and kinds.get("output") == "formula":
            text = text.replace(MALFORMED["formula"], json.dumps(MALFORMED["formula"]))
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        expected[name] = {"given": given, "parts": outcome(hand_in(sheet, text))}
    return expected


def main() -> None:
    for name in EXERCISES:
        expected = write(exercise(name), SAMPLES / name)
        (SAMPLES / f"{name}.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
