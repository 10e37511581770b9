"""How two series of innovations go together: the correlation by lag, studentised, and its chance under no relation."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

# Of x and y: the moments that the correlation and its standard error are made of.
MOMENTS = ((1, 1), (2, 0), (0, 2), (2, 2), (3, 1), (1, 3), (4, 0), (0, 4))
# A correlation of 1 has no z, and from few months that are not 0 a standard error may come out as next to nothing.
FARTHEST = 1 - 1e-6
LEAST_SPREAD = 0.1


@dataclass(frozen=True)
class ByLag:
    """Correlations of x with y `lag` months later, one entry a lag.

    Attributes:
        n: Pairs.
        r: Correlation.
        t: Fisher's z over its standard error, which holds for tails and changing variance too.
        p: Chance of so large a |t| at that lag where the two are unrelated.
        p_best: Chance that the best of all these lags reaches it.
    """

    n: np.ndarray
    r: np.ndarray
    t: np.ndarray
    p: np.ndarray
    p_best: np.ndarray


def by_lag(x: np.ndarray, y: np.ndarray, lags: range | list[int], draws: int, rng: np.random.Generator) -> ByLag:
    """Correlate x with y at each lag (positive: x comes first) and judge by permutation.

    The innovations of one series are exchangeable where it is unrelated to the other, so permuting them gives the null
    of every lag at once; studentising keeps the size where they are not identically distributed (DiCiccio and Romano
    2017), and the largest |t| of each draw judges the best of several lags (Westfall and Young 1993).
    """
    known_x, known_y = np.isfinite(x), np.isfinite(y)
    shifted = [_later(np.where(known_x, x, 0.0), lag) for lag in lags]
    there = [_later(known_x.astype(float), lag) for lag in lags]
    columns, mask = np.column_stack(shifted), np.column_stack(there)
    filled, places = np.where(known_y, y, 0.0), np.flatnonzero(known_y)
    drawn = np.zeros((draws + 1, len(y)))
    drawn[0] = filled
    order = rng.permuted(np.tile(np.arange(len(places)), (draws, 1)), axis=1)
    drawn[1:, places] = filled[places][order]
    n = known_y.astype(float) @ mask
    r, t = _studentised_by_lag(columns, mask, drawn, known_y.astype(float), n)
    size = np.abs(t)
    reached = size[1:] >= size[0] - 1e-12
    best = size[1:].max(axis=1)[:, None] >= size[0] - 1e-12
    p, p_best = ((1 + hit.sum(axis=0)) / (draws + 1) for hit in (reached, best))
    return ByLag(n.astype(int), r[0], t[0], p, p_best)


def pairs(x: np.ndarray, y: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """The months known of both, y `lag` months after x."""
    n = len(x)
    u, v = x[max(0, -lag) : n - max(0, lag)], y[max(0, lag) : n - max(0, -lag)]
    known = np.isfinite(u) & np.isfinite(v)
    return u[known], v[known]


def studentised(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fisher's z of the correlation along the last axis, and its standard error without assuming normal tails."""
    u, v = (part - part.mean(axis=-1, keepdims=True) for part in (u, v))
    u, v = (part / np.sqrt((part**2).mean(axis=-1, keepdims=True)) for part in (u, v))
    r = (u * v).mean(axis=-1)
    influence = u * v - r[..., None] * (u**2 + v**2) / 2
    return _fishers_z(r, (influence**2).mean(axis=-1), u.shape[-1])


def _studentised_by_lag(
    x: np.ndarray, mask: np.ndarray, y: np.ndarray, known: np.ndarray, n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Correlation and t for each row of y and each column of x; sums of powers instead of pair by pair."""
    x = x * known[:, None]
    pair = mask * known[:, None]
    y_mean, x_mean = (y @ pair) / n, x.sum(axis=0) / n
    # Central moments E[(x-a)^i (y-b)^j] by the binomial theorem from raw moments of powers up to four.
    x_powers, y_powers = _powers(x, pair), _powers(y, np.broadcast_to(known, y.shape))
    raw = {(i, j): (y_powers[j] @ x_powers[i]) / n for i in range(5) for j in range(5 - i)}
    m = {key: _central(raw, key, x_mean, y_mean) for key in MOMENTS}
    sx, sy = np.sqrt(m[2, 0]), np.sqrt(m[0, 2])
    r = m[1, 1] / (sx * sy)
    cross = m[3, 1] / (sx**3 * sy) + m[1, 3] / (sx * sy**3)
    squares = m[4, 0] / sx**4 + 2 * m[2, 2] / (sx**2 * sy**2) + m[0, 4] / sy**4
    influence = m[2, 2] / (sx**2 * sy**2) - r * cross + r**2 * squares / 4
    z, spread = _fishers_z(r, influence, n)
    return r, z / spread


def _fishers_z(r: np.ndarray, influence: np.ndarray, n: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """Fisher's z of r and its standard error, from the mean square of what each pair adds to r."""
    bounded = np.clip(r, -FARTHEST, FARTHEST)
    share = np.sqrt(np.maximum(influence, 0.0)) / (1 - bounded**2)
    return np.arctanh(bounded), np.maximum(share, LEAST_SPREAD) / np.sqrt(n)


def _powers(values: np.ndarray, zeroth: np.ndarray) -> list[np.ndarray]:
    """Powers 0 to 4, where the zeroth says which months count."""
    square = values * values
    return [zeroth, values, square, square * values, square * square]


def _central(raw: dict[tuple[int, int], np.ndarray], key: tuple[int, int], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    i, j = key
    return sum(
        comb(i, k) * comb(j, m) * (-a) ** (i - k) * (-b) ** (j - m) * raw[k, m]
        for k in range(i + 1)
        for m in range(j + 1)
    )


def _later(values: np.ndarray, lag: int) -> np.ndarray:
    """The value of `lag` months before in each month, 0 outside."""
    moved = np.zeros_like(values)
    if lag > 0:
        moved[lag:] = values[:-lag]
    elif lag < 0:
        moved[:lag] = values[-lag:]
    else:
        moved[:] = values
    return moved
