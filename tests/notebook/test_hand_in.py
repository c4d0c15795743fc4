"""`grader grade` takes notebooks, in whatever state students leave them, and nothing in them is run."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.batch import forget
from tests.cli.conftest import Run
from tests.notebook.notebooks import Document, cell_of, filled, hand_in, handed_out, key_of, sheet_of

Spoil = Callable[[Document], Any]


@pytest.fixture(autouse=True)
def fresh_course() -> None:
    forget()


def graded(run: Run, folder: Path) -> dict[str, Any]:
    """The records of everybody who handed in, by student."""
    run("grade", "lesson1", "--records", folder / "records.jsonl")
    found = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    return {record["student"]: record for record in found}


def right_notebook(folder: Path, student: str = "ada") -> Document:
    sheet = sheet_of(folder, student)
    return filled(handed_out(folder, sheet), key_of(sheet))


def strip_metadata(document: Document) -> None:
    document["metadata"] = {}
    for cell in document["cells"]:
        cell["metadata"] = {}


def strip_all_names(document: Document) -> None:
    strip_metadata(document)
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        del cell["id"]


def delete_locked(document: Document) -> None:
    document["cells"] = [cell for cell in document["cells"] if cell["metadata"]["nbgrader"]["grade"]]


def reorder(document: Document) -> None:
    document["cells"].reverse()


def edit_locked(document: Document) -> None:
    for cell in document["cells"]:
        if not cell["metadata"]["nbgrader"]["grade"]:
            cell["source"] = "the answer is 42"


def duplicate(document: Document) -> None:
    copies = copy.deepcopy(document["cells"])
    for number, cell in enumerate(copies):
        cell["id"] = f"copy-{number}"
    document["cells"] += copies


def duplicate_blank(document: Document) -> None:
    cell = copy.deepcopy(cell_of(document, "one-window"))
    document["cells"].append(cell | {"source": "# answer: one-window\nvalue = None", "id": "copied"})


def forge_outputs(document: Document) -> None:
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}]


def large_outputs(document: Document) -> None:
    cell_of(document, "one-window")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}]


def odd_outputs(document: Document) -> None:
    deep: Any = float("nan")
    for _ in range(100):
        deep = [deep]
    cell_of(document, "one-window")["outputs"] = [{"output_type": "display_data", "data": {"application/json": deep}, "metadata": {}}]


def points(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"]["nbgrader"]["points"] = 1000


def version_3(document: Document) -> None:
    cells = document.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source").splitlines(keepends=True)
    document |= {"worksheets": [{"cells": cells}], "nbformat": 3, "nbformat_minor": 0}


def lines_of_source(document: Document) -> None:
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def own_cells(document: Document) -> None:
    own: dict[str, Any] = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "while True: pass\nvalue = 1", "outputs": [], "execution_count": None}
    document["cells"].insert(2, own)


def stray_code(document: Document) -> None:
    cell = cell_of(document, "output-size-1")
    cell["source"] += "\nimport time\nwhile True: time.sleep(1)"


@pytest.mark.parametrize(
    ("spoil", "flags"),
    [
        pytest.param(lambda _: None, [], id="as-handed-out"),
        pytest.param(strip_metadata, ["no-sheet-line"], id="metadata-stripped"),
        pytest.param(strip_all_names, ["no-sheet-line"], id="metadata-and-ids-stripped"),
        pytest.param(delete_locked, [], id="locked-cells-deleted"),
        pytest.param(reorder, [], id="reordered"),
        pytest.param(edit_locked, [], id="locked-cells-edited"),
        pytest.param(duplicate, [], id="every-cell-twice"),
        pytest.param(duplicate_blank, [], id="a-blank-copy-below"),
        pytest.param(forge_outputs, [], id="outputs-forged"),
        pytest.param(large_outputs, [], id="outputs-of-5-MB"),
        pytest.param(odd_outputs, [], id="outputs-with-nan-and-deep"),
        pytest.param(points, [], id="points-edited"),
        pytest.param(version_3, [], id="nbformat-3"),
        pytest.param(lines_of_source, [], id="source-as-lines"),
        pytest.param(own_cells, [], id="cells-of-their-own"),
        pytest.param(stray_code, [], id="a-loop-for-ever-in-the-answer"),
    ],
)
def test_right_answers_stay_right(run: Run, course_dir: Path, spoil: Spoil, flags: list[str]) -> None:
    document = right_notebook(course_dir)
    spoil(document)
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert (record["status"], record["score"], record["flags"]) == ("graded", 20, flags)


def cut(document: Document) -> bytes:
    return json.dumps(document).encode()[:-300]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(cut, "this is not a notebook", id="cut-off"),
        pytest.param(lambda _: b"", "the file is empty", id="empty"),
        pytest.param(lambda _: b"[1, 2]", "there are no cells", id="a-list"),
        pytest.param(lambda _: b'{"cells": []}', "there is no answer cell", id="no-cells"),
        pytest.param(lambda _: b'{"cells": ' + b"[" * 100_000, "brackets are nested", id="nested"),
        pytest.param(lambda _: b"\xff\xfe\xff" * 9, "not UTF-8", id="not-text"),
        pytest.param(lambda d: json.dumps(d | {"cells": d["cells"] * 300}).encode(), "more than 5,000 cells", id="cells-without-end"),
    ],
)
def test_what_is_no_notebook_is_refused_and_stops_nobody(run: Run, course_dir: Path, spoil: Callable[[Document], bytes], words: str) -> None:
    hand_in(course_dir, "ada", spoil(right_notebook(course_dir)))
    hand_in(course_dir, "alan", right_notebook(course_dir, "alan"))
    found = graded(run, course_dir)
    assert found["ada"]["status"] == "refused"
    assert words in found["ada"]["notes"][0]["en"]
    assert found["alan"]["score"] == 20


def test_an_answer_cell_far_too_large_is_refused(run: Run, course_dir: Path) -> None:
    document = right_notebook(course_dir)
    cell_of(document, "one-window")["source"] = "value = " + "(" * 60_000
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert (record["status"], "one-window" in record["notes"][0]["en"]) == ("refused", True)


def test_another_students_notebook_is_refused(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", right_notebook(course_dir, "alan"))
    record = graded(run, course_dir)["ada"]
    assert (record["status"], record["flags"]) == ("refused", ["not-theirs"])


def test_another_students_answers_are_marked_against_ones_own_numbers(run: Run, course_dir: Path) -> None:
    document = right_notebook(course_dir, "alan")
    strip_metadata(document)
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert record["score"] < 10
    assert record["flags"] == ["no-sheet-line"]


def test_edited_numbers_are_flagged_and_marked_against_the_true_ones(run: Run, course_dir: Path) -> None:
    document = right_notebook(course_dir)
    document["metadata"]["conv_grader"]["slots"]["output-size-1"]["given"]["input_size"] = 99
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert (record["score"], record["flags"]) == (20, ["tampered"])


def test_two_different_answers_to_a_question_the_last_counts_and_a_person_sees_it(run: Run, course_dir: Path) -> None:
    document = right_notebook(course_dir)
    document["cells"].append(copy.deepcopy(cell_of(document, "one-window")) | {"source": "value = 1000", "id": "copied"})
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert (record["score"], record["flags"]) == (19, ["answered-twice"])
    assert "one-window" in record["notes"][0]["en"]


def swap_two_cells(document: Document) -> None:
    one, two = (cell_of(document, name) for name in ("output-size-1", "output-size-2"))
    one["source"], two["source"] = two["source"], one["source"]


def answer_beside_the_cell(document: Document) -> None:
    for name in ("output-size-1", "output-size-2"):
        cell = cell_of(document, name)
        own: dict[str, Any] = {"cell_type": "code", "id": f"mine-{name}", "metadata": {}, "outputs": [], "execution_count": None}
        document["cells"].append(own | {"source": cell["source"].partition("\n")[2]})
        cell["source"] = f"# answer: {name}\npadded_size = None\noutput_size = None"


def answer_in_the_question(document: Document) -> None:
    for name in ("output-size-1", "output-size-2"):
        cell_of(document, f"question-{name}")["source"] = cell_of(document, name)["source"].partition("\n")[2]
        cell_of(document, name)["source"] = f"# answer: {name}"


@pytest.mark.parametrize(
    ("spoil", "verdicts"),
    [
        pytest.param(swap_two_cells, {"incorrect", "partial", "correct"}, id="two-answers-swapped"),
        pytest.param(answer_beside_the_cell, {"blank"}, id="in-a-cell-of-their-own"),
        pytest.param(answer_in_the_question, {"blank"}, id="in-the-question"),
    ],
)
def test_an_answer_counts_for_the_cell_it_stands_in(run: Run, course_dir: Path, spoil: Spoil, verdicts: set[str]) -> None:
    document = right_notebook(course_dir)
    spoil(document)
    hand_in(course_dir, "ada", document)
    record = graded(run, course_dir)["ada"]
    assert record["status"] == "graded"
    key = key_of(sheet_of(course_dir, "ada"))
    for slot in record["slots"]:
        right = all(part["verdict"] == "correct" for part in slot["parts"])
        if slot["slot"] in ("output-size-1", "output-size-2"):
            assert not right
            assert {part["verdict"] for part in slot["parts"]} <= verdicts
            other = "output-size-2" if slot["slot"].endswith("1") else "output-size-1"
            expected = {None} if verdicts == {"blank"} else set(key[other].values())
            assert {part["answer"] for part in slot["parts"]} == expected
        else:
            assert right


def test_the_notebook_named_after_the_assignment_counts(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", right_notebook(course_dir))
    hand_in(course_dir, "ada", {"cells": []}, name="scratch.ipynb")
    hand_in(course_dir, "alan", right_notebook(course_dir, "alan"), name="lesson1 (1).ipynb")
    found = graded(run, course_dir)
    assert (found["ada"]["score"], found["alan"]["score"]) == (20, 20)


def test_two_files_that_could_be_it_are_refused(run: Run, course_dir: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        hand_in(course_dir, "ada", right_notebook(course_dir), name=name)
    record = graded(run, course_dir)["ada"]
    assert (record["status"], "a.ipynb, b.ipynb" in record["notes"][0]["en"]) == ("refused", True)


def test_a_mistake_is_recognised(run: Run, course_dir: Path) -> None:
    sheet = sheet_of(course_dir, "ada")
    answers = key_of(sheet)
    answers["output-size-basic"]["output_size"] += 1
    answers["one-window"] = {"value": None}
    hand_in(course_dir, "ada", filled(handed_out(course_dir, sheet), answers))
    record = graded(run, course_dir)["ada"]
    parts = {slot["slot"]: slot["parts"] for slot in record["slots"]}
    assert parts["one-window"][0]["verdict"] == "blank"
    given = next(v.given for v in sheet.variants if v.slot == "output-size-basic")
    answer = run("mark", "output-size-basic", input=json.dumps({"given": given, "answers": answers["output-size-basic"]}))
    assert [p["mistakes"] for p in json.loads(answer.stdout)["parts"]] == [p["mistakes"] for p in parts["output-size-basic"]]


def test_a_second_run_grades_nothing_and_a_changed_notebook_is_the_next_attempt(run: Run, course_dir: Path) -> None:
    document = right_notebook(course_dir)
    hand_in(course_dir, "ada", document)
    assert "1 graded" in run("grade", "lesson1").stdout
    assert "nothing new" in run("grade", "lesson1").stdout
    large_outputs(document)
    hand_in(course_dir, "ada", document)
    assert "1 graded" in run("grade", "lesson1").stdout
    *students, totals = map(json.loads, run("regrade", "lesson1", "--dry-run", "--json").stdout.splitlines())
    assert totals["totals"]["hand_ins"] == 0
    assert not any(student["changes"] for student in students)  # what was kept of the notebook is enough to mark it again
