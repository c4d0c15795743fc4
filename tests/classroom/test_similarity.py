"""Programs that are alike are named, however they were disguised; what was written apart is not, nor what many wrote."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from grader.classroom.fingerprints import fingerprints
from grader.classroom.similarity import COMMON, COMMON_LEAST, COMMON_MOST, LEAST, SHARE, USUAL, USUAL_PAIRS, Program, Similarity, similarity
from grader.course.part import Code
from grader.course.starter import starter, starters
from tests.classroom.programs_alike import DISGUISES, STYLES, everything
from tests.code.conftest import expected_of


@pytest.fixture(scope="module")
def code() -> Code:
    return expected_of("code-conv2d").code


def compared(programs: Mapping[str, str], code: Code) -> Similarity:
    return similarity("s", [Program(slot="s", student=student, prints=fingerprints(text.encode())) for student, text in programs.items()], code)


def pairs(found: Similarity) -> list[tuple[str, str]]:
    return [(pair.student, pair.other) for pair in found.alike]


def mixed(seed: int, length: int = 200) -> str:
    """A text of tokens in no order: shares nothing with another."""
    signs = [
        "x",
        "1",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        ":",
        "=",
        "==",
        "if",
        "for",
        "in",
        "return",
        "def",
        "while",
        "//",
        "**",
        "@",
        "&",
        "|",
        "lambda",
        "not",
    ]
    return " ".join(random.Random(seed).choices(signs, k=length))


def test_ten_styles_are_not_alike(code: Code) -> None:
    found = compared(STYLES, code)
    assert (found.students, found.compared, found.pairs, pairs(found)) == (10, 10, 45, [])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda disguise: disguise.__name__)
def test_a_disguised_copy_is_named_and_nobody_else(disguise: Callable[[str], str], style: str, code: Code) -> None:
    copy = disguise(STYLES[style])
    assert copy != STYLES[style] or disguise.__name__ == "reordered", "a disguise that changes nothing shows nothing"
    assert pairs(compared({**STYLES, "the-copy": copy}, code)) == [tuple(sorted((style, "the-copy")))]


def test_disguises_are_still_programs() -> None:
    for text, disguise in itertools.product(STYLES.values(), DISGUISES):
        compile(disguise(text), "copy.py", "exec")


def test_the_starter_does_not_count(code: Code) -> None:
    """Long as it may be: those who only begin with it share nothing. Two who wrote the same behind it do."""
    long = replace(code, signature=mixed(1))
    assert all(len(fingerprints(text.encode())) > 5 * LEAST for text in starters(long))
    begun = {student: starter(long, languages) for student, languages in (("ada", ("en", "zh")), ("bob", ("zh",)), ("eve", ("en",)))}
    found = compared(begun, long)
    assert (found.compared, pairs(found)) == (0, [])
    found = compared(begun | {student: begun[student] + mixed(2, 80) for student in ("bob", "eve")}, long)
    assert (found.compared, pairs(found)) == (2, [("bob", "eve")])


@pytest.mark.parametrize(("students", "most"), [(10, COMMON_LEAST), (60, 6), (1200, COMMON_MOST)], ids=["small-class", "a-tenth", "large-class"])
def test_what_many_wrote_is_nobodys_own(code: Code, students: int, most: int) -> None:
    assert most == min(COMMON_MOST, max(COMMON_LEAST, int(students * COMMON)))
    for count, shown in ((most, most * (most - 1) // 2), (most + 1, 0)):
        prints = {seed: fingerprints(mixed(seed).encode()) for seed in range(count, students)}
        own = [Program(slot="s", student=f"s{seed:04}", prints=prints.get(seed, fingerprints(STYLES["loops"].encode()))) for seed in range(students)]
        assert len(similarity("s", own, code).alike) == shown


def test_a_program_of_one_line_says_nothing(code: Code) -> None:
    short = "def conv2d(x, w):\n    return x @ w\n"
    found = compared({"ada": short, "bob": short}, code)
    assert (found.students, found.compared, found.pairs, pairs(found)) == (2, 0, 0, [])


def test_attempts_of_one_student_are_not_compared_with_each_other_and_each_counts(code: Code) -> None:
    first, second = fingerprints(STYLES["im2col"].encode()), fingerprints(everything(STYLES["loops"]).encode())
    own = [Program(slot="s", student="ada", prints=first), Program(slot="s", student="ada", prints=first), Program(slot="s", student="ada", prints=second)]
    found = similarity("s", [*own, Program(slot="s", student="bob", prints=fingerprints(STYLES["loops"].encode()))], code)
    assert (found.students, pairs(found)) == (2, [("ada", "bob")])


def test_shares_and_ranks_as_a_plain_count_has_them(code: Code) -> None:
    """A class of forty in which programs are made of pieces of others, against sets compared two by two."""
    pieces = [mixed(seed, 60) for seed in range(120)]
    rng = random.Random(5)
    texts = {f"s{number:02}": "\n".join(pieces[place] for place in rng.sample(range(120), 6)) for number in range(36)}
    for number in range(4):
        texts[f"t{number:02}"] = texts[f"s{number:02}"][: -1 - 20 * number] + "\n" + mixed(200 + number, 10 * number)
    prints = {student: set(fingerprints(text.encode()).tolist()) for student, text in texts.items()}
    given = {value for text in starters(code) for value in fingerprints(text.encode()).tolist()}
    holders = [value for found in prints.values() for value in found]
    many = {value for value in set(holders) if holders.count(value) > 4}
    own = {student: found - given - many for student, found in prints.items()}
    shares = {
        (one, other): len(own[one] & own[other]) / least
        for one, other in itertools.combinations(sorted(own), 2)
        if (least := min(len(own[one]), len(own[other]))) >= LEAST
    }
    found = compared(texts, code)
    assert found.pairs == len(shares) >= USUAL_PAIRS
    assert found.usual == pytest.approx(np.quantile(list(shares.values()), USUAL), abs=0.002)
    assert {(pair.student, pair.other): pair.share for pair in found.alike} == {pair: share for pair, share in shares.items() if share >= SHARE}
    assert len(found.alike) >= 4
    assert len({pair.as_alike for pair in found.alike}) >= 4
    for pair in found.alike:
        assert (pair.own, pair.shared) == (min(len(own[pair.student]), len(own[pair.other])), len(own[pair.student] & own[pair.other]))
        assert pair.as_alike == sum(share >= pair.share for share in shares.values())
    assert [pair.share for pair in found.alike] == sorted((pair.share for pair in found.alike), reverse=True)


@pytest.mark.parametrize(("size", "shown"), [pytest.param(2, 7, id="one-pair-in-fifteen"), pytest.param(3, 0, id="one-pair-in-seven")])
def test_what_is_usual_in_a_class_is_no_hint(size: int, shown: int, code: Code) -> None:
    """Fifteen in groups who share most of what they wrote."""
    found = compared({f"s{number:02}": mixed(number // size, 300) + mixed(50 + number, 30) for number in range(15)}, code)
    assert (found.pairs, len(found.alike)) == (105, shown)
    assert found.usual is not None and (found.usual < SHARE) is (shown > 0)


def test_nobody_handed_in_a_program(code: Code) -> None:
    assert compared({}, code) == Similarity(slot="s", students=0, compared=0, pairs=0, usual=None, alike=())
