"""Attacks by the file itself, made here because they are large, deep, or no text an editor would keep."""

from __future__ import annotations

import codecs

from tests.sandbox.attack import HONEST, Attack

_TEXT = HONEST.decode()


def made() -> list[Attack]:
    rows: list[tuple[str, bytes, str]] = [
        ("has_10_megabytes", HONEST + b"#" * 10_000_000, "Unreadable"),
        ("holds_nul", HONEST + b"\0", "Unreadable"),
        ("is_nul_only", bytes(1000), "Unreadable"),
        ("is_utf_16", codecs.BOM_UTF16_LE + _TEXT.encode("utf-16-le"), "Unreadable"),
        ("is_utf_32", _TEXT.encode("utf-32"), "Unreadable"),
        ("is_gbk_without_saying_so", _TEXT.replace("student", "学生").encode("gbk"), "Unreadable"),
        ("is_latin_1_without_saying_so", _TEXT.replace("student", "élève").encode("latin-1"), "Unreadable"),
        ("is_no_utf_8_in_a_comment", HONEST + b"# \xff\n", "Unreadable"),
        ("contradicts_its_byte_order_mark", codecs.BOM_UTF8 + b"# -*- coding: latin-1 -*-\n" + HONEST, "Unreadable"),
        ("is_a_picture", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 10, "Unreadable"),
        ("is_random", bytes((i * i * 31 + 7) % 255 + 1 for i in range(4000)), "Unreadable"),
        ("has_a_byte_order_mark_only", codecs.BOM_UTF8, "NoSuchFunction"),
        ("nests_parentheses", b"value = " + b"(" * 5000 + b")" * 5000, "SyntaxFault"),
        ("nests_lists", b"value = " + b"[" * 150 + b"]" * 150 + b"\n" + b"value = " + b"[" * 100_000, "SyntaxFault"),
        ("nests_operators", b"value = " + b"-" * 100_000 + b"1", "SyntaxFault | Unreadable | Died"),
        ("nests_attributes", b"value = a" + b".a" * 50_000, "SyntaxFault | Unreadable | Died | Raised"),
        ("nests_calls", b"value = " + b"f(" * 90 + b")" * 90 + b"\nf" + b"()" * 50_000, "SyntaxFault | Unreadable | Died | Raised"),
        ("nests_blocks", b"".join(b" " * depth + b"if 1:\n" for depth in range(110)) + b" " * 110 + b"pass", "SyntaxFault"),
        ("chains_comparisons", b"value = 1" + b" < 1" * 50_000, "SyntaxFault | NoSuchFunction | Died | Unreadable"),
        ("has_one_long_name", b"a" * 200_000, "Raised"),
        ("has_a_long_number", b"value = " + b"9" * 200_000, "SyntaxFault"),
        ("has_many_lines", b"\n" * 250_000, "NoSuchFunction"),
        ("ends_in_the_middle_of_a_character", HONEST + "# 卷".encode()[:-1], "Unreadable"),
        ("formats_without_end", b"value = f'{1:{1:{1:{1:1}}}}'", "SyntaxFault | NoSuchFunction | Raised"),
    ]
    return [Attack(name, source, frozenset(seen.split(" | "))) for name, source, seen in rows]
