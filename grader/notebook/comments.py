"""What a student reads beside a score in nbgrader: for each part what it earned, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.marking.record import Record, SlotGrade, Status
from grader.reports.show import notices, verdict_line
from grader.text import Text, both


def comment(slot: SlotGrade, languages: Sequence[str]) -> str:
    """The words for one question. The key is not among them: nbgrader shows a comment whenever feedback is generated."""
    lines: list[Text] = []
    for part in slot.parts:
        head = verdict_line(part)
        name = Text(f"{part.part}: ", f"{part.part}：") if len(slot.parts) > 1 else both("")
        lines.append(Text(f"{name.en}{head.en}. {part.feedback.en}", f"{name.zh}{head.zh}。{part.feedback.zh}"))
    return _listed(lines, languages)


def notes(record: Record, languages: Sequence[str]) -> str:
    """What concerns the whole hand-in: why it was refused, lateness, what a person should look at. Empty where there is nothing."""
    lines = [words for title, sentences in notices(record) for words in (title, *sentences)]
    lines += [adjustment.words for adjustment in record.adjustments]
    return _listed(lines, languages)


def comments(record: Record, slots: Sequence[str], languages: Sequence[str]) -> Mapping[str, str]:
    """The comment of every slot; what concerns the whole hand-in stands before that of the first."""
    found = {slot.slot: comment(slot, languages) for slot in record.slots}
    about = notes(record, languages)
    if about and slots:
        found[slots[0]] = "\n\n".join(filter(None, (about, found.get(slots[0], ""))))
    return found


def to_be_seen(record: Record) -> bool:
    """Whether a person has to look before this is a grade."""
    return record.status is not Status.GRADED


def _listed(lines: Sequence[Text], languages: Sequence[str]) -> str:
    listed = "\n".join(f"- {words}" for line in lines for words in dict.fromkeys(line[lang] for lang in languages))
    # nbgrader renders a comment as Markdown, in which HTML is HTML: what a student wrote must not become any.
    return listed.replace("<", "‹").replace(">", "›")  # str.translate takes a hundred times as long
