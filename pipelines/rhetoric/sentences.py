"""Turns to sentences with their place in the document's text, English and Spanish alike."""

from __future__ import annotations

import re

import numpy as np

from pipelines.rhetoric.wordings import KEPT, SPACES, encoded

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
_MARKS, _CLOSING, _OPENING = ".!?…", '"”’»)]*', '"“‘«([¿¡—–•*-'
_SMALL, _CAPITALS = "a-záéíóúñü", "A-ZÁÉÍÓÚÑÜ"
END = re.compile(
    encoded(
        rf"[{_MARKS}\n](?:(?<=\n)(?!(?<=[{_SMALL},]\n)(?!https?:|www\.)[{_SMALL}][{_SMALL} ])"
        rf"|(?<!\n)[{_MARKS}]*[{re.escape(_CLOSING)}]*(?:"
        rf"(?P<gap>[{re.escape(SPACES)}]+)(?=[{re.escape(_OPENING)}]*[{_CAPITALS}0-9¿¡])|$"
        rf"|(?P<fused>(?=[\"“‘«¿¡]?[{_CAPITALS}][{_SMALL}]))))"
    )
)
_GAP = END.groupindex["gap"]
SMALL = re.compile(r"[A-ZÁÉÍÓÚÑÜ]?[a-záéíóúñü]{2,}$")
ADDRESS = re.compile(r"[/@\\]|www\.", re.IGNORECASE)
DOMAINS = frozenset({"com", "org", "net", "gov", "edu", "gob", "info"})
ROMAN = re.compile(r"[IVXLC]+\b")
POINTED = re.compile(r"(?:\w\.)+\w{1,2}|(?i:(?:ee\.)?uu)|[A-Z]")
LAST_WORD = re.compile(r"[^\s(\[\"“‘«¿¡—–-]+$")
NEXT_WORD = re.compile(r"\w+")


_LONGEST = max(map(len, SHORTENED))
_LINE, _MARK, _STOP, _LOOKED_AT = 1, 2, 3, 4  # what may end a sentence: a full stop after a word that may be short for
# another is for `_ends` to judge, and what is neither a line end nor a mark before a blank and a capital for END


def _table(expression: str) -> np.ndarray:
    """For each byte of encoded text whether it is in a class of characters."""
    found = re.findall(encoded(f"[{expression}]"), bytes(range(256)), re.DOTALL)
    return np.isin(np.arange(256), [byte[0] for byte in found])


_MARK_LETTERS, _IS_SPACE = encoded(f"{_MARKS}\n"), _table(re.escape(SPACES))
_IS_SMALL, _IS_WRAPPED, _IS_FIRST = _table(_SMALL), _table(f"{_SMALL},"), _table(f"{_CAPITALS}0-9¿¡")
_MAY_FOLLOW = _table(re.escape(f"\0{_MARKS}{_CLOSING}{_OPENING}{SPACES}") + _CAPITALS)
_MAY_BEGIN = _table(re.escape(f"{_OPENING}{SPACES}") + f"{_CAPITALS}0-9")
_LETTERS = "".join(filter(str.isalpha, KEPT))
_LOWERED = np.zeros(256, np.int64)  # 0 for what is no letter
_LOWERED[list(encoded(_LETTERS))] = list(encoded(_LETTERS.lower()))


def _number(word: str) -> int:
    """A word as a number, its last letter in the lowest byte."""
    return int.from_bytes(encoded(word), "big")


_NUMBERS = np.sort([_number(word) for word in SHORTENED])


