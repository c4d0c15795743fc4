"""The grid as a student meets it: JupyterLab with a kernel, in Chromium, by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser import chromium, needs_chromium
from tests.notebook.jupyter import SLOW
from tests.notebook.lab import lab, open_notebook, run_cell, write_notebook

FOCUS = 10_000  # ms

pytestmark = needs_chromium

SETUP = """
from grader.notebook import Grid, check
given = {"input": [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1]], "kernel": [[1, 2, 1], [0, 1, 0], [2, 1, 0]]}
"""
CELLS = {
    "grid": SETUP + 'grid = Grid("conv-array", given)\ngrid',
    "value": "print(grid.value)",
    "plain": SETUP + 'check("conv-array", given, [[10, 12, 12], [18, 17, 16]])',
    "channels": SETUP + 'Grid("conv-array", given, language="zh")',
    "keys": SETUP + 'Grid("conv-array", given)',
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A notebook with these cells, opened, none of them run. What goes wrong in the page, or is asked of another machine, fails the test."""
    home, notebooks = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    write_notebook(notebooks / "practice.ipynb", *CELLS.values())
    with lab(home, notebooks) as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1000, "height": 1400}, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(SLOW)
        expect.set_options(timeout=SLOW)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else faults.append(request.url))
        open_notebook(page, address, "practice.ipynb")
        yield page
        assert faults == []


def cell(page: Page, name: str) -> Locator:
    """Runs one of the cells above; what it shows."""
    return run_cell(page, list(CELLS).index(name))


def grid_of(page: Page, name: str) -> Locator:
    grid = cell(page, name).locator(".grader-grid")
    grid.wait_for(timeout=SLOW)
    return grid


def expect_focus(page: Page, name: str, why: str | None = None) -> None:
    """Waits until what has the focus is called so: a key's work may come after the key."""
    found = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    with suppress(TimeoutError):
        page.wait_for_function(f"name => ({found}) === name", arg=name, timeout=FOCUS)
    assert page.evaluate(found) == name, why


def expect_names(grid: Locator) -> None:
    """Whatever takes the focus has a name of its own, which a screen reader says."""
    fields = "button, input, textarea, select, [tabindex], [role=grid], [role=img]"
    names: list[str] = grid.locator(fields).evaluate_all("all => all.map(one => one.getAttribute('aria-label') ?? one.textContent.trim())")
    assert len(names) > 4
    assert all(names)
    assert len(set(names)) == len(names)


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_type_a_grid_check_it_see_the_wrong_cell_correct_it(page: Page) -> None:
    grid, keys = grid_of(page, "grid"), page.keyboard
    expect(grid.get_by_role("grid", name="the output, row by row").get_by_role("gridcell")).to_have_count(4)  # whatever is asked
    expect_names(grid)
    grid.get_by_role("button", name="add a column").focus()
    keys.press("Enter")
    expect(grid.get_by_role("gridcell")).to_have_count(6)
    grid.get_by_label("row 1, column 1", exact=True).focus()
    places = [f"row {row}, column {column}" for row in (1, 2) for column in (1, 2, 3)]
    for place, text in zip(places, ("10", "12", "12", "18", "17", "16"), strict=True):
        expect_focus(page, place)  # row by row
        keys.type(text)
        keys.press("Tab")
    expect_focus(page, "Check")
    keys.press("Enter")

    seen = grid.locator(".grader-seen")
    expect(seen).to_contain_text("Wrong: row 2, column 2 (you: 17)", timeout=SLOW)
    # By its name and by a sign, not by a colour alone.
    wrong = grid.get_by_label("row 2, column 2, wrong")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    assert wrong.evaluate("input => getComputedStyle(input.parentElement, '::after').content") == '"✗"'
    expect(grid.locator("[aria-invalid=true]")).to_have_count(1)
    expect(grid.get_by_role("img", name="The window for row 2, column 2 of the output")).to_be_visible()
    expect_names(grid)

    wrong.focus()
    keys.type("16")
    expect(grid.locator("[aria-invalid=true]")).to_have_count(0)
    expect(grid.locator(".grader-note")).to_have_text("Changed since this check.")
    keys.press("Control+Enter")
    expect(seen).to_contain_text("✓ the output, row by row: correct", timeout=SLOW)
    expect(grid.get_by_role("img")).to_have_count(0)
    expect(grid.locator(".grader-note")).to_have_text("")
    expect(cell(page, "value")).to_have_text("[[10, 12, 12], [18, 16, 16]]")


