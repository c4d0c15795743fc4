"""`copies` and `whose` on a small simulated class in which one sheet was copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.classroom.batch import forget
from tests.cli.conftest import Run

CLASS = 25


@pytest.fixture
def copied(run: Run, course_dir: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A graded class in which one student hands in another's answers under their own sheet line; who, and whose."""
    run("simulate", "lesson1", "--students", CLASS, "--out", "trial")
    monkeypatch.chdir("trial")
    truth = {line["student"]: line for line in map(json.loads, Path("truth-lesson1.jsonl").read_text().splitlines())}
    careful = sorted((name for name, own in truth.items() if own["damage"] is None), key=lambda name: -truth[name]["mastery"])
    source, student = careful[:2]
    sheets = {name: next(Path("submitted", name, "lesson1").glob("answers.*")) for name in (source, student)}
    sheets[student].unlink()
    text = sheets[source].read_text(encoding="utf-8")
    before, answers, rest = text.partition("answers")
    if sheets[source].suffix == ".json":
        data = json.loads(text)
        text = json.dumps({"sheet": f"conv101/lesson1/{student}/1", "answers": data["answers"]})
    else:
        # The numbers that were given stand in a YAML sheet too: whoever copies keeps their own.
        text = f"sheet: conv101/lesson1/{student}/1\nanswers{rest.partition(chr(10) + 'slots:')[0]}\n" if answers else before
    (sheets[student].parent / sheets[source].name).write_text(text, encoding="utf-8")
    forget()
    run("grade", "lesson1")
    return student, source


def test_a_copied_sheet_is_found_and_its_source_named(run: Run, copied: tuple[str, str]) -> None:
    student, source = copied
    result = run("copies", "lesson1")
    assert result.exit_code == 0, result.output
    rows = [line.split()[:2] for line in result.stdout.splitlines()[2:] if line.startswith("sim-") and ":" not in line]
    assert rows == [[student, source]]
    assert "A signal is a hint: look at both sheets and ask. Nothing is taken off for it." in result.stdout
    found = json.loads(run("copies", "lesson1", "--json").stdout)
    assert [(signal["student"], signal["source"]) for signal in found["signals"]] == [(student, source)]
    assert found["students"] == CLASS


def test_nothing_to_compare(run: Run, course_dir: Path) -> None:
    result = run("copies", "lesson1")
    assert (result.exit_code, result.stderr) == (1, "grader: the store has no sheet and no record of lesson1; run `grader grade lesson1` first\n")


def test_whose_question_it_is(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--format", "json")
    sheet = json.loads(Path("release/ada/lesson1/answers.json").read_text())
    given = sheet["slots"]["conv-array"]["given"]
    whole = run("whose", "lesson1", "--values", json.dumps(given))
    assert whole.stdout.splitlines()[2].split() == ["ada", "conv-array", "1", "exact"]
    assert len(whole.stdout.splitlines()) == 3
    (owner,) = map(json.loads, run("whose", "lesson1", "--values", json.dumps(given["input"]), "--json").stdout.splitlines())
    assert owner == {"student": "ada", "slot": "conv-array", "attempt": 1, "exercise": "conv-array", "exact": False}
    assert run("whose", "lesson1", "--values", "[[1000]]").stdout == "nobody was given these values\n"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param("{}", 'grader: --values: expected values such as {"input_size": 6} or an array, got a mapping of 0; write a JSON object', id="fits-everyone"),
        pytest.param("6", 'grader: --values: expected values such as {"input_size": 6} or an array, got 6; write a JSON object', id="a-number"),
        pytest.param("{", "grader: --values is no JSON: line 1: this is not JSON", id="no-json"),
        pytest.param('{"a": NaN}', "grader: --values is no JSON: ", id="not-a-number"),
    ],
)  # fmt: skip
def test_values_that_are_none(run: Run, course_dir: Path, values: str, said: str) -> None:
    result = run("whose", "lesson1", "--values", values)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
