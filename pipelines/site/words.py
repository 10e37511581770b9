"""The state of the relation in plain words with numbers, in English and Spanish, from the newest figures held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December")  # fmt: skip
ES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre")  # fmt: skip


BEFORE = 12


@dataclass(frozen=True)
class Said:
    """One text in both languages."""

    en: str
    es: str


@dataclass(frozen=True)
class Card:
    """One figure of the first screen.

    Attributes:
        label: What it is.
        value: The figure as shown.
        unit: Its unit.
        month: The month it is of, the newest held.
        sentence: What it means beside its own past.
        open: Why it may still change; None where its publisher has stopped restating it, or the texts are complete.
        history: The series behind it, newest last, for the small line; None where a month is missing.
        side: Whose colour it has: US, MX or neither.
    """

    label: Said
    value: str
    unit: Said
    month: Said
    sentence: Said
    open: Said | None
    history: list[float | None]
    side: str


RESTATED = Said("may still be restated", "aún puede corregirse")
UNFINISHED = Said("texts of the month may still come", "aún pueden llegar textos del mes")


def month_name(day: date) -> Said:
    """A month as people write it: December 2025, diciembre de 2025."""
    return Said(f"{EN[day.month - 1]} {day.year}", f"{ES[day.month - 1]} de {day.year}")


def cards(figures: dict[str, pl.DataFrame]) -> list[Card]:
    """The cards of the first screen: what each executive says, then seizures, encounters and deaths.

    A series of which nothing is held has no card.
    """
    rhetoric, deaths = figures["rhetoric"], figures["deaths"]
    rate = Said("hostility per 10,000 words", "hostilidad por 10,000 palabras")
    found = [
        _card(
            rhetoric.filter(pl.col("office") == "us_executive"), "rate", 1,
            Said("Washington toward Mexico", "Washington hacia México"), rate, _spoken, "US",
        ),
        _card(
            rhetoric.filter(pl.col("office") == "mx_presidency"), "rate", 1,
            Said("Mexico City toward the US", "México hacia Estados Unidos"), rate, _spoken, "MX",
        ),
        _card(
            figures["seizures"], "seized_lb", 0,
            Said("Fentanyl seized", "Fentanilo incautado"), Said("lb", "libras"), _seized,
        ),
        _card(
            figures["encounters"], "encounters", 0,
            Said("Encounters", "Encuentros con migrantes"), Said("events, not persons", "eventos, no personas"),
            _encountered,
        ),
        _card(
            deaths.filter(pl.col("drug_class") == "synthetic_opioids"), "reported", 0,
            Said("Synthetic opioid deaths", "Muertes por opioides sintéticos"),
            Said("deaths in 12 months to", "muertes en 12 meses hasta"), _died,
        ),
    ]  # fmt: skip
    return [card for card in found if card is not None]


def _card(
    series: pl.DataFrame,
    column: str,
    digits: int,
    label: Said,
    unit: Said,
    tell: Callable[[pl.DataFrame, dict[str, Any]], Said],
    side: str = "",
) -> Card | None:
    """The card of a series; `tell` says in a sentence what its newest month means."""
    held = series.drop_nulls(column).sort("month")
    if held.is_empty():
        return None
    newest = held.row(-1, named=True)
    return Card(
        label=label,
        value=f"{newest[column]:,.{digits}f}",
        unit=unit,
        month=month_name(newest["month"]),
        sentence=tell(held, newest),
        open=None if newest["is_settled"] else UNFINISHED if side else RESTATED,
        history=series.sort("month")[column].cast(pl.Float64).to_list(),
        side=side,
    )


def _spoken(held: pl.DataFrame, newest: dict[str, Any]) -> Said:
    count, hostile = newest["statements"], newest["hostile_statements"]
    band = f"{newest['low']:.1f}–{newest['high']:.1f}"
    en = (
        f"In {count:,} {_plural(count, 'statement', 'statements')}, {hostile:,} hostile. "
        f"The 90 % band over its documents is {band}, errors of coding aside"
    )
    es = (
        f"En {count:,} {_plural(count, 'declaración', 'declaraciones')}, {hostile:,} "
        f"{_plural(hostile, 'hostil', 'hostiles')}. "
        f"La banda de 90 % entre sus documentos es {band}, sin los errores de codificación"
    )
    median = _before(held)
    if median is not None:
        en += f"; the median of the {BEFORE} months held before is {median:.1f}"
        es += f"; la mediana de los {BEFORE} meses previos con texto es {median:.1f}"
    return Said(f"{en}.", f"{es}.")


def _seized(held: pl.DataFrame, newest: dict[str, Any]) -> Said:
    en = f"In {newest['events']:,} seizures at the southwest border."
    es = f"En {newest['events']:,} incautaciones en la frontera suroeste."
    change = _yearly(held, "seized_lb_12m", "less")
    if change is not None:
        year = f"{newest['seized_lb_12m']:,.0f}"
        en += f" {year} lb were seized in the 12 months to it, {change.en} than in the 12 before."
        es += f" En los 12 meses hasta ese mes se incautaron {year} libras, {change.es} que en los 12 anteriores."
    return Said(en, es)


def _encountered(held: pl.DataFrame, _newest: dict[str, Any]) -> Said:
    return _compared(held, "encounters", Said("At the southwest land border.", "En la frontera terrestre suroeste."))


def _died(held: pl.DataFrame, newest: dict[str, Any]) -> Said:
    told = Said("Reported in the United States.", "Reportadas en Estados Unidos.")
    if newest["predicted"] is not None:
        told = Said(
            f"{told.en} Once late reports are in, the CDC predicts {newest['predicted']:,}.",
            f"{told.es} Con los reportes tardíos, los CDC estiman {newest['predicted']:,}.",
        )
    return _compared(held, "reported", told)


def _compared(held: pl.DataFrame, column: str, told: Said) -> Said:
    """A sentence, and how a count compares with that of a year before."""
    change = _yearly(held, column, "fewer")
    if change is None:
        return told
    return Said(f"{told.en} That is {change.en} than a year before.", f"{told.es} Son {change.es} que un año antes.")


def _yearly(held: pl.DataFrame, column: str, less: str) -> Said | None:
    """The newest figure against that of the same month a year before: 21 % less."""
    newest = held.row(-1, named=True)
    before = held.filter(pl.col("month") == newest["month"].replace(year=newest["month"].year - 1))
    if before.is_empty() or not before[column][0] or newest[column] is None:
        return None
    change = round(100 * (newest[column] / before[column][0] - 1))
    return Said(
        f"{abs(change)} % {'more' if change >= 0 else less}", f"{abs(change)} % {'más' if change >= 0 else 'menos'}"
    )


def _before(held: pl.DataFrame) -> float | None:
    """The median rate of the months held before the newest, which says nothing where there are none."""
    before = held["rate"][-1 - BEFORE : -1]
    return before.median() if before.len() else None


def _plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def headline(figures: dict[str, pl.DataFrame]) -> Said:
    """One sentence: how hostile each side's newest month is beside its own past, and where seizures stand."""
    told = []
    for office, who in (
        ("us_executive", Said("Washington", "Washington")),
        ("mx_presidency", Said("Mexico City", "la Ciudad de México")),
    ):
        held = figures["rhetoric"].filter(pl.col("office") == office).drop_nulls("rate").sort("month")
        if not held.is_empty():
            told.append((who, _place(held)))
    if len(told) == 2 and told[0][1] == told[1][1]:
        (one, place), (other, _) = told
        en = [f"{one.en} and {other.en} both spoke {place.en}"]
        es = [f"{one.es} y {other.es} hablaron {place.es}"]
    else:
        en = [f"{who.en} spoke {place.en}" for who, place in told]
        es = [f"{who.es} habló {place.es}" for who, place in told]
    held = figures["seizures"].drop_nulls("seized_lb_12m").sort("month")
    change = _yearly(held, "seized_lb_12m", "less") if not held.is_empty() else None
    if change is not None:
        en.append(f"a year of border seizures of fentanyl weighs {change.en} than the year before")
        es.append(f"un año de incautaciones de fentanilo en la frontera pesa {change.es} que el anterior")
    return Said(_sentence(en, "and"), _sentence(es, "y"))


def _place(held: pl.DataFrame) -> Said:
    """Where the newest month lies beside those before it, in words that its band can carry.

    Beside the 12 months held before it and not beside all: who governs and what texts there are change with the years.
    """
    newest, median = held.row(-1, named=True), _before(held)
    if median is not None and newest["low"] > median:
        return Said(
            "with more hostility than in the 12 months held before",
            "con más hostilidad que en los 12 meses previos con texto",
        )
    if median is not None and newest["high"] < median:
        return Said(
            "with less hostility than in the 12 months held before",
            "con menos hostilidad que en los 12 meses previos con texto",
        )
    return Said(
        "with no clear change in hostility from the 12 months held before",
        "sin cambio claro de hostilidad frente a los 12 meses previos con texto",
    )


def _sentence(parts: list[str], last: str) -> str:
    if not parts:
        return ""
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, {last} {parts[-1]}"
    return f"{joined[0].upper()}{joined[1:]}."
