"""The state of the relation in plain words with numbers, in English and Spanish, from the newest figures held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
        sentence: What it means beside its own past.
        is_settled: Whether its publisher has stopped restating it, or the text of the month is complete.
        history: The series behind it, newest last, for the small line; None where a month is missing.
        side: Whose colour it has: US, MX or neither.
    """

    label: Said
    value: str
    unit: Said
    sentence: Said
    is_settled: bool
    history: list[float | None]
    side: str


def month_name(day: date) -> Said:
    """A month as people write it: December 2025, diciembre de 2025."""
    return Said(f"{EN[day.month - 1]} {day.year}", f"{ES[day.month - 1]} de {day.year}")


def cards(figures: dict[str, pl.DataFrame]) -> list[Card]:
    """The cards of the first screen: what each executive says, then seizures, encounters and deaths.

    A series of which nothing is held has no card.
    """
    rhetoric = figures["rhetoric"]
    found = [
        _spoken(
            rhetoric.filter(pl.col("office") == "us_executive"),
            Said("Washington toward Mexico", "Washington hacia México"),
            Said("the White House", "la Casa Blanca"),
            "US",
        ),
        _spoken(
            rhetoric.filter(pl.col("office") == "mx_presidency"),
            Said("Mexico City toward the US", "México hacia Estados Unidos"),
            Said("the presidency of Mexico", "la Presidencia de México"),
            "MX",
        ),
        _seized(figures["seizures"]),
        _encountered(figures["encounters"]),
        _died(figures["deaths"].filter(pl.col("drug_class") == "synthetic_opioids")),
    ]
    return [card for card in found if card is not None]


def _spoken(series: pl.DataFrame, label: Said, who: Said, side: str) -> Card | None:
    held = series.drop_nulls("rate").sort("month")
    if held.is_empty():
        return None
    newest = held.row(-1, named=True)
    month = month_name(newest["month"])
    lower = held.filter(pl.col("rate") < newest["rate"]).height
    months, statements, hostile = held.height, newest["statements"], newest["hostile_statements"]
    band = f"{newest['low']:.1f}–{newest['high']:.1f}"
    en = (
        f"In {month.en} {who.en} made {statements:,} {_plural(statements, 'statement', 'statements')} toward the other "
        f"side, {hostile:,} of them hostile: more hostility per word than in {lower} of the {months} months held "
        f"(90 % band {band})."
    )
    es = (
        f"En {month.es} {who.es} hizo {statements:,} {_plural(statements, 'declaración', 'declaraciones')} hacia la "
        f"otra parte, {hostile:,} {_plural(hostile, 'hostil', 'hostiles')}: más hostilidad por palabra que en {lower} "
        f"de los {months} meses con texto (banda de 90 % {band})."
    )
    unit = Said("hostility per 10,000 words", "hostilidad por 10 000 palabras")
    return Card(
        label, f"{newest['rate']:.1f}", unit, Said(en, es), newest["is_settled"], _history(series, "rate"), side
    )


def _seized(series: pl.DataFrame) -> Card | None:
    held = series.drop_nulls("seized_lb").sort("month")
    if held.is_empty():
        return None
    newest = held.row(-1, named=True)
    month = month_name(newest["month"])
    change = _yearly(held, "seized_lb_12m")
    en = f"In {month.en}, in {newest['events']:,} seizures at the southwest border."
    es = f"En {month.es}, en {newest['events']:,} incautaciones en la frontera suroeste."
    if change is not None:
        en += f" The 12 months to it weigh {newest['seized_lb_12m']:,.0f} lb, {change.en} than the 12 before."
        es += (
            f" Los 12 meses hasta entonces pesan {newest['seized_lb_12m']:,.0f} lb, {change.es} que los 12 anteriores."
        )
    return Card(
        Said("Fentanyl seized", "Fentanilo incautado"),
        f"{newest['seized_lb']:,.0f}",
        Said("lb", "libras"),
        Said(en, es),
        newest["is_settled"],
        _history(series, "seized_lb"),
        "",
    )


