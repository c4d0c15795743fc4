"""The secret: where it is found, and that it is never seen."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from grader.course.faults import CourseError
from grader.course.secret import FILE, find_secret, make_secret


def test_a_new_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    path = make_secret(tmp_path)
    assert path == tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(find_secret(tmp_path, None, {})) == 64


def test_two_secrets_differ(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        make_secret(tmp_path / name)
    assert find_secret(tmp_path / "a", None, {}) != find_secret(tmp_path / "b", None, {})


def test_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    before = make_secret(tmp_path).read_text()
    with pytest.raises(FileExistsError):
        make_secret(tmp_path)
    assert (tmp_path / FILE).read_text() == before


def test_a_declared_seed_goes_before_the_variable_and_the_variable_before_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("f" * 16 + "\n")
    assert find_secret(tmp_path, None, {}) == b"f" * 16
    assert find_secret(tmp_path, None, {"GRADER_SECRET": "v" * 16}) == b"v" * 16
    assert find_secret(tmp_path, "practice", {"GRADER_SECRET": "v" * 16}) == b"public:practice"


def test_a_public_seed_gives_the_numbers_of_no_secret(tmp_path: Path) -> None:
    seed = "s" * 32
    assert find_secret(tmp_path, seed, {}) != find_secret(tmp_path, None, {"GRADER_SECRET": seed})


@pytest.mark.parametrize(
    ("file", "environment", "expected"),
    [
        pytest.param(
            None,
            {},
            ".grader-secret:1:1: this course has no secret, so nobody's numbers can be drawn; set GRADER_SECRET, run `grader init` for a new course, "
            "or declare `public_seed:` in course.yaml for practice",
            id="none",
        ),
        pytest.param(
            None,
            {"GRADER_SECRET": "fifteen-letters"},
            ".grader-secret:1:1: the secret in the variable GRADER_SECRET has fewer than 16 characters; use a longer one",
            id="short-variable",
        ),
        pytest.param(
            "f" * 64,
            {"GRADER_SECRET": ""},
            ".grader-secret:1:1: the secret in the variable GRADER_SECRET has fewer than 16 characters; use a longer one",
            id="empty-variable-is-no-reason-to-use-another-secret",
        ),
        pytest.param("short\n", {}, ".grader-secret:1:1: the secret in .grader-secret has fewer than 16 characters; use a longer one", id="short-file"),
    ],
)
def test_faults_name_the_place_and_never_the_secret(tmp_path: Path, file: str | None, environment: dict[str, str], expected: str) -> None:
    if file is not None:
        (tmp_path / FILE).write_text(file)
    with pytest.raises(CourseError) as caught:
        find_secret(tmp_path, None, environment)
    assert str(caught.value) == expected
