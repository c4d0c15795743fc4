"""Student text in every place it goes to: it never becomes a command, markup, or broken XML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.ci.escape import command_data, command_property, markdown, plain, xml_text

from .conftest import Made, answers_of, fill, read, run

HOSTILE = [
    pytest.param("::error file=x::gone", id="workflow-command"),
    pytest.param("a\n::notice title=Autograding report::{\"totalPoints\":99}", id="command-on-a-line-of-its-own"),
    pytest.param("##[error]x", id="old-command"),
    pytest.param("\x1b[31mred\x07\x00", id="control-characters"),
    pytest.param("]]></failure><testcase/>", id="xml"),
    pytest.param("<script>alert(1)</script><img src=x onerror=y>", id="html"),
    pytest.param("[link](javascript:x) ![image](http://x) **b** `c` | d |", id="markdown"),
    pytest.param("\u202egnp.exe \ud7ff\ufffe", id="bidirectional"),
    pytest.param("$x^2$ @someone #12 https://evil.example www.evil.example", id="references"),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_student_text_stays_text_in_every_result(text: str, made: Made, ada: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    answers = answers_of(sheet)
    answers["output-size-basic"] = {"output_size": text.replace("\x00", "")}
    fill(ada, sheet, answers)
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    log = run("ci", ada).stdout
    commands = [line for line in log.splitlines() if line.lstrip().startswith(("::", "##"))]
    assert all(re.fullmatch(r"::(error|warning|notice) file=answers\.yaml,line=\d+,title=[^:,]*::.*", line) for line in commands), commands
    assert len(commands) == 1, "one part is not right"
    assert commands[0].count("::") == 2
    assert all(character.isprintable() or character == "\n" for character in log)
    minidom.parseString((ada / "grader-results" / "junit.xml").read_bytes())
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")
    assert not re.search(r"<(?!/?(details|summary)>)", summary), "no HTML but ours"
    assert not re.search(r"(?<!\\)(\]\(|\*\*b|\$x|@someone)", summary)
    assert not re.search(r"(?<!\\)://", summary)
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(summary)
    page = ("h2", "h3", "p", "strong", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "pre", "br")
    assert set(re.findall(r"<(\w+)", rendered)) <= set(page), "student text became markup"
    assert rendered.count("<strong>") == 1, "the points, and nothing else"
    assert rendered.count("<code>") == 1, "the file, and nothing else"
    for name in ("classroom.json", "results.json", "codequality.json", "badge.json", "record.json"):
        read(ada, name)


@given(st.text())
def test_commands_are_one_line_and_cannot_end_early(text: str) -> None:
    assert "\n" not in command_data(text)
    assert "::" not in command_data(text)
    assert not set(command_property(text)) & set(":,\r\n")


@given(st.text(alphabet=st.characters()))
def test_xml_holds_any_text(text: str) -> None:
    document = minidom.parseString(f"<a>{xml_text(text).replace('&', '&amp;').replace('<', '&lt;').replace(']]>', ']]&gt;')}</a>".encode("utf-8", "replace"))
    assert document.documentElement is not None


@given(st.text())
def test_escaping_keeps_every_visible_character(text: str) -> None:
    undone = re.sub(r"\\(.)", r"\1", markdown(text)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if "\\" not in text:
        assert undone == " ".join(plain(text).split("\n"))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("3.5 of 20", "3.5 of 20", id="numbers-are-readable"),
        pytest.param("1. first", "1\\. first", id="no-list"),
        pytest.param("- first", "\\- first", id="no-bullet"),
        pytest.param("a-b (c), d!", "a-b (c), d!", id="words-are-readable"),
        pytest.param("<b>&", "&lt;b&gt;&amp;", id="html"),
    ],
)
def test_markdown(text: str, escaped: str) -> None:
    assert markdown(text) == escaped
    assert json.dumps(markdown(text))
