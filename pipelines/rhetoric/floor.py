"""Who has the floor in fact: a tag within the text, a guest, or a reporter's question under another's tag."""

from __future__ import annotations

import re

from pipelines.rhetoric.passages import Said, folded
from pipelines.rhetoric.persons import Cues, Persons
from pipelines.rhetoric.speakers import Utterer

OFFICIAL = ("executive", "legislator", "candidate")
_CAPITALS = "[A-ZÁÉÍÓÚÑÜ][A-ZÁÉÍÓÚÑÜ.,'’ -]{1,70}?"
_TAG = re.compile(rf"(?:^|(?<=[.!?)”\"…:] ))(?P<name>{_CAPITALS})(?: ?\([^()]{{1,60}}\))?: ")


class Floor:
    """Who speaks in sentences of one language, whatever the turn's tag.

    Args:
        cues: Its cues of speech.
        persons: The office-holders.
        sides: The two sides.
    """

    def __init__(self, cues: Cues, persons: Persons, sides: frozenset[str]) -> None:
        self._cues, self._persons, self._sides = cues, persons, sides
        self._question, self._tag = cues.sentences("question"), cues.any_of("tag")
        offices = "|".join(sorted(cues.written("office"), key=len, reverse=True))
        self._address = re.compile(rf"(?:^|[,.]\s)[¿¡\"“]?(?:{offices}) (?P<name>[^,.?]{{3,40}}),")

    def taken_by(self, said: Said) -> tuple[Utterer, int]:
        """Who has the floor, and where in the sentence his words begin."""
        for tag in _tags(said.text):
            found = self._by_tag(said, tag["name"], said.text)
            if found:
                return found, tag.end()
        for tag in _tags(said.before):
            found = self._by_tag(said, tag["name"], said.before + said.text)
            if found:
                return found, 0
        for cue, voice, side in self._cues.countries:
            if side != said.floor.side and said.floor.side in self._sides and cue.search(said.folded):
                return Utterer("official", voice, side), 0
        if said.floor.voice in OFFICIAL and self._is_question(said):
            return Utterer("press", "press", said.floor.side), 0
        return said.floor, 0

    def _by_tag(self, said: Said, name: str, text: str) -> Utterer | None:
        small, side = folded(name).strip(" .,"), said.floor.side
        if self._tag.fullmatch(small):
            asks = "?" in text or said.floor.voice == "press"
            return Utterer("press", "press", side) if asks else Utterer("participant", "other", side)
        return said.floor if said.himself.search(small) else self._persons.named(name, small, said.day)

    def _is_question(self, said: Said) -> bool:
        """Whether a reporter asks, or a question is put to the very person who is said to have the floor."""
        if self._question.search(said.folded):
            return True
        address = self._address.search(said.folded) if "?" in said.text else None
        return bool(address and said.himself.search(address["name"]))


def _tags(text: str) -> list[re.Match[str]]:
    """Speakers' tags within a text, the last one first."""
    return list(reversed(list(_TAG.finditer(text)))) if ": " in text else []


_NESTED = re.compile(r"\([^()]*\)[?*]?|\[[^\[\]]*\](?:\{[^{}]*\}|[?*])?")  # a group or a class of letters
_OPTIONAL = re.compile(r".[?*]|\\.|[$^|]")


def plain_parts(cues: list[str]) -> list[str]:
    """Of each cue its longest stretch of plain text: a text without any of them fits none of the cues."""
    bare = [_OPTIONAL.sub("\n", _NESTED.sub("\n", _NESTED.sub("\n", cue))) for cue in cues]
    return sorted({max(each.split("\n"), key=len) for each in bare})
