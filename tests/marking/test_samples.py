"""A sheet as a student hands it in, for every wrong method of lesson 1: `samples/EXERCISE/MISTAKE.yaml`.

What grading must say about each stands beside them in `samples/EXERCISE.json`; `write_samples.py` says how they were made.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .sheets import EXERCISES, SAMPLES, dumped, exercise, hand_in, pinned
from .write_samples import outcome

OTHERS = ("correct", "blank", "one_slip", "malformed")
EXPECTED: dict[str, dict[str, Any]] = {name: json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")) for name in EXERCISES}
CASES = [pytest.param(name, sample, id=f"{name}/{sample}") for name in EXERCISES for sample in EXPECTED[name]]
# Worked out with pencil and paper from the numbers printed in the sheets.
BY_HAND = {
    # 5·1 + 4·0 + 0·(−1) | 3·(−1) + 0·1 + 4·0 | 4·0 + 4·2 + 0·3
    ("one-window", "correct"): 5 + 0 + 0 - 3 + 0 + 0 + 0 + 8 + 0,
    ("one-window", "products-only"): [[5, 0, 0], [-3, 0, 0], [0, 8, 0]],
    # first row times the columns: 5·1 + 4·(−1) + 0·0 = 1, 5·0 + 4·1 + 0·2 = 4, 5·(−1) + 4·0 + 0·3 = −5; …
    ("one-window", "matmul"): [[1, 4, -5], [3, 8, 9], [0, 4, -4]],
    # kernel turned: −2 −1 −2 / 3 −2 −1 / −1 0 −1; first window 2 0 1 / 5 3 3 / 5 3 3: (−4 − 2) + (15 − 6 − 3) + (−5 − 3) = −8
    ("conv-stride", "flip180"): [[-8, -12], [-30, -8]],
    ("output-size-basic", "full"): 12,  # 10 + 3 − 1
    ("output-size", "pad-once"): {"padded_size": 13, "output_size": 5},  # 11 + 2; (13 − 4) / 2 + 1 = 5.5
    ("output-size", "stride-is-gap"): {"padded_size": 10, "output_size": 3},  # (10 − 2) / 3 + 1 = 3.67
}


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_a_sample_is_graded_as_its_name_says(name: str, sample: str) -> None:
    expected = EXPECTED[name][sample]
    record = hand_in(pinned({name: (name, expected["given"])}), (SAMPLES / name / f"{sample}.yaml").read_bytes())
    assert record.status == "graded"
    assert record.flags == ()
    assert outcome(record) == expected["parts"]
    last = record.slots[0].parts[-1]
    verdicts = {"correct": "correct", "blank": "blank", "malformed": "invalid"}
    assert last.verdict == verdicts.get(sample, "incorrect" if sample == "one_slip" and last.cells is None else "partial")
    assert (sample in last.mistakes) == (sample not in OTHERS)
    dumped(record)


@pytest.mark.parametrize(("name", "sample"), [case for case in CASES if case.values[1] not in OTHERS])
def test_a_sample_s_credit_and_words_are_its_mistake_s(name: str, sample: str) -> None:
    found = exercise(name)
    for part, said in EXPECTED[name][sample]["parts"].items():
        if sample not in said["mistakes"]:
            assert said["verdict"] == "correct"
            continue
        followed = "follows rightly" in said["feedback"]["en"]
        lowest = min(found.mistakes[mistake].credit for mistake in said["mistakes"])
        assert said["credit"] == (found.part(part).follow_credit if followed else lowest)  # type: ignore[union-attr]
        # Each possibility is named: the plain pieces of every wrong method's words stand in the sentence, in both languages.
        for mistake in said["mistakes"]:
            for language, template in (("en", found.mistakes[mistake].words.en), ("zh", found.mistakes[mistake].words.zh)):
                assert all(piece in said["feedback"][language] for piece in template.pieces if isinstance(piece, str)), mistake
                if "answer" in template.names:
                    assert said["read_as"] in said["feedback"][language], "the student's own number stands in the words"
        assert not re.search(r"[{}]", said["feedback"]["en"])
        assert re.search(r"[\u4e00-\u9fff]", said["feedback"]["zh"])


@pytest.mark.parametrize("name", EXERCISES)
def test_every_wrong_method_of_an_exercise_has_its_sample(name: str) -> None:
    samples = {path.stem for path in (SAMPLES / name).iterdir()}
    assert samples == set(EXPECTED[name]) == {*exercise(name).mistakes, *OTHERS}


@pytest.mark.parametrize(("name", "sample"), [pytest.param(*case, id="/".join(case)) for case in BY_HAND])
def test_some_samples_checked_by_hand(name: str, sample: str) -> None:
    said = EXPECTED[name][sample]["parts"]
    wanted = BY_HAND[name, sample]
    answers = wanted if isinstance(wanted, dict) else {next(iter(said)): wanted}
    assert {part: said[part]["read_as"] for part in said} == {part: str(answer) for part, answer in answers.items()}
