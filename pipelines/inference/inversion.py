"""The band of a change of chances: every change that the test against drawn courses does not reject."""

from __future__ import annotations

import numpy as np

LEVEL = 0.1  # what lies outside is rejected at it, so that the band is one of 90 %
FARTHEST, NEARER, HALVINGS = 3.0, 0.6, 5  # how far from the estimate slopes are tested, and in what steps


def unrejected(
    slope: float, need: np.ndarray, courses: np.ndarray, others: np.ndarray, y: np.ndarray, n: np.ndarray
) -> tuple[float, float]:
    """The lowest and highest slope that the test does not reject, ±inf where not the farthest it looks at.

    A slope is tested as none is: taken as given, it leaves criticisms that unrelated courses explain as well as the
    encounters themselves do. How far a course explains them is one step of Newton's method from no slope at all, which
    is near enough to the whole way where slopes are small, and tells a hundred slopes in the time of one.

    Args:
        slope: As estimated, in log odds per standard deviation.
        need: The encounters, standardised.
        courses: Those they might have taken, standardised, one a row.
        others: What is held apart, one column each.
        y: Criticisms.
        n: Their opportunities.
    """
    level = np.zeros(others.shape[1])

    def is_rejected(given: float) -> bool:
        chance = _without(given * need, others, y, n, level)
        weight, left = n * chance * (1 - chance), y - n * chance
        known, *drawn = _steps(np.vstack([need, courses]), others, weight, left)
        reached = np.abs(drawn) >= abs(known) * (1 - 1e-9)
        return bool((1 + reached.sum()) / (1 + len(courses)) < LEVEL)

    ends = []
    for side in (-1.0, 1.0):
        outer, inner = np.inf, FARTHEST
        # From afar, for what is rejected near the estimate may be borne out beyond; the band has no holes.
        while inner > FARTHEST * NEARER**12 and is_rejected(slope + side * inner):
            outer, inner = inner, inner * NEARER
        if np.isfinite(outer):
            for _ in range(HALVINGS):
                middle = (outer + inner) / 2
                outer, inner = (middle, inner) if is_rejected(slope + side * middle) else (outer, middle)
        ends.append(slope + side * outer)
    return ends[0], ends[1]


def _without(given: np.ndarray, others: np.ndarray, y: np.ndarray, n: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The chances where a slope is given and only the levels are estimated, from those of the last call on."""
    ridge = 1e-9 * np.eye(len(level))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(given + others @ level, -30, 30)))
        weight = n * chance * (1 - chance)
        step = np.linalg.solve((others.T * weight) @ others + ridge, others.T @ (y - n * chance))
        level += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-4:
            break
    return chance


def _steps(series: np.ndarray, others: np.ndarray, weight: np.ndarray, left: np.ndarray) -> np.ndarray:
    """One step of Newton's method for the slope of each series, what the others tell of it taken out."""
    weighted = others.T * weight
    shares = np.linalg.solve(weighted @ others + 1e-9 * np.eye(others.shape[1]), weighted @ series.T)
    alone = series - shares.T @ others.T
    return (alone @ left) / (alone**2 @ weight)
