"""Finds numeric claims about a series in sentences: what is stated of which metric, for which period, against what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from pipelines.claims.dating import Dating
from pipelines.claims.marks import COUNTRY, Marks
from pipelines.claims.periods import Period
from pipelines.claims.quantities import Quantities, Quantity, once
from pipelines.claims.records import Records
from pipelines.claims.timing import Periods
from pipelines.claims.topics import Topics
from pipelines.claims.wording import alternatives, folded

SEEDS = ("number_words", "metric_terms", "metric_units", "metric_topics")
ASKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "sentence": pl.String,
    "before": pl.String,
    "after": pl.String,
    "language": pl.String,
    "date": pl.Date,
}
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)\]]+")
_NUMBERED = ("scale", "plural", "ratio", "fraction", "percent")
OF_STATES = "overdose"  # series that are held state by state
BALANCE = "us_mexico_goods_balance_usd"  # both sides speak of the deficit of the one
_NEAR = 50  # characters on each side in which a word can make a number no claim
_NONE = ("not_near", "not_before", "event", "poll")
_LAST_MONTH = re.compile(r"(?:last month|previous month|mes pasado|mes anterior)$")
_NAMED_WITHIN = 2  # months: figures of a month are out in the next one or the one after
_FROM_LEVEL = re.compile(
    r"(?:\bfrom|(?:^|[,;:] |\b(?:pas|baj|redu|dismin|cay)\w* )de) (?:(?:about|around|nearly|over|more than"
    r"|an average of|mas de|cerca de|alrededor de|casi|unos|unas|un promedio de) )?"
    r"(?:\d{1,3}(?:[,.]\d{3})+|(?:\d+(?:[.,]\d+)?|\w+) (?:mil|millones|thousand|million))\b"
)  # no year
_BUSTED = ("lb", "kg", "pills", "doses", "weapons", "arrests", "sites", "seizures")


@dataclass(frozen=True)
class Claim:
    """A numeric claim in a sentence.

    Attributes:
        row: Which of the sentences asked it stands in.
        start: Place of its first character in the sentence.
        end: Place after its last.
        metric: What it is about, `other` where no series named here is.
        kind: level, change_pct, change_ratio, share or rank.
        quantity: The number with unit, modifier and rate.
        series: The series it is checked against: the metric, or one held of what has no metric of its own.
        concepts: Topics said in the clause, else the sentence, else around: where the metric was decided.
        near: Topics said in its clause.
        said: Topics said in its sentence.
        period: The span of months stated for it, if any.
        baseline: What it is compared with, if said.
        context: A period said in the sentence before, if none is in its own.
        marks: What else its words say, see `marks`.
        state: The state it is about, or the country.
        drug: The drug it is about, or all.
    """

    row: int
    start: int
    end: int
    metric: str
    series: str
    kind: str
    quantity: Quantity
    concepts: frozenset[str]
    near: frozenset[str]
    said: frozenset[str]
    period: Period | None
    baseline: Period | None
    context: Period | None
    marks: frozenset[str]
    state: str
    drug: str


class Finder:
    """Finds claims with the lexical seeds of a clone.

    Args:
        seeds: The tables named in SEEDS, by stem.
    """

    def __init__(self, seeds: dict[str, pl.DataFrame]) -> None:
        words, terms = seeds["number_words"], seeds["metric_terms"]
        self._periods = Periods()
        self._quantities: dict[str, Quantities] = {}
        self._records: dict[str, Records] = {}
        self._topics: dict[str, Topics] = {}
        self._marks: dict[str, Marks] = {}
        self._none: dict[tuple[str, str], re.Pattern[str]] = {}
        self._dating: dict[str, Dating] = {}
        self._held: dict[str, tuple[str, str]] = {}
        needed = {
            concept for needs in seeds["metric_topics"]["needs"].to_list() for concept in needs.split()[0].split("|")
        }
        for language in sorted(words["language"].unique()):
            own = terms.filter(pl.col("language") == language)
            self._quantities[language] = Quantities(words, seeds["metric_units"], terms, language)
            self._records[language] = Records(terms, self._quantities[language].numbers, language)
            self._topics[language] = Topics(seeds["metric_topics"], terms, language)
            self._marks[language] = Marks(terms, language)
            for role in _NONE:
                said = own.filter(pl.col("role") == role)["term"]
                self._none[language, role] = re.compile(alternatives(said))
            self._dating[language] = Dating(terms, language)
            is_telling = pl.col("role").is_in(_NUMBERED) | (pl.col("role") == "unit") & (pl.col("value") >= 100)
            counted = words.filter((pl.col("language") == language) & is_telling)["word"].to_list()
            ranks = own.filter(pl.col("role").is_in(["rank", "streak", "place"]))["term"].to_list()
            topics = own.filter((pl.col("role") == "topic") & pl.col("code").is_in(sorted(needed)))["term"].to_list()
            self._held[language] = (rf"\d|{_quick([*counted, *ranks, 'than'])}", _quick(topics))

    def candidates(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Of the sentences asked those that hold a number and, they or a neighbour, a word of a topic; with `row`."""
        texts = asked.with_row_index("row").with_columns(
            folded(pl.col("sentence")).alias("text"),
            folded(pl.col("before").fill_null("")).alias("text_before"),
            folded(pl.col("after").fill_null("")).alias("text_after"),
        )
        kept = []
        for (language,), some in texts.group_by("language", maintain_order=True):
            if language not in self._held:
                continue
            number, topic = self._held[str(language)]
            told = some.filter(pl.col("text").str.contains(number))
            kept.append(told.filter(pl.col("text").str.contains(topic) | pl.col("text_before").str.contains(topic)))
        return pl.concat(kept).sort("row") if kept else texts.clear()

    def worth_reading(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Of texts of many sentences, with `text` and `language`, those that hold a number and a word of a topic."""
        said = folded(pl.col("text"))
        kept = [
            texts.filter(pl.col("language") == language, said.str.contains(number), said.str.contains(topic))
            for language, (number, topic) in self._held.items()
        ]
        return pl.concat([texts.clear(), *kept])

    def found(self, asked: pl.DataFrame) -> list[Claim]:
        """The claims of the sentences, in order.

        Args:
            asked: One row a sentence, in the columns of ASKED; the neighbours and the language may be null.
        """
        return [claim for row in self.candidates(asked).iter_rows(named=True) for claim in self._claims(row)]

    # One sentence ----------------------------------------------------------------------------------------------------

    def _claims(self, row: dict[str, Any]) -> list[Claim]:
        language, day = row["language"], row["date"]
        text = _ADDRESS.sub(lambda match: " " * len(match[0]), row["text"])
        periods = self._periods.found(text, day)
        counted = self._quantities[language].found(text, periods)
        quantities = once([*counted, *self._records[language].found(text, counted)])
        if not quantities:
            return []
        topics = self._topics[language]
        here, before = topics.places(text), topics.places(row["text_before"])
        around = self._around(row, day)
        claims = []
        for place, quantity in enumerate(quantities):
            decided = topics.metric(quantity, here, before)
            if decided is None or self._is_none(text, language, quantity, periods):
                continue
            metric, series, concepts, near = decided
            period, baseline = self._dating[language].of(text, quantity, quantities, periods, place, day)
            if period is not None and _is_named(text, period, around):
                period = replace(around, at=period.at, until=period.until)
            context = around if period is None else None
            if metric == BALANCE and quantity.dimension == "money":
                quantity = replace(quantity, value=-quantity.value)
            start, end = _unique(text, quantity)
            marks = self._marks[language]
            said = marks.found(text, quantity) | ({"apart"} if period and _is_apart(quantity, period) else set())
            if _is_from_level(text, quantity, baseline or period):
                said |= {"from_level"}
            claims.append(
                Claim(
                    row=row["row"],
                    start=start,
                    end=end,
                    metric=metric,
                    series=series,
                    kind=_kind(quantity),
                    quantity=quantity,
                    concepts=concepts,
                    near=near,
                    said=frozenset(here),
                    period=period,
                    baseline=baseline,
                    context=context,
                    marks=said,
                    state=marks.state(text) if series.startswith(OF_STATES) else COUNTRY,
                    drug=marks.drug(text, quantity),
                )
            )
        return claims

    def _is_none(self, text: str, language: str, quantity: Quantity, periods: list[Period]) -> bool:
        """Whether words beside the number make it a dosage, a tariff, a poll, an event: nothing a series states."""
        left, right = max(quantity.clause[0], quantity.number - _NEAR), min(quantity.clause[1], quantity.end + _NEAR)
        before, after = text[left : quantity.number], text[quantity.end : right]
        if self._none[language, "not_near"].search(f"{before} . {after}"):
            return True
        if self._none[language, "not_before"].search(before):
            return True
        if quantity.dimension == "share" and self._none[language, "poll"].search(text):
            return True
        is_bust = quantity.unit in _BUSTED and self._none[language, "event"].search(text) is not None
        return is_bust and not any(_is_long(each) for each in periods)

    def _around(self, row: dict[str, Any], day: date) -> Period | None:
        """The one period that the sentence before tells; of several none is meant for sure."""
        told = [each for each in self._periods.found(row["text_before"], day) if each.kind != "same"]
        return told[-1] if len({(each.start, each.end) for each in told}) == 1 else None


def _is_long(period: Period) -> bool:
    """Whether a period is one that figures are published for, not the month of an event."""
    return period.kind != "month" and period.kind != "same"


def _is_apart(quantity: Quantity, period: Period) -> bool:
    """Whether a period stands in another clause than the quantity that takes it."""
    return not quantity.clause[0] <= period.at < quantity.clause[1]


def _is_named(text: str, period: Period, around: Period | None) -> bool:
    """Whether "last month" is the one that the sentence before names, shortly before the month of the calendar."""
    if around is None or not around.kind == period.kind == "month" or _LAST_MONTH.search(text[: period.until]) is None:
        return False
    return 0 < period.start - around.start <= _NAMED_WITHIN


def _is_from_level(text: str, quantity: Quantity, since: Period | None) -> bool:
    """Whether a change is from a number said before it, and a month said after that number tells only since when."""
    told = _FROM_LEVEL.search(text[: quantity.start])
    is_change = quantity.dimension in ("percent", "ratio")
    return is_change and told is not None and since is not None and since.kind == "since" and since.at >= told.end()


def _kind(quantity: Quantity) -> str:
    kinds = {"percent": "change_pct", "ratio": "change_ratio", "share": "share", "rank": "rank"}
    return kinds.get(quantity.dimension, "level")


def _unique(text: str, quantity: Quantity) -> tuple[int, int]:
    """The places of a quantity, widened by words until what stands there stands nowhere else before."""
    start, end = quantity.start, quantity.end
    while text.find(text[start:end]) != start and (end < len(text) or start > 0):
        wider = text.find(" ", end + 1)
        if end < len(text):
            end = len(text) if wider < 0 else wider
        else:
            start = max(text.rfind(" ", 0, max(start - 1, 0)), 0)
    return start, end


def _quick(terms: list[str]) -> str:
    """A pattern that Polars matches in bulk: of each term its longest run of words without a gap."""
    runs = {max(re.split(r"(?:^| )\.{2,3}(?: |$)", said), key=len) for said in terms}
    said = sorted({re.escape(run).replace(r"\*", "").replace(r"\ ", " ") for run in runs if "(" not in run})
    return rf"\b(?:{'|'.join(said)})"
