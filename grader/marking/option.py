"""Options as answers: one of them (`choice`) or a set of them (`choices`), by name, by letter, or in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from grader.course.part import LETTERS, Option, folded_option
from grader.marking.answer import BLANK, Reading, quoted
from grader.marking.number import folded, number
from grader.text import Text

MAX_PIECES = 64  # names of options that are looked up in one answer: more than anybody could choose from
_NONE = frozenset({"none", "无", "没有", "都不是", "以上都不是", "none-of-these", "none-of-them", "none-of-the-above"})


def read_choice(raw: Any, options: Sequence[Option]) -> Reading:
    """Reads the id of one option."""
    found = _chosen(raw, options)
    letters = _letters(options)
    if isinstance(found, str):
        return Reading(None, None, NO_OPTION.fill(answer=found, letters=letters))
    if not found:
        return BLANK if found is None else Reading(None, None, NO_OPTION.fill(answer=quoted(raw), letters=letters))
    if len(found) > 1:
        return Reading(None, None, TOO_MANY.fill(answer=", ".join(sorted(LETTERS[_place(name, options)] for name in found))))
    return Reading(found[0], found[0])


def read_choices(raw: Any, options: Sequence[Option]) -> Reading:
    """Reads a set of ids; `none` is the empty one, and an answer left blank is blank."""
    found = _chosen(raw, options)
    letters = _letters(options)
    if isinstance(found, str):
        return Reading(None, None, NO_OPTIONS.fill(answer=found, letters=letters))
    if found is None:
        return BLANK
    return Reading(frozenset(found), ", ".join(sorted(found, key=lambda name: _place(name, options))) or "none")


def share(answer: frozenset[str], key: frozenset[str]) -> Fraction:
    """What a set earns: each right option counts, each wrong one takes one away; never below 0."""
    if not key:
        return Fraction(not answer)
    return max(Fraction(0), Fraction(len(answer & key) - len(answer - key), len(key)))


def unexplained(answer: frozenset[str], key: frozenset[str], options: Sequence[Option]) -> tuple[Fraction, Text]:
    """What a set that no wrong method explains earns, and the words for it."""
    wrong = [option for option in options if option.id in answer - key]
    right, missing = len(answer & key), len(key - answer)
    words = NOTHING_CHOSEN if not answer else COUNTED.fill(right=right, count=len(answer))
    if wrong:
        words = words + filled(WRONG, options=_words(wrong[:2]))
    if missing:
        words = words + MISSING
    # Both kinds of wrong mark: chosen and not true, true and not chosen.
    for why in (option.why for option in options if option.id in answer ^ key and option.why is not None):
        words = words + why
    return share(answer, key), words


def option_words(name: Any, options: Iterable[Option]) -> Text:
    """An option, or a set of them, in their own words; what is no option stays as it is."""
    if isinstance(name, (frozenset, list, tuple)):
        chosen = [option for option in options if option.id in name]
        return _words(chosen) if chosen else NO_ONE
    return next((option.words for option in options if option.id == name), Text(str(name), str(name)))


def filled(sentence: Text, **values: Text) -> Text:
    """A sentence with words in both languages put into it."""
    return Text(
        sentence.en.format(**{name: words.en for name, words in values.items()}), sentence.zh.format(**{name: words.zh for name, words in values.items()})
    )


def _chosen(raw: Any, options: Sequence[Option]) -> list[str] | str | None:
    """The ids that were chosen, each once; `[]` for `none`; None where nothing was written; text that is no option."""
    items = raw if isinstance(raw, list) else [raw]
    found: list[str] = []
    none = False
    for item in items:
        if isinstance(item, (list, dict)):
            return quoted(item)
        for piece in _pieces(_text(item), options):
            if folded_option(piece) in _NONE:
                none = True
            elif (name := _option(piece, options)) is not None:
                found.append(name)
            else:
                return quoted(piece)
    if none:
        return [] if not found else quoted(", ".join(map(_text, items)))
    return list(dict.fromkeys(found)) or None


def _text(item: Any) -> str:
    return "" if item is None else str(item).lower() if isinstance(item, bool) else folded(str(item))


def _pieces(text: str, options: Sequence[Option]) -> list[str]:
    """What names one option each: the whole text where it does, else what commas part, else what spaces part, else letters in a row (`ACD`)."""
    text = _unbracketed(text)
    if not text:
        return []
    if _known(text, options):
        return [text]
    parts = [part.strip(" .。\"'") for part in re.split(r"[,;\n]+|\s+and\s+|和", text)]
    parts = [part for part in parts if part]
    if len(parts) > MAX_PIECES:
        return [text]
    if len(parts) > 1 and all(_known(part, options) for part in parts):
        return parts
    pieces: list[str] = []
    for part in parts:
        words = part.split()
        if not _known(part, options) and 1 < len(words) <= MAX_PIECES and all(_known(word, options) for word in words):
            pieces += words
        elif (
            not _known(part, options) and 1 < len(part) <= len(options) and len(set(part.lower())) == len(part) and set(part.lower()) <= set(_alphabet(options))
        ):
            pieces += part
        else:
            pieces.append(part)
    return pieces


def _unbracketed(text: str) -> str:
    """A list as text, without its brackets: `[a, c]`. `(a)` and `a)` stay: letters are shown that way."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] + text[-1] in ("[]", "{}") else text


