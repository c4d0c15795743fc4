"""`regrade` and `history`, end to end: a changed credit, a changed policy, a fixed solution; who is asked, and what is written."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from grader.classroom.batch import forget
from grader.classroom.store import Store
from tests.cli.conftest import WORKED, Run, hand_in

LESSON = "lesson1-worked"
CEIL = WORKED.replace("{padded_size: 8, output_size: 3}", "{padded_size: 8, output_size: 4}")


@pytest.fixture
def graded(run: Run, course_dir: Path) -> Path:
    """Ada is right, alan rounds up in one slot, emmy handed in ada's sheet, hua is late where there is a due time."""
    hand_in(course_dir, "ada", LESSON, WORKED)
    hand_in(course_dir, "alan", LESSON, CEIL.replace("/ada/", "/alan/"))
    hand_in(course_dir, "emmy", LESSON, WORKED)
    hand_in(course_dir, "hua", LESSON, WORKED.replace("/ada/", "/hua/"), time="2026-12-10 00:10")
    forget()
    run("grade", LESSON)
    return course_dir


def change(file: str, old: str, new: str) -> None:
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}: correct the test"
    path.write_text(text.replace(old, new), encoding="utf-8")
    forget()  # as the next command would, in a process of its own


def lower_the_credit() -> None:
    """Of the methods that lead to 4 the lowest credit counts: it was a quarter."""
    change("exercises/output-size.yaml", "  ceil:\n    credit: 0.5\n", "  ceil:\n    credit: 0.125\n")


def dump() -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect("grades.db") as database:
        return {table: database.execute(f"select * from {table}").fetchall() for table in ("runs", "submissions", "records", "history")}


def scores(run: Run) -> dict[str, float | None]:
    lines = map(json.loads, run("report", LESSON, "--json").stdout.splitlines())
    return {line["student"]: line["record"]["score"] for line in lines if line["record"]}


def test_a_changed_credit(run: Run, graded: Path) -> None:
    before = scores(run)
    lower_the_credit()
    result = run("regrade", LESSON, "--yes", "--reason", "rounding up is worth less")
    assert result.exit_code == 0, result.output
    assert (
        result.stdout
        == """\
alan: 9.4375 → 9.34375
  attempt 1: 9.4375 → 9.34375 points
    output-size-4.output_size: 0.1875 → 0.09375 points

1 of 4 students change (1 record): 0 up, 1 down, 0 with the same grade; mean 9.81 → 9.78
records written: 1; what they replace: grader history lesson1-worked STUDENT
"""
    )
    assert scores(run) == before | {"alan": 9.34375}
    with sqlite3.connect("grades.db") as database:
        assert database.execute("select kind, reason, finished_at is null from runs order by id").fetchall() == [
            ("grade", None, 0),
            ("regrade", "rounding up is worth less", 0),
        ]
        (who, versions) = database.execute("select who, versions from runs where kind = 'regrade'").fetchone()
        assert who
        assert {"grader", "python", "torch"} <= json.loads(versions).keys()


def test_what_was_replaced_is_kept(run: Run, graded: Path) -> None:
    assert run("history", LESSON, "alan").stdout == "no record of alan was ever replaced\n"
    lower_the_credit()
    run("regrade", LESSON, "--yes", "--reason", "rounding up\x1b[31m is worth less")
    shown = run("history", LESSON, "alan").stdout.splitlines()
    assert len(shown) == 2
    assert shown[0].startswith("attempt 1: graded, 9.4375 points, on 20")
    assert shown[1].startswith("  replaced by run 2, regrade, by ")
    assert shown[1].endswith(": rounding up·[31m is worth less")
    (line,) = map(json.loads, run("history", LESSON, "alan", "--json").stdout.splitlines())
    assert (line["record"]["score"], line["run"]["kind"]) == (9.4375, "regrade")
    assert run("history", LESSON, "ada").stdout == "no record of ada was ever replaced\n"
    nobody = run("history", LESSON, "grace")
    assert (nobody.exit_code, nobody.stderr) == (1, f"grader: grace has no submission of {LESSON} in the store; run `grader grade {LESSON}` first\n")


