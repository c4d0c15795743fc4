"""How valid 1,000 issued sheets of lesson 1 are: `python -m benchmarks.validity` prints the table of docs/validity.md.

For every wrong method: how often it would be right on numbers drawn by the rules alone, and on those handed out.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from grader.course.bank import bank_folder
from grader.course.course import Entry, load_course
from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.variants.draw import Refusals, candidates, draw_given, work_of
from grader.variants.separate import gives_key, separation, showable
from grader.variants.stream import Stream, stream_key
from grader.variants.variant import Sheet, draw_sheet

SECRET = b"a fixed secret: the figures can be made again"
SHEETS = 1000


def main(sheets: int = SHEETS) -> None:
    course = load_course(bank_folder())
    assignment = course.assignments["lesson1"]
    drawn = [draw_sheet(course, assignment, f"s{number}", 1, SECRET) for number in range(sheets)]
    print(f"{sheets} sheets of {assignment.id}.\n")
    print("| exercise | slots | wrong method | right on ranges alone | right after `where` and `work` | right on the sheets |")
    print("|---|---|---|---|---|---|")
    for entry in assignment.entries:
        for line in _lines(entry, drawn):
            print(line)
    print("\n| slots | different variants | two students share one | output cells | multiply-adds |")
    print("|---|---|---|---|---|")
    for entry in assignment.entries:
        print(_spread(entry, drawn))
    apart = sum(all(_apart(entry, sheet) for entry in assignment.entries) for sheet in drawn)
    print(f"\nSheets that tell apart every pair of wrong methods that can be told apart: {apart} of {sheets} ({apart / sheets:.1%}).")


def _lines(entry: Entry, drawn: Sequence[Sheet]) -> Iterator[str]:
    naive, ruled = _naive(entry.exercise), _ruled(entry.exercise)
    groups = [_group(entry, sheet) for sheet in drawn]
    for name in entry.exercise.mistakes:
        applies = [group for group in groups if any(name in expected.mistakes for expected in group)]
        right = sum(all(name not in e.mistakes or gives_key(e, name) for e in group) for group in applies)
        handed_out = f"{right} of {len(applies)}" if applies else "applies to none"
        yield f"| {entry.exercise.id} | {len(entry.slots)} | {name} | {_share(naive, name)} | {_share(ruled, name)} | {handed_out} |"


def _naive(exercise: Exercise) -> list[Expected]:
    """Variants drawn from the ranges alone; those that torch refuses are left out."""
    key, found = stream_key(b"naive", exercise.id), []
    for number in range(2 * SHEETS):
        try:
            found.append(exercise.expect(draw_given(exercise, Stream(key, number))))
        except ValueError:
            continue
    return found


def _ruled(exercise: Exercise) -> list[Expected]:
    return [candidate.expected for candidate in candidates(exercise, stream_key(b"naive", exercise.id), 2 * SHEETS, Refusals({}, {}))]


def _share(drawn: Sequence[Expected], name: str) -> str:
    """Of all variants drawn, how many the wrong method answers rightly, whether it applies or not, as its user would."""
    right = sum(name not in expected.mistakes or gives_key(expected, name) for expected in drawn)
    return f"{right / len(drawn):.1%}" if drawn else "–"


def _spread(entry: Entry, drawn: Sequence[Sheet]) -> str:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    works = []
    for sheet in drawn:
        for variant in sheet.variants:
            if variant.slot in entry.slots:
                counts[variant.slot][variant.id] += 1
                works.append(work_of(variant.given, variant.exercise.expect(variant.given)))
    shared = [sum(n * (n - 1) for n in found.values()) / (len(drawn) * (len(drawn) - 1)) for found in counts.values()]
    bands = [f"{min(w[name] for w in works)}–{max(w[name] for w in works)}" for name in ("cells", "multiply_adds")]
    slots = entry.slots[0] if len(entry.slots) == 1 else f"{entry.slots[0]} … {entry.slots[-1].rpartition('-')[2]}"
    return f"| {slots} | {max(map(len, counts.values()))} | {max(shared):.1%} | {bands[0]} | {bands[1]} |"


def _apart(entry: Entry, sheet: Sheet) -> bool:
    found = separation(_group(entry, sheet))
    return not found.hidden and not found.together - showable(entry.exercise).together


def _group(entry: Entry, sheet: Sheet) -> list[Expected]:
    return [variant.exercise.expect(variant.given) for variant in sheet.variants if variant.slot in entry.slots]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SHEETS)
