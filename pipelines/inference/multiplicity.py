"""Several questions asked of the same months: what a p is worth beside its family."""

from __future__ import annotations

from statsmodels.stats.multitest import multipletests


def q_values(p: list[float | None]) -> list[float | None]:
    """Benjamini–Hochberg q of each p of one family; a test that could not be made has none and does not count."""
    made = [value for value in p if value is not None]
    found = iter(multipletests(made, method="fdr_bh")[1].tolist() if made else [])
    return [None if value is None else next(found) for value in p]


def family_q_values(families: list[str], p: list[float | None]) -> list[float | None]:
    """The same, each family by itself, in the order given."""
    found: list[float | None] = [None] * len(p)
    for family in sorted(set(families)):
        places = [place for place, name in enumerate(families) if name == family]
        for place, q in zip(places, q_values([p[place] for place in places]), strict=True):
            found[place] = q
    return found
