"""`report`: the class table, item statistics, and files for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from grader.cli.options import DONE, LOOK, TABLE_LINES, USAGE, faults_shown, language_of, open_course, open_store, stop
from grader.marking.outline import standings
from grader.marking.record import Record, read_record
from grader.text import Text

if TYPE_CHECKING:
    from grader.classroom.store import Store
    from grader.course.course import Assignment, Course
    from grader.reports.table import Row


def report(assignment_id: str, csv: Path | None, parquet: Path | None, as_json: bool, folder: Path | None) -> None:
    from grader.reports.table import grades_csv, rows

    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        with open_store(course) as store:
            table = rows(course, assignment, store.outlines(assignment.id))
            if as_json:
                for student, record in _counting(assignment, store):
                    print(json.dumps({"student": student, "record": record}, ensure_ascii=False))
                for row in table:
                    if row.record is None:
                        print(json.dumps({"student": row.student.id, "record": None}, ensure_ascii=False))
            else:
                _print(course, assignment, store, table)
            if parquet is not None:
                _write_parquet(parquet, assignment, store)
    path = csv or course.folder / "grades.csv"
    try:
        path.write_text(grades_csv(assignment, table), encoding="utf-8-sig")
    except OSError as error:
        stop(f"{path} cannot be written ({error.strerror})", LOOK)
    out = sys.stderr if as_json else sys.stdout
    language = language_of(course, None)
    print("\n" + GRADES.fill(path=path)[language], file=out)
    if parquet is not None:
        print(ANSWERS.fill(path=parquet)[language], file=out)
    raise typer.Exit(DONE)


def _print(course: Course, assignment: Assignment, store: Store, table: Sequence[Row]) -> None:
    from grader.classroom.statistics import statistics
    from grader.reports.statistics import statistics_text
    from grader.reports.summary import grades_text, summary
    from grader.reports.table import table_text

    language = language_of(course, None)
    print(f"{course.title[language]} · {assignment.title[language]} ({course.id}/{assignment.id})\n")
    if len(table) <= TABLE_LINES:
        print(table_text(assignment, table, language) + "\n")
    else:
        print(MANY.fill(count=len(table))[language] + "\n")
    found = summary(course, assignment, store.outlines(assignment.id))
    print(grades_text(found, assignment.possible, language))
    if found.graded:
        print("\n" + statistics_text(statistics(read_record(record) for _, record in _counting(assignment, store)), language=language))
    _print_alike(course, assignment, store)
    _print_recovery(course, assignment, (read_record(json.loads(text)) for text in store.records(assignment.id)))


def _print_alike(course: Course, assignment: Assignment, store: Store) -> None:
    """How many pairs of programs are alike, where there are any; who, is told by `copies`."""
    if not assignment.programs:
        return
    from grader.classroom.similarity import similarities, stored_programs
    from grader.reports.similarity import COUNT

    found = similarities(stored_programs(store.submissions(assignment.id), assignment, course.timezone), assignment)
    if count := sum(len(one.alike) for one in found):
        print(f"\n{COUNT.fill(count=count, assignment=assignment.id)[language_of(course, None)]}")


def _counting(assignment: Assignment, store: Store) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The record that counts of each student who has one, as JSON."""
    for standing in standings(store.records(assignment.id), assignment.policies.attempts):
        if standing.data is not None:
            yield standing.student, standing.data


def _write_parquet(path: Path, assignment: Assignment, store: Store) -> None:
    from grader.reports.parquet import write_parquet

    try:
        write_parquet(path, (record for _, record in _counting(assignment, store)))
    except ImportError:
        stop("--parquet needs duckdb, which is not installed; pip install 'conv-grader[parquet]'", USAGE)
    except OSError as error:
        stop(f"{path} cannot be written ({error.strerror})", LOOK)


def _print_recovery(course: Course, assignment: Assignment, records: Iterator[Record]) -> None:
    """On a trial course: how well the grades found what the simulated students really did."""
    from grader.classroom.recovery import read_truth, recovered, truth_path

    path = truth_path(course.folder, assignment.id)
    if not path.is_file():
        return
    found = recovered(read_truth(path), records)
    correlation = "–" if found.rank_correlation is None else f"{found.rank_correlation:.3f}"
    counts = {"showed": found.showed, "named": found.named, "share": f"{found.share:.1%}", "missed": found.showed - found.named, "alone": found.alone}
    more = {"slips": found.slips, "wrongly": found.wrongly_named, "correlation": correlation}
    print("\n" + RECOVERED.fill(file=path.name, students=found.students, **counts, **more)[language_of(course, None)])


GRADES = Text("grades: {path}", "成绩：{path}")
ANSWERS = Text("answers: {path}", "答案：{path}")
MANY = Text("{count} students; the table of them all is in the file named below", "共 {count} 人；完整的成绩表在下面列出的文件中")
RECOVERED = Text(
    """against the truth ({file}, {students} students):
  mistakes that showed {showed}, named {named} ({share}), missed {missed}; named alone {alone}
  slips {slips}; slips, blanks and right answers wrongly named {wrongly}
  rank correlation of points with true mastery {correlation}""",
    """与真实情况对照（{file}，{students} 人）：
  表现出来的错误 {showed} 个，识别出 {named} 个（{share}），漏掉 {missed} 个；只识别为一种的 {alone} 个
  笔误 {slips} 个；笔误、空白和正确答案被误认为错误方法的 {wrongly} 个
  得分与真实掌握程度的秩相关系数 {correlation}""",
)
