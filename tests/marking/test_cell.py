"""What stands in an answer cell is read as it was typed, and never run."""

from __future__ import annotations

import ast
import keyword
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.marking.cell import MAX_SOURCE, Unreadable, cell_answer

ARRAY = 'output = """\n 1  2\n 3  4\n"""'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # As the cell is handed out, and filled in the ways people fill it in.
        pytest.param("# answer: x\nsize = None", {"size": None}, id="untouched"),
        pytest.param("padded_size = 8\noutput_size = 4", {"padded_size": 8, "output_size": 4}, id="numbers"),
        pytest.param("size = -3", {"size": -3}, id="negative"),
        pytest.param("size = 3.50", {"size": "3.50"}, id="decimal-keeps-its-digits"),
        pytest.param("mean = 1/9", {"mean": "1/9"}, id="fraction-is-not-computed"),
        pytest.param("size = 0x3", {"size": "0x3"}, id="hexadecimal-stays-text"),
        pytest.param("size = 1_000", {"size": "1_000"}, id="underscore-stays-text"),
        pytest.param("size = True", {"size": True}, id="bool-stays-bool"),
        pytest.param("size = ...", {"size": None}, id="ellipsis-is-blank"),
        pytest.param("size = (4, 5)", {"size": [4, 5]}, id="pair"),
        pytest.param("a, b = 4, 5", {"a": 4, "b": 5}, id="two-at-once"),
        pytest.param("a = b = 4", {"a": 4, "b": 4}, id="one-for-both"),
        pytest.param("size = 3\nsize = 4", {"size": 4}, id="the-last-one-counts"),
        pytest.param(ARRAY, {"output": "\n 1  2\n 3  4\n"}, id="rows-between-quotes"),
        pytest.param("output = [[1, -2], [_, None]]", {"output": [[1, -2], [None, None]]}, id="nested-lists"),
        pytest.param("output = torch.tensor([[1, 2]])", {"output": "torch.tensor([[1, 2]])"}, id="a-call-stays-text"),
        pytest.param("output = [[1,\n 2],\n [3, 4 + 0]]", {"output": [[1, 2], [3, "4 + 0"]]}, id="a-sum-in-a-table-stays-text"),
        pytest.param("f = floor((i + 2*p - k) / s) + 1", {"f": "floor((i + 2*p - k) / s) + 1"}, id="formula-without-quotes"),
        pytest.param("f = '宽+1'; size = 2", {"f": "宽+1", "size": 2}, id="positions-count-bytes"),
        pytest.param("choice = b", {"choice": "b"}, id="a-bare-letter"),
        pytest.param("17", 17, id="a-number-alone"),
        pytest.param("import torch\nprint(1)\nsize = 5", {"size": 5}, id="other-statements-are-passed-over"),
        pytest.param("", None, id="empty"),
        pytest.param("# only words", None, id="comment"),
        # What Python cannot parse is read line by line.
        pytest.param("padded_size: 8\noutput_size: 4", {"padded_size": 8, "output_size": 4}, id="colons"),
        pytest.param("padded_size =\noutput_size = 4", {"padded_size": None, "output_size": "4"}, id="one-left-empty"),
        pytest.param("size = ４", {"size": "４"}, id="full-width-digit"),
        pytest.param("size ＝ 4", {"size": "4"}, id="full-width-equals-sign"),
        pytest.param("output = 1 2\n3 4", {"output": "1 2\n3 4"}, id="rows-without-quotes"),
        pytest.param("output: |\n  1 2\n  3 4", {"output": "1 2\n  3 4"}, id="as-in-yaml"),
        pytest.param('output = """\n1 2\n3 4', {"output": "1 2\n3 4"}, id="quotes-not-closed"),
        pytest.param("1 2\n3 4", "1 2\n3 4", id="rows-alone"),
        pytest.param("size = 4 # it is four, isn't it", {"size": 4}, id="comment-behind"),
    ],
)
def test_reading(source: str, expected: Any) -> None:
    found = cell_answer(source)
    assert found == expected
    assert repr(found) == repr(expected)  # tells True from 1


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("size = " + "9" * MAX_SOURCE, id="long"),
        pytest.param("size = " + "[" * 5_000, id="brackets"),
        pytest.param("size = " + "-" * 5_000 + "1", id="signs"),
        pytest.param("size = " + "not " * 5_000 + "1", id="not"),
    ],
)
def test_far_larger_than_any_answer(source: str) -> None:
    with pytest.raises(Unreadable):
        cell_answer(source)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param("size = __import__('os').system('touch {path}')", id="call"),
        pytest.param("import os\nos.system('touch {path}')", id="statement"),
        pytest.param("!touch {path}", id="shell"),
        pytest.param("%%bash\ntouch {path}", id="magic"),
        pytest.param("size = [open('{path}', 'w') for _ in range(9)]", id="comprehension"),
        pytest.param("while True: open('{path}', 'w')", id="for-ever"),
    ],
)
def test_nothing_is_run(attack: str, tmp_path: Any) -> None:
    path = tmp_path / "touched"
    cell_answer(attack.format(path=path))
    assert not path.exists()


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_can_be_read(source: str) -> None:
    try:
        found = cell_answer(source)
    except Unreadable:
        return
    str(found).encode()  # no half of a surrogate pair gets through


NUMBERS = st.integers(-(10**6), 10**6)


NAMES = st.from_regex(r"[a-z]{2,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))


@given(st.dictionaries(NAMES, NUMBERS | st.lists(NUMBERS, min_size=1), min_size=1))
def test_a_literal_is_read_as_python_reads_it(values: dict[str, Any]) -> None:
    source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    expected = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(source).body}  # type: ignore[attr-defined]
    assert cell_answer(source) == expected
