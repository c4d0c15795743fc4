"""Every fault a course author can make: what is said, word for word, and where."""

from __future__ import annotations

import pytest

from grader.course.faults import dotted, nearest
from tests.conftest import CourseCopy

Edit = tuple[str, str, str]
"""A file, a piece of its text, and what to put in its place."""
Expected = tuple[str | None, str]
"""The text the message has to point at, and the message: `@` stands for its line and column. Where it points inside the text, `▸` marks the place."""

COURSE, SIZE, WINDOW, BASIC, FORMULA = "course.yaml", "exercises/output-size.yaml", "exercises/one-window.yaml", "exercises/output-size-basic.yaml", "exercises/size-formula.yaml"  # fmt: skip
PINNED = "kernel_size: 3, stride: 1, padding: 0"
LANGUAGE = "use names, integers, + - * / // %, min, max, comparisons, and, or, not"
RULES = "write a value, {from: …, to: …}, {choice: […]}, {shape: […], from: …, to: …}, or another rule of docs/authors.md"
YAML_HINT = "check the colon, the brackets, and that rows of numbers start further right than the name above them"

COURSE_FAULTS = [
    pytest.param(
        (COURSE, "exercise: output-size, points: 6", "exercise: outputsize, points: 6"),
        [("outputsize, ", "course.yaml:@ assignments.lesson1.slots[5].exercise: there is no exercise 'outputsize'; did you mean 'output-size'?")],
        id="unknown-exercise",
    ),
    pytest.param(
        (COURSE, "count: 4", 'count: "4"'),
        [('"4"}', "course.yaml:@ assignments.lesson1.slots[5].count: expected an int, got the string '4'; remove the quotes")],
        id="quoted-number",
    ),
    pytest.param(
        (COURSE, "count: 4", "count: four"),
        [("four}", "course.yaml:@ assignments.lesson1.slots[5].count: expected an int, got the string 'four'; write a whole number")],
        id="word-for-a-number",
    ),
    pytest.param(
        (COURSE, "count: 4", "count: 4.0"),
        [("4.0}", "course.yaml:@ assignments.lesson1.slots[5].count: expected an int, got 4.0; write a whole number")],
        id="decimal-for-an-int",
    ),
    pytest.param(
        (COURSE, "count: 4", "count: 0"),
        [("count: ▸0}", "course.yaml:@ assignments.lesson1.slots[5].count: expected at least 1, got 0; correct the number")],
        id="count-0",
    ),
    pytest.param(
        (COURSE, "count: 4", "count: 51"),
        [("count: ▸51}", "course.yaml:@ assignments.lesson1.slots[5].count: expected at most 50, got 51; correct the number")],
        id="count-51",
    ),
    pytest.param(
        (COURSE, "points: 6", 'points: "6"'),
        [('"6", count: ', "course.yaml:@ assignments.lesson1.slots[5].points: expected a number from 0 to 10000, got '6'; write points: 2")],
        id="quoted-points",
    ),
    pytest.param(
        (COURSE, "points: 6", "points: -1"),
        [("-1, count: 4", "course.yaml:@ assignments.lesson1.slots[5].points: expected a number from 0 to 10000, got -1; write points: 2")],
        id="negative-points",
    ),
    pytest.param(
        (COURSE, "keep: best", "keeps: best"),
        [("best, penalt", "course.yaml:@ policies.attempts.keeps: unknown key 'keeps'; did you mean 'keep'?")],
        id="unknown-key",
    ),
    pytest.param(
        (COURSE, "assignments:", "assignment:"),
        [
            ("course: conv", "course.yaml:@: 'assignments' is missing; add `assignments:`"),
            ("assignment:", "course.yaml:@ assignment: unknown key 'assignment'; did you mean 'assignments'?"),
        ],
        id="unknown-key-on-the-line-of-its-name",
    ),
    pytest.param(
        (COURSE, "timezone: Asia", "course: again\ntimezone: Asia"), [("course: agai", "course.yaml:@: 'course' is there twice; keep one")], id="duplicate-key"
    ),
    pytest.param((COURSE, "course: conv101\n", ""), [("title: {en: ", "course.yaml:@: 'course' is missing; add `course:`")], id="missing-key"),
    pytest.param(
        (COURSE, "keep: best", "keep: first"),
        [("first, penal", "course.yaml:@ policies.attempts.keep: expected 'best' or 'last', got 'first'; choose one of these")],
        id="keep-first",
    ),
    pytest.param(
        (COURSE, "feedback: now", "feedback: soon"),
        [("soon", "course.yaml:@ policies.feedback: expected 'now', 'after_due' or 'never', got 'soon'; choose one of these")],
        id="feedback-soon",
    ),
    pytest.param(
        (COURSE, "penalty: 0", "penalty: 2"),
        [("penalty: ▸2}", "course.yaml:@ policies.attempts.penalty: expected a share from 0 to 1, got 2; write it as 0.1")],
        id="penalty-2",
    ),
    pytest.param(
        (COURSE, "per_day: 0.1", "per_day: 10"),
        [("10, until: 3", "course.yaml:@ policies.late.per_day: expected a share from 0 to 1, got 10; write it as 0.1")],
        id="per-day-10",
    ),
    pytest.param(
        (COURSE, "grace: 15m", "grace: 15"),
        [("15, per_day:", "course.yaml:@ policies.late.grace: expected a length of time, got 15; write 15m, 2h or 3d")],
        id="grace-without-unit",
    ),
    pytest.param(
        (COURSE, "until: 3d", "until: Friday"),
        [("Friday}", "course.yaml:@ policies.late.until: expected a length of time, got 'Friday'; write 15m, 2h or 3d")],
        id="until-friday",
    ),
    pytest.param(
        (COURSE, "opens: 2026-12-01 08:00", "opens: tomorrow"),
        [("tomorrow", "course.yaml:@ assignments.lesson1.opens: expected a time, got 'tomorrow'; write it as 2026-12-08 23:59")],
        id="opens-tomorrow",
    ),
    pytest.param(
        (COURSE, "due: 2026-12-08 23:59", "due: 2026-12-08"),
        [("2026-12-08", "course.yaml:@ assignments.lesson1.due: expected a time, got '2026-12-08'; write it as 2026-12-08 23:59")],
        id="due-without-an-hour",
    ),
    pytest.param(
        (COURSE, "due: 2026-12-08 23:59", "due: 2025-12-08 23:59"),
        [("2025-12-08 2", "course.yaml:@ assignments.lesson1.due: is before `opens`; correct one of the two")],
        id="due-before-opens",
    ),
    pytest.param(
        (COURSE, "Asia/Shanghai", "Asia/Peking"),
        [("Asia/Peking", "course.yaml:@ timezone: unknown time zone 'Asia/Peking'; write one like Asia/Shanghai or UTC")],
        id="unknown-time-zone",
    ),
    pytest.param(
        (COURSE, "Asia/Shanghai", "Asia"),
        [("Asia", "course.yaml:@ timezone: unknown time zone 'Asia'; write one like Asia/Shanghai or UTC")],
        id="half-a-time-zone",
    ),
    pytest.param(
        (COURSE, "languages: [en, zh]", "languages: [en, fr]"),
        [(" ▸fr]", "course.yaml:@ languages[1]: expected 'en' or 'zh', got 'fr'; choose one of these")],
        id="french",
    ),
    pytest.param(
        (COURSE, "languages: [en, zh]", "languages: en"),
        [("languages: ▸en", "course.yaml:@ languages: expected a list, got 'en'; write `- item` lines or [item, item]")],
        id="no-list",
    ),
    pytest.param(
        (COURSE, "languages: [en, zh]", "languages: []"), [("languages: ▸[]", "course.yaml:@ languages: is empty; write at least one")], id="no-language"
    ),
    pytest.param(
        (COURSE, "  lesson1:", "  lesson 1:"),
        [("lesson 1:", "course.yaml:@ assignments.lesson 1: 'lesson 1' is no valid name; use letters, digits and _ . + -: it names folders")],
        id="assignment-with-a-space",
    ),
    pytest.param(
        (COURSE, "course: conv101", "course: conv/101"),
        [("conv/101", "course.yaml:@ course: 'conv/101' is no valid name; it must match ^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")],
        id="course-with-a-slash",
    ),
    pytest.param(
        (COURSE, "exercise: conv-stride, points: 3", "exercise: conv-stride, points: 3, slot: conv-array"),
        [("{exercise: conv-s", "course.yaml:@ assignments.lesson1.slots[3]: two slots are named 'conv-array'; give one of them another `slot:`")],
        id="two-slots-of-one-name",
    ),
    pytest.param(
        (COURSE, "exercise: conv-stride, points: 3", "exercise: conv-stride, points: 3, slot: output-size-2"),
        [("{exercise: output-size,", "course.yaml:@ assignments.lesson1.slots[5]: two slots are named 'output-size-2'; give one of them another `slot:`")],
        id="a-slot-named-like-a-numbered-one",
    ),
    pytest.param(
        (COURSE, PINNED, "kernel_size: 9, stride: 1, padding: 0"),
        [
            (
                "{input_size:",
                "course.yaml:@ assignments.lesson1-worked.slots[3].given: torch refuses these values: Calculated padded input size per channel: (4). Kernel size: (9). Kernel size can't be greater than actual input size; give values it accepts",
            )
        ],
        id="pinned-kernel-too-large",
    ),
    pytest.param(
        (COURSE, PINNED, "kernel_size: 3, stride: 0, padding: 0"),
        [
            (
                "{input_size:",
                "course.yaml:@ assignments.lesson1-worked.slots[3].given: torch refuses these values: non-positive stride is not supported; give values it accepts",
            )
        ],
        id="pinned-stride-0",
    ),
    pytest.param(
        (COURSE, PINNED, "kernel_size: 3, padding: 0, strides: 1"),
        [
            (
                "{input_size:",
                "course.yaml:@ assignments.lesson1-worked.slots[3].given: unknown given 'strides'; this exercise takes input_size, kernel_size, stride, padding",
            )
        ],
        id="pinned-name-misspelt",
    ),
    pytest.param(
        (COURSE, PINNED, "stride: 1, padding: 0"),
        [
            (
                "{input_size:",
                "course.yaml:@ assignments.lesson1-worked.slots[3].given: given 'kernel_size' is missing; this exercise takes input_size, kernel_size, stride, padding",
            )
        ],
        id="pinned-name-missing",
    ),
    pytest.param(
        (COURSE, PINNED, 'kernel_size: "3", stride: 1, padding: 0'),
        [("{input_size:", "course.yaml:@ assignments.lesson1-worked.slots[3].given: kernel_size: expected an int, got '3'; remove the quotes")],
        id="pinned-quoted-number",
    ),
    pytest.param(
        (COURSE, "course: conv101", "course: &x conv101"),
        [("&x conv101", "course.yaml:@: anchors (&) and aliases (*) are not allowed; write the value itself")],
        id="anchor",
    ),
    pytest.param(
        (COURSE, "roster: roster.csv", "roster: class.csv"),
        [(None, "class.csv:1:1: class.csv cannot be opened (No such file or directory); correct `roster:` in course.yaml, or add the file")],
        id="missing-roster",
    ),
    pytest.param(
        ("roster.csv", "alan,", "ada,"),
        [("ada,Alan Tur", "roster.csv:@ student: 'ada' is there twice; keep one line (folders do not tell A from a everywhere)")],
        id="student-twice",
    ),
]

