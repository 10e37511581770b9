"""Finds numeric claims about a series in sentences: what is stated of which metric, for which period, against what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from pipelines.claims.marks import COUNTRY, Marks
from pipelines.claims.periods import Period, month_of
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
_CUE_WITHIN = 120
_BEGUN = re.compile(r"(?:since|desde) [a-z .]*(?:took|began|started|office|lleg|empez|inici)[^;:]*$")
_BEGUN_WITHIN = 60
_TOLD_WITHIN = 16
_OUT_OF_CLAUSE = 30  # characters that a clause's end counts for
_NEAR = 50  # characters on each side in which a word can make a number no claim
_NONE = ("not_near", "not_before", "event", "poll")
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
        self._compared: dict[str, re.Pattern[str]] = {}
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
            bases = alternatives(own.filter(pl.col("role") == "baseline")["term"])
            self._compared[language] = re.compile(
                rf"{bases}[^.;:]{{0,28}}$|\b(?:since|desde que) [^.;:]{{0,110}}$"  # "since the order of June 4th, …"
            )
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
        here, around = topics.places(text), topics.places(row["text_before"])
        claims = []
        for place, quantity in enumerate(quantities):
            decided = topics.metric(quantity, here, around)
            if decided is None or self._is_none(text, language, quantity, periods):
                continue
            metric, series, concepts, near = decided
            period, baseline = self._when(text, language, quantity, quantities, periods, place, day)
            context = None
            if period is None:
                context = self._around(row, day)
            if metric == BALANCE and quantity.dimension == "money":
                quantity = replace(quantity, value=-quantity.value)
            start, end = _unique(text, quantity)
            marks = self._marks[language]
            said = marks.found(text, quantity) | ({"apart"} if period and _is_apart(quantity, period) else set())
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

    def _when(
        self,
        text: str,
        language: str,
        quantity: Quantity,
        others: list[Quantity],
        periods: list[Period],
        place: int,
        day: date,
    ) -> tuple[Period | None, Period | None]:
        """The period stated for a quantity and the one it is compared with."""
        before = others[place - 1].end if place else 0
        after = others[place + 1].number if place + 1 < len(others) else len(text)
        own = [each for each in periods if before <= each.at < after]
        bases = [each for each in periods if self._is_base(text, language, each, periods)]
        spans = [each for each in periods if each not in bases]
        if quantity.dimension not in ("percent", "ratio"):
            told = _nearest(quantity, _plain(own)) or _nearest(quantity, spans) or _nearest(quantity, _plain(periods))
            return told and _since(text, told, day), None
        bases = [each for each in bases if each in own]
        baseline = _nearest(quantity, bases)
        follows = next(
            (
                each
                for each in own
                if baseline and each is not baseline and 0 <= each.at - baseline.until < _TOLD_WITHIN
            ),
            None,
        )
        if baseline is not None and baseline.kind == "same" and follows is not None:
            year = fiscal_or_year(follows)
            baseline = Period(year, year, "same", baseline.at, follows.until)
        if baseline is None and (between := [each for each in spans if each.kind == "span"]):
            return _nearest(quantity, between), None
        return _nearest(quantity, [each for each in spans if each in own]) or _nearest(quantity, spans), baseline

    def _is_base(self, text: str, language: str, period: Period, periods: list[Period]) -> bool:
        """Whether the words before a period make it what something is compared with."""
        before = max((each for each in periods if each.until <= period.at), key=lambda each: each.until, default=None)
        if period.kind == "same" or before is not None and _is_told_by(before, period):
            return True
        if period.kind == "rolling":
            return False
        if period.kind != "span" and text.startswith(("since", "desde", "from "), period.at):
            return True
        cue = text[max(before.until if before else 0, period.at - _CUE_WITHIN) : period.at]
        return self._compared[language].search(cue) is not None

    def _around(self, row: dict[str, Any], day: date) -> Period | None:
        """The period last told before the sentence."""
        told = [each for each in self._periods.found(row["text_before"], day) if each.kind != "same"]
        return told[-1] if told else None


def fiscal_or_year(period: Period) -> int:
    """The year a period is of: its fiscal year where it is one, else that of its end."""
    return (period.end + 3) // 12 if period.kind in ("fiscal", "to_date") else period.end // 12


def _is_long(period: Period) -> bool:
    """Whether a period is one that figures are published for, not the month of an event."""
    return period.kind != "month" and period.kind != "same"


def _is_told_by(same: Period, period: Period) -> bool:
    """Whether a period says which "the same months" were: "over the same point in fiscal year 2020"."""
    return same.kind == "same" and period.at - same.until < _TOLD_WITHIN


def _since(text: str, period: Period, day: date) -> Period:
    """A month or year that something began in as the span from then on: "since he took office in December 2018"."""
    if period.kind not in ("month", "year") or not _BEGUN.search(text[max(0, period.at - _BEGUN_WITHIN) : period.at]):
        return period
    return replace(period, kind="since", end=max(month_of(day.year, day.month) - 1, period.start))


def _plain(periods: list[Period]) -> list[Period]:
    return [each for each in periods if each.kind != "same"]


def _nearest(quantity: Quantity, periods: list[Period]) -> Period | None:
    """The period nearest to a quantity, one behind it before one ahead of it."""
    return min(periods, key=lambda each: _distance(quantity, each)) if periods else None


def _distance(quantity: Quantity, period: Period) -> int:
    away = period.at - quantity.end if period.at >= quantity.end else 15 + max(quantity.start - period.until, 0)
    left, right = quantity.clause
    return away if left <= period.at < right else away + _OUT_OF_CLAUSE


def _is_apart(quantity: Quantity, period: Period) -> bool:
    """Whether a period stands in another clause than the quantity that takes it."""
    return not quantity.clause[0] <= period.at < quantity.clause[1]


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
