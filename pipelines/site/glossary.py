"""The page's words in both languages; what `glossary.yml` does not know stays as it is, as names and quotations do."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pipelines.contract_files import read_yaml
from pipelines.site.words import Said


@cache
def _glossary() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("glossary.yml"))


def column(name: str) -> Said:
    """The head of a column of a query; one that the glossary does not know is an error of whoever wrote the query."""
    return Said(*_glossary()["columns"][name])


def word(text: str) -> Said:
    """A word or code, as people write it, in both languages; the same in both where the glossary does not know it."""
    shown = text.replace("_", " ")
    return Said(shown, words()[shown]) if shown in words() else Said(text, text)


def words() -> dict[str, str]:
    """Spanish by English."""
    return _glossary()["words"]