def test_a_plain_cell_shows_the_window(page: Page) -> None:
    shown = cell(page, "plain")
    expect(shown).to_contain_text("Wrong: row 2, column 2 (you: 17)", timeout=SLOW)
    expect(shown.get_by_role("img", name="The window for row 2, column 2 of the output")).to_be_visible()


def test_keys_move_between_cells(page: Page) -> None:
    grid, keys = grid_of(page, "keys"), page.keyboard
    for name in ("add a row", "add a column"):
        grid.get_by_role("button", name=name).click()
    grid.get_by_label("row 1, column 1", exact=True).focus()
    for key, place in (
        ("ArrowRight", "row 1, column 2"),
        ("ArrowDown", "row 2, column 2"),
        ("ArrowLeft", "row 2, column 1"),
        ("ArrowLeft", "row 2, column 1"),
        ("ArrowUp", "row 1, column 1"),
        ("End", "row 1, column 3"),
        ("Tab", "row 2, column 1"),
        ("Shift+Tab", "row 1, column 3"),
        ("Home", "row 1, column 1"),
        ("Enter", "row 2, column 1"),
        ("Enter", "row 3, column 1"),
        ("Enter", "row 1, column 2"),
        ("Control+End", "row 3, column 3"),
        ("Control+Home", "row 1, column 1"),
        ("Control+End", "row 3, column 3"),
        ("Enter", "Check"),
    ):
        keys.press(key)
        expect_focus(page, place, key)

    cells = page.locator(".jp-Notebook .jp-CodeCell").count()
    keys.press("b")  # on the button; elsewhere in a notebook it makes a new cell
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(cells)

    # Within a text the arrows are the text's own: it is changed in the middle.
    grid.get_by_label("row 1, column 1", exact=True).focus()
    keys.type("13")
    keys.press("ArrowLeft")
    keys.type("2")
    expect(grid.get_by_label("row 1, column 1", exact=True)).to_have_value("123")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect_focus(page, "row 1, column 2")

    # A column taken off by mistake comes back with what stood in it.
    keys.type("-1/9")
    for name in ("remove the last column", "remove the last column", "add a column"):
        grid.get_by_role("button", name=name).click()
    expect(grid.get_by_label("row 1, column 2", exact=True)).to_have_value("-1/9")
    expect(grid.get_by_role("columnheader")).to_have_count(2)


def test_a_pasted_print_brings_its_channels(page: Page) -> None:
    grid, keys = grid_of(page, "channels"), page.keyboard
    expect(grid.get_by_role("tab")).to_have_count(0)
    grid.get_by_label("第 1 行第 1 列", exact=True).focus()
    paste(page, "tensor([[[1, 2, 3]],\n\n        [[4, 5, 6]]])")
    expect(grid.get_by_role("tab")).to_have_text(["通道 0", "通道 1"], timeout=SLOW)
    expect(grid.get_by_label("通道 0, 第 1 行第 3 列")).to_have_value("3")
    grid.get_by_role("tab", selected=True).focus()
    keys.press("ArrowRight")
    expect_focus(page, "通道 1")
    expect(grid.get_by_label("通道 1, 第 1 行第 1 列")).to_have_value("4")

    grid.get_by_role("button", name="删除最后一个通道").click()
    grid.get_by_label("第 1 行第 1 列", exact=True).focus()
    paste(page, "10\t12\t12\n18\t16\t17\n")
    expect(grid.get_by_label("第 2 行第 3 列")).to_have_value("17", timeout=SLOW)
    keys.press("Control+Enter")
    expect(grid.locator(".grader-seen")).to_contain_text("错误：第 2 行第 3 列（你的答案：17）", timeout=SLOW)
    expect(grid.get_by_label("第 2 行第 3 列，错误")).to_have_attribute("aria-invalid", "true")

    grid.get_by_label("第 1 行第 1 列", exact=True).focus()
    paste(page, "[[1, 2], [3]]")
    expect(grid.locator(".grader-note")).to_contain_text("第 1 行有 2 格，第 2 行有 1 格", timeout=SLOW)
    paste(page, "−3")  # one number goes where the caret is
    expect(grid.get_by_label("第 1 行第 1 列", exact=True)).to_have_value("−3")
