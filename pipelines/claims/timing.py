"""Periods that sentences name, relative to the day of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from pipelines.claims.periods import Period, calendar_year, fiscal_year, fiscal_year_of, month_of

_MONTHS = {
    name: place + 1
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for place, name in enumerate(names.split())
}
_MONTH = "|".join(_MONTHS)
_COUNTS = {
    name: place
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for place, name in enumerate(names.split())
} | {"couple of": 2, "un": 1, "decade": 10, "year": 1, "12 months": 1}
_COUNT = r"\d{1,2}|" + "|".join(_COUNTS)
_US_TERMS = {
    "obama": ((2009, 1),),
    "trump": ((2017, 1), (2025, 1)),
    "biden": ((2021, 1),),
    "harris": ((2021, 1),),
}
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4}
_QUARTER = "|".join(_QUARTERS)
_YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d)"
_WHEN = (
    rf"(?P<year>{_YEAR})|(?P<last>last year|ano pasado|ano anterior|previous year)|(?P<this>this year|este ano|"
    r"presente ano)"
)
_SAID = re.compile(r"\b(?:said|told \w+|announced|reported|testified|dijo|anuncio|informo) $")  # when it was said
_SAID_WITHIN = 24
_NO_YEAR = "(?P<year>$^)?(?P<last>$^)?(?P<this>$^)?"
_OF = r"(?:,? (?:of |in |del? |de este |el )*)"


class Periods:
    """Reads the periods of folded small sentences, told on a day."""

    def found(self, text: str, day: date) -> list[Period]:
        """The periods named, in order, none within another."""
        taken: list[Period] = []
        for pattern, read in _RULES:
            for match in pattern.finditer(text):
                if _SAID.search(text[max(0, match.start() - _SAID_WITHIN) : match.start()]):
                    continue
                if any(each.at < match.end() and match.start() < each.until for each in taken):
                    continue
                for period in read(match, day):
                    taken.append(replace(period, at=match.start(), until=match.end()))
                    break
        return sorted(taken, key=lambda each: each.at)


# Readers: each yields the period of its match, or nothing where it is none ------------------------------------------


def _fiscal(match: re.Match[str], day: date) -> Iterator[Period]:
    year = _full(match["y"])
    own = fiscal_year(year)
    now = month_of(day.year, day.month)
    if own.start <= now <= own.end:
        yield Period(own.start, max(now - 1, own.start), "to_date")
    else:
        yield own


def _fiscal_span(match: re.Match[str], day: date) -> Iterator[Period]:
    first, last = fiscal_year(_full(match["y1"])), fiscal_year(_full(match["y2"]))
    if first.start < last.start:
        yield Period(first.start, last.end, "span", years=(last.start - first.start) / 12)


def _fiscal_relative(match: re.Match[str], day: date) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    year = fiscal_year_of(now)
    if match[0].startswith(("last", "el ano fiscal pasado", "previous", "prior")) or "pasado" in match[0]:
        yield fiscal_year(year - 1)
    else:
        start = fiscal_year(year).start
        yield Period(start, max(now - 1, start), "to_date")


def _fiscal_years(match: re.Match[str], day: date) -> Iterator[Period]:
    last = fiscal_year_of(month_of(day.year, day.month)) - 1
    count = _count(match["n"])
    if count:
        yield Period(fiscal_year(last - count + 1).start, fiscal_year(last).end, "rolling", years=count)


def _span(match: re.Match[str], day: date) -> Iterator[Period]:
    """From one month to another, each with or without its year."""
    last_year = _told_year(match, day, "2")
    end = _resolve(_MONTHS[match["m2"]], last_year, day)
    first_year = _told_year(match, day, "1")
    start = month_of(first_year, _MONTHS[match["m1"]]) if first_year else None
    if start is None:
        start = end - (end - _MONTHS[match["m1"]] + 1) % 12
    if start <= end:
        yield Period(start, end, "span")


def _month(match: re.Match[str], day: date) -> Iterator[Period]:
    month = _resolve(_MONTHS[match["m"]], _told_year(match, day, ""), day)
    yield Period(month, month, "month", is_early=_is_early(match))


def _since(match: re.Match[str], day: date) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    if match["m"]:
        start = _resolve(_MONTHS[match["m"]], _told_year(match, day, ""), day)
    elif (year := _told_year(match, day, "")) is not None:
        start = month_of(year, 1)
    else:
        return
    years, is_early = (0, _is_early(match)) if match["m"] else (1, False)
    yield Period(start, max(now - 1, start), "since", years=years, is_early=is_early)


def _through(match: re.Match[str], day: date) -> Iterator[Period]:
    """The fiscal year up to a month."""
    end = _resolve(_MONTHS[match["m"]], _told_year(match, day, ""), day)
    yield Period(fiscal_year(fiscal_year_of(end)).start, end, "to_date")


def _part_of_year(match: re.Match[str], day: date) -> Iterator[Period]:
    year = _told_year(match, day, "") or day.year
    size = 3 if match["q"][0] in "tq" else 6
    start = month_of(year, 1) + (_QUARTERS[match["nth"]] - 1) * size
    if start % 12 + size <= 12:
        yield Period(start, start + size - 1, "months")


def _rolling_months(match: re.Match[str], day: date) -> Iterator[Period]:
    count = _count(match["n"])
    if count:
        now = month_of(day.year, day.month)
        yield Period(now - count, now - 1, "rolling", years=count / 12)


def _rolling_years(match: re.Match[str], day: date) -> Iterator[Period]:
    count = _count(match["n"] or "one")
    if count:
        now = month_of(day.year, day.month)
        yield Period(now - 12 * count, now - 1, "rolling", years=count)


def _month_relative(match: re.Match[str], day: date) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    month = now if match[0].startswith(("this", "este")) else now - 1
    yield Period(month, month, "month")


def _year_to_date(_: re.Match[str], day: date) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    yield Period(month_of(day.year, 1), max(now - 1, month_of(day.year, 1)), "to_date")


def _last_year(_: re.Match[str], day: date) -> Iterator[Period]:
    yield calendar_year(day.year - 1)


def _same(match: re.Match[str], day: date) -> Iterator[Period]:
    year = _told_year(match, day, "")
    years = 1 if year is None else max(day.year - year, 0)
    yield Period(0, 0, "same", years=years) if year is None else Period(year, year, "same", years=0)


def _year_before(_: re.Match[str], day: date) -> Iterator[Period]:
    yield Period(0, 0, "same", years=1)


def _years(match: re.Match[str], day: date) -> Iterator[Period]:
    first, last = _full(match["y1"]), _full(match["y2"])
    if first < last:
        yield Period(month_of(first, 1), month_of(last, 12), "span", years=last - first)


def _calendar(match: re.Match[str], day: date) -> Iterator[Period]:
    year = _full(match["y"])
    if year == day.year:
        yield next(_year_to_date(match, day))
    elif year < day.year:
        yield calendar_year(year)


def _us_term(match: re.Match[str], day: date) -> Iterator[Period]:
    named = [starts for name, starts in _US_TERMS.items() if name in match[0]]
    yield from _term(match, day, named[0] if len(named) == 1 else ((2017, 1), (2021, 1), (2025, 1), (2029, 1)))


def _mx_term(match: re.Match[str], day: date) -> Iterator[Period]:
    yield from _term(match, day, ((2012, 12), (2018, 12), (2024, 10), (2030, 10)))


def _term(match: re.Match[str], day: date, starts: tuple[tuple[int, int], ...]) -> Iterator[Period]:
    now = month_of(day.year, day.month)
    begun = [month_of(*start) for start in starts if month_of(*start) <= now]
    if begun:
        yield Period(begun[-1], max(now - 1, begun[-1]), "term")


# What is said ------------------------------------------------------------------------------------------------------


def _is_early(match: re.Match[str]) -> bool:
    day = match.groupdict().get("d") or match.groupdict().get("e")
    return day is not None and int(day) <= 15


def _full(year: str) -> int:
    digits = int(year.lstrip("'"))
    return digits if digits > 99 else digits + (2000 if digits < 60 else 1900)


def _count(said: str) -> int:
    return int(said) if said.isdigit() else _COUNTS.get(said, 0)


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


def _when(which: str) -> str:
    return re.sub(r"\?P<(\w+)>", rf"?P<\g<1>{which}>", _WHEN)


def _rule(pattern: str, read: Callable[[re.Match[str], date], Iterator[Period]]) -> tuple[re.Pattern[str], Callable]:
    return re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z])"), read


_FY = r"(?:fiscal years? \(fy\) |fiscal years? |fiscal |fys?[ -]?|ano fiscal (?:de )?|ejercicio fiscal )"
_RULES: list[tuple[re.Pattern[str], Callable]] = [
    _rule(
        rf"(?:from |between |de |del |entre )?(?:el )?{_FY}(?P<y1>{_YEAR}|'?\d\d(?!\d)) (?:to|and|through|a|al|y) "
        rf"(?:el )?(?:{_FY})?(?P<y2>{_YEAR}|'?\d\d(?!\d))",
        _fiscal_span,
    ),
    _rule(rf"{_FY}(?P<y>{_YEAR}|'?\d\d(?!\d))", _fiscal),
    _rule(rf"(?:last|past|previous|prior) (?P<n>{_COUNT}) fiscal years", _fiscal_years),
    _rule(
        r"(?:(?:so far )?this fiscal year|current fiscal year|last fiscal year|previous fiscal year|prior fiscal year"
        r"|este ano fiscal(?: pasado)?|el ano fiscal(?: pasado| actual)?|fiscal year to date)",
        _fiscal_relative,
    ),
    _rule(
        r"(?:(?:the |el )?(?:same|mismo|misma|igual) (?:period|time|month|months|point|periodo|mes|lapso|fecha)"
        rf"(?: (?:in|of|a|de|del|el|the|during|this)*)*(?:{_WHEN}|year (?:before|earlier|ago))?)",
        _same,
    ),
    _rule(rf"this time (?:{_WHEN})", _same),
    _rule(
        rf"(?:between |from |de |entre |through )?(?P<m1>{_MONTH}){_OF}?(?:{_when('1')})? (?:and|to|through|until|y|a"
        rf"|al|hasta)(?: the end of)? (?P<m2>{_MONTH}){_OF}?(?:{_when('2')})?",
        _span,
    ),
    _rule(
        r"(?:since|desde|going back to|dating back to|beginning in|starting in|a partir de) "
        r"(?:the |el |mes de |end of |late |early |\d{1,2}\??o? de |primero de )*"
        rf"(?:(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_OF}?)?(?:{_WHEN})?",
        _since,
    ),
    _rule(rf"(?:de|from) (?P<m>{_MONTH}) (?:a la fecha|a hoy|to date){_NO_YEAR}", _since),
    _rule(
        rf"(?:through|until|hasta|by|as of|thru)(?: the end of| finales de)? (?P<m>{_MONTH}){_OF}?(?:{_WHEN})?",
        _through,
    ),
    _rule(rf"(?P<nth>{_QUARTER}) (?P<q>trimestre|semestre|quarter|half){_OF}?(?:{_WHEN})?", _part_of_year),
    _rule(
        rf"(?:(?P<e>\d{{1,2}}) de )?(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d),?)?{_OF}(?:{_WHEN})",
        _month,
    ),
    _rule(
        r"(?:in|during|of|for|by|en|durante|de|del mes de|month of|making|just|desde|at|on|and|y|a) "
        rf"(?:(?P<e>\d{{1,2}}) de )?(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_NO_YEAR}",
        _month,
    ),
    _rule(
        rf"(?:last|past|previous|prior|ultimos|ultimas|primeros) (?P<n>{_COUNT}|several|few) (?:months|straight months"
        r"|meses)",
        _rolling_months,
    ),
    _rule(rf"(?:ultimos|ultimas|tres|dos) (?P<n>{_COUNT}) (?:ultimos )?meses", _rolling_months),
    _rule(rf"(?:last|past|previous|prior|ultimos|ultimas) (?P<n>{_COUNT}) (?:years|anos)", _rolling_years),
    _rule(rf"(?P<n>{_COUNT}) ultimos anos", _rolling_years),
    _rule(r"(?:over |in |within )?(?:just )?the (?:last|past) (?P<n>decade|year|12 months)", _rolling_years),
    _rule(r"(?:over|during) the (?:last|past) (?P<n>year)", _rolling_years),
    _rule(
        r"(?:year[- ]over[- ]year|(?:from )?the (?:previous|prior) year|the year before|a year (?:ago|earlier)"
        r"|(?:del|el|al) (?:ano (?:anterior|previo))|hace un ano)",
        _year_before,
    ),
    _rule(r"(?:last month|el mes pasado|mes anterior|previous month|this month|este mes)", _month_relative),
    _rule(
        r"(?:(?:so far )?this (?:calendar )?year|year[- ]to[- ]date|(?:en lo )?que va del? (?:este )?ano|este ano"
        r"|en el presente ano|en el ano|durante el ano|en lo que llevamos|presente ano)",
        _year_to_date,
    ),
    _rule(r"(?:last year|(?:el )?ano pasado)", _last_year),
    _rule(rf"(?:between|from|entre|de) (?P<y1>{_YEAR}|'?\d\d) (?:and|to|y|a) (?P<y2>{_YEAR})", _years),
    _rule(
        r"(?:since (?:\S+ ){1,6}?(?:took (?:office|control|over)|(?:came|came back|got) (?:in)?to office|was inaugurated"
        r"|entered office|was sworn in)|since taking office|my administration|this administration|this presidency)",
        _us_term,
    ),
    _rule(
        r"(?:en lo que va de(?: la| esta| nuestra)? administracion|en lo que va del sexenio"
        r"|en (?:la|esta)(?: presente)? administracion|durante la presente administracion"
        r"|en la presente administracion|en nuestro gobierno"
        r"|en lo que va del gobierno|en este gobierno|en el gobierno nuestro|en este sexenio"
        r"|durante (?:la|esta|nuestra) administracion|durante (?:el|este|nuestro) (?:gobierno|sexenio)"
        r"|desde que (?:llegamos|tomamos posesion|llegue|tome posesion|empezo (?:este|el|nuestro) gobierno"
        r"|inicio (?:este|el|nuestro) gobierno|(?:\S+ ){0,4}?(?:llego (?:al gobierno|a la presidencia)|tomo posesion)))",
        _mx_term,
    ),
    (
        re.compile(
            r"(?<![a-z0-9])(?:calendar year |en el (?:ano )?|el ano |ano |in |en |del? |durante |during |from |since )?"
            rf"(?P<y>{_YEAR})(?:(?![a-z])|(?=and |two))"  # fused in machine translations: "2020And"
        ),
        _calendar,
    ),
    _rule(r"en el (?P<y>1\d|2\d)(?= |,|;|\.)", _calendar),
]
