"""The guards of YAML and JSON: what is read, and what is refused in which words."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.documents import MAX_NODES, DocumentError, NumberText, decode, read_bytes, read_json, read_yaml

ALIAS = "anchors (&) and aliases (*) are not allowed; write the value itself"
TAG = "tags (!) are not allowed; write the value itself"
DEEP = "brackets are nested more than 32 deep"
CONTROL = "there is a control character in the text; remove it and save as plain UTF-8"
SECOND = "a second document starts here (---); hand in one sheet"
NAME = "a name was expected before the colon"
UTF8 = "the file is not UTF-8 text; save it again as UTF-8"
HINT = "check the colon, the brackets, and that rows of numbers start further right than the name above them"


# YAML as people fill it in: every scalar stays what was typed.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("", None, id="empty"),
        pytest.param("# nothing but a comment\n", None, id="only-a-comment"),
        pytest.param("a: 1\nb: 2\n", {"a": "1", "b": "2"}, id="plain"),
        pytest.param("\ufeffa: 1", {"a": "1"}, id="byte-order-mark"),
        pytest.param("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}, id="windows-line-ends"),
        pytest.param("a:\t1", {"a": "1"}, id="tab-after-colon"),
        pytest.param("a:\n\tb: 1\n\tc: 2", {"a": {"b": "1", "c": "2"}}, id="tab-as-indentation"),
        pytest.param("a: |\n\t1\t2\n\t3\t4\n", {"a": "1  2\n3  4\n"}, id="tabs-in-rows"),
        pytest.param("---\na: 1\n...\n", {"a": "1"}, id="document-markers"),
        pytest.param("%YAML 1.1\n---\na: 1", {"a": "1"}, id="yaml-directive"),
        pytest.param("a: no", {"a": "no"}, id="no-is-no-boolean"),
        pytest.param("a: 010", {"a": "010"}, id="010-is-not-eight"),
        pytest.param("a: 1:30", {"a": "1:30"}, id="1:30-is-not-ninety"),
        pytest.param("a: 1_000", {"a": "1_000"}, id="1_000-stays"),
        pytest.param("a: 1e400", {"a": "1e400"}, id="1e400-stays"),
        pytest.param("a: 2026-12-01", {"a": "2026-12-01"}, id="a-date-stays"),
        pytest.param("a: .nan", {"a": ".nan"}, id="nan-stays"),
        pytest.param("a: true", {"a": "true"}, id="true-stays"),
        pytest.param("a: " + "9" * 5000, {"a": "9" * 5000}, id="5000-digits-stay"),
        pytest.param("no: 1", {"no": "1"}, id="no-as-a-name"),
        pytest.param("<<: 1", {"<<": "1"}, id="merge-key-is-a-name"),
        pytest.param("a:\nb: ~\nc: null\nd: ''\ne: '~'", {"a": None, "b": None, "c": None, "d": "", "e": "~"}, id="blanks"),
        pytest.param("a: {x: , y: }", {"a": {"x": None, "y": None}}, id="blank-parts-in-braces"),
        pytest.param("a: [1, , 3]", {"a": ["1", None, "3"]}, id="blank-cell"),
        pytest.param("[,1]", [None, "1"], id="blank-first-cell"),
        pytest.param("[[1,,3],[,,]]", [["1", None, "3"], [None, None]], id="blank-cells-in-rows"),
        pytest.param("[1,\n  , 3]", ["1", None, "3"], id="blank-cell-on-a-line-of-its-own"),
        pytest.param("[1, ]", ["1"], id="comma-at-the-end"),
        pytest.param('a: "[1, , 3]"\nb: [1, , 2]', {"a": "[1, , 3]", "b": ["1", None, "2"]}, id="a-comma-in-quotes-is-no-blank-cell"),
        pytest.param("a: |\n  [1, , 3]\nb: [, 2]", {"a": "[1, , 3]\n", "b": [None, "2"]}, id="a-comma-in-a-block-is-no-blank-cell"),
        pytest.param("# [1, , 2]\na: [二, , 3]", {"a": ["二", None, "3"]}, id="blank-cell-after-chinese"),
        pytest.param("a: |\n  1 2\n  3 4\n", {"a": "1 2\n3 4\n"}, id="rows-of-numbers"),
        pytest.param("[" * 32 + "]" * 32, eval("[" * 32 + "]" * 32), id="32-deep"),  # noqa: S307
    ],
)
def test_yaml_as_typed(source: str, expected: Any) -> None:
    assert read_yaml(source, typed=False).data == expected


# YAML of course files: YAML 1.2, with decimals kept as typed.


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        pytest.param("12", 12, id="int"),
        pytest.param("-3", -3, id="negative"),
        pytest.param("+5", 5, id="plus"),
        pytest.param("010", 10, id="leading-zero-is-decimal"),
        pytest.param("9" * 40, int("9" * 40), id="40-digits"),
        pytest.param("9" * 41, "9" * 41, id="41-digits-stay-text"),
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("no", "no", id="no"),
        pytest.param("yes", "yes", id="yes"),
        pytest.param("null", None, id="null"),
        pytest.param("~", None, id="tilde"),
        pytest.param("0x10", "0x10", id="hexadecimal-stays"),
        pytest.param("1:30", "1:30", id="sexagesimal-stays"),
        pytest.param("1e3", "1e3", id="exponent-stays"),
        pytest.param("2026-12-01 08:00", "2026-12-01 08:00", id="a-time-stays"),
        pytest.param("'12'", "12", id="quoted-int-is-text"),
        pytest.param('"true"', "true", id="quoted-true-is-text"),
    ],
)
def test_yaml_typed(scalar: str, expected: Any) -> None:
    value = read_yaml(f"a: {scalar}", typed=True).data["a"]
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("scalar", ["0.1", "-2.50", "+0.5"])
def test_decimals_of_a_course_are_never_rounded(scalar: str) -> None:
    value = read_yaml(f"a: {scalar}", typed=True).data["a"]
    assert isinstance(value, NumberText)
    assert value == scalar


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        pytest.param("a: &x 1", 1, 4, ALIAS, id="anchor"),
        pytest.param("a: *x", 1, 4, ALIAS, id="alias"),
        pytest.param("&k a: 1", 1, 1, ALIAS, id="anchor-on-a-name"),
        pytest.param("- &x [1]\n- *x", 1, 3, ALIAS, id="anchor-on-a-list"),
        pytest.param("a: !!int 1", 1, 4, TAG, id="standard-tag"),
        pytest.param("a: !!python/object/apply:os.system [ls]", 1, 4, TAG, id="python-tag"),
        pytest.param("!x a: 1", 1, 1, TAG, id="tag-on-a-name"),
        pytest.param("a: 1\nb: 2\na: 3", 3, 1, "'a' is there twice; keep one", id="duplicate-key"),
        pytest.param("a: {x: 1, 'x': 2}", 1, 11, "'x' is there twice; keep one", id="duplicate-key-in-braces"),
        pytest.param(f"{'n' * 80}: 1\n{'n' * 80}: 1", 2, 1, f"'{'n' * 60}' is there twice; keep one", id="long-duplicate-is-cut"),
        pytest.param("? [1]\n: 2", 1, 3, NAME, id="list-as-a-name"),
        pytest.param("{a: 1}: 2", 1, 1, NAME, id="mapping-as-a-name"),
        pytest.param("*x : 2", 1, 1, NAME, id="alias-as-a-name"),
        pytest.param("a: 1\n---\nb: 2", 2, None, SECOND, id="second-document"),
        pytest.param("[" * 33 + "]" * 33, 1, 33, DEEP, id="33-deep"),
        pytest.param("[" * 100_000, 1, 33, DEEP, id="100000-brackets"),  # the C composer would end the process here
        pytest.param("{a: " * 100_000, 1, 129, DEEP, id="100000-braces"),
        pytest.param("- " * 100_000, 1, 65, DEEP, id="100000-dashes"),
        pytest.param("a: \x07", 1, None, CONTROL, id="control-character"),
        pytest.param("a: 一\n\nb: \x00", 3, None, CONTROL, id="nul"),
        pytest.param("a: 1\nb: \ud800", 2, None, CONTROL, id="half-a-surrogate-pair"),
        pytest.param('a: "\\0"', 1, 4, CONTROL, id="escaped-nul"),
        pytest.param('"\\0": 1', 1, 1, CONTROL, id="escaped-nul-in-a-name"),
        pytest.param("a: b: c", 1, 5, f"this cannot be read (mapping values are not allowed in this context); {HINT}", id="two-colons"),
        pytest.param("a: [1, 2", 2, 1, f"this cannot be read (did not find expected ',' or ']'); {HINT}", id="bracket-left-open"),
        pytest.param("a: 'x", 1, 6, f"this cannot be read (found unexpected end of stream); {HINT}", id="quote-left-open"),
        pytest.param("a:\n  b: 1\n c: 2", 3, 2, f"this cannot be read (did not find expected key); {HINT}", id="crooked-indentation"),
        pytest.param("{a: 1, , b: 2}", 1, 8, f"this cannot be read (did not find expected node content); {HINT}", id="blank-name"),
    ],
)
@pytest.mark.parametrize("typed", [False, True], ids=["as-typed", "typed"])
def test_yaml_refused(source: str, line: int, column: int | None, message: str, typed: bool) -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml(source, typed=typed)
    assert (caught.value.text.en, caught.value.line, caught.value.column) == (message, line, column)
    assert caught.value.located.en == f"line {line}: {message}"


def test_a_blank_cell_is_a_fault_in_a_course_file() -> None:
    with pytest.raises(DocumentError, match="did not find expected node content"):
        read_yaml("a: [1, , 3]", typed=True)


def test_yaml_has_at_most_100000_values() -> None:
    fits = "[" + "1, " * (MAX_NODES - 2) + "1]"  # the list itself is a value
    assert len(read_yaml(fits, typed=False).data) == MAX_NODES - 1
    with pytest.raises(DocumentError, match="there are more than 100,000 values in the file"):
        read_yaml("[1, " + fits[1:], typed=False)


def test_marks_lead_to_what_a_person_looks_for() -> None:
    document = read_yaml("a: 1\nb:\n  c: [x,\n    y]\nd:\n", typed=True)
    assert document.mark(("a",)) == (1, 4)
    assert document.mark(("b",)) == (2, 1), "the name, since what it holds starts on a later line"
    assert document.mark(("b", "c", 1)) == (4, 5)
    assert document.mark(("d",)) == (5, 1), "the name, since nothing stands there"
    assert document.mark(("b", "missing", "deeper")) == (2, 1), "the nearest thing around it"


# JSON


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('{"a": [1, -2, null, true, "x"]}', {"a": [1, -2, None, True, "x"]}, id="plain"),
        pytest.param("1.50", NumberText("1.50"), id="decimal-as-typed"),
        pytest.param("1e400", NumberText("1e400"), id="1e400-as-typed"),
        pytest.param("-0.0", NumberText("-0.0"), id="minus-zero-as-typed"),
        pytest.param("9" * 40, int("9" * 40), id="40-digits"),
        pytest.param("9" * 5000, NumberText("9" * 5000), id="5000-digits-as-typed"),
        pytest.param("[" * 32 + "]" * 32, eval("[" * 32 + "]" * 32), id="32-deep"),  # noqa: S307
        pytest.param('"\\ud83d\\ude00"', "😀", id="surrogate-pair"),
        pytest.param('"\\u0007"', "\x07", id="escaped-control-character"),
    ],
)
def test_json_read(source: str, expected: Any) -> None:
    value = read_json(source)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        pytest.param("", 1, "this is not JSON (Expecting value); check commas, quotes and brackets", id="empty"),
        pytest.param('{"a": 1,\n}', 2, None, id="comma-at-the-end"),
        pytest.param("{'a': 1}", 1, None, id="single-quotes"),
        pytest.param("1 2", 1, "this is not JSON (Extra data); check commas, quotes and brackets", id="two-values"),
        pytest.param('"\x01"', 1, None, id="control-character"),
        pytest.param("[1,,2]", 1, None, id="blank-cell"),
        pytest.param("01", 1, None, id="leading-zero"),
        pytest.param("[NaN]", None, "NaN is not a number JSON allows; write a number or null", id="nan"),
        pytest.param("[Infinity]", None, "Infinity is not a number JSON allows; write a number or null", id="infinity"),
        pytest.param("-Infinity", None, "-Infinity is not a number JSON allows; write a number or null", id="minus-infinity"),
        pytest.param('{"a": 1, "a": 2}', None, "'a' is there twice; keep one", id="duplicate-key"),
        pytest.param('{"a": {"b": 1, "\\u0062": 2}}', None, "'b' is there twice; keep one", id="duplicate-key-spelled-otherwise"),
        pytest.param('{"a": {"b" : 1, "b": 2}}', None, "'b' is there twice; keep one", id="duplicate-key-before-a-space"),
        pytest.param('{"a\\\\": 1, "b": 2, "b": 3}', None, "'b' is there twice; keep one", id="duplicate-key-beside-a-backslash"),
        pytest.param('{"b": "\\":", "b": 3}', None, "'b' is there twice; keep one", id="duplicate-key-beside-a-quoted-colon"),
        pytest.param("[" * 33 + "]" * 33, None, DEEP, id="33-deep"),
        pytest.param("[" * 100_000, None, DEEP, id="100000-brackets"),
        pytest.param("[" * 100_000 + "]" * 100_000, None, DEEP, id="100000-brackets-closed"),
        pytest.param('{"a":' * 100_000, None, DEEP, id="100000-braces"),
        pytest.param('["\\ud800"]', None, CONTROL, id="half-a-surrogate-pair"),
        pytest.param('{"\\ud800": 1}', None, CONTROL, id="half-a-surrogate-pair-in-a-name"),
        pytest.param('["\\u0000"]', None, CONTROL, id="escaped-nul"),
    ],
)
def test_json_refused(source: str, line: int | None, message: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        read_json(source)
    assert caught.value.line == line
    # Python's own reasons change between its versions; ours do not.
    assert caught.value.text.en == message if message else caught.value.text.en.startswith("this is not JSON (")


@settings(max_examples=500)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a":\\ é\n'), max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.sampled_from('a":\\ '), max_size=4), inner, max_size=4)), st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]), st.booleans())  # fmt: skip
def test_json_reads_what_was_written(data: Any, separators: tuple[str, str], ascii_only: bool) -> None:
    assert read_json(json.dumps(data, separators=separators, ensure_ascii=ascii_only)) == data


@settings(max_examples=500)
@given(
    st.lists(st.tuples(st.text(st.sampled_from('a":\\ '), max_size=3), st.integers(0, 9)), min_size=1, max_size=5), st.sampled_from([":", ": ", " : ", "\t:"])
)
def test_json_with_a_name_twice_is_refused(pairs: list[tuple[str, int]], colon: str) -> None:
    source = "{" + ",".join(json.dumps(name) + colon + str(value) for name, value in pairs) + "}"
    if len(dict(pairs)) == len(pairs):
        assert read_json(source) == dict(pairs)
    else:
        with pytest.raises(DocumentError, match="is there twice"):
            read_json(source)


# Whatever comes: a value or a DocumentError.

_YAML_PIECES = st.sampled_from(["a: ", "- ", "[", "]", "{", "}", ", ", ":", "\n", "  ", "\t", "'", '"', "|\n", "#", "&x ", "*x", "!!t ", "? ", "~", "1", "\\", "%", "---\n", "\x00", "\ud800", "\x85", "\ufeff", "中"])  # fmt: skip
_JSON_PIECES = st.sampled_from(["[", "]", "{", "}", ",", ":", '"', '"a"', "1", "1e9", "-", ".", "NaN", "null", "\\u", "d800", "\\", "\n", " ", "\ud800", "\x00", "\ufeff"])  # fmt: skip


@settings(max_examples=1000)
@given(st.one_of(st.lists(_YAML_PIECES, max_size=30).map("".join), st.text(st.characters(exclude_categories=()), max_size=60)), st.booleans())
@example("a: [1, , *x]", False)
@example("[,\x00", False)
@example("[1,,\ud800", False)
def test_any_text_is_yaml_or_a_document_error(source: str, typed: bool) -> None:
    try:
        document = read_yaml(source, typed=typed)
    except DocumentError as error:
        assert error.text.en and error.text.zh
    else:
        str(document.data).encode()  # holds nothing that cannot be written again


@settings(max_examples=1000)
@given(st.one_of(st.lists(_JSON_PIECES, max_size=30).map("".join), st.text(st.characters(exclude_categories=()), max_size=60)))
def test_any_text_is_json_or_a_document_error(source: str) -> None:
    try:
        value = read_json(source)
    except DocumentError as error:
        assert error.text.en and error.text.zh
    else:
        repr(value).encode()


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**38), 10**38) | st.text("ab\n'\"中", max_size=5), lambda inner: st.lists(inner, max_size=4)))
def test_json_comes_back_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value)) == value


# Bytes and files


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("a: 二".encode(), "a: 二", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfa: 1", "a: 1", id="utf-8-with-mark"),
        pytest.param("a: 二".encode("utf-16"), "a: 二", id="utf-16-native"),
        pytest.param(b"\xfe\xff" + "a: 二".encode("utf-16-be"), "a: 二", id="utf-16-big-endian"),
        pytest.param(b"", "", id="empty"),
    ],
)
def test_decode(raw: bytes, expected: str) -> None:
    assert decode(raw) == expected


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(b"a: 1\nb: \xff", 2, id="not-utf-8"),
        pytest.param("a: 卷积".encode("gbk"), 1, id="gbk"),
        pytest.param(b"a: 1\n\nb: \x00", 3, id="nul"),
        pytest.param("a: 1".encode("utf-16-le"), 1, id="utf-16-without-mark"),
        pytest.param(b"\xff\xfea\x00\n", 1, id="utf-16-cut-short"),
        pytest.param(b"\xed\xa0\x80", 1, id="half-a-surrogate-pair"),
    ],
)
def test_decode_refused(raw: bytes, line: int) -> None:
    with pytest.raises(DocumentError) as caught:
        decode(raw)
    assert (caught.value.text.en, caught.value.line) == (UTF8, line)


@given(st.binary(max_size=80))
def test_any_bytes_are_text_or_a_document_error(raw: bytes) -> None:
    try:
        text = decode(raw)
    except DocumentError:
        return
    text.encode()


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(b"x" * 100)
    assert read_bytes(path, limit=100) == b"x" * 100


NOT_PLAIN = "{} is not a plain file; hand in the file itself, not a link or a pipe"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(b"x" * 2001)
    with pytest.raises(DocumentError) as caught:
        read_bytes(path, limit=2000)
    assert caught.value.text.en == "the file is larger than 2 kB; hand in the sheet with only the answers filled in"


def test_a_sparse_file_of_many_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DocumentError, match="the file is larger than 1000 kB"):
        read_bytes(path)


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    os.mkfifo(path)
    with pytest.raises(DocumentError) as caught:
        read_bytes(path)  # waits for ever, were it opened in the usual way
    assert caught.value.text.en == NOT_PLAIN.format("answers.yaml")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.symlink_to("/etc/passwd")
    with pytest.raises(DocumentError) as caught:
        read_bytes(path)
    assert caught.value.text.en == NOT_PLAIN.format("answers.yaml")


@pytest.mark.parametrize("path", [pytest.param("/tmp", id="folder"), pytest.param("/dev/zero", id="device")])
def test_only_plain_files_are_read(path: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_bytes(Path(path))
    assert caught.value.text.en == NOT_PLAIN.format(Path(path).name)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_bytes(tmp_path / "{gone}.yaml")  # braces in a name are no template
    assert caught.value.text.en == "{gone}.yaml cannot be opened (No such file or directory)"
