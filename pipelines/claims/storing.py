"""Claims as rows of figures and codes without text, and back, so that they are checked where no text is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from pipelines.claims.finding import Claim
from pipelines.claims.periods import Period, first_day, month_of
from pipelines.claims.quantities import Quantity
from pipelines.rhetoric.wordings import plain, wording

_QUANTITY = ("value", "step", "dimension", "unit", "modifier", "rate", "direction")
_FLAGS = ("is_order", "is_spelled", "is_elliptic")
_CONCEPTS = ("concepts", "near", "said", "marks")
_PERIODS = ("period", "baseline", "context")
_NOWHERE = (0, 0)


def rows(claims: Iterable[Claim], sentences: pl.DataFrame) -> list[dict[str, Any]]:
    """The claims in the columns of `documents.claims`, without the version of the method.

    Args:
        claims: As found in the sentences.
        sentences: What was asked, with `document_id`, `raw_sha256`, `speaker` and the sentence's `start` and `end`.
    """
    told, said = [], _Occurrences()
    for claim in claims:
        sentence = sentences.row(claim.row, named=True)
        normal = wording(plain(sentence["sentence"])).decode()
        place = said.of(sentence["document_id"], normal, sentence["start"])
        identity = f"{sentence['document_id']}\n{normal}\n{place}\n{claim.start}\n{claim.end}"
        told.append(
            {
                "claim_id": _sha256(identity)[:16],
                **{name: sentence[name] for name in ("document_id", "raw_sha256", "speaker", "start", "end")},
                "sentence_sha256": _sha256(normal),
                "span_start": claim.start,
                "span_end": claim.end,
                "metric": claim.metric,
                "series": claim.series,
                "kind": claim.kind,
                **{name: getattr(claim.quantity, name) for name in (*_QUANTITY, *_FLAGS)},
                "state": claim.state,
                "drug": claim.drug,
                **{name: sorted(getattr(claim, name)) for name in _CONCEPTS},
                **{name: value for part in _PERIODS for name, value in _stored(part, getattr(claim, part)).items()},
            }
        )
    return told


def claim_of(row: dict[str, Any], place: int) -> Claim:
    """The claim of a stored row, as it was found but for its places in a text.

    Args:
        row: A row of `documents.claims`.
        place: What stands for its sentence in `Claim.row`.
    """
    quantity = Quantity(
        start=row["span_start"],
        end=row["span_end"],
        number=row["span_start"],
        clause=_NOWHERE,
        **{name: row[name] for name in (*_QUANTITY, *_FLAGS)},
    )
    return Claim(
        row=place,
        start=row["span_start"],
        end=row["span_end"],
        metric=row["metric"],
        series=row["series"],
        kind=row["kind"],
        quantity=quantity,
        **{name: frozenset(row[name]) for name in _CONCEPTS},
        **{name: _period(name, row) for name in _PERIODS},
        state=row["state"],
        drug=row["drug"],
    )


def _stored(part: str, period: Period | None) -> dict[str, Any]:
    """A period in columns; of one only told as "the same months" the first day of its year, if a year is told."""
    start = end = None
    if period is not None and period.kind != "same":
        start, end = first_day(period.start), first_day(period.end)
    elif period is not None and period.start:
        start = end = date(period.start, 1, 1)
    return {
        f"{part}_kind": period and period.kind,
        f"{part}_start": start,
        f"{part}_end": end,
        f"{part}_years": period and float(period.years),
        f"{part}_is_early": period and period.is_early,
    }


def _period(part: str, row: dict[str, Any]) -> Period | None:
    kind, start, end = row[f"{part}_kind"], row[f"{part}_start"], row[f"{part}_end"]
    if kind is None:
        return None
    if kind == "same":
        first = last = start.year if start else 0
    else:
        first, last = month_of(start.year, start.month), month_of(end.year, end.month)
    return Period(first, last, kind, years=row[f"{part}_years"], is_early=row[f"{part}_is_early"])


class _Occurrences:
    """Numbers the places at which one document says one wording."""

    def __init__(self) -> None:
        self._starts: dict[tuple[str, str], list[int]] = {}

    def of(self, document: str, normal: str, start: int) -> int:
        """How many other places with claims the wording was said at before."""
        starts = self._starts.setdefault((document, normal), [])
        if start not in starts:
            starts.append(start)
        return starts.index(start)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
