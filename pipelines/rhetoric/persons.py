"""Who is meant where a text names the person it quotes: office-holders by name and day, everybody else by role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import polars as pl

from pipelines.rhetoric.speakers import Utterer

ANYBODY = Utterer("quoted", "other", "other")
ROLES = {"executive": "official", "other": "quoted"}  # how a voice is called where nobody is named; others as they are
_SUFFIX = re.compile(r"\b(?:jr|sr|iii|ii)\.?$")
_GIVEN = re.compile(r"\b([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{3,}) $")  # a shorter one may begin a sentence
_CAPITAL = re.compile(r"(?<!^)\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]")
_LITERAL = re.compile(r"[a-z]{2}(?![?*{])")
_SHORT = 4  # letters; a shorter surname is too often another word


class Cues:
    """The cues of speech of one language as regular expressions over folded text.

    Args:
        cues: The seed table of cues.
        language: Language of the texts.
    """

    def __init__(self, cues: pl.DataFrame, language: str) -> None:
        fitting = cues.filter(pl.col("language").is_in([language, "any"])).sort("line")
        self._lists: dict[str, list[str]] = {}
        for role, cue in fitting.select("role", "cue").iter_rows():
            self._lists.setdefault(role, []).append(cue)
        self.persons = self._told(fitting, "person")
        self.sides = self._told(fitting, "side")
        self.countries = self._told(fitting, "own_country")

    @staticmethod
    def _told(cues: pl.DataFrame, role: str) -> list[tuple[re.Pattern[str], str, str]]:
        """Per voice and side, in the order of the table, one expression."""
        groups = cues.filter(pl.col("role") == role).group_by("voice", "side", maintain_order=True).agg("cue")
        return [(words(found), voice or "", side or "") for voice, side, found in groups.iter_rows()]

    def any_of(self, *roles: str) -> re.Pattern[str]:
        """One expression for the cues of some roles; of none, one that never matches."""
        return words([cue for role in roles for cue in self._lists.get(role, [])])

    def written(self, *roles: str) -> list[str]:
        """The cues of some roles as the table writes them."""
        return [cue for role in roles for cue in self._lists.get(role, [])]

    def sentences(self, role: str) -> re.Pattern[str]:
        """One expression for cues that are more than words and bring their own limits."""
        return re.compile("|".join(self._lists.get(role, [])) or r"(?!)")


def words(cues: Iterable[str]) -> re.Pattern[str]:
    """One expression for whole words; the longest first, as the first that fits is taken.

    Cues that begin alike are put together, which a search over hundreds of them is several times faster for.
    """
    alike: dict[str, list[str]] = {}
    for cue in sorted(set(cues), key=lambda each: (-len(each), each)):
        alike.setdefault(cue[:2] if _LITERAL.match(cue) else cue, []).append(cue)
    groups = [f"{head}(?:{'|'.join(cue[2:] for cue in group)})" for head, group in alike.items() if len(group) > 1]
    groups += [group[0] for group in alike.values() if len(group) == 1]
    return re.compile(rf"\b(?:{'|'.join(groups)})(?!\w)" if groups else r"(?!)")


class Persons:
    """The office-holders a text may name.

    Args:
        actors: The seed table of office-holders.
        cues: The seed table of cues, for the titles a surname may follow.
    """

    def __init__(self, actors: pl.DataFrame, cues: pl.DataFrame) -> None:
        self._terms: dict[str, list[tuple[Utterer, date, date]]] = {}
        self._held = frozenset(actors["name"])
        self._titles = words(cues.filter(pl.col("role").is_in(["person", "office", "side", "turning"]))["cue"])
        self._surnames: dict[str, set[str]] = {}
        for row in actors.iter_rows(named=True):
            term = (Utterer(row["name"], row["voice"], row["side"], row["party"]), row["from"], row["to"] or date.max)
            alias = row["alias"]
            if alias.startswith("the "):
                continue  # a title in place of a name means another person in another country's text
            self._terms.setdefault(alias, []).append(term)
            surname = _SUFFIX.sub("", alias).strip().rpartition(" ")[2]
            if surname != alias and len(surname) >= _SHORT:
                self._terms.setdefault(surname, []).append(term)
                self._surnames.setdefault(row["name"], set()).add(surname)
        self._names = words(map(re.escape, self._terms))

    def __contains__(self, name: str) -> bool:
        """Whether the table holds somebody of this name."""
        return name in self._held

    def surnames(self, name: str, small: str) -> re.Pattern[str]:
        """An expression for the surnames by which texts call a person; `small` is the name folded."""
        known = self._surnames.get(name) or {_SUFFIX.sub("", small).strip(" .,").rpartition(" ")[2]}
        return words(re.escape(surname) for surname in known if len(surname) >= _SHORT)

    def named(self, text: str, folded: str, day: date) -> Utterer | None:
        """The office-holder of that day whom a text names last; None where it names none.

        Args:
            text: The text, whose capitals tell a surname from another word.
            folded: The same in small letters without accents, character for character.
            day: The day.
        """
        for name in reversed(list(self._names.finditer(folded))):
            said = text[name.start() : name.end()]
            held = self.holder(name[0], day) if said != said.lower() else None
            if held and (" " in name[0] or self._stands_alone(text[: name.start()], folded[: name.start()])):
                return held
        return None

    def _stands_alone(self, text: str, folded: str) -> bool:
        """Whether a surname follows no given name, which would make it another person's."""
        given = _GIVEN.search(text)
        return given is None or self._titles.fullmatch(folded, given.start(1), given.end(1)) is not None

    def holder(self, alias: str, day: date) -> Utterer | None:
        """Who bore a name in office on a day; None where nobody or more than one did."""
        held = {term[0].speaker: term[0] for term in self._terms.get(alias, []) if term[1] <= day <= term[2]}
        return next(iter(held.values())) if len(held) == 1 else None


def by_role(text: str, folded: str, cues: Cues, own_side: str) -> Utterer | None:
    """The utterer that role words in a text describe, of the side it names, else of `own_side`.

    A side by itself stands for its government; beside another name it tells only where somebody is from.
    """
    found = [(role.search(folded), voice) for role, voice, _ in cues.persons]
    told = [(match.start(), voice) for match, voice in found if match]
    named, side = next(
        ((match, side) for names, _, side in cues.sides if (match := names.search(folded))), (None, None)
    )
    if not told:
        is_alone = named and not _CAPITAL.search(text[: named.start()] + "_" * len(named[0]) + text[named.end() :])
        return Utterer(ROLES["executive"], "executive", side) if side and is_alone else None
    voice, side = min(told)[1], side or own_side
    return Utterer(ROLES.get(voice, voice), voice, side)
