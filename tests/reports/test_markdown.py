"""Words come out of Markdown as they went in: markdown-it, which knows CommonMark and GitHub's tables, is the referee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.reports.markdown import code, escaped, fenced, link, table

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
WORDS = [
    pytest.param("a plain sentence, 3·4 = 12.", id="plain"),
    pytest.param("<script>alert(1)</script> & <b>", id="html"),
    pytest.param("*bold* **x** _i_ __y__ ~~gone~~", id="emphasis"),
    pytest.param("[x](javascript:alert(1)) ![y](z) [r]: /u", id="links"),
    pytest.param("`code` and ``more``", id="code"),
    pytest.param("a | b | c \\| d", id="table-cells"),
    pytest.param("# a heading", id="heading"),
    pytest.param("- an item", id="list"),
    pytest.param("+ an item", id="plus"),
    pytest.param("1. an item", id="numbered"),
    pytest.param("12) an item", id="numbered-with-a-bracket"),
    pytest.param("=== ---", id="rules"),
    pytest.param("> quoted", id="quoted"),
    pytest.param("&lt; &amp; &#35;", id="entities"),
    pytest.param("a\\*b\\", id="backslashes"),
    pytest.param("填充 *p* 格，<x>", id="chinese"),
]


def leaves(tokens: list[Token]) -> list[Token]:
    """All tokens that hold text, or that are markup of some kind."""
    return [leaf for token in tokens for leaf in (leaves(token.children) if token.children else [token]) if leaf.type != "inline"]


def spoken(source: str) -> tuple[str, set[str]]:
    """What a reader sees, and which kinds of markup there are."""
    found = leaves(PARSER.parse(source))
    return "".join(token.content for token in found if token.type in ("text", "text_special", "code_inline")), {token.type for token in found}


@pytest.mark.parametrize("words", WORDS)
def test_words_stand_for_themselves(words: str) -> None:
    said, kinds = spoken(escaped(words))
    assert said == words
    assert kinds <= {"paragraph_open", "paragraph_close", "text", "text_special"}


@pytest.mark.parametrize("words", WORDS)
def test_words_stand_for_themselves_in_a_table_and_a_link(words: str) -> None:
    said, kinds = spoken("\n".join(table(["head"], [[escaped(words)], [link(escaped(words), "x.md")]])))
    assert said == f"head{words}{words}"
    assert {kind for kind in kinds if not kind.startswith(("table", "t", "link"))} <= {"text", "text_special"}


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_any_words_stand_for_themselves(words: str) -> None:
    plain = " ".join(words.split())
    if "::" in plain or "##" in plain or not plain:  # broken up, as everywhere
        return
    assert spoken(escaped(words))[0] == plain


@pytest.mark.parametrize("text", ["stride == 2", "a ` b", "``", "`a`", "x || y"])
def test_code_is_code(text: str) -> None:
    said, kinds = spoken("\n".join(table(["h"], [[code(text)]])))
    assert said == f"h{text}"
    assert "code_inline" in kinds


def test_a_block_ends_only_at_its_end() -> None:
    lines = ["```", "<b>", "````"]
    block = [token for token in PARSER.parse("\n".join([*fenced(lines), "after"])) if token.type == "fence"]
    assert [token.content for token in block] == ["```\n<b>\n````\n"]
