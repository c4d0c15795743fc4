"""The formats of what is said about a whole class, key by key and both ways: `regrade`, `copies` with its two hints."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from grader.classroom.copies import Copies, CopySignal, SharedAnswer
from grader.classroom.regrading import Change, PartChange, Regraded, Seen
from grader.classroom.similarity import ProgramPair, Similarity
from grader.marking.outline import Outline
from grader.marking.record import Status

from .test_docs import compare, documented, paths

ABOUT: dict[str, Any] = {"student": "ada", "attempt": 2, "submission": "sha256:0", "submitted_at": None, "graded_at": "", "flags": (), "notes": ()}


def outline(score: int) -> Outline:
    return Outline(**ABOUT, status=Status.GRADED, score=Fraction(score), adjustments=(("late", Fraction(-1)),), points={"size": Fraction(score)})


def test_keys_of_regrade() -> None:
    seen = Seen(points=Fraction(1), verdict="partial", mistakes=("ceil",), key=3)
    part = PartChange(slot="size", part="output_size", old=seen, new=seen)
    change = Change(old=outline(1), new=outline(2), parts=(part,), row={}, sheet=None, keys=())
    found = set(paths(Regraded(student="ada", old=Fraction(1), new=Fraction(2), changes=(change,)).to_json()))
    said = {path for path in documented("Regrade") if path.startswith(("changes[].new", "changes[].parts[].new"))}
    # "The same", "as `old`": what stands under old is explained once.
    assert said == {"changes[].new", "changes[].parts[].new"}
    once = {path for path in found if not path.startswith(("changes[].new.", "changes[].parts[].new.", "changes[].parts[].old."))}
    compare("Regrade", {path for path in once if not path.startswith("changes[].old.adjustments[].")})
    assert {path.rpartition(".")[2] for path in found if path.startswith("changes[].parts[].old.")} == {"points", "verdict", "mistakes", "key"}
    assert {path.rpartition(".")[2] for path in found if path.startswith("changes[].old.adjustments[].")} == {"kind", "points"}


def test_keys_of_copy_signals() -> None:
    answers = (SharedAnswer(slot="size", part="output_size", chance=0.1),)
    signal = CopySignal(student="ada", attempt=1, source="alan", answers=answers, unexplained=3, log10_chance=-4.0)
    compare("Copy signals", set(paths(json.loads(json.dumps(Copies(students=3, answers=4, pairs=5, signals=(signal,)).to_json())))))
    pair = ProgramPair(student="ada", other="alan", shared=9, own=10, share=0.9, as_alike=1)
    programs = Similarity(slot="code-conv2d", students=3, compared=3, pairs=3, usual=None, alike=(pair,))
    compare("Programs that are alike", set(paths(json.loads(json.dumps({"programs": [programs.to_json()]})))))
