"""JupyterLab with a kernel, as a student's browser meets it; settings, history and files of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page

from tests.conftest import ROOT
from tests.notebook.jupyter import SLOW, TOKEN, served

_NO_NEWS = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}  # it would ask whether to fetch some


@contextmanager
def lab(folder: Path, notebooks: Path) -> Iterator[str]:
    """The address of a JupyterLab that shows the files in `notebooks`; its own files go to `folder`."""
    own = {"HOME": str(folder), "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython"), "PYTHONDONTWRITEBYTECODE": "1"}
    settings = folder / "config/labconfig/page_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(_NO_NEWS))
    with served("jupyterlab", root=notebooks, folder=folder, environment={**os.environ, **own}) as address:
        yield address


def write_notebook(path: Path, *cells: str) -> None:
    # Without a kernel's name JupyterLab opens with a question.
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(metadata=about, cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)


def open_notebook(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}doc/tree/{name}?token={TOKEN}")
    # A cell that is run before the kernel is there is run by nobody.
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=SLOW)


def run_cell(page: Page, index: int) -> Locator:
    """Runs a code cell by the keys a student uses; what it shows."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(index)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    output = cell.locator(".jp-OutputArea-output")
    output.first.wait_for(timeout=SLOW)
    return output