def segment(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of each sentence of `text[start:end]`, without surrounding space.

    A line end ends one, except where the line was wrapped: a sentence may then hold that line end.
    """
    begins, lasts, _ = Segmenter(text, encoded(text)).sentences([(start, end)])
    return list(zip(begins.tolist(), lasts.tolist(), strict=True))


class Segmenter:
    """Cuts parts of a text into sentences; most of the work is done for all of the text at once.

    Args:
        text: The text.
        said: The text encoded.
    """

    def __init__(self, text: str, said: bytes) -> None:
        self._text, self._said = text, said
        beside = np.frombuffer(b" " * (_LONGEST + 1) + said + b"\0\0", np.uint8)
        self._letters = beside[_LONGEST + 1 :]
        letters = np.frombuffer(said, np.uint8)
        places = np.flatnonzero(np.logical_or.reduce([letters == mark for mark in _MARK_LETTERS]))
        at = places + _LONGEST + 1
        mark, following = beside[at], beside[at + 1]
        is_line = mark == ord("\n")
        is_wrapped = _IS_WRAPPED[beside[at - 1]] & _IS_SMALL[following]
        is_spaced, then = _IS_SPACE[following], beside[at + 2]
        is_simple = ((following == ord(" ")) | (following == ord("\n"))) & _IS_FIRST[then]
        is_stop = np.flatnonzero(is_simple & (mark == ord(".")))
        kinds = np.where(_MAY_FOLLOW[following] & (_MAY_BEGIN[then] | ~is_spaced), _LOOKED_AT, 0)
        kinds[is_simple] = _MARK
        kinds[is_stop[~_is_whole(beside, at[is_stop])]] = _STOP
        kinds[is_line] = np.where(is_wrapped, _LOOKED_AT, _LINE)[is_line]
        # A line end right after a mark that is followed by a capital goes with that mark.
        kinds[1:][(is_simple & ~is_line)[:-1] & (following == ord("\n"))[:-1]] = 0
        self._places, self._kinds = places[kinds > 0], kinds[kinds > 0]

    def sentences(self, parts: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Starts and ends of the sentences of some parts in order, and which is each part's first.

        The last entry of the third is the number of sentences.
        """
        starts, ends = np.array(parts, np.int64).reshape(-1, 2).T
        bares, dones = self._cuts(starts, ends)
        # Within a part every cut ends one sentence and begins another, so that in order they pair.
        begins, lasts = np.sort(np.concatenate((starts, dones))), np.sort(np.concatenate((bares, ends)))
        is_spaced = _IS_SPACE[self._letters[begins]] | _IS_SPACE[self._letters[lasts - 1]]
        for each in np.flatnonzero(is_spaced & (begins < lasts)).tolist():
            begin, last = int(begins[each]), int(lasts[each])
            text = self._text[begin:last]
            begins[each], lasts[each] = last - len(text.lstrip()), begin + len(text.rstrip())
        kept = begins < lasts
        begins, lasts = begins[kept], lasts[kept]
        return begins, lasts, np.append(np.searchsorted(begins, starts), len(begins))

    def _cuts(self, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where sentences end within parts, and where the next may begin."""
        part = np.searchsorted(starts, self._places, side="right") - 1
        within = (part >= 0) & (self._places < ends[part]) if len(starts) else np.zeros(len(part), bool)
        places, kinds, part = self._places[within], self._kinds[within], part[within]
        starts, ends = starts[part], ends[part]
        is_sure = (kinds == _LINE) | ((kinds == _MARK) & (places + 2 < ends))
        bares = places + (kinds != _LINE)
        dones = np.where(is_sure, bares + 1, 0)
        open_to = np.flatnonzero((kinds == _STOP) | (kinds == _LOOKED_AT))
        if len(open_to):
            self._decide(open_to.tolist(), kinds, (places, starts, ends), bares, dones)
        return bares[dones > 0], dones[dones > 0]

    def _decide(
        self,
        open_to: list[int],
        kinds: np.ndarray,
        bounds: tuple[np.ndarray, np.ndarray, np.ndarray],
        bares: np.ndarray,
        dones: np.ndarray,
    ) -> None:
        """Put the cuts that take a look at the words among those that are sure, and out what such a look goes over."""
        places, starts, ends = (each.tolist() for each in bounds)
        found = dones.tolist()
        is_stop = (kinds == _STOP).tolist()
        looked_over = 0
        for each in open_to:
            point, end = places[each], ends[each]
            if point < looked_over:
                continue
            before = each - 1
            while before >= 0 and not found[before]:
                before -= 1
            begin = max(starts[each], found[before] if before >= 0 else 0)
            if is_stop[each]:
                bare, done = point + 1, point + 2
                is_end = done < end and _ends(self._text, begin, point, done)
            else:
                bare, done, is_end = self._looked_at(begin, point, end)
            looked_over, after = done, each + 1
            while after < len(places) and places[after] < done:
                found[after] = dones[after] = 0
                after += 1
            if is_end:
                found[each] = dones[each] = done
                bares[each] = bare

    def _looked_at(self, begin: int, point: int, end: int) -> tuple[int, int, bool]:
        """Where a sentence ends, where END stops, and whether it is an end at all."""
        found = END.match(self._said, point, end)
        if found is None:
            return point, point + 1, False
        done = found.end()
        if found.lastindex is None:
            return done, done, True
        if found.lastindex != _GAP:
            return done, done, _fused(self._text, begin, point, done)
        bare = found.start(_GAP)
        is_stop = bare == point + 1 and self._text[point] == "."
        return bare, done, not is_stop or _ends(self._text, begin, point, done)


def _is_whole(beside: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Whether a word of two letters or more that is not short for another ends before each place."""
    number = np.zeros(len(at), np.int64)
    length = np.zeros(len(at), np.int64)
    goes_on = np.ones(len(at), bool)
    for step in range(1, _LONGEST + 2):
        letter = _LOWERED[beside[at - step]]
        goes_on &= letter > 0
        number |= np.where(goes_on & (step <= _LONGEST), letter << (8 * (step - 1)), 0)
        length += goes_on
    is_bare = _IS_SPACE[beside[at - np.minimum(length, _LONGEST) - 1]] & (length > 1)
    known = _NUMBERS[np.searchsorted(_NUMBERS, number).clip(max=len(_NUMBERS) - 1)]
    return (length > _LONGEST) | (is_bare & (known != number))


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
