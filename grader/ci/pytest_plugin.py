"""`pytest` in a student's repository: one test for each part of the sheet, its failure the feedback, and the points.

Anywhere else this plugin does nothing but offer its options. Nothing of the grader is imported until a sheet is found.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.ci.practice import Item, Marked

NAMES = ("answers.yaml", "answers.yml", "answers.json")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grader", "exercises on convolution")
    group.addoption("--grader-json", metavar="FILE", help="write the record of the sheet as JSON")
    group.addoption("--grader-offline", action="store_true", help="refuse every use of the network in this process, by marking and by tests")
    group.addoption("--trust-student-code", action="store_true", help="run programs even where this machine cannot confine them: only your own")
    group.addoption("--pass-mark", metavar="SHARE", default="1", help="the share of the points from which the run succeeds, as 0.6 or 60%%; all by default")


def pytest_configure(config: pytest.Config) -> None:
    from grader.ci.pass_mark import read_share

    try:
        config.pluginmanager.register(Score(read_share(config.getoption("--pass-mark"))), "grader-score")
    except ValueError as error:
        raise pytest.UsageError(f"--pass-mark: {error}") from error
    if config.getoption("--grader-offline"):
        from grader.ci.offline import go_offline

        go_offline()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name not in NAMES or not (file_path.parent / ".grader" / "repository.json").is_file():
        return None
    first = next(name for name in NAMES if (file_path.parent / name).exists())
    return Sheet.from_parent(parent, path=file_path) if file_path.name == first else None


class Sheet(pytest.File):
    """An answer sheet: marked once when its parts are collected. What a student wrote is data here; programs run confined, in processes of their own."""

    def collect(self) -> Iterator[pytest.Item]:
        from datetime import UTC, datetime

        from grader.ci.practice import mark_repository
        from grader.ci.repository import RepositoryError, read_repository
        from grader.course.key_files import key_files
        from grader.sandbox.level import IsolationError

        try:
            repository = read_repository(self.path.parent)
            marked = mark_repository(repository, now=datetime.now(UTC), trust=self.config.getoption("--trust-student-code"), keys=key_files())
        except RepositoryError as error:
            raise self.CollectError(str(error)) from error
        except IsolationError as error:
            raise self.CollectError(f"{error} Your own programs you may run with --trust-student-code.") from error
        for item in marked.items:
            yield Part.from_parent(self, name=item.name, item=item, marked=marked, language=repository.language)


class Part(pytest.Item):
    """One part of a sheet. It fails where it is not right; its points stand in its properties and so in JUnit XML."""

    def __init__(self, *, item: Item, marked: Marked, language: str, **about: Any) -> None:
        super().__init__(**about)
        from grader.course.points import number

        self.marked_item, self.marked, self.language = item, marked, language
        self.user_properties += [("points", number(item.points)), ("possible", number(item.possible)), ("verdict", str(item.verdict))]

    def runtest(self) -> None:
        if not self.marked_item.passed:
            raise NotRight

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, NotRight):
            return super().repr_failure(excinfo, style)
        from grader.ci.escape import plain
        from grader.reports.show import COLON, OF_POINTS, VERDICTS, points

        item, language = self.marked_item, self.language
        earned = OF_POINTS.fill(points=points(item.points), possible=points(item.possible))[language]
        words = f"{item.title[language]}{COLON[language]}{VERDICTS[item.verdict][language]}, {earned}\n{item.feedback[language]}"
        return f"{plain(words)}\n{item.file}:{item.line}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.marked_item.line - 1, self.name


class NotRight(Exception):
    """A part that did not earn all its points."""


class Score:
    """What a run has earned. Under xdist the reports of all workers come together here."""

    def __init__(self, pass_mark: Fraction) -> None:
        self.pass_mark = pass_mark
        self.seen: dict[str, tuple[Fraction, Fraction]] = {}
        self.failed = 0
        self.record: dict[str, Any] | None = None
        self.parts = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        about = getattr(report, "grader", None)
        if report.when == "call" and isinstance(about, dict):
            self.seen[report.nodeid] = Fraction(about["points"]), Fraction(about["possible"])
            self.failed += report.failed
            self.record, self.parts = about["record"], about["parts"]

    @property
    def whole(self) -> bool:
        """Whether every part was run, so that this is the score of the sheet."""
        return self.record is not None and len(self.seen) == self.parts

    @property
    def earned(self) -> Fraction:
        own = sum((earned for earned, _ in self.seen.values()), Fraction(0))
        taken = sum((Fraction(str(line["points"])) for line in self.record["adjustments"]), Fraction(0)) if self.whole and self.record else Fraction(0)
        return max(Fraction(0), own + taken)

    @property
    def possible(self) -> Fraction:
        return sum((possible for _, possible in self.seen.values()), Fraction(0))

    @property
    def reached(self) -> bool:
        return bool(self.seen) and self.earned >= self.pass_mark * self.possible and (self.record or {}).get("status") == "graded"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(session.config, "workerinput") or not self.seen:
            return
        if path := session.config.getoption("--grader-json"):
            Path(path).write_text(json.dumps(self.record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if exitstatus == pytest.ExitCode.TESTS_FAILED and session.testsfailed == self.failed and self.reached:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.seen:
            return
        from grader.reports.show import points

        terminalreporter.section("points")
        only = "" if self.whole else f" (only {len(self.seen)} of {self.parts} parts were run)"
        terminalreporter.line(f"points: {points(self.earned)} of {points(self.possible)}{only}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    if isinstance(item, Part):
        own = item.marked_item
        about = {"points": str(own.points), "possible": str(own.possible), "parts": len(item.marked.items), "record": item.marked.record.to_json()}
        outcome.get_result().grader = about  # plain JSON: it travels with the report from a worker
