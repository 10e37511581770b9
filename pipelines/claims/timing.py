"""Periods that sentences name, relative to the day of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from pipelines.claims import resolving
from pipelines.claims.periods import Period

_MONTH = "|".join(resolving.MONTHS)
_COUNT = r"\d{1,2}|" + "|".join(resolving.COUNTS)
_QUARTER = "|".join(resolving.QUARTERS)
_YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d)"
_WHEN = (
    rf"(?P<year>{_YEAR})|(?P<last>last year|ano pasado|ano anterior|previous year)|(?P<this>this year|este ano|"
    r"presente ano)"
)
_SAID = re.compile(
    r"\b(?:said|told \w+|announced|reported|testified|report|dijo|anuncio|informo|informe) $"
)  # when it was said
_SAID_WITHIN = 24
_DAY = r"(?: \d{1,2}(?!\d))?"
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


# Rules ----------------------------------------------------------------------------------------------------------------


def _when(which: str) -> str:
    return re.sub(r"\?P<(\w+)>", rf"?P<\g<1>{which}>", _WHEN)


def _rule(pattern: str, read: Callable[[re.Match[str], date], Iterator[Period]]) -> tuple[re.Pattern[str], Callable]:
    return re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z])"), read


_FY = r"(?:fiscal years? \(fy\) |fiscal years? |fiscal |fys?[ -]?|ano fiscal (?:de )?|ejercicio fiscal )"
_RULES: list[tuple[re.Pattern[str], Callable]] = [
    _rule(
        rf"(?:from |between |de |del |entre )?(?:el )?{_FY}(?P<y1>{_YEAR}|'?\d\d(?!\d)) (?:to|and|through|a|al|y) "
        rf"(?:el )?(?:{_FY})?(?P<y2>{_YEAR}|'?\d\d(?!\d))",
        resolving.fiscal_span,
    ),
    _rule(rf"{_FY}(?P<y>{_YEAR}|'?\d\d(?!\d))", resolving.fiscal),
    _rule(rf"(?P<y>{_YEAR}) fiscal year", resolving.fiscal),
    _rule(rf"(?:last|past|previous|prior) (?P<n>{_COUNT}) fiscal years", resolving.fiscal_years),
    _rule(
        r"(?:(?:so far )?this fiscal year|current fiscal year|last fiscal year|previous fiscal year|prior fiscal year"
        r"|(?:en )?lo que (?:va|llevamos) de(?:l| este)? ano fiscal|ano fiscal en curso"
        r"|este ano fiscal(?: pasado)?|el ano fiscal(?: pasado| actual)?|fiscal year to date)",
        resolving.fiscal_relative,
    ),
    _rule(
        r"(?:(?:the |el )?(?:same|mismo|misma|igual) (?:period|time|month|months|point|periodo|mes|lapso|fecha)"
        rf"(?: (?:in|of|a|de|del|el|the|during|this)*)*(?:{_WHEN}|year (?:before|earlier|ago))?)",
        resolving.same,
    ),
    _rule(rf"this time (?:{_WHEN})", resolving.same),
    _rule(
        rf"(?:between |from |de |entre |through )?(?P<m1>{_MONTH}){_DAY}{_OF}?(?:{_when('1')})?,? "
        rf"(?:and|to|through|until|y|a|al|hasta)(?: the end of)? (?P<m2>{_MONTH}){_DAY}{_OF}?(?:{_when('2')})?",
        resolving.span,
    ),
    _rule(
        r"(?:since|desde|going back to|dating back to|beginning in|starting in|a partir de) "
        r"(?:the |el |mes de |end of |late |early |\d{1,2}\??o? de |primero de )*"
        rf"(?:(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_OF}?)?(?:{_WHEN})?",
        resolving.since,
    ),
    _rule(rf"(?:de|from) (?P<m>{_MONTH}) (?:a la fecha|a hoy|to date){_NO_YEAR}", resolving.since),
    _rule(
        rf"(?:through|until|hasta|by|as of|thru)(?: the end of| finales de)? (?P<m>{_MONTH}){_OF}?(?:{_WHEN})?",
        resolving.through,
    ),
    _rule(rf"(?P<nth>{_QUARTER}) (?P<q>trimestre|semestre|quarter|half){_OF}?(?:{_WHEN})?", resolving.part_of_year),
    _rule(
        rf"(?:(?P<e>\d{{1,2}}) de )?(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d),?)?{_OF}(?:{_WHEN})",
        resolving.month,
    ),
    _rule(
        r"(?:in|during|of|for|by|en|durante|de|del mes de|month of|making|just|desde|at|on|and|y|a) "
        rf"(?:(?P<e>\d{{1,2}}) de )?(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_NO_YEAR}",
        resolving.month,
    ),
    _rule(rf"(?P<m>{_MONTH})'s{_NO_YEAR}", resolving.month),
    _rule(
        rf"(?:last|past|previous|prior|ultimos|ultimas|primeros) (?P<n>{_COUNT}|several|few) (?:months|straight months"
        r"|meses)",
        resolving.rolling_months,
    ),
    _rule(rf"(?:ultimos|ultimas|tres|dos) (?P<n>{_COUNT}) (?:ultimos )?meses", resolving.rolling_months),
    _rule(rf"(?:last|past|previous|prior|ultimos|ultimas) (?P<n>{_COUNT}) (?:years|anos)", resolving.rolling_years),
    _rule(rf"(?P<n>{_COUNT}) ultimos anos", resolving.rolling_years),
    _rule(r"(?:over |in |within )?(?:just )?the (?:last|past) (?P<n>decade|year|12 months)", resolving.rolling_years),
    _rule(r"(?:over|during) the (?:last|past) (?P<n>year)", resolving.rolling_years),
    _rule(
        r"(?:year[- ]over[- ]year|(?:from )?the (?:previous|prior) year|the year before|a year (?:ago|earlier)"
        r"|(?:del|el|al) (?:ano (?:anterior|previo))|hace un ano)",
        resolving.year_before,
    ),
    _rule(r"(?:last month|el mes pasado|mes anterior|previous month|this month|este mes)", resolving.month_relative),
    _rule(
        r"(?:(?:so far )?this (?:calendar )?year|year[- ]to[- ]date|(?:en lo )?que va del? (?:este )?ano|este ano"
        r"|en el presente ano|en el ano|durante el ano|en lo que llevamos|presente ano)",
        resolving.year_to_date,
    ),
    _rule(r"(?:last year|(?:el )?ano pasado)", resolving.last_year),
    _rule(rf"(?:between|from|entre|de) (?P<y1>{_YEAR}|'?\d\d) (?:and|to|y|a) (?P<y2>{_YEAR})", resolving.years),
    _rule(
        r"(?:since (?:\S+ ){1,6}?(?:took (?:office|control|over)|(?:came|came back|got) (?:in)?to office"
        r"|was inaugurated|entered office|was sworn in)|since taking office|my administration|this administration"
        r"|this presidency)",
        resolving.us_term,
    ),
    _rule(
        r"(?:en lo que va de(?: la| esta| nuestra)? administracion|en lo que va del sexenio"
        r"|en (?:la|esta)(?: presente)? administracion|durante la presente administracion"
        r"|en la presente administracion|en nuestro gobierno"
        r"|en lo que va del gobierno|en este gobierno|en el gobierno nuestro|en este sexenio"
        r"|durante (?:la|esta|nuestra) administracion|durante (?:el|este|nuestro) (?:gobierno|sexenio)"
        r"|desde que (?:llegamos|tomamos posesion|llegue|tome posesion|empezo (?:este|el|nuestro) gobierno"
        r"|inicio (?:este|el|nuestro) gobierno"
        r"|(?:\S+ ){0,4}?(?:llego (?:al gobierno|a la presidencia)|tomo posesion)))",
        resolving.mx_term,
    ),
    (
        re.compile(
            r"(?<![a-z0-9])(?:calendar year |en el (?:ano )?|el ano |ano |in |en |del? |durante |during |from |since )?"
            rf"(?P<y>{_YEAR})(?:(?![a-z])|(?=and |two))"  # fused in machine translations: "2020And"
        ),
        resolving.calendar,
    ),
    _rule(r"en el (?P<y>1\d|2\d)(?= |,|;|\.)", resolving.calendar),
]
