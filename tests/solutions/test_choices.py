"""T11, T20, T31: what a kernel does, which number torch complains of, and what is true, each decided a second way."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

import pytest
import torch

from grader.course.course import load_exercise
from grader.course.exercise import Exercise, variant_id
from grader.course.rules import Choice, Sample
from grader.course.values import GivenError
from grader.marking.record import Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.variants.draw import Refusals, candidates
from grader.variants.stream import stream_key
from grader.variants.variant import Variant
from tests.conftest import ROOT
from tests.solutions.plain_choices import FALSE, TRUE, Kernel, by_arithmetic, by_moments


@lru_cache(maxsize=4)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def module(name: str) -> ModuleType:
    return sys.modules[exercise(name).solution.reference.function.__module__]


def drawn(name: str, level: int, count: int) -> Iterator[dict[str, Any]]:
    """Given drawn by the exercise's own rules; more are tried, since some are refused."""
    found = candidates(exercise(name).at(level), stream_key(b"choices", name, level), 20 * count, Refusals({}, {}))
    return (dict(candidate.given) for candidate, _ in zip(found, range(count), strict=False))


# kernel-effect


TEXTBOOK = [
    pytest.param([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "brighter-right", id="sobel-x"),
    pytest.param([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], "brighter-up", id="sobel-y-upwards"),
    pytest.param([[1, 0, -1], [1, 0, -1], [1, 0, -1]], "brighter-left", id="prewitt-to-the-left"),
    pytest.param([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "brighter-down", id="prewitt-down"),
    pytest.param([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]], "brighter-up-right", id="diagonal"),
    pytest.param([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]], "brighter-down-right", id="other-diagonal"),
    pytest.param([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "all-edges", id="laplace"),
    pytest.param([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "all-edges", id="laplace-of-eight"),
    pytest.param([[1, 1, 1], [1, 1, 1], [1, 1, 1]], "blur", id="box"),
    pytest.param([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "blur", id="gauss"),
    pytest.param([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "sharpen", id="sharpen"),
    pytest.param([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "identity", id="identity"),
    pytest.param([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "shift-left", id="takes-from-the-right"),
    pytest.param([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "shift-down", id="takes-from-above"),
    pytest.param([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "emboss", id="emboss"),
]


@pytest.mark.parametrize(("kernel", "effect"), TEXTBOOK)
def test_textbook_kernels_do_what_the_books_say(kernel: Kernel, effect: str) -> None:
    options = ["blur", "emboss", effect] if effect not in ("blur", "emboss") else ["blur", "emboss"]
    assert exercise("kernel-effect").expect({"kernel": kernel, "options": options}).key == {"effect": effect}
    assert by_moments(kernel) == effect


def every_kernel() -> list[Kernel]:
    rules = [level.draw["kernel"] for level in exercise("kernel-effect").every_level]
    return [kernel for rule in rules if isinstance(rule, Choice) for kernel in rule.options]


def test_every_kernel_of_the_bank_is_read_the_same_way_by_pictures_and_by_moments() -> None:
    effect = module("kernel-effect").named
    found = Counter(effect(torch.tensor(kernel)) for kernel in every_kernel())
    assert all(effect(torch.tensor(kernel)) == by_moments(kernel) for kernel in every_kernel())
    assert set(found) == {option.id for option in exercise("kernel-effect").parts[0].options}, "every option is some kernel's"


def turned(kernel: Kernel) -> Kernel:
    return [row[::-1] for row in kernel[::-1]]


def transposed(kernel: Kernel) -> Kernel:
    return [list(row) for row in zip(*kernel, strict=True)]


STRAIGHT = {"brighter-right", "brighter-left", "brighter-down", "brighter-up"}
OPPOSITE = {"right": "left", "left": "right", "up": "down", "down": "up"}


def wrong_effects(kernel: Kernel) -> dict[str, set[str]]:
    """What each wrong method takes the kernel for, from its effect's name and its weights alone."""
    effect = by_moments(kernel)
    kind, _, way = effect.partition("-")
    found: dict[str, set[str]] = {}
    if kind in ("brighter", "shift"):
        found["sign-flipped"] = {f"{kind}-" + "-".join(OPPOSITE[word] for word in way.split("-"))}
        if "-" in way:
            down, right = way.split("-")
            found["wrong-diagonal"] = {f"brighter-{down}-{OPPOSITE[right]}"}
            found["sum-overlooked"] = {"emboss"}
        else:
            found["h-v-swapped"] = {by_moments(transposed(kernel))}
    if kind == "shift":
        found["shift-overlooked"] = {"identity"}
    if effect in STRAIGHT:
        found["any-zero-sum-is-edge"] = {"all-edges"}
    if effect == "all-edges":
        found |= {"any-zero-sum-is-edge": STRAIGHT, "sum-overlooked": {"sharpen"}}
    if effect in ("blur", "sharpen"):
        found["blur-sharpen-swapped"] = {"blur", "sharpen"} - {effect}
    if effect == "sharpen":
        found["sum-overlooked"] = {"all-edges"}
    if effect == "identity":
        found["identity-sharpens"] = {"sharpen"}
    if effect == "emboss":
        middle = len(kernel) // 2
        bare = [[w - (sum(map(sum, kernel)) if (r, c) == (middle, middle) else 0) for c, w in enumerate(row)] for r, row in enumerate(kernel)]
        found["sum-overlooked"] = {by_moments(bare)}
    return found


@pytest.mark.parametrize("level", [1, 2, 3])
def test_kernels_and_wrong_methods_a_second_way(level: int) -> None:
    compared: Counter[str] = Counter()
    for given in drawn("kernel-effect", level, 1000):
        expected = exercise("kernel-effect").expect(given)
        assert expected.key == {"effect": by_moments(given["kernel"])}, given
        shown = set(given["options"])
        wanted = {name: answers & shown for name, answers in wrong_effects(given["kernel"]).items() if answers & shown}
        assert {name: set(answers["effect"]) for name, answers in expected.mistakes.items()} == wanted, given
        compared.update(wanted.keys())
    assert sum(compared.values()) > 500
    assert set(compared) == set(exercise("kernel-effect").mistakes) - exercise("kernel-effect").at(level).only_pinned


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        pytest.param([[1, 2], [3, 4]], "has no centre here", id="even"),
        pytest.param([[0, 0, 0]] * 3, "no option says what this kernel does", id="nothing"),
        pytest.param([[0, 0, 0], [0, -1, 0], [0, 0, 0]], "no option says", id="negative"),
    ],
)
def test_a_kernel_without_a_word_for_it_is_refused(kernel: Kernel, message: str) -> None:
    with pytest.raises(GivenError, match=message):
        exercise("kernel-effect").expect({"kernel": kernel, "options": ["blur", "sharpen"]})


# concepts


def test_what_torch_shows_is_what_a_reader_says() -> None:
    claims = module("concepts").CLAIMS
    options = exercise("concepts").parts[0].options
    assert set(claims) == {option.id for option in options}
    assert set(claims) == TRUE | FALSE
    assert {name for name in claims if module("concepts").holds(name)} == TRUE
    assert all(option.why for option in options), "each says why"


def test_every_statement_is_drawn_at_some_level() -> None:
    rules = [level.draw["statements"] for level in exercise("concepts").every_level]
    drawn_ones = {name for rule in rules if isinstance(rule, Sample) for name in rule.ids}
    assert drawn_ones == {option.id for option in exercise("concepts").parts[0].options}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_statements_drawn_and_marked(level: int) -> None:
    counts: Counter[int] = Counter()
    for given in drawn("concepts", level, 1000):
        key = exercise("concepts").expect(given).key["choices"]
        assert key == TRUE & set(given["statements"])
        counts[len(TRUE & set(given["statements"]))] += 1
    assert len(counts) >= 4, "how many are true differs, so that a count says little"


def graded(statements: list[str], chosen: list[str]) -> Any:
    variant: Variant = variant_of(exercise("concepts"), {"statements": statements})
    (part,) = grade_slot(variant, {"choices": chosen or "none"}).parts
    return part


def test_each_wrong_mark_is_answered_with_its_own_reason() -> None:
    why = {option.id: option.why for option in exercise("concepts").parts[0].options if option.why}
    false = [name for name in why if name not in TRUE]
    right = sorted(TRUE)[:2]
    for name in false:  # chosen, and not true
        part = graded([*right, name], [right[0], name])
        reasons = [other for other in (*right, name) if why[other].zh in part.feedback.zh and why[other].en in part.feedback.en]
        assert sorted(reasons) == sorted([right[1], name]), "the one left out and the one too many"
        assert part.verdict is Verdict.INCORRECT
    for name in sorted(TRUE):  # left out, and true
        other = next(right_one for right_one in right if right_one != name)
        part = graded([name, other, false[0]], [other])
        assert why[name].en in part.feedback.en and why[other].en not in part.feedback.en and part.verdict is Verdict.PARTIAL
    assert not any(reason.en in graded([*right, false[0]], right).feedback.en for reason in why.values()), "a right answer needs none"


# shape-debug


def numbers_of(code: str) -> list[re.Match[str]]:
    """The numbers of the code but for the data in its first line and the scores."""
    scores = [found.end() for found in re.finditer(r"Linear\(\d+, \d+", code)]
    return [found for found in re.finditer(r"(?<![\w.])\d+", code) if found.start() > code.index("\n") and found.end() not in scores]


def gives_rows(code: str) -> bool:
    """Runs the code, which a test has drawn itself, and looks at what comes out."""
    names: dict[str, Any] = {"torch": torch}
    try:
        exec(code, names)  # noqa: S102 - the one independent way: Python runs the text
    except (RuntimeError, ValueError, IndexError):
        return False
    batch = int(re.search(r"\((\d+)", code).group(1))  # type: ignore[union-attr]
    return bool(names["y"].shape[0] == batch and names["y"].dim() == (2 if "Linear" in code else 4))


def argument_of(code: str, found: re.Match[str]) -> str:
    before = code[: found.start()].rpartition("\n")[2]
    if before.endswith(("kernel_size=", "MaxPool2d(")):
        return "kernel_size"
    for end, argument in (("groups=", "groups"), ("flatten(", "start_dim"), ("unsqueeze(", "dim"), ("Linear(", "in_features"), ("Conv2d(", "in_channels")):
        if before.endswith(end):
            return argument
    return "out_channels"


@pytest.mark.parametrize(("level", "count"), [(1, 12), (2, 6), (3, 4)])
def test_no_other_number_would_do(level: int, count: int) -> None:
    """Every number of the code, with every value it could plausibly have, run by Python itself."""
    arguments = set()
    for given in drawn("shape-debug", level, count):
        code, key = given["code"], exercise("shape-debug").expect(given).key
        works: dict[str, set[int]] = {}
        for found in numbers_of(code):
            argument = argument_of(code, found)
            values = set(range(5)) if "dim" in argument else {*range(1, 33), *((int(str(key["fix"])),) if argument == "in_features" else ())}
            for value in values - {int(found.group())}:
                if gives_rows(code[: found.start()] + str(value) + code[found.end() :]):
                    works.setdefault(argument, set()).add(value)
        assert {argument: max(values) for argument, values in works.items()} == {key["argument"]: key["fix"]}, code
        arguments.add(key["argument"])
    assert len(arguments) > 1


@pytest.mark.parametrize(("level", "count"), [(1, 80), (2, 60), (3, 60)])
def test_errors_are_put_right_as_arithmetic_says(level: int, count: int) -> None:
    seen: Counter[str] = Counter()
    for given in drawn("shape-debug", level, count):
        key = exercise("shape-debug").expect(given).key
        assert (key["argument"], key["fix"]) == by_arithmetic(given["code"]), given["code"]
        assert set(given) == {"code", "error"}, "nothing else that is drawn is on the sheet"
        seen[str(key["argument"])] += 1
    assert set(seen) == {1: {"in_channels", "kernel_size"}, 2: {"in_channels", "start_dim", "in_features"}}.get(
        level, {"in_channels", "groups", "start_dim", "in_features", "dim"}
    )
    assert min(seen.values()) >= count / 20, seen


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_message_is_what_python_prints(level: int) -> None:
    for given in drawn("shape-debug", level, 15):
        with pytest.raises((RuntimeError, ValueError, IndexError)) as raised:
            exec(given["code"], {"torch": torch})  # noqa: S102 - drawn by our own rules
        assert given["error"] == f"{raised.type.__name__}: {raised.value}"


CONV = "x = torch.zeros(4, 3, 12, 14)\nconv = torch.nn.Conv2d({0}, 8, kernel_size={1})\ny = conv(x)"
STACK = "x = torch.zeros(4, 3, 8, 9)\nconv = torch.nn.Conv2d(3, 8, kernel_size=3)\nhead = torch.nn.Linear({0}, 10)\ny = head(conv(x).flatten({1}))"
GROUPS = "x = torch.zeros(2, 12, 9, 9)\nconv = torch.nn.Conv2d(12, 18, kernel_size=3, groups={0})\ny = conv(x)"
GREY = "x = torch.zeros(5, 9, 9)\nconv = torch.nn.Conv2d(1, 8, kernel_size=3)\ny = conv(x.unsqueeze({0}))"

PINNED = [
    pytest.param(CONV.format(5, 3), {"argument": "in_channels", "fix": 3}, {
        "expected-for-got": {"fix": 5}, "swaps-in-out-channels": {"argument": "out_channels", "fix": 8},
        "blames-batch": {"argument": "batch", "fix": 4}, "pads-to-fix-channels": {"argument": "padding"}}, id="in-channels"),
    pytest.param(CONV.format(3, 15), {"argument": "kernel_size", "fix": 12}, {
        "pads-to-fit": {"argument": "padding", "fix": 2}, "must-be-smaller": {"fix": 11}, "longer-side": {"fix": 14}}, id="kernel-size"),
    pytest.param(STACK.format(100, 1), {"argument": "in_features", "fix": 336}, {
        "expected-for-got": {"fix": 100}, "blames-batch": {"argument": "batch", "fix": 4}, "batch-counted": {"fix": 1344}}, id="in-features"),
    pytest.param(STACK.format(336, 0), {"argument": "start_dim", "fix": 1}, {
        "blames-batch": {"argument": "batch", "fix": 4}, "flattened-batch": {"argument": "in_features", "fix": 1344}}, id="batch-flattened"),
    pytest.param(STACK.format(336, 2), {"argument": "start_dim", "fix": 1}, {
        "blames-batch": {"argument": "batch", "fix": 4}, "flattened-batch": {"argument": "in_features", "fix": 42}}, id="channels-kept"),
    pytest.param(GROUPS.format(5), {"argument": "groups", "fix": 6}, {"depthwise-assumed": {"fix": 12}, "one-group": {"fix": 1}}, id="groups"),
    pytest.param(GREY.format(0), {"argument": "dim", "fix": 1}, {
        "blames-batch": {"argument": "batch", "fix": 5}, "pictures-as-channels": {"argument": "in_channels", "fix": 5}}, id="axis-in-front"),
    pytest.param(GREY.format(2), {"argument": "dim", "fix": 1}, {
        "blames-batch": {"argument": "batch", "fix": 5}, "pictures-as-channels": {"argument": "in_channels", "fix": 9}}, id="axis-between"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "key", "wrong"), PINNED)
def test_pinned_code(code: str, key: dict[str, Any], wrong: dict[str, dict[str, Any]]) -> None:
    expected = exercise("shape-debug").expect({"code": code})
    assert expected.key == key
    assert expected.mistakes == {name: {part: (answer,) for part, answer in answers.items()} for name, answers in wrong.items()}


def test_every_wrong_method_is_pinned_once() -> None:
    assert {name for case in PINNED for name in case.values[2]} == set(exercise("shape-debug").mistakes)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param("import os\nos.remove('a')", "line 1 of the code, 'import os', is not of the kind", id="import"),
        pytest.param("x = __import__('os').getcwd()", "is not of the kind this exercise reads", id="hidden-import"),
        pytest.param("x = torch.load('model.pt')", "is not of the kind", id="other-call"),
        pytest.param("x = torch.zeros(2, 3, 9, 9)\ny = x.numpy(1)", "line 2 of the code", id="other-method"),
        pytest.param("x = torch.zeros(n, 3, 9, 9)", "is not of the kind", id="name-for-a-number"),
        pytest.param("x = torch.zeros(True, 3)", "is not of the kind", id="truth-for-a-number"),
        pytest.param("x = torch.zeros(100000, 100000)", "empty or too large", id="large-tensor"),
        pytest.param("x = torch.zeros(1, 3, 9, 9)\nc = torch.nn.Conv2d(99999, 99999, 3)\ny = c(x)", "this layer is too large", id="large-layer"),
        pytest.param("c = torch.nn.Conv2d(3)", "is not of the kind", id="argument-missing"),
        pytest.param(CONV.format(3, "3, stride=" + "9" * 900), "is not of the kind", id="large-number"),
        pytest.param("x = ((", "is no Python", id="no-python"),
        pytest.param("x = " + "(" * 900 + "1" + ")" * 900, "is no Python", id="nested"),
        pytest.param("x = 1\n" * 30, "is longer than", id="long"),
        pytest.param("", "calls no layer", id="empty"),
        pytest.param(CONV.format(3, 3), "torch takes this code as it is", id="nothing-wrong"),
        pytest.param(STACK.format(100, 0), "no number could be changed", id="two-faults"),
        pytest.param(CONV.format(5, 3).replace("kernel_size=3", "3, 1, 1, 1, 1, 1"), "is not of the kind", id="too-many-arguments"),
        pytest.param(CONV.format(3, "20, padding=1"), "kernel_size in line 2 or padding in line 2 could be changed", id="two-cures"),
        pytest.param("for i in range(10**9): pass", "is not of the kind", id="loop"),
    ],
)
def test_code_that_is_not_of_the_kind_is_refused_and_never_run(code: str, message: str) -> None:
    with pytest.raises(GivenError, match=re.escape(message)):
        exercise("shape-debug").expect({"code": code})


def test_variants_are_known_by_what_the_student_sees() -> None:
    given = next(drawn("shape-debug", 2, 1))
    assert variant_id("shape-debug", given) == variant_id("shape-debug", {"error": given["error"], "code": given["code"]})
