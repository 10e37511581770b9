"""Stretches of plain text without which an expression fits nowhere: what to look for first, as that is quick."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9' ]+(?![?*+{])|\\.|\[[^\]]*\]|\((?:\?:)?|(?:[?*+]|\{\d*,?\d*\})\??|.", re.DOTALL)
_REPEATED = ("?", "*", "+", "{")


def stems(expression: str) -> list[list[frozenset[str]]]:
    """For each alternative of an expression sets of stretches: every text that it fits holds one of each set.

    Args:
        expression: Letters, classes, groups, alternatives and repetitions, without looks around.
    """
    alternatives = _alternatives(_TOKEN.findall(expression)[::-1])
    return [[each for each in needed if "" not in each] for needed in alternatives]


def _alternatives(tokens: list[str]) -> list[list[frozenset[str]]]:
    """As `stems`, of what comes next to the end of its group; the tokens, in reverse, are used up."""
    found: list[list[frozenset[str]]] = [[]]
    plain = ""
    while tokens and (token := tokens.pop()) != ")":
        if token == "|":
            found[-1].append(frozenset([plain]))
            found.append([])
            plain = ""
            continue
        is_group = token in ("(", "(?:")
        letters = "" if is_group or _is_class(token) else token.removeprefix("\\")
        part = frozenset().union(*map(_best, _alternatives(tokens))) if is_group else frozenset([letters])
        repeated = tokens.pop() if tokens and tokens[-1].startswith(_REPEATED) else ""
        if letters and not repeated:
            plain += letters
            continue
        found[-1].append(frozenset([plain]))
        plain = ""
        if not repeated.startswith(("?", "*", "{0", "{,")):
            found[-1].append(part)
    found[-1].append(frozenset([plain]))
    return found


def _is_class(token: str) -> bool:
    return token[0] == "[" or token in (".", "^", "$") or (token[0] == "\\" and token[1].isalnum())


def _best(needed: list[frozenset[str]]) -> frozenset[str]:
    """Of sets of which each is needed the one whose shortest stretch is longest, then the smallest."""
    return max(needed, key=lambda each: (min(map(len, each)), -len(each)))
