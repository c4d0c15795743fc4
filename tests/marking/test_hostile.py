"""Files as hostile students, broken editors and bad luck make them: each gives a record, verdicts and clear words, never an exception."""

from __future__ import annotations

import json
import unicodedata
import warnings
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.marking.record import Flag, Record, Status, Verdict, read_record
from grader.marking.submission import read_submission

from .sheets import dumped, hand_in, pinned, told

ARRAY = {"input": [[1, 2, 0, 3], [0, 2, 1, 1], [4, 0, 3, 2]], "kernel": [[1, 0], [0, 2]]}  # 5 4 2 / 0 8 5
SHEET = pinned(
    {
        "one-window": ("one-window", {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 2]]}),  # 9
        "conv-array": ("conv-array", ARRAY),
        "output-size": ("output-size", {"input_size": 11, "kernel_size": 4, "stride": 2, "padding": 2}),  # 15, 6
        "size-formula": ("size-formula", {}),
    }
)
GOOD = f"""sheet: {SHEET.id}
answers:
  one-window: 9
  conv-array:
    output: |
      5 4 2
      0 8 5
  output-size: {{padded_size: 15, output_size: 6}}
  size-formula: floor((i + 2p - k) / s) + 1
"""
GOOD_JSON = json.dumps(
    {
        "sheet": SHEET.id,
        "student": "ada",
        "answers": {
            "one-window": 9,
            "conv-array": [[5, 4, 2], [0, 8, 5]],
            "output-size": {"padded_size": 15, "output_size": 6},
            "size-formula": "(i+2p-k)//s+1",
        },
    }
)


def check(record: Record) -> None:
    """What holds of every record: readable, safe in a terminal, a log, a page and a database."""
    data = json.loads(dumped(record))
    assert read_record(data).to_json() == data
    assert record.status is not Status.FAILED, record.notes
    assert record.status is Status.GRADED or record.notes, "a refusal says why"
    assert 0 <= record.score <= record.possible
    said = [*record.notes, *(part.feedback for slot in record.slots for part in slot.parts)]
    for words in said:
        assert words.en.strip()
        assert any("\u4e00" <= c <= "\u9fff" for c in words.zh), words.zh
    shown = [*(w.en for w in said), *(w.zh for w in said), *(p.read_as or "" for s in record.slots for p in s.parts), record.student]
    shown += [p.answer for s in record.slots for p in s.parts if isinstance(p.answer, str)]
    for text in shown:
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text), ascii(text)
        assert not text.startswith("::")
        assert "\n" not in text
    for slot in record.slots:
        for part in slot.parts:
            assert 0 <= part.credit <= 1
            assert part.verdict is not Verdict.UNGRADED
            assert part.verdict is not Verdict.INVALID or part.credit == 0


def test_the_good_sheet_is_good() -> None:
    for raw, form in ((GOOD, "yaml"), (GOOD_JSON, "json")):
        record = hand_in(SHEET, raw, form)
        check(record)
        assert (record.score, record.flags, record.notes) == (SHEET.possible, (), ())


SAME = [
    pytest.param(b"\xef\xbb\xbf" + GOOD.encode(), id="byte-order-mark"),
    pytest.param(GOOD.encode("utf-16"), id="utf-16-with-mark"),
    pytest.param(b"\xfe\xff" + GOOD.encode("utf-16-be"), id="utf-16-big-endian"),
    pytest.param(GOOD.replace("\n", "\r\n").encode(), id="windows-lines"),
    pytest.param(GOOD.replace("\n", "\r").encode(), id="old-mac-lines"),
    pytest.param(GOOD.replace("      ", "\t\t\t").encode(), id="tabs-before-rows"),
    pytest.param(GOOD.replace("5 4 2", "5\t4\t2").encode(), id="tabs-between-cells"),
    pytest.param(GOOD.replace("\n", "   \n").encode(), id="spaces-behind"),
    pytest.param(GOOD.replace("5 4 2", "5，4，2").encode(), id="chinese-commas"),
    pytest.param(GOOD.replace("9", "９").replace("one", "one").encode(), id="full-width-answer"),
    pytest.param(GOOD.rstrip().encode(), id="no-last-line-end"),
    pytest.param(("# 你好\n---\n" + GOOD + "...\n").encode(), id="document-marks"),
    pytest.param(GOOD.replace("output: |\n      5 4 2\n      0 8 5", "output: [[5, 4, 2], [0, 8, 5]]").encode(), id="flow-rows"),
    pytest.param(GOOD.replace("output: |\n      5 4 2\n      0 8 5", "output:\n      - [5, 4, 2]\n      - [0, 8, 5]").encode(), id="list-of-rows"),
    pytest.param(GOOD.replace("output: |\n      5 4 2\n      0 8 5", "output:\n      - 5 4 2\n      - 0 8 5").encode(), id="list-of-texts"),
    pytest.param(GOOD.replace("output: |\n      5 4 2\n      0 8 5", 'output: "5 4 2\\n0 8 5"').encode(), id="quoted-rows"),
    pytest.param(GOOD.replace("      5 4 2\n      0 8 5", "      [5 4 2]\n      [0 8 5]").encode(), id="bracketed-rows"),
    pytest.param(GOOD.replace("one-window: 9", "one-window: {value: 9}").encode(), id="part-named"),
    pytest.param(GOOD.replace("one-window: 9", "'one-window' : '9'").encode(), id="quotes"),
]


