"""Everything measured of one pair of series at one registered lag, and at the lags around it; no judgement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipelines.inference.bands import band
from pipelines.inference.correlation import ByLag, by_lag, pairs
from pipelines.inference.prewhitening import Filtered, whiten
from pipelines.inference.sequential import critical_p, monitored_p

ALPHA = 0.05
SCAN = range(-6, 7)
RELEVANT_R = 0.3


@dataclass(frozen=True)
class Naive:
    """What a plain correlation of the same months says: the figure usually printed.

    Attributes:
        n: Pairs of months.
        r: Pearson's correlation.
        p: Its p as if months were independent.
        effective_n: How many independent pairs they are worth, by Bartlett's formula for two AR(1).
        effective_n_p: The p at that number.
    """

    n: int
    r: float
    p: float
    effective_n: float
    effective_n_p: float


@dataclass(frozen=True)
class Finding:
    """What was measured of a pair at one lag.

    Attributes:
        n: Pairs of innovations.
        r: Their correlation, with the ends of its 90 % band.
        p: Permutation p of this lag alone.
        p_monitored: What it is worth if tested every month until the term.
        r_without_top_month: The correlation without the month that moves it most.
        power_at_0_3: Chance to find a correlation of 0.3 with so many months, at this look.
    """

    naive: Naive
    n: int
    r: float
    r_low: float
    r_high: float
    p: float
    p_monitored: float
    r_without_top_month: float
    power_at_0_3: float


@dataclass(frozen=True)
class Pair:
    """Two series on the same months, each with its own filter."""

    x: np.ndarray
    y: np.ndarray
    x_filter: Filtered
    y_filter: Filtered

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray, first_month: int) -> Pair:
        """The pair, filtered; see `whiten`."""
        return cls(x, y, whiten(x, first_month), whiten(y, first_month))

    @property
    def innovations(self) -> tuple[np.ndarray, np.ndarray]:
        """What the past of each did not foretell."""
        return self.x_filter.innovations, self.y_filter.innovations

    @property
    def whiteness_p(self) -> float:
        """Ljung–Box p of the whiter of the two: a correlation keeps its size while one of them has no memory."""
        return max(self.x_filter.whiteness_p, self.y_filter.whiteness_p)

    def at(self, lag: int, term: int, permutations: int, redraws: int, rng: np.random.Generator) -> Finding:
        """The finding at one lag (positive: x comes first) for a test repeated monthly until `term` pairs."""
        tested = by_lag(*self.innovations, [lag], permutations, rng)
        u, v = pairs(*self.innovations, lag)
        low, high = band(u, v, redraws, rng)
        n, p = int(tested.n[0]), float(tested.p[0])
        return Finding(
            naive(self.x, self.y, lag),
            n,
            float(tested.r[0]),
            low,
            high,
            p,
            monitored_p(p, n, max(n, term)),
            _without_top_month(u, v),
            power(RELEVANT_R, n, critical_p(ALPHA, n, max(n, term))),
        )

    def scan(self, permutations: int, rng: np.random.Generator) -> ByLag:
        """All lags from −6 to 6, with the p of the best of them."""
        return by_lag(*self.innovations, SCAN, permutations, rng)


def naive(x: np.ndarray, y: np.ndarray, lag: int) -> Naive:
    """The plain correlation at a lag, and what Bartlett's effective number of months makes of it."""
    u, v = pairs(x, y, lag)
    r, p = stats.pearsonr(u, v)
    memory = _memory(x) * _memory(y)
    effective = float(min(len(u), len(u) * (1 - memory) / (1 + memory)))
    t = r * np.sqrt(max(effective - 2, 1e-9) / (1 - r**2))
    return Naive(len(u), float(r), float(p), effective, float(2 * stats.t.sf(abs(t), max(effective - 2, 1e-9))))


def power(rho: float, n: int, alpha: float) -> float:
    """Chance that a correlation of rho among n pairs is found at a two-sided level."""
    return float(stats.norm.sf(stats.norm.isf(alpha / 2) - np.arctanh(rho) * np.sqrt(n - 3)))


def _memory(values: np.ndarray) -> float:
    """Lag-1 autocorrelation over the months whose last is known."""
    u, v = pairs(values, values, 1)
    return float(np.corrcoef(u, v)[0, 1])


def _without_top_month(u: np.ndarray, v: np.ndarray) -> float:
    """The correlation after the month is left out whose absence moves it most."""
    n = len(u)
    keep = ~np.eye(n, dtype=bool)
    a, b = (np.broadcast_to(part, (n, n))[keep].reshape(n, n - 1) for part in (u, v))
    a, b = (part - part.mean(axis=1, keepdims=True) for part in (a, b))
    without = (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return float(without[np.argmax(np.abs(without - np.corrcoef(u, v)[0, 1]))])
