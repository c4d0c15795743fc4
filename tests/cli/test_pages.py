"""`grader pages`: where its files go, and that it writes over nothing of anybody else's."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_pages_of_a_course(run: Run, course_dir: Path) -> None:
    done = run("pages")
    assert done.exit_code == 0
    made = sorted(path.name for path in (course_dir / "pages").iterdir())
    exercises = [path.stem for path in (course_dir / "exercises").glob("*.yaml")]
    assert {"README.md", *(f"{name}{end}" for name in exercises for end in (".md", ".zh.md"))} <= set(made)
    assert done.stdout.startswith(f"{len(exercises)} exercises: {2 * len(exercises) + 1} pages and ")


def test_a_second_run_changes_nothing_and_clears_what_is_no_more(run: Run, course_dir: Path, tmp_path: Path) -> None:
    home = tmp_path / "lessons"
    run("pages", home)
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    (home / "notes.md").write_text("# mine\n")
    run("pages", home)
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.name != "notes.md"} == before
    text = (course_dir / "course.yaml").read_text()
    (course_dir / "course.yaml").write_text(text.replace("      - {exercise: one-window, points: 1}\n", ""))
    (course_dir / "exercises" / "one-window.yaml").unlink()
    gone = {name for name in before if name.startswith("one-window.")}
    assert f"{len(gone)} old ones removed" in run("pages", home).stdout
    assert {name for name in before if not (home / name).exists()} == gone
    assert (home / "notes.md").read_text() == "# mine\n"


def test_a_page_of_somebody_else_is_never_overwritten(run: Run, course_dir: Path) -> None:
    (course_dir / "README.md").write_text("# Our course\n")
    before = sorted(course_dir.iterdir())
    done = run("pages", course_dir)
    assert (done.exit_code, done.stderr) == (
        2,
        f"grader: {course_dir / 'README.md'} was not made by `grader pages`, which would overwrite it; name another folder\n",
    )
    assert sorted(course_dir.iterdir()) == before
    assert (course_dir / "README.md").read_text() == "# Our course\n"


def test_the_assignment_whose_numbers_are_the_examples(run: Run, course_dir: Path) -> None:
    course = (course_dir / "course.yaml").read_text()
    given = "{exercise: output-size-basic, points: 1, given: {input_size: 17, kernel_size: 5}}"
    (course_dir / "course.yaml").write_text(f"{course}\n  examples:\n    title: {{en: Examples, zh: 例题}}\n    slots: [{given}]\n")
    assert run("pages", "--worked", "examples").exit_code == 0
    assert "The feature map is 17×17, the kernel 5×5" in (course_dir / "pages" / "output-size-basic.md").read_text()
    done = run("pages", "--worked", "exampels")
    assert (done.exit_code, done.stderr) == (2, "grader: course.yaml has no assignment 'exampels'; did you mean 'examples'?\n")


def test_outside_a_course_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("pages", tmp_path / "x", "--course", tmp_path)
    assert done.exit_code == 2
    assert "there is no course.yaml" in done.stderr
