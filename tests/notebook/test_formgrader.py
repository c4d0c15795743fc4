"""nbgrader's formgrader in a browser: scores and reasons stand where an instructor looks, and nothing of a student is run there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from playwright.sync_api import Page

from grader.marking.record import Record
from tests.browser import chromium, needs_chromium
from tests.notebook.nbgrader_class import Class
from tests.notebook.simulated import DAMAGED

TOKEN = "of-the-tests"
SLOW = 120_000  # ms, on a busy machine
FILLED_IN = "fields => { const all = [...document.querySelectorAll(fields)]; return all.length > 0 && all.every(one => one.placeholder); }"
OPTIONS = ("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}")

pytestmark = needs_chromium


@contextmanager
def served(class_: Class, folder: Path) -> Iterator[str]:
    """The address of a Jupyter server in the class's nbgrader course, with nbgrader's own extensions."""
    places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    log = folder / "server.log"
    with log.open("w") as output:
        command = [sys.executable, "-m", "jupyter_server", *OPTIONS]
        server = subprocess.Popen(command, cwd=class_.home, env=class_.environment | places, stdout=output, stderr=output)
        try:
            while not (found := [path for path in folder.glob("runtime/jpserver-*.json") if path.read_text().strip().endswith("}")]):
                assert server.poll() is None, log.read_text()[-2_000:]
                time.sleep(0.1)
            yield str(json.loads(found[0].read_text())["url"])
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.fixture(scope="module")
def formgrader(class_: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of a browser that an instructor is logged in with."""
    with served(class_, tmp_path_factory.mktemp("server")) as address, chromium() as browser:
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(SLOW)
        page.goto(f"login?token={TOKEN}")
        yield page


def shown(points: Fraction) -> str:
    """Points as the pages show them: with at most two decimals, halves rounded up."""
    return f"{floor(points * 100 + Fraction(1, 2)) / 100:g}"


def open_list(page: Page) -> None:
    """Everybody's submission, with names."""
    page.goto("formgrader/gradebook/lesson1/lesson1")
    page.locator("td.score").first.wait_for()  # it comes after the page
    page.get_by_role("button", name="Show All Names").click()


def open_submission(page: Page, student: str) -> None:
    open_list(page)
    page.get_by_role("link", name=f"{student.title()}, Student", exact=True).click()
    # Scores and comments come after the page, each with its own question.
    for fields in ("input.score", "textarea.comment"):
        page.wait_for_function(FILLED_IN, arg=fields)


def test_the_list_has_everybodys_score(formgrader: Page, class_: Class) -> None:
    open_list(formgrader)
    scores = dict(zip(formgrader.locator("td.name").all_inner_texts(), formgrader.locator("td.score").all_inner_texts(), strict=True))
    assert scores == {f"{student.title()}, Student": f"{shown(record.score)} / 20" for student, record in class_.records().items() if student != DAMAGED}
    screenshot(formgrader, class_, "list")


def test_a_submission_has_score_and_reason_of_every_question(formgrader: Page, class_: Class) -> None:
    student, record = most_mistaken(class_)
    open_submission(formgrader, student)
    for slot in record.slots:
        assert formgrader.locator(f"input.score#{slot.slot}").get_attribute("placeholder") == f"{float(slot.score):g}"
        said = formgrader.locator(f"textarea#{slot.slot}-comment").get_attribute("placeholder") or ""
        for part in slot.parts:
            assert part.feedback.en in said
            assert part.feedback.zh in said
    screenshot(formgrader, class_, "submission")


def test_what_an_instructor_types_is_kept_and_can_be_taken_back(formgrader: Page, class_: Class) -> None:
    student, _ = most_mistaken(class_)
    open_submission(formgrader, student)
    score = formgrader.locator("input.score#one-window")
    for typed, kept in (("0.5", 0.5), ("", None)):
        with formgrader.expect_response(lambda response: "/api/grade/" in response.url and response.request.method == "PUT"):
            score.fill(typed)
            score.press("Tab")
        assert class_.cells()[student, "one-window"]["manual_score"] == kept


def test_a_script_in_a_students_text_is_not_run(formgrader: Page) -> None:
    open_submission(formgrader, "grace")
    assert formgrader.get_by_text("‹script>").count()
    assert formgrader.evaluate("window.owned") is None


def most_mistaken(class_: Class) -> tuple[str, Record]:
    """The student with the most wrong methods that were recognised: the most reasons to show."""
    records = {student: record for student, record in class_.records().items() if student.startswith("sim-")}
    return max(records.items(), key=lambda item: sum(bool(part.mistakes) for slot in item[1].slots for part in slot.parts))


def screenshot(page: Page, class_: Class, name: str) -> None:
    """For whoever looks at what the tests saw."""
    page.screenshot(path=class_.course.parent / f"formgrader-{name}.png")