@pytest.mark.parametrize("raw", SAME)
def test_an_editor_s_habits_cost_nothing(raw: bytes) -> None:
    record = hand_in(SHEET, raw)
    check(record)
    assert (record.score, record.flags, record.notes) == (SHEET.possible, (), ())


REFUSED = [
    pytest.param(b"", "yaml", "the file is empty", id="empty"),
    pytest.param(b" \n\t\r\n", "json", "the file is empty", id="only-spaces"),
    pytest.param(b"# nothing here\n", "yaml", "the file is empty", id="only-a-comment"),
    pytest.param(b"\xef\xbb\xbf", "yaml", "the file is empty", id="only-a-mark"),
    pytest.param(GOOD.encode("utf-16-le"), "yaml", "line 1: the file is not UTF-8 text", id="utf-16-without-mark"),
    pytest.param(b"\xff\xfe\x00", "yaml", "line 1: the file is not UTF-8 text", id="half-a-utf-16-character"),
    pytest.param(("# 卷积\n" + GOOD).encode("gbk"), "yaml", "line 1: the file is not UTF-8 text", id="gbk"),
    pytest.param(bytes(range(256)), "yaml", "the file is not UTF-8 text", id="every-byte"),
    pytest.param(b"\x00" * 5000, "json", "the file is not UTF-8 text", id="zeros"),
    pytest.param(b"\x7fELF\x02\x01" + b"\x00" * 100, "yaml", "the file is not UTF-8 text", id="a-program"),
    pytest.param(b"answers: {one-window: \x1b[31m9}", "yaml", "there is a control character in the text", id="escape-character"),
    pytest.param(b"- 1\n- 2", "yaml", "this is not an answer sheet", id="a-list"),
    pytest.param(b"42", "json", "this is not an answer sheet", id="a-number"),
    pytest.param(b"hello", "yaml", "this is not an answer sheet", id="a-word"),
    pytest.param(b"null", "json", "the file is empty", id="null"),
    pytest.param(b"{}", "json", "there is no `answers:` in the file", id="empty-mapping"),
    pytest.param(b"sheet: conv101/samples/ada/1\n", "yaml", "there is no `answers:` in the file", id="no-answers"),
    pytest.param(b"answers: [1, 2]", "yaml", "`answers:` must hold one line for each question", id="answers-a-list"),
    pytest.param(b"answers: 9", "yaml", "`answers:` must hold one line for each question", id="answers-a-number"),
    pytest.param(json.dumps({"answers": {str(n): n for n in range(501)}}).encode(), "json", "`answers:` must hold", id="501-answers"),
    pytest.param(GOOD.encode() + b"---\n" + GOOD.encode(), "yaml", "a second document starts here", id="two-documents"),
    pytest.param(b"answers: &a {one-window: *a}", "yaml", "anchors (&) and aliases (*) are not allowed", id="alias-of-itself"),
    pytest.param(b"a: &a [x,x]\nb: &b [*a,*a]\nanswers: {}", "yaml", "anchors (&) and aliases (*) are not allowed", id="billion-laughs"),
    pytest.param(b"answers: !!python/object/apply:os.system ['x']", "yaml", "tags (!) are not allowed", id="python-tag"),
    pytest.param(b"answers: {one-window: !!int 9}", "yaml", "tags (!) are not allowed", id="harmless-tag"),
    pytest.param(b"answers: {a: 1, a: 2}", "yaml", "'a' is there twice", id="duplicate-key"),
    pytest.param(b'{"answers": {"a": 1, "a": 2}}', "json", "'a' is there twice", id="duplicate-key-json"),
    pytest.param(b'{"answers": {"\\u001b[31m\\n::error::\\ud800": 1, "\\u001b[31m\\n::error::\\ud800": 2}}', "json", "is there twice", id="duplicate-ugly-key"),
    pytest.param(b'answers: {"\\e[31m\\n::error::": 1, "\\e[31m\\n::error::": 2}', "yaml", "is there twice", id="duplicate-ugly-key-yaml"),
    pytest.param(b'{"answers": {"one-window": NaN}}', "json", "NaN is not a number JSON allows", id="nan"),
    pytest.param(b'{"answers": {"one-window": -Infinity}}', "json", "-Infinity is not a number JSON allows", id="infinity"),
    pytest.param(b'{"answers": {"one-window": 9}', "json", "this is not JSON", id="cut-off-json"),
    pytest.param(b"{'answers': {}}", "json", "this is not JSON", id="python-not-json"),
    pytest.param(b"answers:\n  one-window: 9\n conv-array: 3", "yaml", "line 3: this cannot be read", id="bad-indent"),
    pytest.param(b"answers: {one-window: [[1, 2}", "yaml", "this cannot be read", id="unclosed"),
    pytest.param(b"answers: " + b"[" * 100_000, "yaml", "brackets are nested more than 32 deep", id="deep-yaml"),
    pytest.param(b"answers: " + b"{a: " * 50_000, "yaml", "brackets are nested more than 32 deep", id="deep-mappings"),
    pytest.param(b"- " * 50_000, "yaml", "brackets are nested more than 32 deep", id="deep-dashes"),
    pytest.param(b'{"answers": ' + b"[" * 100_000, "json", "brackets are nested more than 32 deep", id="deep-json"),
    pytest.param(b'{"answers": {"one-window": ' + b"[" * 40 + b"]" * 40 + b"}}", "json", "brackets are nested more than 32 deep", id="just-too-deep-json"),
    pytest.param(b"answers: {one-window: [" + b"1," * 100_001 + b"]}", "yaml", "there are more than 100,000 values in the file", id="too-many-values"),
    pytest.param(b"? [a, b]\n: 1\n", "yaml", "a name was expected before the colon", id="list-as-a-name"),
    pytest.param(b"\x89PNG\r\n\x1a\n", "yaml", "the file is not UTF-8 text", id="a-picture"),
    pytest.param(b"PK\x03\x04 answers: 1", "yaml", "there is a control character", id="a-zip"),
    pytest.param(b"<html><body>404</body></html>", "yaml", "this is not an answer sheet", id="a-page"),
    pytest.param(b"\\ud800", "json", "this is not JSON", id="half-a-character"),
]


