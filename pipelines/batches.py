"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def by_size(items: Iterable[Item], size: Callable[[Item], int], enough: int) -> Iterator[list[Item]]:
    """Yield items in order, in lists of which each but the last has enough; one empty list where there is no item.

    Args:
        items: What to divide.
        size: How much an item counts.
        enough: From how much on a list is yielded.
    """
    some: list[Item] = []
    held, is_begun = 0, False
    for item in items:
        some.append(item)
        held += size(item)
        if held >= enough:
            yield some
            some, held, is_begun = [], 0, True
    if some or not is_begun:
        yield some