EXERCISE_FAULTS = [
    pytest.param(
        (SIZE, ", zh: 输出尺寸}", "}"),
        [("{en: Output ", "exercises/output-size.yaml:@ title: the Chinese text is missing; add `zh:`, students read it")],
        id="missing-translation",
    ),
    pytest.param(
        (SIZE, "  en: ", "  # en: "),
        [("prompt:", "exercises/output-size.yaml:@ prompt: the English text is missing; add `en:`, students read it")],
        id="missing-english",
    ),
    pytest.param((SIZE, "zh: 输出尺寸", 'zh: ""'), [('zh: ▸""}', "exercises/output-size.yaml:@ title.zh: is empty; write the words")], id="empty-translation"),
    pytest.param(
        (SIZE, "zh: 输出尺寸", "zh: "),
        [("zh: }", "exercises/output-size.yaml:@ title.zh: expected text, got nothing; write words; put numbers and dates in quotes")],
        id="blank-translation",
    ),
    pytest.param(
        (SIZE, "level: 2", "levle: 2"), [("levle: ▸2", "exercises/output-size.yaml:@ levle: unknown key 'levle'; did you mean 'level'?")], id="unknown-key"
    ),
    pytest.param(
        (SIZE, "weight: 1, title", "wieght: 1, title"),
        [("1, title: {e", "exercises/output-size.yaml:@ parts.padded_size.wieght: unknown key 'wieght'; did you mean 'weight'?")],
        id="unknown-key-of-a-part",
    ),
    pytest.param(
        (SIZE, "level: 2", "level: 2\nlevel: 3"), [("level: 3", "exercises/output-size.yaml:@: 'level' is there twice; keep one")], id="duplicate-key"
    ),
    pytest.param(
        (SIZE, "level: 2", "level: 7"), [("level: ▸7", "exercises/output-size.yaml:@ level: expected 1, 2 or 3, got 7; choose one of these")], id="level-7"
    ),
    pytest.param(
        (SIZE, "id: output-size", "id: output-sizes"),
        [("output-sizes", "exercises/output-size.yaml:@ id: 'output-sizes' is not the file's name; write `id: output-size`, or rename the file")],
        id="id-of-another-file",
    ),
    pytest.param(
        (SIZE, "kernel_size <= input_size", "kernal_size <= input_size"),
        [("kernal_size ", "exercises/output-size.yaml:@ where[0]: 'kernal_size' is no name of this exercise; did you mean 'kernel_size'?")],
        id="where-unknown-name",
    ),
    pytest.param(
        (SIZE, "kernel_size <= input_size", "kernel_size ** 2 < input_size"),
        [("kernel_size ", f"exercises/output-size.yaml:@ where[0]: 'kernel_size ** 2' is not allowed in 'kernel_size ** 2 < input_size'; {LANGUAGE}")],
        id="where-outside-the-language",
    ),
    pytest.param(
        (SIZE, "kernel_size <= input_size", "kernel_size <="),
        [("kernel_size ", f"exercises/output-size.yaml:@ where[0]: 'kernel_size <=' is not an expression; {LANGUAGE}")],
        id="where-unfinished",
    ),
    pytest.param(
        (SIZE, "The feature map is {input_size_height}×", "A {input_size_height×"),
        [('"A {input_si', "exercises/output-size.yaml:@ prompt.en: a brace stands alone in 'A {input_size_height×'; write {name} or no brace")],
        id="lone-brace",
    ),
    pytest.param(
        (SIZE, "The feature map is {input_size_height}×", "A {inputsize}×"),
        [('"A {inputsiz', "exercises/output-size.yaml:@ prompt.en: 'inputsize' is no name of this exercise; did you mean 'input_size'?")],
        id="unknown-name-in-a-prompt",
    ),
    pytest.param(
        (SIZE, "The feature map is {input_size_height}×", "A {answer}×"),
        [
            (
                '"A {answer}×',
                "exercises/output-size.yaml:@ prompt.en: 'answer' is no name of this exercise; known are input_size, input_size_height, input_size_width, kernel_size, kernel_size_height, kernel_size_width, padding, padding_height, padding_width, stride, stride_height, stride_width",
            )
        ],
        id="answer-in-a-prompt",
    ),
    pytest.param(
        (SIZE, "  pad-once:", "  pad-onse:"),
        [("pad-onse:", "exercises/output-size.yaml:@ mistakes.pad-onse: solutions/output_size.py has no @mistake(\"pad-onse\"); did you mean 'pad-once'?")],
        id="mistake-not-in-the-solution",
    ),
    pytest.param(
        (SIZE, "may_coincide: [nearest", "may_coincide: [nearst"),
        [("nearst, plus", "exercises/output-size.yaml:@ may_coincide[0]: 'nearst' is no mistake of this exercise; did you mean 'nearest'?")],
        id="may-coincide-unknown",
    ),
    pytest.param(
        (SIZE, "  padding: {from: 1, to: 2}", "  padding: {from: 1, to: 2}\n  dilation: 1"),
        [
            (
                "dilation: ▸1",
                "exercises/output-size.yaml:@ draw.dilation: the reference of solutions/output_size.py takes no 'dilation'; known are input_size, kernel_size, padding, stride",
            )
        ],
        id="drawn-name-the-reference-does-not-take",
    ),
    pytest.param(
        (SIZE, "follows: [padded_size]", "follows: [paded_size]"),
        [("paded_size],", "exercises/output-size.yaml:@ parts.output_size.follows[0]: 'paded_size' is no earlier part; did you mean 'padded_size'?")],
        id="follows-an-unknown-part",
    ),
    pytest.param(
        (SIZE, "padded_size: {kind: integer,", "padded_size: {kind: integer, follows: [output_size],"),
        [("output_size]", "exercises/output-size.yaml:@ parts.padded_size.follows[0]: 'output_size' is no earlier part; none is known here")],
        id="follows-a-later-part",
    ),
    pytest.param(
        ("solutions/output_size.py", '@follow("output_size")', '@follow("padded_size")'),
        [
            (
                "{kind: integer, weight: 3",
                'exercises/output-size.yaml:@ parts.output_size: follows other parts, but solutions/output_size.py has no @follow("output_size"); add that function',
            )
        ],
        id="missing-follow-function",
    ),
    pytest.param(
        (SIZE, "weight: 3", "weight: 0"),
        [("0, follows: ", "exercises/output-size.yaml:@ parts.output_size.weight: a part needs a weight above 0; write weight: 1")],
        id="weight-0",
    ),
    pytest.param(
        (SIZE, "kind: integer, weight: 1", "kind: numbre, weight: 1"),
        [
            (
                "numbre, weig",
                "exercises/output-size.yaml:@ parts.padded_size.kind: expected 'integer', 'number', 'vector', 'shape', 'array', 'choice', 'choices', 'formula' or 'code', got 'numbre'; choose one of these",
            )
        ],
        id="unknown-kind",
    ),
    pytest.param(
        (SIZE, "credit: 0.5", "credit: 2"),
        [("credit: ▸2", "exercises/output-size.yaml:@ mistakes.ceil.credit: expected a number from 0 to 1, got 2; write it as 0.5, 1 or 1/3")],
        id="credit-2",
    ),
    pytest.param(
        (SIZE, "credit: 0.5", "credit: half"),
        [("half", "exercises/output-size.yaml:@ mistakes.ceil.credit: expected a number from 0 to 1, got 'half'; write it as 0.5, 1 or 1/3")],
        id="credit-half",
    ),
    pytest.param(
        (SIZE, "points: 2", "points: 1001"),
        [("1001", "exercises/output-size.yaml:@ points: expected a number from 0 to 1000, got 1001; write it as 0.5, 1 or 1/3")],
        id="points-1001",
    ),
    pytest.param(
        (SIZE, "solution: output_size", "solution: output_sizes"),
        [("output_sizes", "exercises/output-size.yaml:@ solution: there is no solutions/output_sizes.py; did you mean 'output_size'?")],
        id="missing-solution",
    ),
    pytest.param(
        (SIZE, "kernel_size: {from: 2, to: 5}", "kernel_size: {from: 2}"),
        [("{from: 2}", f"exercises/output-size.yaml:@ draw.kernel_size: no rule of drawing has just the keys from; {RULES}")],
        id="rule-without-an-end-is-one-fault",
    ),
    pytest.param(
        (SIZE, "kernel_size: {from: 2, to: 5}", "kernel_size: {from: 2, to: 2 * stride}"),
        [
            (
                "2 * stride}",
                "exercises/output-size.yaml:@ draw.kernel_size.to: 'stride' is no name of this exercise; known are input_size, input_size_height, input_size_width",
            )
        ],
        id="bound-of-a-name-drawn-later",
    ),
    pytest.param(
        (SIZE, "kernel_size: {from: 2, to: 5}", "kernel_size: {from: 2.5, to: 5}"),
        [("2.5, to: 5}", f"exercises/output-size.yaml:@ draw.kernel_size.from: '2.5' is not allowed in '2.5'; {LANGUAGE}")],
        id="bound-with-a-fraction",
    ),
    pytest.param(
        ("exercises/conv-padding.yaml", "stride: 1", "stride: '1'"),
        [("'1'", "exercises/conv-padding.yaml:@ draw.stride: expected an int, got '1'; remove the quotes")],
        id="drawn-constant-in-quotes",
    ),
    pytest.param(
        ("exercises/conv-padding.yaml", "stride: 1", "stride: {choice: [1, [1, 2, 3], 2]}"),
        [("stride: ▸{choice", "exercises/conv-padding.yaml:@ draw.stride: expected an int or [H, W], got a list of 3; give two ints")],
        id="drawn-choice-of-the-wrong-kind",
    ),
    pytest.param(
        (WINDOW, "shape: [3, 3], from: 0", "shape: [3], from: 0"),
        [
            (
                "[3], from: 0",
                "exercises/one-window.yaml:@ draw.input.shape: expected [height, width], or {choice: [[…], […]]}; give the sides as integers or expressions",
            )
        ],
        id="shape-of-one-side-is-one-fault",
    ),
    pytest.param(
        (WINDOW, "shape: [3, 3], from: 0", "shape: [3, 3], from: 9"),
        [("{shape: [3, ", "exercises/one-window.yaml:@ draw.input: the cells need whole numbers with from <= to; write from: 0, to: 9")],
        id="cells-from-above-to-is-one-fault",
    ),
    pytest.param(
        (WINDOW, "work: {digits: [1, 2]}", "work: {digits: [2, 1]}"),
        [("[2, 1]}", "exercises/one-window.yaml:@ work.digits: the least is above the most; write [least, most]")],
        id="work-band-turned",
    ),
    pytest.param(
        (WINDOW, "work: {digits: [1, 2]}", "work: {digits: [1]}"),
        [("[1]}", "exercises/one-window.yaml:@ work.digits: expected 2 items, got 1; write that many")],
        id="work-band-of-one",
    ),
    pytest.param(
        (WINDOW, "work: {digits: [1, 2]}", "work: {digits: [1, 2, 3]}"),
        [("[1, 2, 3]}", "exercises/one-window.yaml:@ work.digits: expected 2 items, got 3; write that many")],
        id="work-band-of-three",
    ),
    pytest.param(
        (WINDOW, "level: 1", "draw_version: 0"),
        [("draw_version: ▸0", "exercises/one-window.yaml:@ draw_version: expected at least 1, got 0; correct the number")],
        id="draw-version-0",
    ),
    pytest.param(
        (FORMULA, "names: [i, k, s, p], ", ""),
        [("{kind: formu", "exercises/size-formula.yaml:@ parts.output_size: a formula needs `names`, and only a formula has them; write names: [i, k, s, p]")],
        id="formula-without-names",
    ),
    pytest.param(
        (WINDOW, "kind: integer, ", "kind: integer, names: [i], "),
        [("{kind: integ", "exercises/one-window.yaml:@ parts.value: a formula needs `names`, and only a formula has them; write names: [i, k, s, p]")],
        id="names-without-a-formula",
    ),
    pytest.param(
        (WINDOW, "draw:\n", "draw\n"),
        [(": {shape: [3", f"exercises/one-window.yaml:@: this cannot be read (could not find expected ':'); {YAML_HINT}")],
        id="colon-forgotten",
    ),
    pytest.param(
        ("solutions/size_formula.py", "@reference", ""),
        [(None, "solutions/size_formula.py:1:1: 0 functions are marked @reference; mark exactly one")],
        id="solution-without-a-reference",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), [*COURSE_FAULTS, *EXERCISE_FAULTS])