def _encountered(series: pl.DataFrame) -> Card | None:
    held = series.drop_nulls("encounters").sort("month")
    if held.is_empty():
        return None
    newest = held.row(-1, named=True)
    month = month_name(newest["month"])
    change = _yearly(held, "encounters")
    en = f"In {month.en} at the southwest land border, events and not persons."
    es = f"En {month.es} en la frontera terrestre suroeste; son eventos, no personas."
    if change is not None:
        en += f" That is {change.en} than a year before."
        es += f" Son {change.es} que un año antes."
    return Card(
        Said("Encounters", "Encuentros con migrantes"),
        f"{newest['encounters']:,}",
        Said("encounters", "encuentros"),
        Said(en, es),
        newest["is_settled"],
        _history(series, "encounters"),
        "",
    )


def _died(series: pl.DataFrame) -> Card | None:
    held = series.drop_nulls("reported").sort("month")
    if held.is_empty():
        return None
    newest = held.row(-1, named=True)
    month = month_name(newest["month"])
    change = _yearly(held, "reported")
    en = f"Reported in the US in the 12 months to {month.en}"
    es = f"Reportadas en Estados Unidos en los 12 meses hasta {month.es}"
    if newest["predicted"] is not None:
        en += f"; predicted, which adjusts for late reports: {newest['predicted']:,}"
        es += f"; estimadas, con ajuste por reportes tardíos: {newest['predicted']:,}"
    if change is not None:
        en += f". {change.en.capitalize()} than a year before"
        es += f". {change.es.capitalize()} que un año antes"
    return Card(
        Said("Synthetic opioid deaths", "Muertes por opioides sintéticos"),
        f"{newest['reported']:,}",
        Said("deaths in 12 months", "muertes en 12 meses"),
        Said(f"{en}.", f"{es}."),
        newest["is_settled"],
        _history(series, "reported"),
        "",
    )


def _yearly(held: pl.DataFrame, column: str) -> Said | None:
    """The newest figure against that of the same month a year before: 21 % less."""
    newest = held.row(-1, named=True)
    before = held.filter(pl.col("month") == newest["month"].replace(year=newest["month"].year - 1))
    if before.is_empty() or not before[column][0] or newest[column] is None:
        return None
    change = round(100 * (newest[column] / before[column][0] - 1))
    return Said(
        f"{abs(change)} % {'more' if change >= 0 else 'less'}", f"{abs(change)} % {'más' if change >= 0 else 'menos'}"
    )


def _history(series: pl.DataFrame, column: str) -> list[float | None]:
    return series.sort("month")[column].cast(pl.Float64).to_list()


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
    change = _yearly(held, "seized_lb_12m") if not held.is_empty() else None
    if change is not None:
        en.append(f"a year of border seizures of fentanyl weighs {change.en} than the year before")
        es.append(f"un año de incautaciones de fentanilo en la frontera pesa {change.es} que el anterior")
    return Said(_sentence(en, "and"), _sentence(es, "y"))


def _place(held: pl.DataFrame) -> Said:
    """Where the newest month lies beside those before it, in words that its band can carry.

    Beside the 12 months held before it and not beside all: who governs and what texts there are change with the years.
    """
    newest, before = held.row(-1, named=True), held["rate"][-1 - BEFORE : -1]
    median = before.median() if before.len() else None
    if median is not None and newest["low"] > median:
        return Said(
            "with more hostility than in the 12 months held before", "con más hostilidad que en los 12 meses previos"
        )
    if median is not None and newest["high"] < median:
        return Said(
            "with less hostility than in the 12 months held before", "con menos hostilidad que en los 12 meses previos"
        )
    return Said("much as in the 12 months held before", "más o menos como en los 12 meses previos")


def _sentence(parts: list[str], last: str) -> str:
    if not parts:
        return ""
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, {last} {parts[-1]}"
    return f"{joined[0].upper()}{joined[1:]}."
