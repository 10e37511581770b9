"""Turns to sentences with their place in the document's text, English and Spanish alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop after a title, or after a single capital (an initial), does not end a sentence.
TITLES = frozenset({
    "mr", "mrs", "ms", "dr", "drs", "prof", "sen", "sens", "rep", "reps", "gen", "lt", "sgt", "capt", "cmdr", "adm",
    "maj", "pvt", "hon", "messrs", "amb", "supt", "gov", "mt", "ft", "vs", "approx", "sra", "srta", "sres", "dra",
    "lic", "ing", "arq", "mtro", "mtra", "profa", "gral", "cnel", "tte", "alm", "mons", "fr", "pbro",
    "dip", "ee", "st", "sr", "cdmte",
})  # fmt: skip
# After one of these a number belongs to the sentence; anything else begins a new one.
NUMBERING = frozenset({
    "no", "nos", "num", "núm", "art", "arts", "vol", "ch", "cap", "p", "pp", "pg", "pág", "págs", "fig", "sec",
    "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec",
})  # fmt: skip
# These may stand at the end of a sentence: only a word that opens sentences begins a new one, as after U.S. or EE.UU.
TRAILING = frozenset({
    "etc", "inc", "corp", "co", "ltd", "llc", "jr", "bros", "assn", "ave", "blvd", "dept", "ud", "uds", "vda",
    "admón", "edo", "col",
})  # fmt: skip
OPENERS = frozenset({
    "the", "we", "i", "he", "she", "they", "it", "this", "that", "these", "those", "there", "and", "but", "so",
    "in", "on", "our", "my", "you", "your", "his", "her", "their", "its", "if", "when", "what", "as", "today",
    "now", "well", "no", "yes", "not", "let", "thank", "with", "for", "at", "to", "by", "from", "after", "because",
    "who", "how", "why", "since", "while", "over", "under", "el", "la", "los", "las", "un", "una", "en", "y",
    "pero", "por", "para", "con", "se", "sí", "si", "es", "esto", "eso", "este", "esta", "ese", "esa", "esos",
    "esas", "nosotros", "ellos", "él", "ella", "yo", "que", "cuando", "como", "entonces", "además", "también",
    "ahora", "hoy", "lo", "le", "les", "ya", "porque", "al", "del", "vamos", "tenemos", "hay", "muy",
})  # fmt: skip
END = re.compile(r"(?P<mark>[.!?…]+)[\"”’»)\]*]*(?:(?P<gap>\s+)(?=[\"“‘«(\[¿¡—–•*-]*[A-ZÁÉÍÓÚÑÜ0-9¿¡])|$)|\n")
POINTED = re.compile(r"(?:\w\.)+\w{1,2}|(?i:(?:ee\.)?uu)|[A-Z]")
LAST_WORD = re.compile(r"[^\s(\[\"“‘«¿¡—–-]+$")
NEXT_WORD = re.compile(r"\w+")


def segment(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of `text[start:end]`, without surrounding space; a line end ends one."""
    begin = start
    for found in END.finditer(text, start, end):
        bare_stop = found["gap"] and found["mark"] == "." and text[found.end("mark")].isspace()
        if bare_stop and not _ends(text, begin, found.start(), found.end()):
            continue
        yield from _stripped(text, begin, found.end())
        begin = found.end()
    yield from _stripped(text, begin, end)


def _ends(text: str, begin: int, point: int, after: int) -> bool:
    """Whether the full stop at `point` ends the sentence that began at `begin` and not an abbreviation."""
    found = LAST_WORD.search(text, max(begin, point - 24), point)
    word = found[0] if found else ""
    if word.lower() in TITLES:
        return False
    if word.lower() in NUMBERING:
        return not text[after].isdigit()
    if word.lower() in TRAILING or POINTED.fullmatch(word):
        following = NEXT_WORD.search(text, after, after + 24)
        return len(word) > 1 and following is not None and following[0].lower() in OPENERS
    return True


def _stripped(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    said = text[begin:end]
    bare = said.strip()
    if bare:
        begin += len(said) - len(said.lstrip())
        yield begin, begin + len(bare)
