"""Several questions asked of the same months: what a p is worth beside its family."""

from __future__ import annotations

from collections.abc import Mapping

from statsmodels.stats.multitest import multipletests


def q_values(p: list[float | None], elsewhere: int = 0) -> list[float | None]:
    """Benjamini–Hochberg q of each p of one family; a test that could not be made has none and does not count.

    Tests of the family that another table makes count as if they had found nothing, which can only raise q, so that no
    table need wait for another's p.
    """
    made = [value for value in p if value is not None]
    found = iter(multipletests([*made, *[1.0] * elsewhere], method="fdr_bh")[1].tolist() if made else [])
    return [None if value is None else next(found) for value in p]


def family_q_values(
    families: list[str], p: list[float | None], elsewhere: Mapping[str, int] | None = None
) -> list[float | None]:
    """The same, each family by itself, in the order given; `elsewhere` has the tests of a family in other tables."""
    found: list[float | None] = [None] * len(p)
    for family in sorted(set(families)):
        places = [place for place, name in enumerate(families) if name == family]
        others = (elsewhere or {}).get(family, 0)
        for place, q in zip(places, q_values([p[place] for place in places], others), strict=True):
            found[place] = q
    return found
