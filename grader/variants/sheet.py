"""Sheets: a student's questions as a file to fill in, in YAML for people and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.part import LETTERS, Part, axes_of, kind_of
from grader.course.templates import shown
from grader.course.values import Answer
from grader.text import Text, both, visible
from grader.variants.given import block, given_lines, is_array, paragraphs, unsaid, wrapped
from grader.variants.variant import Sheet, Variant

WIDTH = 96


def sheet_yaml(sheet: Sheet, languages: Sequence[str], signature: str | None) -> str:
    """The sheet as YAML. Everything a student reads stands in comments, in each language of the course."""
    title = [f"{sheet.course.title[lang]} · {sheet.assignment.title[lang]} · {sheet.student}" for lang in languages]
    lines = [*_comment(title), *_comment([FILL_IN[lang] for lang in languages])]
    if sheet.assignment.due is not None:
        due = sheet.assignment.due.strftime("%Y-%m-%d %H:%M")
        lines += _comment([DUE.fill(due=due, zone=str(sheet.course.timezone))[lang] for lang in languages])
    lines += [f"sheet: {sheet.id}", "answers:"]
    for variant in sheet.variants:
        lines += ["", *_question(variant, languages)]
    lines += ["", *_comment([LEAVE[lang] for lang in languages]), "slots:"]
    lines += [f"  {v.slot}: {_flow({'exercise': v.exercise.id, 'given': dict(v.given)})}" for v in sheet.variants]
    if signature is not None:
        lines.append(f"signature: {signature}")
    return "\n".join(lines) + "\n"


def sheet_json(sheet: Sheet, signature: str | None) -> dict[str, Any]:
    """The sheet as JSON: enough for another front end to show it and to hand in its answers."""
    return {
        "sheet": sheet.id,
        "student": sheet.student,
        "title": sheet.assignment.title.to_json(),
        "due": sheet.assignment.due.isoformat() if sheet.assignment.due else None,
        "answers": {variant.slot: {part.id: None for part in variant.exercise.parts_of(variant.given)} for variant in sheet.variants},
        "slots": {variant.slot: _slot_json(variant) for variant in sheet.variants},
        "signature": signature,
    }


def prompt_of(variant: Variant) -> Text:
    """What is asked, in this variant's numbers."""
    return variant.exercise.prompt.render(variant.exercise.names(variant.given))


def _slot_json(variant: Variant) -> dict[str, Any]:
    key = variant.expected.key
    return {
        "exercise": variant.exercise.id,
        "title": variant.exercise.title.to_json(),
        "points": float(variant.points),
        "given": dict(variant.given),
        "prompt": prompt_of(variant).to_json(),
        "parts": {part.id: _part_json(part, key[part.id]) for part in variant.exercise.parts_of(variant.given)},
    }


def _part_json(part: Part, key: Answer) -> dict[str, Any]:
    about: dict[str, Any] = {"kind": kind_of(part, key), "title": (part.title or both(part.id)).to_json()}
    if part.names:
        about["names"] = list(part.names)
    if part.axes:
        about["axes"] = list(axes_of(part, key))
    if part.options:
        about["options"] = [{"id": o.id, "letter": letter, **o.words.to_json()} for letter, o in zip(LETTERS, part.options, strict=False)]
    if part.tolerance is not None:
        about["tolerance"] = float(part.tolerance)
    if part.code is not None:
        about["code"] = {"function": part.code.function, "signature": part.code.signature, "contract": part.code.contract.to_json()}
    return about


def _question(variant: Variant, languages: Sequence[str]) -> list[str]:
    points = points_text(variant.points)
    heads = [f"{variant.slot} · {variant.exercise.title[lang]} · {points[lang]}" for lang in languages]
    prompt = prompt_of(variant)
    lines = ["  # " + "─" * 60]
    lines += [f"  # {visible(head)}" for head in dict.fromkeys(heads)]
    for lang in languages:
        lines += [f"  # {line}" for line in paragraphs(prompt[lang], WIDTH)]
    given = unsaid(variant.exercise, variant.given)
    if any(_to_be_seen(name, value, variant.exercise) for name, value in given.items()):
        lines += ["  #", *(f"  #   {line}".rstrip() for line in given_lines(given))]
    return [line.rstrip() for line in lines] + _blanks(variant, languages)


def _to_be_seen(name: str, value: Any, exercise: Exercise) -> bool:
    """Whether a value has to stand below the prompt. One number, or one text, the prompt says; arrays, layers and code have to be seen."""
    if isinstance(value, list) and not is_array(value) and len(value) != 2:
        return name not in exercise.prompt.names
    return isinstance(value, list) or bool(block(value))


