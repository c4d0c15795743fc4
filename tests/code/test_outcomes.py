"""What becomes of programs that do not do what was asked: the verdict, the outcome's name, and the words, in both languages."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from grader.course.starter import starter
from grader.marking.record import PartGrade, Verdict, read_slot
from tests.code.conftest import Graded, expected_of
from tests.code.programs import RIGHT, edited

HEAD = "def conv2d(x, w, stride=1, padding=0):\n    "


def outcome(found: PartGrade) -> str:
    """The outcome of the file, or of the first case that failed."""
    assert found.run is not None
    return str(next((group["first"] for group in found.run["groups"] if group["first"]), found.run["outcome"]))


@pytest.mark.parametrize(
    ("source", "verdict", "name", "words"),
    [
        pytest.param("def conv2d(x, w:\n", Verdict.INVALID, "syntax-fault", "no Python in line 1", id="syntax"),
        pytest.param("def conv(x, w): pass\n", Verdict.INVALID, "no-such-function", "no function conv2d; it defines conv", id="misnamed"),
        pytest.param("import torch\n" + RIGHT["code-conv2d"], Verdict.INVALID, "import-refused", "imports torch in line 1", id="imports-torch"),
        pytest.param(b"\xff\xfe\x00", Verdict.INVALID, "unreadable", "NUL bytes", id="nul-bytes"),
        pytest.param(b"# " + b"x" * 300_000, Verdict.INVALID, "unreadable", "at most", id="too-long"),
        pytest.param("1 / 0\n", Verdict.INCORRECT, "raised", "ZeroDivisionError: division by zero in line 1 (1 / 0)", id="raises-on-load"),
        pytest.param(HEAD + "return x[100]\n", Verdict.INCORRECT, "raised", "IndexError", id="raises"),
        pytest.param(HEAD + "raise NotImplementedError\n", Verdict.INCORRECT, "raised", "still as it was handed out", id="not-written"),
        pytest.param(HEAD + "return 'x'\n", Verdict.INCORRECT, "wrong-type", "returns a str", id="returns-text"),
        pytest.param(HEAD + "x.sum()\n", Verdict.INCORRECT, "wrong-type", "is a return missing?", id="returns-none"),
        pytest.param(HEAD + "return x > 0\n", Verdict.INCORRECT, "wrong-dtype", "array of bool", id="returns-truth-values"),
        pytest.param(HEAD + "return x, w\n", Verdict.INCORRECT, "wrong-type", "returns a tuple of 2", id="returns-two"),
        pytest.param(HEAD + "return x\n", Verdict.INCORRECT, "wrong-shape", "shape (4, 4)", id="wrong-shape"),
        pytest.param(HEAD + "return x[:2, :2] * float('nan')\n", Verdict.INCORRECT, "not-finite", "NaN or infinity", id="nan"),
        pytest.param(
            HEAD + "return x[:2, :2]\n", Verdict.INCORRECT, "wrong-values", "0 of 4 cells are right; the first wrong one is at [0, 0]", id="wrong-values"
        ),
        pytest.param("while True: pass\n", Verdict.INCORRECT, "timed-out", "still running after 2 s", id="loops"),
        pytest.param("import os\nos._exit(0)\n", Verdict.INCORRECT, "died", "ended its process", id="exits"),
        pytest.param("print('x' * 3_000_000)\n" + RIGHT["code-conv2d"], Verdict.INCORRECT, "flooded", "prints too much", id="floods"),
    ],
)
def test_what_happened_is_said(source: str | bytes, verdict: Verdict, name: str, words: str, graded: Graded) -> None:
    found = graded("code-conv2d", source)
    assert (found.verdict, outcome(found)) == (verdict, name), found.feedback.en
    assert found.credit == 0
    assert words in found.feedback.en
    assert re.search(r"[\u4e00-\u9fff]", found.feedback.zh)
    assert not re.search(r"[\u4e00-\u9fff]", found.feedback.en)
    assert "{" not in found.feedback.en + found.feedback.zh, "a place that was not filled in"
    assert found.run is not None
    assert found.run["isolation"] in ("full", "namespaces", "none")


def test_too_few_values_are_said(graded: Graded) -> None:
    found = graded("code-conv2d-backward", "def conv2d_backward(x, w, dout, stride=1, padding=0):\n    return x, w\n")
    assert (found.verdict, outcome(found)) == (Verdict.INCORRECT, "wrong-count")
    assert "It returns 2 values, and 3 are asked for." in found.feedback.en


@pytest.mark.parametrize("languages", [("en",), ("zh",), ("en", "zh"), ("zh", "en")], ids="-".join)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_starter_as_it_was_handed_out_is_a_blank(languages: tuple[str, ...], newline: str, graded: Graded) -> None:
    text = starter(expected_of("code-conv2d").code, languages).replace("\n", newline)
    found = graded("code-conv2d", text.encode())
    assert (found.verdict, found.answer, found.run) == (Verdict.BLANK, None, None)
    assert graded("code-conv2d", text.replace("raise NotImplementedError", "return x").encode()).verdict is Verdict.INCORRECT


def test_credit_is_the_share_of_the_weight_of_groups_that_pass(graded: Graded) -> None:
    found = graded("code-conv2d", edited("code-conv2d", ("np.pad(x, padding)", "np.pad(x, min(padding, 1))")))
    groups = expected_of("code-conv2d").code.groups
    assert found.run is not None
    passed = {group["group"] for group in found.run["groups"] if group["passed"] == group["cases"]}
    assert passed == {group.id for group in groups} - {"more-padding", "together", "larger"}
    assert found.credit == sum(group.weight for group in groups if group.id in passed) / sum(group.weight for group in groups)
    assert "It works until the padding is 2 or 3." in found.feedback.en
    assert "前面的情况都正确，直到“填充为 2 或 3”时出错。" in found.feedback.zh


def test_one_case_that_fails_costs_its_group_and_no_other(graded: Graded) -> None:
    found = graded("code-conv2d", edited("code-conv2d", ("    return out", "    return out + (x.shape == (7, 4))")))
    assert found.run is not None
    assert [(g["group"], g["passed"], g["cases"]) for g in found.run["groups"] if g["passed"] < g["cases"]] == [("wide-or-tall", 3, 4)]


SPIES = {
    "message": "    raise ValueError(x.tolist(), stride, padding)\n",
    "type": "    raise type('E' + '_'.join(map(str, x.ravel())), (Exception,), {})\n",
    "printed": "    print(x.tolist())\n    raise ValueError\n",
    "returned": "    return x * 1.5\n",
}


@pytest.mark.parametrize("way", SPIES)
def test_values_of_hidden_cases_reach_no_record(way: str, graded: Graded) -> None:
    """The program tells all it sees where the stride and the padding come together, which only hidden cases have."""
    spying = RIGHT["code-conv2d"].replace("):\n", "):\n    if (stride > 1 and padding) or x.size > 100:\n    " + SPIES[way].replace("\n    ", "\n        "), 1)
    found = graded("code-conv2d", spying)
    assert found.run is not None
    hidden = [group for group in found.run["groups"] if group["hidden"]]
    assert all(group["passed"] == 0 and group["call"] is None and group["expected"] is None for group in hidden)
    assert found.verdict is Verdict.PARTIAL
    text = json.dumps(found.to_json(), ensure_ascii=False)
    for case in expected_of("code-conv2d").cases:
        if case.group in ("together", "larger"):
            x = np.asarray(case.positional[0])
            assert str(x.tolist()) not in text and str(x.tolist()[0])[1:-1] not in text and "_".join(map(str, x.ravel()[:4])) not in text


def test_hidden_cases_are_not_in_the_process_that_may_speak(graded: Graded) -> None:
    """A program that looks through the frames above it finds the calls that may be seen, and no other."""
    frames = """
