"""What a wording of time means in months, on the day that it is said: the reader of each rule in `timing`.

Each reader yields the period of its match, or nothing where that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipelines.claims.periods import Period, calendar_year, fiscal_year, fiscal_year_of, month_of

MONTHS = {
    name: place + 1
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for place, name in enumerate(names.split())
}
COUNTS = {
    name: place
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for place, name in enumerate(names.split())
} | {"couple of": 2, "un": 1, "decade": 10, "year": 1, "12 months": 1}
_US_TERMS = {
    "obama": ((2009, 1),),
    "trump": ((2017, 1), (2025, 1)),
    "biden": ((2021, 1),),
    "harris": ((2021, 1),),
}
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4}


def fiscal(match: re.Match[str], day: date) -> Iterator[Period]:
    """A fiscal year, up to the last month before the day where it has not ended."""
    year = _full(match["y"])
    own = fiscal_year(year)
    now = month_of(day.year, day.month)
    if own.start <= now <= own.end:
        yield Period(own.start, max(now - 1, own.start), "to_date")
    else:
        yield own


def fiscal_span(match: re.Match[str], day: date) -> Iterator[Period]:
    """From one fiscal year to a later one."""
    first, last = fiscal_year(_full(match["y1"])), fiscal_year(_full(match["y2"]))
    if first.start < last.start:
        yield Period(first.start, last.end, "span", years=(last.start - first.start) / 12)


def fiscal_relative(match: re.Match[str], day: date) -> Iterator[Period]:
    """The fiscal year of the day so far, or the one before."""
    now = month_of(day.year, day.month)
    year = fiscal_year_of(now)
    if match[0].startswith(("last", "el ano fiscal pasado", "previous", "prior")) or "pasado" in match[0]:
        yield fiscal_year(year - 1)
    else:
        start = fiscal_year(year).start
        yield Period(start, max(now - 1, start), "to_date")


def fiscal_years(match: re.Match[str], day: date) -> Iterator[Period]:
    """The last fiscal years that have ended."""
    last = fiscal_year_of(month_of(day.year, day.month)) - 1
    count = _count(match["n"])
    if count:
        yield Period(fiscal_year(last - count + 1).start, fiscal_year(last).end, "rolling", years=count)


def span(match: re.Match[str], day: date) -> Iterator[Period]:
    """From one month to another, each with or without its year."""
    last_year = _told_year(match, day, "2")
    end = _resolve(MONTHS[match["m2"]], last_year, day)
    first_year = _told_year(match, day, "1")
    start = month_of(first_year, MONTHS[match["m1"]]) if first_year else None
    if start is None:
        start = end - (end - MONTHS[match["m1"]] + 1) % 12
    if start <= end:
        yield Period(start, end, "span")


def month(match: re.Match[str], day: date) -> Iterator[Period]:
    """A month, the last of its name unless a year is told."""
    month = _resolve(MONTHS[match["m"]], _told_year(match, day, ""), day)
    yield Period(month, month, "month", is_early=_is_early(match))


def since(match: re.Match[str], day: date) -> Iterator[Period]:
    """From a month or year to the month before the day."""
    now = month_of(day.year, day.month)
    if match["m"]:
        start = _resolve(MONTHS[match["m"]], _told_year(match, day, ""), day)
    elif (year := _told_year(match, day, "")) is not None:
        start = month_of(year, 1)
    else:
        return
    years, is_early = (0, _is_early(match)) if match["m"] else (1, False)
    yield Period(start, max(now - 1, start), "since", years=years, is_early=is_early)


def through(match: re.Match[str], day: date) -> Iterator[Period]:
    """The fiscal year up to a month."""
    end = _resolve(MONTHS[match["m"]], _told_year(match, day, ""), day)
    yield Period(fiscal_year(fiscal_year_of(end)).start, end, "to_date")


def part_of_year(match: re.Match[str], day: date) -> Iterator[Period]:
    """A quarter or half of a year."""
    year = _told_year(match, day, "") or day.year
    size = 3 if match["q"][0] in "tq" else 6
    start = month_of(year, 1) + (QUARTERS[match["nth"]] - 1) * size
    if start % 12 + size <= 12:
        yield Period(start, start + size - 1, "months")


def rolling_months(match: re.Match[str], day: date) -> Iterator[Period]:
    """The last months before the day."""
    count = _count(match["n"])
    if count:
        now = month_of(day.year, day.month)
        yield Period(now - count, now - 1, "rolling", years=count / 12)


def rolling_years(match: re.Match[str], day: date) -> Iterator[Period]:
    """The last years before the day."""
    count = _count(match["n"] or "one")
    if count:
        now = month_of(day.year, day.month)
        yield Period(now - 12 * count, now - 1, "rolling", years=count)


def month_relative(match: re.Match[str], day: date) -> Iterator[Period]:
    """The month of the day or the one before."""
    now = month_of(day.year, day.month)
    month = now if match[0].startswith(("this", "este")) else now - 1
    yield Period(month, month, "month")


def year_to_date(_: re.Match[str], day: date) -> Iterator[Period]:
    """The calendar year so far."""
    now = month_of(day.year, day.month)
    yield Period(month_of(day.year, 1), max(now - 1, month_of(day.year, 1)), "to_date")


def last_year(_: re.Match[str], day: date) -> Iterator[Period]:
    """The calendar year before."""
    yield calendar_year(day.year - 1)


def same(match: re.Match[str], day: date) -> Iterator[Period]:
    """The same months of a year told, or of the year before."""
    year = _told_year(match, day, "")
    years = 1 if year is None else max(day.year - year, 0)
    yield Period(0, 0, "same", years=years) if year is None else Period(year, year, "same", years=0)


def year_before(_: re.Match[str], day: date) -> Iterator[Period]:
    """The same months of the year before."""
    yield Period(0, 0, "same", years=1)


def years(match: re.Match[str], day: date) -> Iterator[Period]:
    """From one calendar year to a later one."""
    first, last = _full(match["y1"]), _full(match["y2"])
    if first < last:
        yield Period(month_of(first, 1), month_of(last, 12), "span", years=last - first)


def calendar(match: re.Match[str], day: date) -> Iterator[Period]:
    """A calendar year, so far where it is that of the day; none that is to come."""
    year = _full(match["y"])
    if year == day.year:
        yield next(year_to_date(match, day))
    elif year < day.year:
        yield calendar_year(year)


def us_term(match: re.Match[str], day: date) -> Iterator[Period]:
    """The term of the president named, else of the one in office."""
    named = [starts for name, starts in _US_TERMS.items() if name in match[0]]
    yield from _term(match, day, named[0] if len(named) == 1 else ((2017, 1), (2021, 1), (2025, 1), (2029, 1)))


def mx_term(match: re.Match[str], day: date) -> Iterator[Period]:
    """The term of the Mexican president in office."""
    yield from _term(match, day, ((2012, 12), (2018, 12), (2024, 10), (2030, 10)))


def _term(match: re.Match[str], day: date, starts: tuple[tuple[int, int], ...]) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    begun = [month_of(*start) for start in starts if month_of(*start) <= now]
    if begun:
        yield Period(begun[-1], max(now - 1, begun[-1]), "term")


# What is said ---------------------------------------------------------------------------------------------------------


def _is_early(match: re.Match[str]) -> bool:
    day = match.groupdict().get("d") or match.groupdict().get("e")
    return day is not None and int(day) <= 15


def _full(year: str) -> int:
    digits = int(year.lstrip("'"))
    return digits if digits > 99 else digits + (2000 if digits < 60 else 1900)


def _count(said: str) -> int:
    return int(said) if said.isdigit() else COUNTS.get(said, 0)


def _told_year(match: re.Match[str], day: date, which: str) -> int | None:
    if said := match[f"year{which}"]:
        return _full(said)
    if match[f"last{which}"]:
        return day.year - 1
    return day.year if match[f"this{which}"] else None


def _resolve(month: int, year: int | None, day: date) -> int:
    """The month of the year told, else the last one of that name that had begun."""
    if year is not None:
        return month_of(year, month)
    return month_of(day.year if month <= day.month else day.year - 1, month)
