"""A test that may be looked at every month: its chance of ever being wrong is settled once, for its whole term."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm


def monitored_p(p: float, months: int, term: int) -> float:
    """What a p after `months` pairs is worth where the test is repeated every month until `term` pairs.

    The correlation times the months is, without a relation, a random walk. The boundary is that of O'Brien and Fleming
    (1979) in its limit of looks without pause: the chance that such a walk ever gets, up to the term, as far as it
    stands now, in its closed form (Feller 1971, X.5). It asks much early and little more than a single test at the end,
    and holds for any choice of looks. After the term the test is over.

    Raises:
        ValueError: The test has outlived its term, or has no months.
    """
    if not 0 < months <= term:
        raise ValueError(f"{months} months of a test that ends after {term}")
    distance = norm.isf(max(p, 1e-15) / 2) * np.sqrt(months / term)
    return float(min(1.0, max(p, 1 - inside(distance))))


def inside(distance: float) -> float:
    """Chance that a Brownian motion stays within ±distance from 0 to 1."""
    if distance <= 0:
        return 0.0
    k = np.arange(0, 60)
    terms = (-1.0) ** k / (2 * k + 1) * np.exp(-((2 * k + 1) ** 2) * np.pi**2 / (8 * distance**2))
    return float(np.clip(4 / np.pi * terms.sum(), 0.0, 1.0))


def critical_p(alpha: float, months: int, term: int) -> float:
    """The p that a single look after `months` must not exceed for a monitored p of alpha."""
    distance = brentq(lambda each: 1 - inside(each) - alpha, 0.5, 8.0)
    return float(min(alpha, 2 * norm.sf(distance * np.sqrt(term / months))))