import sys
def conv2d(x, w, stride=1, padding=0):
    frame, found = sys._getframe(), 0
    while frame:
        for value in list(frame.f_locals.values()):
            found = max(found, len(value) if isinstance(value, (list, tuple)) and value and isinstance(value[0], tuple) else 0)
        frame = frame.f_back
    raise ValueError(f"calls: {found}")
"""
    public = len(expected_of("code-conv2d").public().cases)
    assert f"calls: {public}" in graded("code-conv2d", frames).feedback.en


def test_text_of_the_student_is_cut_short_and_escaped(graded: Graded) -> None:
    found = graded("code-conv2d", HEAD + r"""print("\x1b[31m::error::" + "y" * 5000); raise ValueError("\x1b[2J::set-output::\n##[x]" + "z" * 5000)""")
    text = json.dumps(found.to_json(), ensure_ascii=False)
    assert "\x1b" not in text and "\\u001b" not in text
    assert "::" not in text and "##" not in text
    assert "z" * 250 not in text and "y" * 250 not in text


def test_a_run_gives_the_same_record_again(graded: Graded) -> None:
    """Addresses of objects, times, and what is printed must not make another record of the same program."""
    program = HEAD + "print(object()); raise ValueError(object())"
    first, second = graded("code-conv2d", program).to_json(), graded("code-conv2d", program).to_json()
    assert first["feedback"] == second["feedback"]
    assert re.search(r"0x…", first["feedback"]["en"])


def test_a_record_of_code_reads_back_as_it_was(graded: Graded) -> None:
    found = graded("code-conv2d", HEAD + "return x[:2, :2]\n")
    assert json.loads(found.text) == found.to_json()
    slot = {"slot": "s", "exercise": "code-conv2d", "variant": "v", "possible": 1, "parts": [json.loads(found.text)]}
    assert read_slot(slot).parts[0].to_json() == found.to_json()
