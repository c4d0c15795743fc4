"""Guarded YAML and JSON: the only readers of text that comes from outside.

YAML is read from its event stream, not composed by the library: nesting is capped before anything
recurses (the C composer of PyYAML 6.0.3 segfaults on 100,000 open brackets), and anchors, aliases,
tags and duplicate keys are refused. Scalars keep the characters that were typed; YAML 1.1's own
reading of `no`, `010` or `1:30` never happens. JSON refuses NaN, Infinity and duplicate keys.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from grader.mending import mended_sheet
from grader.text import Text

MAX_BYTES = 1_000_000  # a sheet is a few kB; a course file with pinned arrays a few hundred
MAX_DEPTH = 32
# O_NONBLOCK: opening a FIFO would otherwise wait for a writer that never comes. Windows has neither flag.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML ends a line
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
MAX_NODES = 100_000

Place = tuple[str | int, ...]
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # what escapes can smuggle in and no UTF-8 file or database can hold
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NumberText(str):
    """A JSON number with a fraction or exponent, as it was typed: nothing is rounded on the way in."""

    __slots__ = ()


class DocumentError(Exception):
    """A text or file that cannot be read. `text` says what and how to put it right; `line` and `column` count from 1."""

    def __init__(self, text: Text, line: int | None = None, column: int | None = None) -> None:
        self.text = text
        self.line = line
        self.column = column
        super().__init__(text.en)

    @property
    def located(self) -> Text:
        """The message with its place in front of it."""
        if self.line is None:
            return self.text
        return Text(f"line {self.line}: {self.text.en}", f"第 {self.line} 行：{self.text.zh}")


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds, and where each part of it stands: `marks[place]` is its (line, column), both from 1."""

    data: Any
    marks: dict[Place, tuple[int, int]] = field(default_factory=dict)

    def mark(self, place: Place) -> tuple[int, int]:
        """Where `place` stands, or the nearest thing around it that has a mark."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (1, 1))


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file.

    Symbolic links, FIFOs, devices and folders are refused without being opened for reading, and a file
    over `limit` bytes is refused unread, so that no hand-in can stall a run or fill its memory.
    """
    try:
        # O_NONBLOCK: opening a FIFO would otherwise wait for a writer that never comes.
        descriptor = os.open(path, _OPEN)
    except OSError as error:
        if path.is_symlink():
            raise DocumentError(NOT_A_FILE.fill(name=path.name)) from error
        raise DocumentError(NOT_READABLE.fill(name=path.name, why=error.strerror)) from error
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)  # `fdopen` would raise for a folder
        raise DocumentError(NOT_A_FILE.fill(name=path.name))
    with os.fdopen(descriptor, "rb") as file:
        raw = file.read(limit + 1) if about.st_size <= limit else b"\0" * (limit + 1)
    if len(raw) > limit:
        raise DocumentError(TOO_LARGE.fill(limit=limit // 1000))
    return raw


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one (Windows Notepad writes it)."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError(NOT_UTF8, line) from error
    if "\0" in text:
        raise DocumentError(NOT_UTF8, text.count("\n", 0, text.index("\0")) + 1)
    return text


def read_json(source: str) -> Any:
    """The value of a JSON text. Numbers with a point or exponent come back as `NumberText`, integers as int."""
    try:
        if (data := _plain_json(source)) is None:  # something is odd, or only looks so: the same text once more, with a look at each object and integer
            data = json.loads(source, object_pairs_hook=_unique, parse_float=NumberText, parse_int=_integer, parse_constant=_constant)
            _check(data, MAX_DEPTH, (str, list, dict))
    except json.JSONDecodeError as error:
        raise DocumentError(NOT_JSON.fill(why=error.msg), error.lineno, error.colno) from error
    except RecursionError as error:
        raise DocumentError(TOO_DEEP) from error
    return data


class _Odd(ValueError):
    """An object has a key twice."""


def _plain_json(source: str) -> Any:
    """The value of a JSON text in which surely no key stands twice, no escape is no text, and nothing is nested too deep; else None.

    None costs a second reading. Most texts are plain, and a look at each value would take longer than reading them.
    """
    if "\\" in source:
        return None
    try:
        data = _PLAIN.decode(source)
    except json.JSONDecodeError:
        raise
    except ValueError:  # also of an integer with more than 4,300 digits, which Python refuses to convert
        return None
    # Without a backslash every second piece between quotes stands outside strings; an empty piece tells nothing.
    brackets = source.encode().translate(_BRACKETS, _NO_BRACKETS).replace(b'""', b"")
    if b'"' in brackets:
        brackets = b"".join(brackets.split(b'"')[::2])
    # Taking out the innermost pairs of brackets takes off one level at a time.
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return data
    return None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Odd
    return found


def _constant(text: str) -> Any:
    raise DocumentError(NOT_FINITE.fill(text=text))


# A decoder of its own: `json.loads` makes one for each text that has a hook.
_PLAIN = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=NumberText, parse_constant=_constant)


def read_yaml(source: str, *, typed: bool) -> Document:
    """The value of a YAML text, with marks.

    Args:
        typed: read plain scalars as YAML 1.2 does (integers, `true`, `null`), for course files.
            Otherwise every scalar stays the text that was typed, and only an empty one, `~` and `null` are None.
    """
    # A tab is no indentation in YAML, and sheets are filled in with whatever editor is at hand.
    source = source.replace("\t", "  ")
    try:
        try:
            return _Builder(source, typed).build()
        except (yaml.parser.ParserError, yaml.scanner.ScannerError):
            if typed or (mended := mended_sheet(source)) == source:
                raise
            return _Builder(mended, typed).build()
    except UnicodeEncodeError as error:
        raise DocumentError(CONTROL_CHARACTER, source.count("\n", 0, error.start) + 1) from error
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
        raise DocumentError(CONTROL_CHARACTER, line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = NOT_YAML.fill(why=error.problem or error.context or "not YAML")
        raise (DocumentError(why) if mark is None else DocumentError(why, mark.line + 1, mark.column + 1)) from error


class _Builder:
    """Builds a document from YAML events, with a stack of its own instead of recursion."""

    def __init__(self, source: str, typed: bool) -> None:
        self.source = source
        self.lines = _BREAK.split(source)
        self.typed = typed
        self.marks: dict[Place, tuple[int, int]] = {}
        self.nodes = 0

    def build(self) -> Document:
        events: Iterator[Any] = yaml.parse(self.source, Loader=_LOADER)
        data: Any = None
        documents = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise DocumentError(SECOND_DOCUMENT, line)
                data = self._node(next(events), events, ())
        return Document(data, self.marks)

    def _node(self, event: Any, events: Iterator[Any], place: Place) -> Any:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise DocumentError(TOO_MANY, line, column)
        if len(place) >= MAX_DEPTH:
            raise DocumentError(TOO_DEEP, line, column)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise DocumentError(ALIAS, line, column)
        if event.tag is not None:
            raise DocumentError(TAG, line, column)
        self.marks[place] = (line, column)
        if isinstance(event, yaml.ScalarEvent):
            if _NO_TEXT.search(event.value):
                raise DocumentError(CONTROL_CHARACTER, line, column)
            folds = not event.style or event.style == ">"
            if not self.typed and folds and event.end_mark.line + 1 > line:  # type: ignore[union-attr]
                return self._unfolded(event)
            return self._scalar(event.value) if event.implicit[0] and not event.style else str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, (*place, len(items))))
            return items
        mapping: dict[str, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            where = key.start_mark.line + 1, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarEvent):
                raise DocumentError(BAD_KEY, *where)
            if key.anchor is not None or key.tag is not None:
                raise DocumentError(ALIAS if key.anchor else TAG, *where)
            if _NO_TEXT.search(key.value):
                raise DocumentError(CONTROL_CHARACTER, *where)
            if key.value in mapping:
                raise DocumentError(DUPLICATE.fill(key=key.value[:60]), *where)
            mapping[key.value] = self._node(next(events), events, (*place, key.value))
            if mapping[key.value] is None or self.marks[(*place, key.value)][0] > where[0]:
                self.marks[(*place, key.value)] = where  # nothing there, or it starts on a later line: people look for the name
        return mapping

    def _unfolded(self, event: Any) -> str:
        """The lines of a text that YAML would fold into one: rows of numbers typed below a name stay rows."""
        start, end = event.start_mark, event.end_mark
        if end.line >= len(self.lines):
            return str(event.value)  # the text ends without a line of its own
        if event.style == ">":
            return "\n".join(line.strip() for line in self.lines[start.line + 1 : end.line + (end.column > 0)])
        rows = [self.lines[start.line][start.column :], *self.lines[start.line + 1 : end.line], self.lines[end.line][: end.column]]
        return "\n".join(row.partition(" #")[0].strip() for row in rows)

    def _scalar(self, text: str) -> Any:
        if text in ("", "~", "null"):
            return None
        if not self.typed:
            return text
        if text in ("true", "false"):
            return text == "true"
        if re.fullmatch(r"[-+]?[0-9]{1,40}", text):
            return int(text)
        if re.fullmatch(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", text):
            return NumberText(text)
        return text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        key = next(k for k, _ in pairs if k in seen or seen.add(k))  # type: ignore[func-returns-value]
        raise DocumentError(DUPLICATE.fill(key=key[:60]))
    return found


def _integer(text: str) -> int | NumberText:
    # Python refuses to convert integers of more than 4,300 digits; nobody's answer is longer than 40.
    return int(text) if len(text) <= 40 else NumberText(text)


def _check(data: Any, left: int, looked_at: tuple[type, ...]) -> None:
    """Nesting, and strings whose escapes give no text (a lone half of a surrogate pair, NUL)."""
    if isinstance(data, str):
        if _NO_TEXT.search(data):
            raise DocumentError(CONTROL_CHARACTER)
    elif isinstance(data, (list, dict)):
        if left == 0:
            raise DocumentError(TOO_DEEP)
        for item in (*data, *data.values()) if isinstance(data, dict) else data:
            if isinstance(item, looked_at):
                _check(item, left - 1, looked_at)


NOT_A_FILE = Text("{name} is not a plain file; hand in the file itself, not a link or a pipe", "{name} 不是普通文件；请提交文件本身，不要提交链接或管道")
NOT_READABLE = Text("{name} cannot be opened ({why})", "无法打开 {name}（{why}）")
TOO_LARGE = Text("the file is larger than {limit} kB; hand in the sheet with only the answers filled in", "文件超过 {limit} kB；请只在答题纸上填写答案后提交")
NOT_UTF8 = Text("the file is not UTF-8 text; save it again as UTF-8", "文件不是 UTF-8 文本；请另存为 UTF-8 编码")
NOT_JSON = Text("this is not JSON ({why}); check commas, quotes and brackets", "这不是 JSON（{why}）；请检查逗号、引号和括号")
NOT_YAML = Text(
    "this cannot be read ({why}); check the colon, the brackets, and that rows of numbers start further right than the name above them",
    "无法读取此处（{why}）；请检查冒号和括号，并确认数字行比上面的名称缩进更多",
)
NOT_FINITE = Text("{text} is not a number JSON allows; write a number or null", "JSON 不允许 {text}；请写数字或 null")
CONTROL_CHARACTER = Text("there is a control character in the text; remove it and save as plain UTF-8", "文本中有控制字符；请删除后另存为纯 UTF-8 文本")
TOO_DEEP = Text("brackets are nested more than 32 deep", "括号嵌套超过 32 层")
TOO_MANY = Text("there are more than 100,000 values in the file", "文件中的值超过 100,000 个")
ALIAS = Text("anchors (&) and aliases (*) are not allowed; write the value itself", "不允许使用锚点（&）和别名（*）；请直接写值")
TAG = Text("tags (!) are not allowed; write the value itself", "不允许使用标签（!）；请直接写值")
BAD_KEY = Text("a name was expected before the colon", "冒号前应为名称")
DUPLICATE = Text("'{key}' is there twice; keep one", "“{key}” 出现了两次；请只保留一个")
SECOND_DOCUMENT = Text("a second document starts here (---); hand in one sheet", "此处开始了第二个文档（---）；请只提交一份答题纸")