def test_a_dry_run_writes_nothing(run: Run, graded: Path) -> None:
    lower_the_credit()
    before = dump()
    result = run("regrade", LESSON, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.endswith("dry run: nothing is written\n")
    assert "alan: 9.4375 → 9.34375" in result.stdout
    assert run("regrade", LESSON, "--dry-run", "--yes").stdout == result.stdout
    assert dump() == before


def test_nobody_to_ask(run: Run, graded: Path) -> None:
    lower_the_credit()
    before = dump()
    result = run("regrade", LESSON)
    assert result.exit_code == 1
    assert result.stdout.endswith("\nnothing is written\n")
    assert result.stderr == "grader: nobody is here to ask, so nothing is written; look through the changes, then pass --yes\n"
    assert dump() == before


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_on_a_terminal_it_asks(run: Run, graded: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool) -> None:
    monkeypatch.setattr("grader.cli.regrade._terminal", lambda: True)
    lower_the_credit()
    result = run("regrade", LESSON, input=answer)
    assert result.exit_code == 0
    assert "write 1 changed record? [y/N]" in result.stdout
    assert ("records written: 1" in result.stdout, "nothing is written" in result.stdout) == (written, not written)
    assert len(dump()["history"]) == written


def test_a_second_regrade_changes_nothing(run: Run, graded: Path) -> None:
    assert run("regrade", LESSON).stdout == "nothing changes: 4 students graded again\n"
    lower_the_credit()
    run("regrade", LESSON, "--yes")
    before = dump()
    again = run("regrade", LESSON, "--yes")
    assert (again.exit_code, again.stdout) == (0, "nothing changes: 4 students graded again\n")
    assert dump() == before


def test_what_was_refused_stays_refused(run: Run, graded: Path) -> None:
    lower_the_credit()
    run("regrade", LESSON, "--yes")
    record = json.loads(run("show", LESSON, "emmy", "--json").stdout)
    assert (record["status"], record["flags"]) == ("refused", ["not-theirs"])


def test_a_student_who_comes_onto_the_roster_gets_their_grade(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "eve", LESSON, WORKED.replace("/ada/", "/eve/"))
    forget()
    assert run("grade", LESSON).exit_code == 1
    roster = Path("roster.csv")
    change("roster.csv", roster.read_text(), roster.read_text() + "eve,Eve,eve@example.org,A\n")
    result = run("regrade", LESSON, "--yes")
    assert "eve: no grade → 10\n  attempt 1: refused → graded; 0 → 10 points; flags not-on-roster → none\n" in result.stdout
    assert "1 up, 0 down" in result.stdout
    assert scores(run) == {"eve": 10}


def test_a_changed_late_policy(run: Run, graded: Path) -> None:
    due = "    due: 2026-12-08 23:59\n    title: {en: \"First lesson, the page's"
    change("course.yaml", "    title: {en: \"First lesson, the page's", due)
    first = run("regrade", LESSON, "--yes", "--reason", "there was a due time").stdout
    assert "hua: 10 → 8\n  attempt 1: 10 → 8 points; late 0 → -2\n\n1 of 4 students change" in first
    change("course.yaml", "per_day: 0.1", "per_day: 0.05")
    assert "hua: 8 → 9\n  attempt 1: 8 → 9 points; late -2 → -1\n" in run("regrade", LESSON, "--yes").stdout
    assert [line["record"]["score"] for line in map(json.loads, run("history", LESSON, "hua", "--json").stdout.splitlines())] == [10, 8]


def test_a_fixed_solution(run: Run, course_dir: Path) -> None:
    change("solutions/output_size.py", "padding=padding).shape[-1]\n", "padding=padding).shape[-1] + 1\n")
    hand_in(course_dir, "ada", LESSON, WORKED)
    run("grade", LESSON)
    change("solutions/output_size.py", "padding=padding).shape[-1] + 1\n", "padding=padding).shape[-1]\n")
    result = run("regrade", LESSON, "--yes").stdout
    assert " → 10\n" in result.splitlines(keepends=True)[0]
    assert "incorrect → correct" in result or "partial → correct" in result
    assert "key 4 → 3" in result
    assert scores(run) == {"ada": 10}


def test_changed_words(run: Run, graded: Path) -> None:
    change("exercises/output-size.yaml", "is rounded down, not up", "is rounded down, never up")
    assert run("regrade", LESSON, "--yes").stdout.startswith("alan: stays at 9.4375\n  attempt 1: only words differ\n\n1 of 4 students change")
    assert "never up" in run("show", LESSON, "alan").stdout


def test_only_one_student(run: Run, graded: Path) -> None:
    lower_the_credit()
    assert run("regrade", LESSON, "--student", "ada").stdout == "nothing changes: 1 student graded again\n"
    assert "1 of 1 student change" in run("regrade", LESSON, "--student", "alan", "--dry-run").stdout
    nobody = run("regrade", LESSON, "--student", "grace")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert nobody.stderr.startswith("grader: grace has no submission of lesson1-worked in the store")


def test_json(run: Run, graded: Path) -> None:
    lower_the_credit()
    result = run("regrade", LESSON, "--json", "--yes")
    alan, last = map(json.loads, result.stdout.splitlines())
    assert (alan["student"], alan["old"], alan["new"]) == ("alan", 9.4375, 9.34375)
    (found,) = alan["changes"]
    assert found["old"]["score"] == 9.4375
    (part,) = found["parts"]
    assert (part["slot"], part["part"], part["old"]["points"], part["new"]["points"]) == ("output-size-4", "output_size", 0.1875, 0.09375)
    assert last["written"] == 1
    assert last["totals"] == {"students": 4, "changed": 1, "hand_ins": 1, "up": 0, "down": 1, "failed": 0, "mean": {"old": 9.8125, "new": 9.78125}}


def test_a_regrade_that_fails_takes_no_grade_away(run: Run, graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ArithmeticError("a fault of ours")

    monkeypatch.setattr("grader.classroom.batch.grade", broken)
    before = dump()
    result = run("regrade", LESSON, "--yes")
    assert result.exit_code == 1, result.output
    assert "alan: stays at 9.4375\n  attempt 1: the grader failed on it now, so the record stands as it is" in result.stdout
    assert result.stderr == "grader: grading failed on 4, of which the records stand; run `grader verify`\n"
    assert dump() == before


def test_another_run_holds_the_assignment(run: Run, graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.classroom.holding.HELD_SECONDS", 0.0, raising=False)
    with Store("sqlite:///grades.db", graded, "conv101") as store, store.hold(LESSON):
        result = run("regrade", LESSON)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"grader: another run is grading {LESSON}")


def test_nothing_handed_in(run: Run, course_dir: Path) -> None:
    result = run("regrade", LESSON)
    assert (result.exit_code, result.stderr) == (1, f"grader: the store has no submission of {LESSON}; run `grader grade {LESSON}` first\n")
