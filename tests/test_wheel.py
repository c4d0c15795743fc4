"""A wheel built from the checkout works in an environment and a folder that know nothing of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.cli.conftest import WORKED, hand_in

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel, and reads its dependencies from this one's packages."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT], check=True, capture_output=True)
    (wheel,) = place.glob("conv_grader-*.whl")
    venv.create(place / "env", with_pip=True)
    python = place / "env/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    ours = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True).stdout.strip()
    # A path in a .pth file is added to the search path without reading .pth files in it: the editable checkout stays out.
    packages = {str(Path(module.__file__).parent.parent) for module in map(__import__, ("torch", "numpy", "yaml")) if module.__file__}
    Path(ours, "dependencies.pth").write_text("\n".join(packages) + "\n")
    return place / "env/bin/grader"


def test_init_issue_grade_and_show_away_from_the_checkout(grader: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GRADER_SECRET")}

    def run(*arguments: str, folder: Path = tmp_path, status: int = 0) -> str:
        done = subprocess.run([grader, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        return done.stdout

    where = subprocess.run(
        [grader.parent / "python", "-c", "import grader; print(grader.__file__)"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert str(ROOT / "grader") not in where.stdout

    run("init", "course")
    course = tmp_path / "course"
    assert {path.name for path in course.iterdir()} >= {"course.yaml", "roster.csv", "exercises", "solutions", ".grader-secret"}
    assert "8 sheets of lesson1" in run("issue", "lesson1", folder=course)
    hand_in(course, "ada", "lesson1-worked", WORKED)
    assert "1 graded" in run("grade", "lesson1-worked", folder=course)
    assert "10 of 10" in run("show", "lesson1-worked", "ada", folder=course)
    assert "fit" in run("verify", "one-window", "--variants", "5", folder=course)


def test_the_grid_brings_its_browser_s_side(grader: Path, tmp_path: Path) -> None:
    code = """
from grader.notebook import Grid
state = Grid("conv-array", {"input": [[1, 2], [3, 4]], "kernel": [[1]]}).get_state()
print("export default" in state["_esm"], ".grader-grid" in state["_css"])
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([grader.parent / "python", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "True"], done.stderr