@pytest.mark.parametrize(("raw", "form", "why"), REFUSED)
def test_what_cannot_be_a_submission_is_refused_in_one_clear_sentence(raw: bytes, form: str, why: str) -> None:
    record = hand_in(SHEET, raw, form)
    check(record)
    assert told(record.status, record.score, record.slots, len(record.notes)) == (Status.REFUSED, 0, (), 1)
    assert why in record.notes[0].en
    assert record.submission.startswith("sha256:")


# Answers as JSON holds them, each tried under every slot and every part.
ANSWERS: dict[str, Any] = {
    "true": True,
    "false": False,
    "huge-integer": 10**39,
    "integer-of-10000-digits": "PLACE-DIGITS",
    "1e400": "PLACE-1e400",
    "tiny": 1e-300,
    "mapping": {"a": {"b": [1]}},
    "list-of-mappings": [{"output": 1}, {}],
    "3-d": [[[5, 4, 2], [0, 8, 5]]],
    "4-d": [[[[5, 4, 2], [0, 8, 5]]]],
    "30-deep": "PLACE-DEEP",
    "ragged": [[5, 4, 2], [0, 8]],
    "mixed": [5, [4, 2]],
    "empty-rows": [[], [], []],
    "nulls": [[None] * 3] * 2,
    "texts": [["<b>", "\x1b[2J", "::error::x"], ["=cmd()", "\ud800", "\u202e"]],
    "texts-and-numbers": [[5, "\x1b[31m4\x1b[0m", 2], ["::error::", 8, "\ud800"]],
    "script": "<script>alert(1)</script>",
    "escape": "\x1b]0;title\x07\x1b[31mred",
    "command": "::error file=x::gotcha",
    "command-on-a-line": "x\n::set-output name=a::b",
    "spreadsheet": "=cmd|' /C calc'!A0",
    "spreadsheet-plus": "+1+cmd()",
    "sql": "'; DROP TABLE records; --",
    "path": "../../../etc/passwd",
    "format": "{answer} {0} %s ${x} {{",
    "surrogate": "\ud83d",
    "right-to-left": "\u202e99",
    "combining": "9\u0301\u0301",
    "emoji": "9️⃣",
    "nul": "9\x00",
    "null-text": "null",
    "long-word": "x" * 19_000,
    "long-number": "9" * 19_000,
    "very-long": "x" * 400_000,
    "many-rows": "1\n" * 9_000,
    "many-cells": [[1] * 60] * 60,
    "far-too-many-cells": [[1] * 300] * 300,
    "brackets": "[" * 9_000 + "]" * 9_000,
    "commas": "," * 19_000,
    "spaces-in-front-of-a-bracket": " " * 19_000 + "[",
    "spaces-behind-a-bracket": "[1]" + " " * 19_000 + "x",
    "almost-a-print": "tensor" + " " * 19_000 + "([1]",
    "ligatures": "\ufdfa" * 19_000,
    "signs": "+-" * 9_000,
    "digits-and-names": "9i" * 95,
    "code": "__import__('os').system('touch /tmp/owned')",
    "bad-escape": "'\\d' + i",
}


