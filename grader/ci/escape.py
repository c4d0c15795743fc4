"""Text from outside made fit for each place it goes to: a log that obeys commands, Markdown, XML.

Everything a student wrote passes through here once more, whatever was done to it before.
"""

from __future__ import annotations

import re

from grader.text import visible

LONG = 4000  # of one text; feedback is shorter
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What Markdown could take for more than itself: its signs anywhere; addresses; and at the start, lists, rules and underlines of headings.
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~$&@{}^]|:(?=/)|(?<=www)\.|\A\s*[-+=]|(?<=\A[0-9])[.)](?=\s|\Z)|(?<=\A[0-9]{2})[.)](?=\s|\Z))", re.IGNORECASE)
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def plain(text: str) -> str:
    """Text of several lines without control characters, and without what a log would take for a command."""
    return "\n".join(visible(line, LONG) for line in re.split("\r\n|[\n\r\x85\u2028\u2029]", text))


def command_data(text: str) -> str:
    """The message of a workflow command (`::error::MESSAGE`)."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command (`title=…`)."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Text as it is in Markdown, on one line: no formatting, links, HTML, images, mathematics or mentions come of it."""
    return _SIGNS.sub(lambda found: _ENTITY.get(found[1], found[1][:-1] + "\\" + found[1][-1]), " ".join(plain(text).split("\n")))


def xml_text(text: str) -> str:
    """Text for XML 1.0, which has no way at all to hold most control characters. Whoever writes the XML escapes `<` and `&`."""
    return _NO_XML.sub("·", plain(text))
