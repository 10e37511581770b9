"""Stems: what every text that an expression fits must hold, looked for before the expression is tried."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.rhetoric.acts import Acts
from pipelines.rhetoric.stems import stems


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tariff", [[{"tariff"}]]),
        ("tariffs?", [[{"tariff"}]]),
        ("(impose|levy|put) tariffs", [[{"impose", "levy", "put"}, {" tariffs"}]]),
        ("(impose|levying) on", [[{"impose", "levying"}, {" on"}]]),
        ("(?:hold|held) O+", [[{"hold", "held"}, {" "}, {"O"}]]),
        ("threat(en|s)?", [[{"threat"}]]),
        ("(?:a|the)* wall", [[{" wall"}]]),
        (r"no\. more", [[{"no. more"}]]),
        (r"pay\s+up", [[{"pay"}, {"up"}]]),
        ("[a-z]+", [[]]),
        ("(very )?", [[]]),
        ("close the border|send (troops|soldiers)", [[{"close the border"}], [{"send "}, {"troops", "soldiers"}]]),
        ("(tax(es)?|dut(y|ies)) now", [[{"tax", "dut"}, {" now"}]]),
        ("x{0,3}y{2}", [[{"y"}]]),
        ("ab+?c", [[{"a"}, {"b"}, {"c"}]]),
    ],
)
def test_a_text_holds_a_stem_of_each_part_of_an_alternative(expression: str, expected: list[list[set[str]]]) -> None:
    assert stems(expression) == expected


def test_an_act_is_found_by_a_pattern_with_and_without_telling_stems() -> None:
    patterns = pl.DataFrame(
        {
            "act": ["tariff", "tariff", "we"],
            "language": "en",
            "pattern": ["(impose|put) ... tariffs? ... OTHER", "tax OTHER", "(we|us)"],
        }
    )
    acts = Acts(patterns, pl.DataFrame(schema=dict.fromkeys(("name", "language", "words"), pl.String)))
    said = pl.Series(["we will put a tariff on OOOOOO", "tax OOOOOO", "they impose nothing on us", "", "taxes"])
    tariff, we, unknown = acts.held("en", said, ["tariff", "we", "unknown"])
    assert tariff.to_list() == [True, True, False, False, False]
    assert we.to_list() == [True, False, True, False, False]
    assert unknown.to_list() == [False] * 5
    assert [each.sum() for each in acts.held("es", said, ["tariff", "we"])] == [0, 0]
