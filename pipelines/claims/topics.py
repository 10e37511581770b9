"""What a quantity is about: the metric whose words stand nearest to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from pipelines.claims.quantities import Quantity
from pipelines.claims.wording import alternatives

# What is often said without its subject, which the sentence before has named.
_LEANING = ("percent", "share", "ratio", "weight", "streak", "deaths", "encounters")
_ELSEWHERE = ("fentanyl",)  # "seizures of the drug", after fentanyl was named
# Of these only what is said nearest counts: "eight per cent more meth" beside a sentence on fentanyl.
_RIVALS = (
    frozenset({"fentanyl", "other_drug"}),
    frozenset({"homicide", "other_crime"}),
    frozenset({"us_border", "other_border"}),
)


@dataclass(frozen=True)
class _Topic:
    metric: str
    series: str
    dimensions: frozenset[str]
    needs: tuple[frozenset[str], ...]
    lacks: frozenset[str]

    def fits(self, dimensions: frozenset[str], concepts: set[str]) -> bool:
        return (
            bool(self.dimensions & dimensions)
            and all(need & concepts for need in self.needs)
            and not self.lacks & concepts
        )


class Topics:
    """Decides the metric of quantities in one language.

    Args:
        topics: The seed table of topics, in order of precedence.
        terms: The seed table of terms.
        language: Language code.
    """

    def __init__(self, topics: pl.DataFrame, terms: pl.DataFrame, language: str) -> None:
        own = terms.filter((pl.col("language") == language) & (pl.col("role") == "topic"))
        self._concepts = [
            (str(code), re.compile(alternatives(some["term"])))
            for (code,), some in own.group_by("code", maintain_order=True)
        ]
        self._topics = [
            _Topic(
                row["metric"],
                row["series"],
                frozenset(row["dimensions"]),
                tuple(frozenset(need.split("|")) for need in row["needs"].split()),
                frozenset(row["lacks"] or ()),
            )
            for row in topics.sort("line").iter_rows(named=True)
            if row["language"] in (language, "any")
        ]

    def places(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Where the words of each concept stand in a folded small text."""
        found = {code: [match.span() for match in pattern.finditer(text)] for code, pattern in self._concepts}
        return {code: spans for code, spans in found.items() if spans}

    def metric(
        self, quantity: Quantity, here: dict[str, list[tuple[int, int]]], around: dict[str, list[tuple[int, int]]]
    ) -> tuple[str, str, frozenset[str], frozenset[str]] | None:
        """Metric, series, concepts of the scope that decided, concepts of the clause; None where no topic fits.

        The clause is asked first, then the sentence, then with it the sentence before.

        Args:
            quantity: What is stated.
            here: Places of concepts in its sentence.
            around: Places of concepts in the sentence before.
        """
        is_share = quantity.dimension == "share"
        dimensions = frozenset({quantity.dimension} if is_share else {quantity.dimension, quantity.unit})
        scopes = _scopes(quantity, here, around)
        for concepts in scopes:
            for topic in self._topics:
                if topic.fits(dimensions, concepts):
                    return topic.metric, topic.series, frozenset(concepts), frozenset(_clause(quantity, here))
        return None


def _scopes(
    quantity: Quantity, here: dict[str, list[tuple[int, int]]], around: dict[str, list[tuple[int, int]]]
) -> list[set[str]]:
    """Concepts by the clause between the neighbouring numbers, by all of it before the number, sentence and context."""
    own = {quantity.concept} if quantity.concept else set()
    left, right = quantity.clause
    clause = _clause(quantity, here)
    scopes = [clause]
    if quantity.phrase is not None and quantity.dimension == "count":  # ", driven by fentanyl" tells a cause
        scopes.insert(0, _within(here, max(left, quantity.phrase[0]), min(right, quantity.phrase[1])) | own)
    if quantity.dimension != "rank":
        scopes += [_within(here, quantity.sense, right) | own, set(here) | own]
        if quantity.dimension in _LEANING or quantity.unit in _LEANING:
            scopes.append(set(here) | set(around) | own)
    for code in _ELSEWHERE:
        named = code in here or code in around
        scopes = [scope | {f"elsewhere_{code}"} if named and code not in scope else scope for scope in scopes]
    if "that_drug" in clause and "other_drug" not in here:
        scopes = [scope | {code for code in _ELSEWHERE if f"elsewhere_{code}" in scope} for scope in scopes]
    for rivals in _RIVALS:
        if told := rivals & clause:
            scopes = [scope - (rivals - told) for scope in scopes]
    return scopes


def _clause(quantity: Quantity, here: dict[str, list[tuple[int, int]]]) -> set[str]:
    """Concepts between the neighbouring numbers or the ends of the clause, with what the unit says."""
    return _within(here, *quantity.clause) | ({quantity.concept} if quantity.concept else set())


def _within(places: dict[str, list[tuple[int, int]]], left: int, right: int) -> set[str]:
    return {code for code, spans in places.items() if any(left <= start and end <= right for start, end in spans)}
