"""Turns to sentences with their place in the document's text, English and Spanish alike."""

from __future__ import annotations

import re

from pipelines.rhetoric.wordings import SPACES, encoded

# A full stop after a title, or after a single capital (an initial), does not end a sentence.
TITLES = frozenset({
    "mr", "mrs", "ms", "dr", "drs", "prof", "sen", "sens", "rep", "reps", "gen", "lt", "sgt", "capt", "cmdr", "adm",
    "maj", "pvt", "hon", "messrs", "amb", "supt", "gov", "mt", "ft", "vs", "approx", "sra", "srta", "sres", "dra",
    "lic", "ing", "arq", "mtro", "mtra", "profa", "gral", "cnel", "tte", "alm", "mons", "fr", "pbro",
    "dip", "ee", "st", "sr", "cdmte", "pres", "pdte", "pdta", "profra", "almte", "atty", "brig", "cpl", "det", "insp",
    "cía", "av", "hno", "hna", "dpto", "secy", "asst", "assoc",
})  # fmt: skip
# After one of these a number belongs to the sentence; anything else begins a new one.
NUMBERING = frozenset({
    "no", "nos", "num", "núm", "art", "arts", "vol", "ch", "cap", "p", "pp", "pg", "pág", "págs", "fig", "sec", "secs",
    "stat", "fracc", "párr", "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec",
})  # fmt: skip
# These may stand at the end of a sentence: only a word that opens sentences begins a new one, as after U.S. or EE.UU.
TRAILING = frozenset({
    "etc", "inc", "corp", "co", "ltd", "llc", "jr", "bros", "assn", "ave", "blvd", "dept", "ud", "uds", "vda",
    "admón", "edo", "col",
})  # fmt: skip
SHORTENED = TITLES | NUMBERING | TRAILING | {"uu"}
OPENERS = frozenset({
    "the", "we", "i", "he", "she", "they", "it", "this", "that", "these", "those", "there", "and", "but", "so",
    "in", "on", "our", "my", "you", "your", "his", "her", "their", "its", "if", "when", "what", "as", "today",
    "now", "well", "no", "yes", "not", "let", "thank", "with", "for", "at", "to", "by", "from", "after", "because",
    "who", "how", "why", "since", "while", "over", "under", "el", "la", "los", "las", "un", "una", "en", "y",
    "pero", "por", "para", "con", "se", "sí", "si", "es", "esto", "eso", "este", "esta", "ese", "esa", "esos",
    "esas", "nosotros", "ellos", "él", "ella", "yo", "que", "cuando", "como", "entonces", "además", "también",
    "ahora", "hoy", "lo", "le", "les", "ya", "porque", "al", "del", "vamos", "tenemos", "hay", "muy",
})  # fmt: skip
# A line that goes on in small letters is a wrapped one; a stop that meets a capital without space may be a fused end.
# So many letters before a full stop are no abbreviation. The expression is one over encoded text, a byte for a
# character, where a search is several times as fast, and begins with one of a few characters, which lets it skip others.
_SMALL, _CAPITALS = "a-záéíóúñü", "A-ZÁÉÍÓÚÑÜ"
_WHOLE = max(map(len, SHORTENED)) + 1
_GAP_BEFORE = rf"[{re.escape(SPACES)}]+)(?=[\"“‘«(\[¿¡—–•*-]*[{_CAPITALS}0-9¿¡])"
END = re.compile(
    encoded(
        rf"[.!?…\n](?:(?<=\n)(?!(?<=[{_SMALL},]\n)(?!https?:|www\.)[{_SMALL}][{_SMALL} ])"
        rf"|(?<=[{_SMALL}]{{{_WHOLE}}}\.)(?P<sure>{_GAP_BEFORE}"
        rf"|(?<!\n)[.!?…]*[\"”’»)\]*]*(?:(?P<gap>{_GAP_BEFORE}|$|(?P<fused>(?=[\"“‘«¿¡]?[{_CAPITALS}][{_SMALL}]))))"
    )
)
_SURE, _GAP = END.groupindex["sure"], END.groupindex["gap"]
SMALL = re.compile(r"[A-ZÁÉÍÓÚÑÜ]?[a-záéíóúñü]{2,}$")
ADDRESS = re.compile(r"[/@\\]|www\.", re.IGNORECASE)
DOMAINS = frozenset({"com", "org", "net", "gov", "edu", "gob", "info"})
ROMAN = re.compile(r"[IVXLC]+\b")
POINTED = re.compile(r"(?:\w\.)+\w{1,2}|(?i:(?:ee\.)?uu)|[A-Z]")
LAST_WORD = re.compile(r"[^\s(\[\"“‘«¿¡—–-]+$")
NEXT_WORD = re.compile(r"\w+")


def segment(text: str, start: int, end: int, said: bytes | None = None) -> list[tuple[int, int]]:
    """Start and end of each sentence of `text[start:end]`, without surrounding space.

    A line end ends one, except where the line was wrapped: a sentence may then hold that line end.

    Args:
        text: The whole text.
        start: Where the part begins that is cut into sentences.
        end: Where it ends.
        said: The text encoded, where that was done before.
    """
    spans: list[tuple[int, int]] = []
    begin = start
    for found in END.finditer(encoded(text) if said is None else said, start, end):
        point, after = found.span()
        last, kind = after, found.lastindex
        if kind == _SURE:
            last = point + 1
        elif kind == _GAP:
            last = found.start(_GAP)
            if last == point + 1 and text[point] == "." and not _ends(text, begin, point, after):
                continue
        elif kind and not _fused(text, begin, point, after):
            continue
        _add(spans, text, begin, last)
        begin = after
    _add(spans, text, begin, end)
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, last: int) -> None:
    """Add the sentence between two places, if there is one, without the space around it."""
    if begin < last and not text[begin].isspace() and not text[last - 1].isspace():
        spans.append((begin, last))
    elif bare := text[begin:last].strip():
        begin = text.index(bare[0], begin)
        spans.append((begin, begin + len(bare)))


def _ends(text: str, begin: int, point: int, after: int) -> bool:
    """Whether the full stop at `point` ends the sentence that began at `begin` and not an abbreviation."""
    word = text[max(begin, point - 24) : point].rpartition(" ")[2]
    if not word.isalnum():
        found = LAST_WORD.search(word)
        word = found[0] if found else ""
    small = word.lower()
    if len(word) > 1 and word.isalpha() and small not in SHORTENED:
        return True
    if small in TITLES:
        return False
    if small in NUMBERING:
        return not text[after].isdigit() and ROMAN.match(text, after) is None
    if small in TRAILING or POINTED.fullmatch(word):
        following = NEXT_WORD.search(text, after, after + 24)
        return len(word) > 1 and following is not None and following[0].lower() in OPENERS
    return not (word.isdigit() and len(word) <= 2 and point - begin <= len(word) + 1)  # an item's number


def _fused(text: str, begin: int, point: int, after: int) -> bool:
    """Whether the mark at `point`, with no space after it, ends a sentence and is not part of a name or an address."""
    before = SMALL.search(text, max(begin, point - 24), point)
    following = NEXT_WORD.search(text, after, after + 24)
    if before is None or following is None or before[0].lower() in TITLES:
        return False
    word = following[0].lower()
    if word in DOMAINS or not (len(word) > 3 or word in OPENERS):
        return False
    left, right = text.rfind(" ", begin, point) + 1, text.find(" ", after)
    return ADDRESS.search(text, max(left, begin), right if right >= 0 else len(text)) is None