def _blanks(variant: Variant, languages: Sequence[str]) -> list[str]:
    if (part := variant.exercise.code_part) is not None and part.code is not None:
        words = HAND_IN.fill(file=f"{variant.slot}.py", function=part.code.function)
        return [f"  # {line}" for lang in languages for line in wrapped(words[lang], WIDTH)]
    parts = variant.exercise.parts_of(variant.given)
    key = variant.expected.key
    kinds = {part.id: kind_of(part, key[part.id]) for part in parts}
    own = {part.id: hint(part, key[part.id]) for part in parts}
    hints = []
    for part in parts:
        hints.append(f"  # {part.id}: " + " / ".join(dict.fromkeys((part.title or both(part.id))[lang] + own[part.id][lang] for lang in languages)))
        hints += [f"  #   {line}" for line in _options(part, languages)]
    asked = [line for line in hints if len(parts) > 1 or any(words.en for words in own.values())]
    if BLOCK.isdisjoint(kinds.values()):
        blank = f"{{{', '.join(f'{part.id}: ' for part in parts)}}}" if len(parts) > 1 else ""
        return [*asked, f"  {variant.slot}: {blank}"]
    if "array" in kinds.values() and FORMS.isdisjoint(kinds.values()):
        asked = []
    if len(parts) == 1 and "array" not in kinds.values():
        return [*asked, f"  {variant.slot}: "]
    rows = f"|        # {' / '.join(ROWS[lang] for lang in languages)}"
    return [*asked, f"  {variant.slot}:", *(f"    {part.id}: {rows if kinds[part.id] == 'array' else ''}" for part in parts)]


def hint(part: Part, key: Answer) -> Text:
    """How an answer is to be written, after the part's title; empty where nothing needs to be said."""
    words = LIST if part.kind == "vector" else HINTS.get(kind_of(part, key), both(""))
    return words.fill(axes=", ".join(axes_of(part, key))) if part.tolerance is None else WITHIN.fill(tolerance=shown(part.tolerance))


def _options(part: Part, languages: Sequence[str]) -> list[str]:
    """The options of a part, one on a line, each after its letter."""
    words = [" / ".join(dict.fromkeys(option.words[lang] for lang in languages)) for option in part.options]
    return [line for letter, text in zip(LETTERS, words, strict=False) for line in _hanging(f"{letter}) ", text)]


def _hanging(mark: str, text: str) -> list[str]:
    lines = wrapped(visible(text, 1000), WIDTH - len(mark))
    return [(mark if index == 0 else " " * len(mark)) + line for index, line in enumerate(lines)]


def _comment(texts: Sequence[str]) -> list[str]:
    return [f"# {visible(line, 400)}" for text in dict.fromkeys(texts) for line in wrapped(text, WIDTH)]


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def points_text(points: Fraction) -> Text:
    return (POINT if points == 1 else POINTS).fill(points=shown(points))


FILL_IN = Text(
    "Fill in after each colon, save, hand in. Numbers are written in digits; leave open what you do not know, and write _ for a single cell of a table.",
    "在每个冒号后填写答案，保存后提交。请用数字书写；不会的可以空着，表中不会的单个格写 _。",
)
DUE = Text("Due {due} ({zone}).", "截止时间：{due}（{zone}）。")
LEAVE = Text("For programs: the numbers of your questions. Leave the rest of this file as it is.", "以下供程序使用：你的题目中的数值。请勿改动。")
POINT = Text("{points} point", "{points} 分")
POINTS = Text("{points} points", "{points} 分")
HAND_IN = Text(
    "Write {function} in the file {file}, which lies beside this sheet, and hand it in with it. There is nothing to fill in here.",
    "请在与本答题纸同一文件夹的 {file} 中编写 {function}，并一起提交。此处无需填写。",
)
ROWS = Text("rows of numbers, below, indented", "在下面缩进逐行写出数字")
HINTS = {
    "vector": Text(", two numbers [height, width]", "，两个数 [高, 宽]"),
    "formula": Text(", a formula", "，一个公式"),
    "number": Text(", exact: a whole number, a decimal or a fraction", "，精确值：整数、小数或分数"),
    "shape": Text(", a shape [{axes}]", "，形状 [{axes}]"),
    "choice": Text(", one letter", "，写一个字母"),
    "choices": Text(", the letters of all that are right; none if none is", "，写出所有正确项的字母；都不正确时写“无”"),
}
LIST = Text(", numbers in order: 3, 4, 5", "，按顺序写出各数：3, 4, 5")
WITHIN = Text(", to within {tolerance}", "，误差不超过 {tolerance}")
FORMS = frozenset({"number", "shape", "choice", "choices"})  # whose form has to be told even beside an array
BLOCK = frozenset({"array", "shape", "choice", "choices"})  # one on a line: a comma in such an answer would end it in {…}
