"""nbgrader's formgrader in a browser: scores and reasons stand where an instructor looks, and nothing of a student is run there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

import pytest
from playwright.sync_api import Page, expect

from grader.marking.record import Record
from tests.browser import chromium, needs_chromium
from tests.notebook.jupyter import SLOW, TOKEN, served
from tests.notebook.nbgrader_class import Class
from tests.notebook.simulated import DAMAGED

FILLED_IN = "fields => { const all = [...document.querySelectorAll(fields)]; return all.length > 0 && all.every(one => one.placeholder); }"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def formgrader(class_: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of a browser that an instructor is logged in with."""
    home = tmp_path_factory.mktemp("server")
    with served("jupyter_server", root=class_.home, folder=home, environment=class_.environment) as address, chromium() as browser:
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(SLOW)
        expect.set_options(timeout=SLOW)
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
    expected = {f"{student.title()}, Student": f"{shown(record.score)} / 20" for student, record in class_.records().items() if student != DAMAGED}
    expect(formgrader.locator("td.score")).to_have_count(len(expected))
    scores = dict(zip(formgrader.locator("td.name").all_inner_texts(), formgrader.locator("td.score").all_inner_texts(), strict=True))
    assert scores == expected
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
    expect(formgrader.get_by_text("‹script>").first).to_be_visible()
    assert formgrader.evaluate("window.owned") is None


def most_mistaken(class_: Class) -> tuple[str, Record]:
    """The student with the most wrong methods that were recognised: the most reasons to show."""
    records = {student: record for student, record in class_.records().items() if student.startswith("sim-")}
    return max(records.items(), key=lambda item: sum(bool(part.mistakes) for slot in item[1].slots for part in slot.parts))


def screenshot(page: Page, class_: Class, name: str) -> None:
    """For whoever looks at what the tests saw."""
    page.screenshot(path=class_.course.parent / f"formgrader-{name}.png")
