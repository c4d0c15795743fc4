"""The cells that the pages have for a notebook show what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader.course.bank import lay_out
from tests.conftest import ROOT

from .pages import blocks, matches, section

SECTIONS = [
    pytest.param("students.md", "In a notebook", id="students"),
    pytest.param("students.md", "在 notebook 中练习", id="students-in-chinese"),
    pytest.param("nbgrader.md", "Practice in a notebook", id="nbgrader"),
]


@pytest.mark.parametrize(("page", "title"), SECTIONS)
def test_each_cell_shows_what_the_page_says(page: str, title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))  # type: ignore[no-untyped-call]
    found = list(blocks(section((ROOT / "docs" / page).read_text(encoding="utf-8"), title)))
    assert [block.language for block in found[:2]] == ["python", "text"]
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language != "python":
            continue
        done = shell.run_cell(block.text)  # type: ignore[no-untyped-call]
        assert done.result is not None, f"{page}:{block.line} shows nothing: {done.error_in_exec or done.error_before_exec}"
        if after is not None and after.language == "text":
            assert matches(after.lines, repr(done.result)), f"{page}:{block.line}\n{done.result!r}"