def _known(text: str, options: Sequence[Option]) -> bool:
    return folded_option(text) in _NONE or _option(text, options) is not None


def _option(text: str, options: Sequence[Option]) -> str | None:
    """The option a text names: by its id or words, else by its letter, else by its number where no option's words are a number."""
    wanted = folded_option(text)
    for option in options:
        if wanted in (folded_option(option.id), folded_option(option.words.en), folded_option(option.words.zh)):
            return option.id
    bare = wanted.strip("()[].:、").strip()
    if len(bare) == 1 and bare in _alphabet(options):
        return options[LETTERS.index(bare)].id
    if bare.isascii() and bare.isdigit() and 1 <= int(bare[:3]) <= len(options) and not any(_numeric(option) for option in options):
        return options[int(bare[:3]) - 1].id
    return None


def _numeric(option: Option) -> bool:
    return any(number(text) is not None for text in (option.words.en, option.words.zh))


def _alphabet(options: Sequence[Option]) -> str:
    return LETTERS[: len(options)]


def _place(name: str, options: Sequence[Option]) -> int:
    return next(place for place, option in enumerate(options) if option.id == name)


def _letters(options: Sequence[Option]) -> str:
    return ", ".join(_alphabet(options))


def _words(options: Sequence[Option]) -> Text:
    return Text("; ".join(f"“{option.words.en}”" for option in options), "；".join(f"“{option.words.zh}”" for option in options))


NO_OPTION = Text("'{answer}' is none of the options; write the letter of one: {letters}", "“{answer}” 不是选项之一；请写一个选项的字母：{letters}")
NO_OPTIONS = Text(
    "'{answer}' is none of the options; write the letters of those you choose, from {letters}, or none",
    "“{answer}” 不是选项；请写出所选各项的字母（{letters}），都不选请写“无”",
)
TOO_MANY = Text("one option was asked for, and you chose {answer}; write one letter", "本题只选一项，而你选了 {answer}；请只写一个字母")
NO_ONE = Text("none of them", "都不选")
UNKNOWN = Text("You chose “{answer}”. That is not it; go through the options once more.", "你选的是“{answer}”，不正确；请重新看一遍各选项。")
COUNTED = Text("{right} of the {count} you chose are right.", "你选的 {count} 项中 {right} 项正确。")
NOTHING_CHOSEN = Text("You chose none of them.", "你一项也没有选。")
WRONG = Text("Look again at {options}.", "请再看一看{options}。")
MISSING = Text("A right one is missing.", "还有正确的选项没有选。")