def test_a_faulty_course_says_where_and_how_to_put_it_right(course_copy: CourseCopy, edit: Edit, expected: list[Expected]) -> None:
    course_copy.edit(*edit)
    assert course_copy.faults() == located(course_copy, expected)


def located(course_copy: CourseCopy, expected: list[Expected]) -> list[str]:
    """The messages with `@` replaced by the line and column where their text stands in the faulty file."""
    found = []
    for at, message in expected:
        file, _, rest = message.partition(":@")
        found.append(message if at is None else course_copy.place(file, at) + rest)
    return found


def test_the_course_that_ships_has_no_faults(course_copy: CourseCopy) -> None:
    assert course_copy.faults() == []


def test_a_drawn_name_that_is_missing(course_copy: CourseCopy) -> None:
    course_copy.edit(
        "solutions/output_size_basic.py",
        "def output_size_basic(input_size: Size, kernel_size: Size)",
        "def output_size_basic(input_size: Size, kernel_size: Size, stride: Size)",
    )
    place = course_copy.place(BASIC, "draw:")
    assert course_copy.faults() == [f"{place} draw: 'stride' is not drawn, but the reference of solutions/output_size_basic.py needs it; add `stride:` to draw"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param("course.yaml", "course.yaml:1:1: course.yaml cannot be opened (No such file or directory); check the file", id="course"),
        pytest.param(
            "roster.csv",
            "roster.csv:1:1: roster.csv cannot be opened (No such file or directory); correct `roster:` in course.yaml, or add the file",
            id="roster",
        ),
    ],
)
def test_a_missing_file(course_copy: CourseCopy, file: str, expected: str) -> None:
    (course_copy.folder / file).unlink()
    assert course_copy.faults() == [expected]