# JSON that cannot be text at all is refused as a whole; check() has looked at the words.
NOT_TEXT = {"texts", "texts-and-numbers", "surrogate", "nul"}


def hostile_json(answers: Any, **fields: Any) -> bytes:
    text = json.dumps({"sheet": SHEET.id, "answers": answers, **fields})
    digits, deep = "9" * 10_000, "[" * 26 + "]" * 26
    return text.replace('"PLACE-DIGITS"', digits).replace('"PLACE-1e400"', "1e400").replace('"PLACE-DEEP"', deep).encode()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_gets_a_verdict(name: str) -> None:
    answer = ANSWERS[name]
    slots = [variant.slot for variant in SHEET.variants]
    for answers in (
        dict.fromkeys(slots, answer),
        {
            "one-window": {"value": answer},
            "conv-array": {"output": answer},
            "output-size": {"padded_size": answer, "output_size": answer},
            "size-formula": {"output_size": answer},
        },
    ):
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            record = hand_in(SHEET, hostile_json(answers), "json")
        check(record)
        if name in NOT_TEXT:
            assert record.status is Status.REFUSED
            continue
        assert record.score == 0
        assert {part.verdict for slot in record.slots for part in slot.parts} <= {Verdict.INCORRECT, Verdict.INVALID, Verdict.BLANK}
        assert not [str(warning.message) for warning in heard], "grading prints nothing"


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in NOT_TEXT])
def test_one_hostile_answer_leaves_the_others_alone(name: str) -> None:
    answers = json.loads(GOOD_JSON)["answers"]
    record = hand_in(SHEET, hostile_json({**answers, "one-window": ANSWERS[name]}), "json")
    assert [slot.score == slot.possible for slot in record.slots] == [False, True, True, True]


@pytest.mark.parametrize("field", ["sheet", "student", "signature", "slots", "attempt", "submitted_at", "answers"])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_field_of_the_file_gets_a_record(field: str, name: str) -> None:
    record = hand_in(SHEET, hostile_json(**{"answers": json.loads(GOOD_JSON)["answers"], field: ANSWERS[name]}), "json")
    check(record)
    assert record.attempt == 1


@pytest.mark.parametrize("name", ["<script>", "::error::x", "\x1b[31m", "=cmd()", "\n::x", "a" * 5000, "{slot}", "__proto__", "one-window ", "../x", ""])
def test_hostile_names_of_questions_and_parts(name: str) -> None:
    record = hand_in(SHEET, hostile_json({name: 1, "one-window": {name: 9, "value": 9}}), "json")
    check(record)
    assert set(record.flags) == {Flag.UNKNOWN_SLOT, Flag.UNKNOWN_PART}
    assert record.slots[0].score == 1
    assert all(len(note.en) < 400 for note in record.notes)


