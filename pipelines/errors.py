"""The refusals a person reads: one line that names the file, the row or column, and the remedy."""

from __future__ import annotations

LONGEST = 600


def with_remedy(said: str, remedy: str) -> str:
    """What is wrong, then what to do about it, on one line."""
    return f"{said} {remedy[0].upper()}{remedy[1:]}" if said.endswith("?") else f"{said.rstrip('!.')}; {remedy}"


class EntenteError(Exception):
    """Something a person can put right; its text is shown as it is, without a traceback."""


class ContractError(EntenteError):
    """A YAML contract, a seed or a SQL file that does not say what it must."""


class Refused(EntenteError):
    """A release or a document file that is kept in raw and not let in; the last good one stays current."""

    def __str__(self) -> str:
        """The refusal on one readable line, whatever the file holds that it quotes."""
        line = " ".join(super().__str__().split())
        shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
        return shown if len(shown) <= LONGEST else f"{shown[: LONGEST // 2]} … {shown[-LONGEST // 2 :]}"


class NotPublished(EntenteError):
    """A refresh whose tables failed a gate; the previous publication stays."""
