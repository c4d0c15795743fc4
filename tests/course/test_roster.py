"""The roster: who is in the course, and ids that never leave their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.faults import CourseError
from grader.course.roster import Student, read_roster, valid_id


def read(tmp_path: Path, raw: bytes | str) -> dict[str, Student]:
    path = tmp_path / "roster.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return read_roster(path, "roster.csv")


def faults(tmp_path: Path, raw: bytes | str) -> list[str]:
    with pytest.raises(CourseError) as caught:
        read(tmp_path, raw)
    return [str(fault) for fault in caught.value.faults]


ADA = {"ada": Student("ada", "Ada Lovelace", "ada@example.org", "A")}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("student,name,email,section\nada,Ada Lovelace,ada@example.org,A\n", ADA, id="plain"),
        pytest.param("\ufeffstudent,name,email,section\r\nada,Ada Lovelace,ada@example.org,A\r\n", ADA, id="saved-by-excel"),
        pytest.param("section,email,Student ,name\nA,ada@example.org, ada ,Ada Lovelace", ADA, id="other-order-and-spaces"),
        pytest.param("student\nada\n\n  \nbob\n", {"ada": Student("ada"), "bob": Student("bob")}, id="ids-only-and-blank-lines"),
        pytest.param("student,seat\nada,12\n", {"ada": Student("ada")}, id="a-column-we-do-not-know"),
        pytest.param("student,name\nada\n", {"ada": Student("ada")}, id="short-line"),
        pytest.param('student,name\nada,"Lovelace, Ada"\n', {"ada": Student("ada", "Lovelace, Ada")}, id="quoted-comma"),
        pytest.param("student\n", {}, id="nobody"),
    ],
)
def test_read(tmp_path: Path, raw: str, expected: dict[str, Student]) -> None:
    assert read(tmp_path, raw) == expected


def test_utf_16_as_notepad_saves_it(tmp_path: Path) -> None:
    assert read(tmp_path, "student,name\nhua,华罗庚\n".encode("utf-16")) == {"hua": Student("hua", "华罗庚")}


def test_students_keep_their_order(tmp_path: Path) -> None:
    assert list(read(tmp_path, "student\nzoe\nada\nbob\n")) == ["zoe", "ada", "bob"]


def test_a_process_that_only_asks_who_is_there_reads_the_ids_alone(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("student,name\nada,Ada\nBob,Bob\n")
    assert read_roster(path, "roster.csv", named=False) == {"ada": Student("ada"), "Bob": Student("Bob")}


def test_a_hundred_thousand_students_are_read(tmp_path: Path) -> None:
    raw = "student,name,email,section\n" + "".join(f"s{n},Student {n},s{n}@example.org,A\n" for n in range(100_000))
    assert len(read(tmp_path, raw)) == 100_000


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("", ["roster.csv:1:1: the first line has no column 'student'; write student,name,email,section"], id="empty"),
        pytest.param("id,name\nada,Ada\n", ["roster.csv:1:1: the first line has no column 'student'; write student,name,email,section"], id="no-column"),
        pytest.param("student;name\n", ["roster.csv:1:1: the first line has no column 'student'; write student,name,email,section"], id="semicolons"),
        pytest.param(
            "student\nada\nbob\nAda\n",
            ["roster.csv:4:1 student: 'Ada' is there twice; keep one line (folders do not tell A from a everywhere)"],
            id="duplicate",
        ),
        pytest.param(
            "student\n../ada\nada\n\n.bob\n",
            [
                "roster.csv:2:1 student: '../ada' is no valid id; use letters, digits and _ . @ + -, at most 64",
                "roster.csv:5:1 student: '.bob' is no valid id; use letters, digits and _ . @ + -, at most 64",
            ],
            id="all-hostile-ids-with-their-lines",
        ),
        pytest.param(
            'student,name\nada,"Ada\nLovelace"\n../x,\n',
            ["roster.csv:4:1 student: '../x' is no valid id; use letters, digits and _ . @ + -, at most 64"],
            id="line-after-a-name-over-two-lines",
        ),
        pytest.param("student,name\nada,'x'\n,Bob\n", ["roster.csv:3:1 student: '' is no valid id; use letters, digits and _ . @ + -, at most 64"], id="no-id"),
        pytest.param(
            'student,name\nada,"Ada\nbob,Bob\n', ["roster.csv:3:1: not CSV: unexpected end of data; save it as comma-separated text"], id="quote-left-open"
        ),
        pytest.param(b"student\nada\n\xff\n", ["roster.csv:3:1: the file is not UTF-8 text; save it again as UTF-8"], id="not-utf-8"),
        pytest.param(b"student\nada\x00\n", ["roster.csv:2:1: the file is not UTF-8 text; save it again as UTF-8"], id="nul"),
    ],
)
def test_faults(tmp_path: Path, raw: bytes | str, expected: list[str]) -> None:
    assert faults(tmp_path, raw) == expected


@pytest.mark.parametrize("student", ["ada", "A", "7", "ada.lovelace", "a-b_c+d@example.org", "x" * 64])
def test_valid_ids(student: str) -> None:
    assert valid_id(student)


@pytest.mark.parametrize(
    "student",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="dot"),
        pytest.param("..", id="two-dots"),
        pytest.param("a..b", id="two-dots-inside"),
        pytest.param(".hidden", id="leading-dot"),
        pytest.param("-rf", id="option"),
        pytest.param("@file", id="leading-at"),
        pytest.param("=1+1", id="formula"),
        pytest.param("a/b", id="slash"),
        pytest.param("a\\b", id="backslash"),
        pytest.param("/etc", id="absolute"),
        pytest.param("a b", id="space"),
        pytest.param("ada\n", id="line-end"),
        pytest.param("a\x00", id="nul"),
        pytest.param("a|b", id="bar"),
        pytest.param("a:b", id="colon"),
        pytest.param("阿达", id="chinese"),
        pytest.param("１", id="full-width-digit"),
        pytest.param("x" * 65, id="65-characters"),
    ],
)
def test_hostile_ids(student: str) -> None:
    assert not valid_id(student)


@given(st.text(max_size=70))
def test_a_valid_id_is_one_step_of_a_path(student: str) -> None:
    if valid_id(student):
        assert Path("submitted", student).parts == ("submitted", student)
        assert (Path("/submitted") / student).resolve() == Path("/submitted") / student