def test_unreadable_cells_cost_only_themselves() -> None:
    record = hand_in(SHEET, hostile_json({"conv-array": [[5, "<b>", "=cmd()"], ["::error::", 8, 5]]}), "json")
    check(record)
    assert record.slots[1].parts[0].credit == Fraction(1, 2)
    assert record.slots[1].parts[0].read_as == "[[5, <b>, =cmd()], [:·:error:·:, 8, 5]]"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"x: " + b"a " * 250_000, id="one-long-line"),
        pytest.param(b"answers: {one-window: '" + b"\\" * 400_000 + b"'}", id="backslashes"),
        pytest.param(b"answers:\n" + b"  - 1\n" * 90_000, id="long-list"),
        pytest.param(b"answers: {" + b", ".join(b"k%d: [1, , 3]" % n for n in range(400)) + b"}", id="blank-cells-in-many-answers"),
        pytest.param(b"answers: {one-window: [" + b"," * 90_000 + b"]}", id="only-commas"),
        pytest.param(b"answers: {one-window: [" + b" \n" * 90_000 + b",]}", id="commas-far-apart"),
        pytest.param(b"answers:\n  one-window: |\n" + b"    9 9 9\n" * 50_000, id="many-rows"),
        pytest.param(b"answers:\n  one-window: >\n" + b"    9\n" * 90_000, id="folded-rows"),
        pytest.param(b"answers:\n" + b"".join(b"  q%d: 9\n" % n for n in range(499)), id="499-unknown-questions"),
        pytest.param(b"answers: {'" + b"q" * 500_000 + b"': 9}", id="one-long-name"),
        pytest.param(b"%" * 500_000, id="percent-signs"),
        pytest.param(b'"' * 500_001, id="quotes"),
        pytest.param(b"# x\n" * 125_000, id="comments"),
        pytest.param(b"? " * 200_000, id="question-marks"),
        pytest.param(b"a: b: c: " * 50_000, id="colons"),
        pytest.param(("answers: {one-window: '" + "９" * 200_000 + "'}").encode(), id="full-width-digits"),
        pytest.param(b"{" + b'"a": [' * 31 + b"1" + b"]" * 31 + b"}" + b" " * 400_000, id="junk-spaces"),
        pytest.param(bytes((n * 7919 + 13) % 251 for n in range(500_000)), id="noise"),
        pytest.param(bytes(32 + (n * 7919 + n // 97) % 95 for n in range(500_000)), id="printable-noise"),
    ],
)
def test_half_a_megabyte_of_junk_gets_a_record(raw: bytes) -> None:
    for form in ("yaml", "json"):
        check(hand_in(SHEET, raw, form))


@pytest.mark.parametrize("student", ["../../etc", "<b>", "\x1b[31m", "::x::", "\ud800", "", "a" * 10_000, "=1+1"])
def test_hostile_student_ids_in_the_file_are_somebody_else_s(student: str) -> None:
    for raw in (json.dumps({"student": student, "answers": {}}), json.dumps({"sheet": f"conv101/samples/{student}/1", "answers": {}})):
        record = hand_in(SHEET, raw, "json")
        check(record)
        assert record.status is Status.REFUSED
        assert len(record.notes[0].en) < 500


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)
YAMLISH = st.lists(
    st.sampled_from(
        [
            "answers:",
            "\n",
            "  ",
            "one-window:",
            " 9",
            "[",
            "]",
            "{",
            "}",
            ",",
            "|",
            "- ",
            "#",
            "'",
            '"',
            "&a",
            "*a",
            "!t",
            "null",
            "\t",
            "conv-array: ",
            "? ",
            ": ",
            "%",
            "é",
            "\x85",
        ]
    ),
    max_size=30,
).map("".join)


@given(raw=st.one_of(st.binary(max_size=200), TEXTS.map(str.encode), YAMLISH.map(str.encode)), form=st.sampled_from(["yaml", "json"]))
@example(raw=b"answers: {one-window: {value: 9}}\n%", form="yaml")
@example(raw=b"\xff\xfe", form="json")
def test_any_bytes_give_a_record(raw: bytes, form: str) -> None:
    check(hand_in(SHEET, raw, form))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["value", "output", "padded_size", "output_size", "x"]), inner, max_size=4),
    max_leaves=15,
)


@given(answers=st.dictionaries(st.sampled_from([*(v.slot for v in SHEET.variants), "x"]), JSON, max_size=5), slots=JSON)
def test_any_answers_give_a_record(answers: Any, slots: Any) -> None:
    check(hand_in(SHEET, json.dumps({"sheet": SHEET.id, "answers": answers, "slots": slots}), "json"))


def test_a_submission_is_read_without_raising_whatever_its_form() -> None:
    for raw in (b"{", b"[", b"\x00", b"answers", GOOD.encode()):
        for form in ("json", "yaml"):
            assert read_submission(raw, form, "ada").digest.startswith("sha256:")
