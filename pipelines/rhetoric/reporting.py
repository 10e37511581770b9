"""Which stretches of a sentence are somebody's words, and whose: quotations, reported speech, announcements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.rhetoric.passages import (
    FAR,
    WORD,
    Said,
    clause_after,
    clause_before,
    clause_start,
    folded,
    has_boundary,
)
from pipelines.rhetoric.persons import ANYBODY, Cues, Persons, by_role
from pipelines.rhetoric.quotations import Quotation, quotations
from pipelines.rhetoric.speakers import Utterer

SCARE = 3  # words; so few in quotation marks are the utterer's own unless a verb of saying leads them
NEAR = 40  # characters; so near such a verb has to stand to few words
TRAILING = 10  # words after a closing verb of saying
SUBJECTLESS = ("es",)  # languages whose verbs do without a subject: nobody named is somebody else
OPENING = '“«"'
_CLOSING = ("”", "»", "’", '"', "'")


class Reporting:
    """Who is quoted in sentences of one language.

    Args:
        language: Language of the sentences.
        cues: Its cues of speech.
        persons: The office-holders.
        sides: The two sides.
    """

    def __init__(self, language: str, cues: Cues, persons: Persons, sides: frozenset[str]) -> None:
        self._cues, self._persons, self._sides = cues, persons, sides
        self._verb = cues.any_of("says", "threatens", "announces")
        self._passive = tuple(f" {each} " for each in cues.written("passive"))
        self._speaks = cues.any_of("speaks")
        self._says, self._acts = cues.any_of("says"), cues.any_of("threatens", "announces")
        self._announces, self._according = cues.any_of("announces"), cues.any_of("according")
        self._pronoun, self._self = cues.any_of("pronoun"), cues.any_of("self")
        self._needs_subject = language not in SUBJECTLESS
        that, turning = "|".join(cues.written("that")), "|".join(cues.written("turning"))
        self._that = re.compile(rf"[^,.;:—–]{{0,40}}?(?<!\w)(?:{that})\s")
        self._turn = re.compile(rf";|\s[—–]\s|[,.]?\s(?:{turning})(?!\w)|[.!?…]+[\"”’»)]*$")
        self._near_self = re.compile(rf"(?<!\w)(?:{'|'.join(cues.written('self'))})(?:\W+\w+){{0,2}}\W*$")

    def stretches(self, said: Said, *, is_marked: bool, may_report: bool) -> list[tuple[int, int, Utterer]]:
        """The stretches of a sentence that are said to be somebody's words, with whose.

        Args:
            said: The sentence.
            is_marked: False where it holds no quotation marks and none is open.
            may_report: False where it holds no cue of reporting.
        """
        marked = quotations(said.text, said.before) if is_marked else []
        whose = [(each.start, each.end, self._of_quotation(said, each, marked)) for each in marked]
        found = [(start, end, who) for start, end, who in whose if who]
        inside = [(each.start, each.end) for each in marked]
        return found + self._reported(said, inside) if may_report else found

    def _of_quotation(self, said: Said, quotation: Quotation, marked: list[Quotation]) -> Utterer | None:
        """Whose words stand in quotation marks; None where they are the utterer's own or nobody is told."""
        start, end = quotation.start, quotation.end
        few = len(WORD.findall(said.text[start:end])) <= SCARE
        left = clause_before(said.folded, start)
        right = clause_after(said.folded, end)
        if few and not left.rstrip().endswith((":", ",")):
            left = ""
        if few:
            right = right[:NEAR]
        for window, offset in ((right, end), (left, start - len(left))):
            verb = self._verb_in(window)
            if verb:
                return self._subject(said, window, offset, verb)
            named = self._according.search(window)
            if named:
                return self._who(said, offset + named.end(), offset + len(window)) or ANYBODY
        if left.rstrip().endswith(":"):
            begin = clause_start(said.folded, start - 2)
            is_self = self._self.search(said.folded, begin, start)
            return None if is_self else self._who(said, begin, start)
        if few:
            return None
        neighbours = [one for one in marked if one is not quotation]
        return self._of_neighbour(said, neighbours) if left.strip() or neighbours else self._around(said, quotation)

    def _of_neighbour(self, said: Said, neighbours: list[Quotation]) -> Utterer | None:
        """Whose a second quotation of the sentence is: of the one who is said to utter the first."""
        for each in neighbours:
            right, left = clause_after(said.folded, each.end), clause_before(said.folded, each.start)
            for window, offset in ((right, each.end), (left, each.start - len(left))):
                verb = self._verb_in(window)
                if verb:
                    return self._subject(said, window, offset, verb)
        return None

    def _around(self, said: Said, quotation: Quotation) -> Utterer | None:
        """Whose a sentence is that is nothing but a quotation: the sentences around it tell."""
        small = folded(said.after[:FAR])
        verb = self._verb_in(small)
        closed = quotation.closed and verb is not None and not has_boundary(said.after[: verb.start()])
        if verb and closed and said.after[:1] not in '“«"':
            return self._at(said, said.after, small, verb)
        before, small = said.before, folded(said.before)
        end = len(before.rstrip()) if quotation.opened else max(before.rfind(mark) for mark in OPENING)
        left = clause_before(small, max(0, end))
        begin = max(0, end) - len(left)
        leads = left.rstrip().endswith(":")
        verb = self._verb_in(left)
        if verb and (leads or not quotation.opened or before[max(0, begin - 1) : begin] in _CLOSING):
            return self._at(said, before[begin:end], left, verb)
        return self._person(said, before[begin:end], left) if leads else None

    def _reported(self, said: Said, inside: list[tuple[int, int]]) -> list[tuple[int, int, Utterer]]:
        """The stretches that report somebody's words without quotation marks."""
        found: list[tuple[int, int, Utterer]] = []
        done = 0
        for verb in self._verbs_in(said.folded):
            if any(start <= verb.start() < end for start, end in inside):
                continue
            start = self._begins(said, verb) if verb.start() >= done else None
            if start is not None:
                whose = self._who_says(said, verb, start)
                if whose != ANYBODY or not self._announces.fullmatch(verb[0]):
                    done = self._stops(said.folded, start)
                    found.append((start, done, whose))
            elif self._says.fullmatch(verb[0]):
                found += self._trailing(said, verb, inside)
        for source in self._according.finditer(said.folded):
            if not any(start <= source.start() < end for start, end in inside):
                found += self._by_source(said, source)
        return found

    def _who_says(self, said: Said, verb: re.Match[str], until: int) -> Utterer:
        """Who is the subject of a verb, looked for from the beginning of its clause to a place after it."""
        left = clause_before(said.folded, verb.start())
        offset = verb.start() - len(left)
        again = self._verb.match(left + said.folded[verb.start() : until], len(left))
        return self._subject(said, left + said.folded[verb.start() : until], offset, again or verb)

    def _verbs_in(self, window: str) -> Iterator[re.Match[str]]:
        """Yield the verbs of saying in a window that somebody is the subject of."""
        for verb in self._verb.finditer(window):
            if not f" {window[max(0, verb.start() - 8) : verb.start()]}".endswith(self._passive):
                yield verb

    def _verb_in(self, window: str) -> re.Match[str] | None:
        """The first of them."""
        return next(self._verbs_in(window), None)

    def _begins(self, said: Said, verb: re.Match[str]) -> int | None:
        """Where the words begin that a verb reports; None where it reports none."""
        text = said.folded
        that = self._that.match(text, verb.end())
        if that:
            return that.end()
        if self._acts.fullmatch(verb[0]):
            return verb.end()
        follows_quotation = text[: verb.start()].rstrip()[-1:] in _CLOSING
        if follows_quotation or not self._speaks.fullmatch(verb[0]):
            return None
        following = said.text[verb.end() : verb.end() + 2]
        return verb.end() if following[:1] == " " and following[1:].isupper() else None

    def _stops(self, text: str, start: int) -> int:
        """Where reported words end: at a turn of the sentence, or with it."""
        turn = self._turn.search(text, start)
        return turn.start() if turn else len(text)

    def _by_source(self, said: Said, source: re.Match[str]) -> list[tuple[int, int, Utterer]]:
        """What "according to somebody" covers: the rest of the sentence, or where it stands last what precedes it."""
        text = said.folded
        comma = text.find(",", source.end(), source.end() + FAR)
        end = comma if comma >= 0 else self._stops(text, source.end())
        whose = self._who(said, source.end(), end)
        if whose is None:
            return []
        found = [(clause_start(text, source.start()), source.start(), whose)]
        return [*found, (comma + 1, self._stops(text, comma + 1), whose)] if comma >= 0 else found

    def _trailing(
        self, said: Said, verb: re.Match[str], inside: list[tuple[int, int]]
    ) -> list[tuple[int, int, Utterer]]:
        """What stands before a closing ", said somebody." without quotation marks."""
        comma, rest = verb.start() - 2, said.folded[verb.end() :]
        if said.folded[max(0, comma) : verb.start()] != ", " or any(a <= comma <= b for a, b in inside):
            return []
        whose = self._person(said, said.text[verb.end() :], rest) if len(WORD.findall(rest)) <= TRAILING else None
        return [(clause_start(said.folded, comma), comma, whose)] if whose else []

    # Who is meant -----------------------------------------------------------------------------------------------------

    def _subject(self, said: Said, window: str, offset: int, verb: re.Match[str]) -> Utterer:
        return self._at(said, said.text[offset : offset + len(window)], window, verb)

    def _at(self, said: Said, text: str, window: str, verb: re.Match[str]) -> Utterer:
        """Who a verb of saying in a window says it of: who stands before it, else after it, else somebody."""
        subject = window[: verb.start()]
        follows = not self._needs_subject and self._self.match(window, verb.end() + 1)
        if self._near_self.search(subject) or self._self.fullmatch(verb[0]) or follows:
            return said.floor
        found = self._person(said, text[: verb.start()], subject)
        found = found or self._person(said, text[verb.end() :], window[verb.end() :])
        is_bare = self._needs_subject and not WORD.search(subject) and " " not in verb[0]  # as items of a list are
        return found or (said.floor if is_bare else ANYBODY)

    def _who(self, said: Said, start: int, end: int) -> Utterer | None:
        return self._person(said, said.text[start:end], said.folded[start:end])

    def _person(self, said: Said, text: str, window: str) -> Utterer | None:
        """The person a window names or describes; the one named before where it says he, she or they."""
        if said.himself.search(window):
            return said.floor
        named = self._persons.named(text, window, said.day)
        if named:
            return named
        role = by_role(text, window, self._cues, said.floor.side)
        if role:
            return role
        if self._pronoun.search(window):
            return self._persons.named(said.before, folded(said.before), said.day) or ANYBODY
        return None

    def is_not_own(self, whose: Utterer, floor: Utterer) -> bool:
        """Whether words of a person are not the utterer's: an official's own side is read out as his own.

        Nor are those of a colleague without a name known here, who speaks with him as often as not.
        """
        if whose.speaker == floor.speaker and whose != ANYBODY:
            return False
        if whose.side != floor.side or floor.side not in self._sides:
            return True
        is_alike = whose.voice == floor.voice and whose.speaker not in self._persons and whose != ANYBODY
        return not (is_alike or (floor.voice == "executive" and whose.voice == "executive"))
