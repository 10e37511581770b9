"""What departs from its own course around an event, and how often it departs as far around dates drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.inference.prewhitening import Filtered

BASELINE_DAYS = 90
FEWEST_WORDS = 2_000


@dataclass(frozen=True)
class Abnormal:
    """A departure and its chance.

    Attributes:
        value: Mean departure over the window; over all events' windows for several.
        p: Chance that random dates depart as far to either side.
        placebos: How many random dates, or sets of dates, were looked at.
        events: How many events stand behind the value: those whose windows are known and overlap no earlier one's.
    """

    value: float
    p: float
    placebos: int
    events: int


def departures(values: np.ndarray, own: Filtered, length: int) -> np.ndarray:
    """For each month the mean departure of the `length` months from it on from what the months before foretell.

    The forecast is the series' own filter iterated from the months before the window; NaN where one of them, or of the
    window, is unknown.
    """
    order, n = len(own.coefficients), len(values)
    # state[:, k] holds what is known or foretold k + 1 months before, one row for each month a window may begin in.
    state = np.full((n, order), np.nan)
    for lag in range(1, order + 1):
        state[lag:, lag - 1] = values[:-lag]
    total = np.zeros(n)
    for ahead in range(length):
        level = np.append(own.level[ahead:], np.full(ahead, np.nan))
        foretold = level + state @ own.coefficients
        total += np.append(values[ahead:], np.full(ahead, np.nan)) - foretold
        state = np.column_stack([foretold, state[:, :-1]]) if order else state
    return total / length


def rate_changes(amounts: np.ndarray, words: np.ndarray, length: int, offset: int) -> np.ndarray:
    """For each day the rate of the `length` days from `offset` days after it on, less that of the 90 days before those.

    Rates are per 10,000 words; NaN where the window has less than 2,000 words or the days before less than 10,000.
    """
    n = len(amounts)
    sums = [np.concatenate([[0.0], np.cumsum(part)]) for part in (amounts, words)]
    start = np.arange(n) + offset
    inside = (start - BASELINE_DAYS >= 0) & (start + length <= n)
    start = np.where(inside, start, BASELINE_DAYS)
    within, before = (
        [total[start + end] - total[start + begin] for total in sums]
        for begin, end in ((0, length), (-BASELINE_DAYS, 0))
    )
    enough = inside & (within[1] >= FEWEST_WORDS) & (before[1] >= 5 * FEWEST_WORDS)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, 1e4 * within[0] / within[1] - 1e4 * before[0] / before[1], np.nan)


def episodes(starts: list[int], departed: np.ndarray, span: int) -> list[int]:
    """The starts whose window is known, without those within `span` of an earlier one: that is one episode."""
    kept: list[int] = []
    for start in sorted(set(starts)):
        known = 0 <= start < len(departed) and np.isfinite(departed[start])
        if known and (not kept or start - kept[-1] >= span):
            kept.append(start)
    return kept


def random_starts(known: np.ndarray, count: int, span: int, rng: np.random.Generator) -> list[int]:
    """As many random starts, none within `span` of another; fewer where no more fit."""
    chosen: list[int] = []
    for start in rng.permutation(known):
        if all(abs(start - other) >= span for other in chosen):
            chosen.append(start)
            if len(chosen) == count:
                break
    return chosen


def judged(departed: np.ndarray, starts: list[int], span: int, draws: int, rng: np.random.Generator) -> Abnormal | None:
    """The mean departure after the starts beside that after as many random ones; None where no window is known.

    Of one event every other start is looked at once, those near it too: they depart with it, and without them its own
    departure would look rarer than it is. Of several, `draws` random sets, no two windows of which overlap.
    """
    kept = episodes(starts, departed, span)
    if not kept:
        return None
    known = np.flatnonzero(np.isfinite(departed))
    value = float(departed[kept].mean())
    if len(kept) == 1:
        others = departed[known[known != kept[0]]]
    else:
        others = np.array([departed[random_starts(known, len(kept), span, rng)].mean() for _ in range(draws)])
    reached = np.abs(others) >= abs(value) - 1e-12
    return Abnormal(value, float((1 + reached.sum()) / (1 + len(others))), len(others), len(kept))