def test_a_missing_solution(course_copy: CourseCopy) -> None:
    (course_copy.folder / "solutions" / "output_size_basic.py").unlink()
    place = course_copy.place(BASIC, "solution: ▸output")
    assert course_copy.faults() == [f"{place} solution: there is no solutions/output_size_basic.py; did you mean 'output_size'?"]


def test_an_empty_course_file(course_copy: CourseCopy) -> None:
    (course_copy.folder / "course.yaml").write_text("")
    assert course_copy.faults() == ["course.yaml:1:1: expected a mapping, got nothing; write `key: value` lines"]


def test_faults_of_all_files_come_together(course_copy: CourseCopy) -> None:
    course_copy.edit(COURSE, "grace: 15m", "grace: 15")
    course_copy.edit(COURSE, "exercise: conv-stride, points: 3", "exercise: conv-strid, points: 3")
    course_copy.edit(COURSE, "Asia/Shanghai", "Asia/Peking")
    course_copy.edit(SIZE, "kernel_size <= input_size", "kernal_size <= input_size")
    course_copy.edit(SIZE, "weight: 3", "weight: 0")
    course_copy.edit(WINDOW, "level: 1", "levle: 1")
    second_flip = '@mistake("flip180", applies=two_columns)'  # used by three exercises, said once
    course_copy.edit("solutions/conv.py", '@mistake("flip-lr", applies=two_columns)', second_flip)
    course_copy.edit("roster.csv", "alan,", "../alan,")
    assert course_copy.faults() == located(
        course_copy,
        [
            ("Asia/Peking", "course.yaml:@ timezone: unknown time zone 'Asia/Peking'; write one like Asia/Shanghai or UTC"),
            ("grace: ▸15,", "course.yaml:@ policies.late.grace: expected a length of time, got 15; write 15m, 2h or 3d"),
            ("conv-strid,", "course.yaml:@ assignments.lesson1.slots[3].exercise: there is no exercise 'conv-strid'; did you mean 'conv-stride'?"),
            (second_flip, "solutions/conv.py:@ flip180: this mistake is there twice; give it another name"),
            ("levle: ▸1", "exercises/one-window.yaml:@ levle: unknown key 'levle'; did you mean 'level'?"),
            ("kernal_size <=", "exercises/output-size.yaml:@ where[0]: 'kernal_size' is no name of this exercise; did you mean 'kernel_size'?"),
            ("weight: ▸0", "exercises/output-size.yaml:@ parts.output_size.weight: a part needs a weight above 0; write weight: 1"),
            ("../alan", "roster.csv:@ student: '../alan' is no valid id; use letters, digits and _ . @ + -, at most 64"),
        ],
    )


def test_places_are_written_as_people_write_them() -> None:
    assert dotted(("assignments", "hw1", "slots", 2, "given", "input", 0, 1)) == "assignments.hw1.slots[2].given.input[0][1]"
    assert dotted(()) == ""


def test_the_nearest_known_name() -> None:
    assert nearest("kernel", ["kernel_size", "input"]) == "did you mean 'kernel_size'?"
    assert nearest("zzz", ["b", "a"]) == "known are a, b"
    assert nearest("zzz", []) == "none is known here"
