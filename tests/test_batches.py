"""Many things, some at a time."""

from __future__ import annotations

import pytest

from pipelines.batches import by_size


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], [[]]),
        ([3], [[3]]),
        ([5], [[5]]),
        ([2, 3], [[2, 3]]),
        ([2, 2, 2], [[2, 2, 2]]),
        ([4, 1, 9, 1], [[4, 1], [9], [1]]),
        ([5, 5], [[5], [5]]),
    ],
)
def test_each_list_but_the_last_has_enough_and_none_more_than_it_needs(
    sizes: list[int], parts: list[list[int]]
) -> None:
    assert list(by_size(iter(sizes), lambda size: size, 5)) == parts
