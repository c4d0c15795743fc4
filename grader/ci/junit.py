"""JUnit XML: one test case for each part. The format knows no points: they stand in the name and as properties."""

from __future__ import annotations

from xml.etree import ElementTree

from grader.ci.escape import xml_text
from grader.ci.practice import Item, Marked
from grader.course.points import number
from grader.marking.record import Verdict
from grader.reports.show import VERDICTS, points
from grader.text import Text


def junit_xml(marked: Marked, language: str) -> bytes:
    """The report. Partly right counts as failed, as JUnit has nothing between; what the grader could not mark is an error."""
    record = marked.record
    counts = {
        "tests": len(marked.items),
        "failures": sum(not item.passed and item.verdict is not Verdict.UNGRADED for item in marked.items),
        "errors": sum(item.verdict is Verdict.UNGRADED for item in marked.items),
        "skipped": 0,
    }
    numbers = {name: str(count) for name, count in counts.items()}
    root = ElementTree.Element("testsuites", numbers)
    suite = ElementTree.SubElement(root, "testsuite", {"name": xml_text(f"{record.course}.{record.assignment}"), "time": "0", **numbers})
    _properties(
        suite,
        {
            "student": record.student,
            "attempt": str(record.attempt),
            "status": str(record.status),
            "score": str(number(record.score)),
            "possible": str(number(record.possible)),
            "flags": ", ".join(map(str, record.flags)),
        },
    )
    for item in marked.items:
        _case(suite, item, language)
    if marked.notes:
        ElementTree.SubElement(suite, "system-out").text = xml_text("\n".join(note[language] for note in marked.notes))
    ElementTree.indent(root)
    found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _case(suite: ElementTree.Element, item: Item, language: str) -> None:
    name = NAME.fill(name=item.name, points=points(item.points), possible=points(item.possible))[language]
    # GitLab drops a case whose class and name another one has, and shows the suite as the class.
    about = {"classname": item.slot, "name": name, "file": item.file, "line": str(item.line), "time": "0"}
    case = ElementTree.SubElement(suite, "testcase", {key: xml_text(value) for key, value in about.items()})
    _properties(case, {"points": str(number(item.points)), "possible": str(number(item.possible)), "verdict": str(item.verdict)})
    if item.passed:
        return
    outcome = "error" if item.verdict is Verdict.UNGRADED else "failure"
    found = ElementTree.SubElement(case, outcome, {"type": str(item.verdict), "message": xml_text(VERDICTS[item.verdict][language])})
    found.text = xml_text(f"{item.title[language]}\n{item.feedback[language]}\n{item.file}:{item.line}")


def _properties(parent: ElementTree.Element, values: dict[str, str]) -> None:
    properties = ElementTree.SubElement(parent, "properties")
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": xml_text(value)})


NAME = Text("{name} ({points}/{possible} pts)", "{name}（{points}/{possible} 分）")
