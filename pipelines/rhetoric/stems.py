"""Stretches of plain text without which an expression fits nowhere: what to look for first, as that is quick."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9' ]+(?![?*+{])|\\.|\[[^\]]*\]|\((?:\?:)?|(?:[?*+]|\{\d*,?\d*\})\??|.", re.DOTALL)
_REPEATED = ("?", "*", "+", "{")


def stems(expression: str) -> frozenset[str]:
    """Stretches of which every text that the expression fits holds one; among them "" where none is needed.

    Args:
        expression: Letters, classes, groups, alternatives and repetitions, without looks around.
    """
    return _of_group(_TOKEN.findall(expression)[::-1])


def _of_group(tokens: list[str]) -> frozenset[str]:
    """The stems of what comes next, to the end of its group; the tokens, in reverse, are used up."""
    found: set[str] = set()
    needed: list[frozenset[str]] = []
    plain = ""
    while tokens and (token := tokens.pop()) != ")":
        if token == "|":
            found |= _best([*needed, frozenset([plain])]) if needed else {plain}
            needed, plain = [], ""
            continue
        letters = "" if token in ("(", "(?:") or _is_class(token) else token.removeprefix("\\")
        part = _of_group(tokens) if token in ("(", "(?:") else frozenset([letters])
        repeated = tokens.pop() if tokens and tokens[-1].startswith(_REPEATED) else ""
        if letters and not repeated:
            plain += letters
            continue
        needed.append(frozenset([plain]))
        plain = ""
        if not repeated.startswith(("?", "*", "{0", "{,")):
            needed.append(part)
    return frozenset(found | _best([*needed, frozenset([plain])]))


def _is_class(token: str) -> bool:
    return token[0] == "[" or token in (".", "^", "$") or (token[0] == "\\" and token[1].isalnum())


def _best(needed: list[frozenset[str]]) -> frozenset[str]:
    """Of sets of which each is needed the one whose shortest stretch is longest, then the smallest."""
    return max(needed, key=lambda each: (min(map(len, each)), -len(each)))
