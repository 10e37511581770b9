"""What a plain keyword rule makes of a sentence: the terms of the lexicon and nothing of who does what to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import polars as pl

from pipelines.coding_lines import Coder, parsed
from pipelines.project import ROOT
from pipelines.seeds import Seeds
from pipelines.texts import UNACCENTED
from tests.evaluation.gold import Row

ROLES = ("side", "shared", "hostility", "cooperation", "theme", "blame")


class Keywords:
    """The keyword rule: a side named, the strongest term of hostility, every theme, the first blame.

    The direction is from the utterer's side where any term of hostility or cooperation stands in the sentence.

    Args:
        seeds: The seed tables.
        coder: Tells who utters a row.
    """

    def __init__(self, seeds: Seeds, coder: Coder) -> None:
        self._lexicon, self._coder = seeds["lexicon"], coder
        self._toward = dict(seeds["dyad"].select("side", "direction").iter_rows())
        self._counterpart = dict(seeds["dyad"].select("side", "counterpart").iter_rows())

    def __call__(self, rows: Iterable[Row]) -> list[Row]:
        """The codes of each row, in order."""
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Row:
        utterer = self._coder.asked(parsed(row))
        side, said = utterer["side"], row["sentence"].translate(UNACCENTED)
        found = {role: self._found(said, utterer["language"], role) for role in ROLES}
        named = {code for code, _ in found["side"]}
        other = self._counterpart.get(side)
        is_other_named = other in named if other else named >= set(self._toward)
        if not (is_other_named or found["shared"]):
            return {"id": row["id"], "side": side, "voice": utterer["voice"], "bilateral": 0, "direction": "none"}
        has_stance = bool(found["hostility"] or found["cooperation"])
        return {
            "id": row["id"],
            "side": side,
            "voice": utterer["voice"],
            "bilateral": 1,
            "direction": self._toward.get(side, "none") if has_stance else "none",
            "hostility": max((weight for _, weight in found["hostility"]), default=0),
            "cooperation": int(bool(found["cooperation"])),
            "themes": sorted({code for code, _ in found["theme"]}) or ["other"],
            "blame": next((code for code, _ in found["blame"]), "none"),
        }

    def _found(self, said: str, language: str, role: str) -> list[tuple[str, int]]:
        """Code and weight of each term of a role, where it stands in the text."""
        known, pattern = self._terms.get((language, role), ({}, None))
        places = pattern.finditer(said) if pattern else ()
        return [one for place in places for one in known[place.lastgroup] if one[0] != "none"]

    @cached_property
    def _terms(self) -> dict[tuple[str, str], tuple[dict[str, list[tuple[str, int]]], re.Pattern[str]]]:
        found = {}
        for language in ("en", "es"):
            for role in ROLES:
                mine = pl.col("language").is_in([language, "any"]) & (pl.col("role") == role)
                found[language, role] = _compiled(self._lexicon.filter(mine))
        return found


def _compiled(terms: pl.DataFrame) -> tuple[dict[str, list[tuple[str, int]]], re.Pattern[str]]:
    """By group of the pattern the codes and weights of its term; longer terms are looked for first."""
    codes: dict[str, list[tuple[str, int]]] = {}
    for term, code, weight in terms.select("term", "code", "weight").iter_rows():
        codes.setdefault(term, []).append((code, weight))
    longest_first = sorted(codes, key=lambda term: (-len(term), term))
    groups = {f"t{number}": term for number, term in enumerate(longest_first)}
    parts = [f"(?P<{group}>{_expression(term)})" for group, term in groups.items()]
    return {group: codes[term] for group, term in groups.items()}, re.compile(rf"\b(?:{'|'.join(parts)})")


def _expression(term: str) -> str:
    body = re.escape(term).replace(r"\ \.\.\.\ ", r"(?:[ ,]+[\w'-]+){0,4}[ ,]+").replace(r"\*", r"\w*")
    spelled = body if term != term.lower() else f"(?i:{body})"
    return rf"{spelled}\b" if term[-1].isalnum() or term[-1] == "*" else spelled


def keywords() -> Keywords:
    """The keyword rule over the lexicon of this clone."""
    from pipelines import contract_files

    return Keywords(Seeds(ROOT, contract_files.load(ROOT)), Coder(ROOT))
