"""Fingerprints keep a program's structure and nothing else; no text is too broken, too deep or too large for them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.fingerprints import BYTES, LENGTH, TOKENS, WINDOW, fingerprints, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("total = first + 1", "y=x+0x1F", id="names-numbers-spaces"),
        pytest.param("f(a, b)", "f(\n    a,  # first\n    b,\n)", id="lines-comments-last-comma"),
        pytest.param("x = 'a'", 'x = rb"""b\n"c" """', id="strings"),
        pytest.param("x = 'it\\'s'; y", 'x = "its"\ny', id="escapes-semicolon"),
        pytest.param("def f():\n    return x", 'def f():\n    """Says."""\n    return x', id="docstring"),
        pytest.param("def f():\n    return x", "def f():\n    'one line'\n    r'''another'''\n    return x", id="strings-as-comments"),
        pytest.param("a = b \\\n  + c", "a = b + c", id="line-joined"),
        pytest.param("x = 1_000.5e-3j", "x = .5", id="one-number"),
        pytest.param("面积 = 高 * 宽", "area = h * w", id="chinese-names"),
        pytest.param("a\r\nb", "a\nb", id="windows-lines"),
    ],
)
def test_the_same_tokens(one: str, other: str) -> None:
    assert tokens(one.encode()) == tokens(other.encode()) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("x + y", "x - y", id="sign"),
        pytest.param("x / y", "x // y", id="two-signs"),
        pytest.param("for x in y", "while x in y", id="keyword"),
        pytest.param("f(x)", "f[x]", id="brackets"),
        pytest.param("x = 'a'", "x = 1", id="text-number"),
        pytest.param("f('a')", "f()", id="a-text-that-is-used"),
        pytest.param("f(\n'a'\n)", "f()", id="a-text-alone-on-its-line-that-is-used"),
        pytest.param("x = y", "x == y", id="equals"),
    ],
)
def test_other_tokens(one: str, other: str) -> None:
    assert tokens(one.encode()) != tokens(other.encode())


def random_code(seed: int, length: int) -> str:
    signs = ["x", "1", "+", "-", "*", "/", "(", ")", "[", "]", ".", ":", "=", "==", "if", "for", "in", "return", "def", "while", "//", "**", "@"]
    return " ".join(random.Random(seed).choices(signs, k=length))


def test_a_shared_run_leaves_a_shared_fingerprint() -> None:
    """The promise of winnowing, for many places of the run in two files that have nothing else in common."""
    enough = LENGTH + WINDOW - 1
    for seed in range(200):
        run = random_code(seed, enough)
        one = f"{random_code(seed + 1000, seed % 30)} {run} {random_code(seed + 2000, 20)}"
        other = f"{random_code(seed + 3000, seed % 17)} {run} {random_code(seed + 4000, 20)}"
        assert len(tokens(run.encode())) == enough
        assert np.intersect1d(fingerprints(one.encode()), fingerprints(other.encode())).size


def test_what_differs_everywhere_shares_nothing() -> None:
    for seed in range(100):
        one, other = fingerprints(random_code(seed, 300).encode()), fingerprints(random_code(seed + 500, 300).encode())
        assert np.intersect1d(one, other).size == 0


@pytest.mark.parametrize("count", range(LENGTH + WINDOW + 2))
def test_short_files(count: int) -> None:
    """Two runs there are at most, of which every window but the shortest keeps the same."""
    assert len(fingerprints(b"x + " * (count // 2) + b"x" * (count % 2))) == (0 if count < LENGTH else 1)


@given(st.text(alphabet="ab1.+('\"\\\n#;,)[]{} \0€", max_size=200))
def test_any_text_is_cut(text: str) -> None:
    assert len(tokens(text.encode())) <= len(text)


MEGABYTES = 10_000_000


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(bytes(MEGABYTES), id="nul"),
        pytest.param(b"(" * MEGABYTES, id="nested-parentheses"),
        pytest.param(b"".join(b" " * depth + b"if 1:\n" for depth in range(2000)), id="nested-blocks"),
        pytest.param(b'"""\\' * (MEGABYTES // 4), id="text-without-end"),
        pytest.param(b"'\\" * (MEGABYTES // 2), id="escapes-without-end"),
        pytest.param(b"\\" * MEGABYTES, id="joined-lines-without-end"),
        pytest.param(b"1e" * (MEGABYTES // 2), id="one-number"),
        pytest.param(b"rb" * (MEGABYTES // 2), id="one-name"),
        pytest.param(b"#" * MEGABYTES, id="one-comment"),
        pytest.param(b"\xff\xfe" * (MEGABYTES // 2), id="no-text"),
        pytest.param(random.Random(1).randbytes(MEGABYTES), id="random"),
        pytest.param(b"x+1;" * (MEGABYTES // 4), id="many-tokens"),
    ],
)
def test_a_hostile_file_is_cut_short(source: bytes) -> None:
    assert len(tokens(source)) <= TOKENS
    assert len(fingerprints(source)) <= TOKENS
    assert np.array_equal(fingerprints(source), fingerprints(source[:BYTES]))
