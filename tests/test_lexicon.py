"""Lexicon: terms are found as if each were looked for by itself, the longest first."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.rhetoric.lexicon import Lexicon

_WORDS = st.lists(st.text(alphabet="ab'.", min_size=1, max_size=3), min_size=1, max_size=3).map(" ".join)
_TERMS = st.lists(_WORDS.filter(lambda term: term[0].isalnum()), min_size=1, max_size=8, unique=True)
_TEXTS = st.lists(st.text(alphabet="abAB'. ,", max_size=20), max_size=4)


def _lexicon(terms: list[str]) -> Lexicon:
    same = {"language": "en", "role": "side", "code": "MX", "weight": 1}
    return Lexicon(pl.DataFrame([{"term": term, **same} for term in terms]))


def _expression(term: str) -> str:
    words = re.escape(term).replace(r"\*", "[A-Za-z0-9]*")
    return rf"\b{words}\b" if term[-1].isalnum() or term[-1] == "*" else rf"\b{words}"


@settings(deadline=None, max_examples=60)
@given(_TERMS, _TEXTS)
def test_of_terms_that_begin_alike_the_longest_is_found(terms: list[str], texts: list[str]) -> None:
    frame = pl.DataFrame({"folded": texts, "language": "en"}, schema_overrides={"folded": pl.String})
    found = _lexicon(terms).found(frame.with_row_index("row"), "side")
    longest = sorted(terms, key=lambda term: (-len(term), term))
    expression = re.compile("|".join(map(_expression, longest)), re.IGNORECASE)
    expected = [(row, *place.span()) for row, text in enumerate(texts) for place in expression.finditer(text)]
    assert sorted(found.select("row", "start", "end").rows()) == expected


@settings(deadline=None, max_examples=60)
@given(_TERMS, st.sets(st.sampled_from(["a*", "ab* b", "b*'a"])), _TEXTS)
def test_a_text_holds_a_term_where_one_of_them_fits(terms: list[str], starred: set[str], texts: list[str]) -> None:
    told = sorted({*terms, *starred})
    frame = pl.DataFrame({"folded": texts, "language": "en"}, schema_overrides={"folded": pl.String})
    expected = [any(re.search(_expression(term), text, re.IGNORECASE) for term in told) for text in texts]
    assert _lexicon(told).holding(frame, ("side",)).to_list() == expected
