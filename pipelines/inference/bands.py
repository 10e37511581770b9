"""A 90 % band for the correlation of two series of innovations that holds what it says at some 80 months."""

from __future__ import annotations

import numpy as np
from arch.bootstrap import optimal_block_length

from pipelines.inference.correlation import studentised

COVERAGE = 0.90


def band(u: np.ndarray, v: np.ndarray, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """Lower and upper end of the band for the correlation of the pairs.

    The percentiles of a plain bootstrap are too narrow here. Those of Fisher's z over its standard error, redrawn in
    stationary blocks (Politis and Romano 1994), are not, provided that standard error is not taken smaller than the one
    of normal innovations: where most months are 0 it is estimated from few, and too small.
    """
    z, spread = studentised(u, v)
    drawn = resampled(len(u), draws, block_length(u * v), rng)
    redrawn, spreads = studentised(u[drawn], v[drawn])
    low, high = np.quantile((redrawn - z) / spreads, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    spread = max(float(spread), 1 / np.sqrt(len(u) - 3))
    return float(np.tanh(z - high * spread)), float(np.tanh(z - low * spread))


def block_length(values: np.ndarray) -> float:
    """Mean length of the blocks that keep what dependence there is (Politis and White 2004): 1 where there is none.

    It is itself estimated from few months, so it is kept below the cube root of their number.
    """
    wanted = float(optimal_block_length(values)["stationary"].iloc[0])
    return float(np.clip(wanted, 1.0, len(values) ** (1 / 3)))


def resampled(n: int, draws: int, block: float, rng: np.random.Generator) -> np.ndarray:
    """Places of `draws` samples of n months; each follows the one before, or with chance 1 / block begins anew."""
    begins = rng.random((draws, n)) < 1 / block
    begins[:, 0] = True
    first = rng.integers(0, n, (draws, n))
    since = np.arange(n) - np.maximum.accumulate(np.where(begins, np.arange(n), 0), axis=1)
    begun = np.take_along_axis(first, np.arange(n) - since, axis=1)
    return (begun + since) % n
