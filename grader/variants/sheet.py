"""Sheets: a student's questions as a file to fill in, in YAML for people and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.course.exercise import Part, names_of
from grader.course.templates import shown
from grader.course.values import Answer
from grader.text import Text, both, visible
from grader.variants.given import given_lines, wrapped
from grader.variants.variant import Sheet, Variant

WIDTH = 96


def kind_of(part: Part, key: Answer) -> str:
    """The kind of answer a part takes on this variant: an integer part takes two numbers where sizes are [H, W]."""
    return "vector" if part.kind == "integer" and isinstance(key, tuple) else part.kind


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
        "answers": {variant.slot: {part.id: None for part in variant.exercise.parts} for variant in sheet.variants},
        "slots": {variant.slot: _slot_json(variant) for variant in sheet.variants},
        "signature": signature,
    }


def prompt_of(variant: Variant) -> Text:
    """What is asked, in this variant's numbers."""
    return variant.exercise.prompt.render(names_of(variant.given))


def _slot_json(variant: Variant) -> dict[str, Any]:
    key = variant.expected.key
    return {
        "exercise": variant.exercise.id,
        "title": variant.exercise.title.to_json(),
        "points": float(variant.points),
        "given": dict(variant.given),
        "prompt": prompt_of(variant).to_json(),
        "parts": {part.id: _part_json(part, key[part.id]) for part in variant.exercise.parts},
    }


def _part_json(part: Part, key: Answer) -> dict[str, Any]:
    about: dict[str, Any] = {"kind": kind_of(part, key), "title": (part.title or both(part.id)).to_json()}
    return about | ({"names": list(part.names)} if part.names else {})


def _question(variant: Variant, languages: Sequence[str]) -> list[str]:
    points = points_text(variant.points)
    heads = [f"{variant.slot} · {variant.exercise.title[lang]} · {points[lang]}" for lang in languages]
    prompt = prompt_of(variant)
    lines = ["  # " + "─" * 60]
    lines += [f"  # {visible(head)}" for head in dict.fromkeys(heads)]
    for lang in languages:
        lines += [f"  # {line}" for line in wrapped(prompt[lang], WIDTH)]
    # One number, or one size: the prompt says it. Arrays have to be seen.
    if any(isinstance(value, list) for value in variant.given.values()):
        lines += ["  #", *(f"  #   {line}".rstrip() for line in given_lines(variant.given))]
    return [*lines, *_blanks(variant, languages)]


def _blanks(variant: Variant, languages: Sequence[str]) -> list[str]:
    parts = variant.exercise.parts
    key = variant.expected.key
    kinds = {part.id: kind_of(part, key[part.id]) for part in parts}
    hints = [
        f"  # {part.id}: " + " / ".join(dict.fromkeys((part.title or both(part.id))[lang] + HINTS.get(kinds[part.id], both(""))[lang] for lang in languages))
        for part in parts
    ]
    if any(kind == "array" for kind in kinds.values()):
        lines = [f"  {variant.slot}:"]
        for part in parts:
            lines.append(f"    {part.id}: |        # {' / '.join(ROWS[lang] for lang in languages)}" if kinds[part.id] == "array" else f"    {part.id}: ")
        return lines
    if len(parts) == 1:
        return [*hints, f"  {variant.slot}: "] if kinds[parts[0].id] in HINTS else [f"  {variant.slot}: "]
    return [*hints, f"  {variant.slot}: {{{', '.join(f'{part.id}: ' for part in parts)}}}"]


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
ROWS = Text("rows of numbers, below, indented", "在下面缩进逐行写出数字")
HINTS = {
    "vector": Text(", two numbers [height, width]", "，两个数 [高, 宽]"),
    "formula": Text(", a formula", "，一个公式"),
}
