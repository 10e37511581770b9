"""Where in a sentence words stand in quotation marks, also where the marks are opened or closed outside of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = re.compile(r"[“”«»\"‘’']")
_PAIRS = {"“": "”", "«": "»"}


@dataclass(frozen=True)
class Quotation:
    """A stretch in quotation marks, the marks included; `opened` and `closed` say whether it is so in this text."""

    start: int
    end: int
    opened: bool
    closed: bool


def quotations(text: str, before: str) -> list[Quotation]:
    """The stretches of `text` in quotation marks, outermost only, in order.

    Args:
        text: A sentence.
        before: The sentence before it; a mark left open there is open here.
    """
    found, done = _continued(text) if still_open(before) else ([], 0)
    start, closer, depth = -1, "", 0
    for mark in _MARKS.finditer(text, done):
        place, sign = mark.start(), mark[0]
        if not closer:
            if _begins(text, place, sign):
                start, closer, depth = place, _PAIRS.get(sign, "’" if sign in "‘'" else '"'), 0
            elif not found and (sign in "”»" or (sign == '"' and _may_close(text, place))):
                found.append(Quotation(0, place + 1, False, True))
        elif _nests(text, place, sign, closer):
            depth += 1
        elif _ends(text, place, sign, closer):
            found += [] if depth else [Quotation(start, place + 1, True, True)]
            closer, depth = (closer, depth - 1) if depth else ("", 0)
    if closer:
        found.append(Quotation(start, len(text), True, False))
    return found


def _continued(text: str) -> tuple[list[Quotation], int]:
    """The stretch at the beginning of a text that a quotation left open before it covers, and where it ends.

    A mark that opens begins it anew, as each paragraph of a long quotation does.
    """
    for mark in _MARKS.finditer(text):
        place, sign = mark.start(), mark[0]
        if sign in '“«"' and _may_open(text, place) and not _may_close(text, place):
            return [Quotation(0, place, False, True)] if text[:place].strip() else [], place
        if sign in '”»"':
            return [Quotation(0, place + 1, False, True)], place + 1
    return [Quotation(0, len(text), False, False)], len(text)


def _nests(text: str, place: int, sign: str, closer: str) -> bool:
    """Whether a straight mark opens a quotation within a quotation."""
    return sign == '"' == closer and _may_open(text, place) and not _may_close(text, place)


def _ends(text: str, place: int, sign: str, closer: str) -> bool:
    """Whether a mark closes what waits for `closer`; of those that are apostrophes too only where no word goes on."""
    if sign == closer and sign in "”»":
        return True
    return (sign == closer or (sign == "'" and closer == "’")) and _may_close(text, place)


def _begins(text: str, place: int, sign: str) -> bool:
    """Whether a mark begins a quotation where none is open."""
    if sign in _PAIRS:
        return True
    return sign in "\"‘'" and _may_open(text, place) and (sign == '"' or _closes(text, place))


def still_open(text: str) -> bool:
    """Whether a quotation is open at the end of a text."""
    for opener, closer in _PAIRS.items():
        if text.rfind(opener) > text.rfind(closer):
            return True
    last = text.rfind('"')
    return last >= 0 and text.count('"') % 2 == 1 and _may_open(text, last)


def _may_open(text: str, place: int) -> bool:
    """Whether the mark stands before a word and after none."""
    following = text[place + 1 : place + 2]
    return bool(following) and not following.isspace() and not (place and (text[place - 1].isalnum()))


def _may_close(text: str, place: int) -> bool:
    """Whether the mark stands after a word and before none."""
    following = text[place + 1 : place + 2]
    return place > 0 and not text[place - 1].isspace() and not following.isalnum()


def _closes(text: str, place: int) -> bool:
    """Whether a single mark that opens is closed later and is no apostrophe."""
    return (
        any(mark[0] in "’'" and _may_close(text, mark.start()) for mark in _MARKS.finditer(text, place + 2))
        and not text[place + 1].isdigit()
    )
