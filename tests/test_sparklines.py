"""A series as one line of characters."""

from __future__ import annotations

import pytest

from pipelines.sparklines import sparkline


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([0.0, 3.5, 7.0], "▁▅█"),
        ([0.0, None, 7.0], "▁·█"),
        ([5.0, 5.0], "▁▁"),
        ([-7.0, 0.0], "▁█"),
        ([None, None], "··"),
        ([], ""),
    ],
)
def test_a_larger_value_is_taller_and_an_unknown_one_is_a_point(values: list[float | None], drawn: str) -> None:
    assert sparkline(values) == drawn
