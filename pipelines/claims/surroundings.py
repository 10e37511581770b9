"""What stands beside a number and tells what kind of number it is, in folded small letters of both languages."""

from __future__ import annotations

import re

_ENGLISH = "january|february|march|april|june|july|august|september|october|november|december"
_SPANISH = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
CLAUSE_END = re.compile(r"[;:!?]|(?<!\b[a-z])\.(?=\s|$|[\"']|[a-z]{3})|--| - ")
MONEY = re.compile(r"(?:us)?\$ ?$")
TIMES = re.compile(
    r" ?(?:-?fold\b| ?times (?:more|as|the|higher|larger|greater|bigger|what|over|since|that|more than)\b"
    r"| veces (?:mas|mayor|superior|el numero|la cantidad|la cifra|lo que)\b)"
)
DOUBLE_DOWN = re.compile(r"[ -](?:down|digits?|standards?|checks?)\b")
STRONGER = re.compile(
    r"(?: \S+){0,2}? \d?(?:potent|powerful|strong|deadl|letal|fuerte|poderos|adicti|addicti|poblacion|population)"
)
OF = re.compile(r" (?:of|del?)\b")
OF_A_MILLION = re.compile(r"(?: of)? (?:a |an |de )?(?:thousand|million|billion|trillion|mil|millon|billon)\b")
OF_SOMETHING = re.compile(r" (?:of|del?|who|que)\b")
POINTS = re.compile(r" (?:percentage )?points|-point| puntos")
LASTS = re.compile(
    r"[ -](?:years?|months?|weeks?|days?|hours?|minutes?|decades?|anos?|meses|mes|semanas?|dias?|horas?|minutos?"
    r"|decadas?|sexenios?|generations?|miles?|kilometers?|kilometros?|km|metros|feet|mph|acres|pages?|questions?"
    r"|preguntas?|veces|times|quarters?|trimestres?|states attorneys)\b"
)
_ALONE = re.compile(
    r"(?: *(?:$|[.,;:!?)\"'\]-])| +(?:in|on|at|to|from|by|for|during|over|so|and|or|but|while|since|just|last|this|that"
    r"|was|were|is|are|more|per|each|every|of those|of them|of that|came|had|went|en|durante|por|y|o|a|al|el|la|que|fue"
    r"|fueron|con|nada|este|esta|desde|para|es|son|segun|de enero|de esos|de los cuales|promedio|mas|menos|provienen"
    r"|proceden|vienen|llegan|entran)\b)"
)
_AGE_AFTER = re.compile(
    r"[ -]?(?:year|month|week|day)s?[ -]old|-? ?(?:to|through) \d+|-(?:and|to)-| anos de edad"
    r"| (?:a|y) (?:los )?\d+ anos"
)
_AGE_BEFORE = re.compile(
    r"\bages? (?:of )?(?:\d+ (?:and|to) )?$|aged (?:\d+ to )?$|entre (?:los )?\d+ y (?:los )?$|edad(?:es)? de $"
)
_NAME_BEFORE = re.compile(
    r"\b(?:title|titulo|section|seccion|article|articulo|art\.|h\.r\.|s\.|no\.|num\.|numero|resolution|order|schedule"
    r"|act|chapter|page|level|phase|covid|u\.s\.c\.|law|ley|public law|decreto|channel|canal|group of|g|ms|formula) ?$"
)
_DATE_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?(?:,? (?:de )?(?:{_ENGLISH}|{_SPANISH})\b)|(?:st|nd|rd|th)\b|/\d|:\d\d|[ap]m\b| [ap]\.?m\b"
)
_DATE_BEFORE = re.compile(rf"(?:\b(?:{_ENGLISH}|may|dia|dias|el pasado)|\d/|#|/) ?$|\d:$")
_AWAY = {"para", "con", "en", "por", "for", "with", "in", "at", "to", "and", "y", "que", "from", "on"}


def is_age(head: str, tail: str) -> bool:
    """Whether what stands before and after a number makes it an age, or the lower end of a range."""
    return bool(_AGE_AFTER.match(tail) or _AGE_BEFORE.search(head[-24:]))


def is_name(head: str, tail: str) -> bool:
    """Whether what stands before and after a number makes it a date, a time or part of a name."""
    return bool(_NAME_BEFORE.search(head[-24:]) or _DATE_AFTER.match(tail) or _DATE_BEFORE.search(head[-12:]))


def stands_alone(text: str, end: int) -> bool:
    """Whether no noun follows a number, as where what is counted was said before."""
    return _ALONE.match(text, end) is not None


def leads(words: str) -> bool:
    """Whether what stands between a number and a noun can be of the same phrase."""
    said = words.split()
    return len(said) <= 3 and not _AWAY.intersection(said)
