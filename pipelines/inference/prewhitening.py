"""A monthly series reduced to what its own past does not foretell.

Two series that each move slowly correlate by chance (Yule 1926); two series of innovations do not. Each is filtered by
its own autoregression, with a level for each month of the year where that is warranted, chosen by the corrected Akaike
criterion (Hurvich and Tsai 1989) as too short a filter is the greater danger here. `statsmodels.AutoReg` is the model;
it takes no gaps, and months without text are gaps, so the least squares are done here over the months whose past is
known, and a test holds them equal to AutoReg where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from statsmodels.stats.diagnostic import acorr_ljungbox

LONGEST = 4
FEWEST = 30
MONTHS = 12


@dataclass(frozen=True)
class Filtered:
    """A series after its own filter.

    Attributes:
        innovations: What the past did not foretell, month by month; NaN where the month or its past is unknown.
        coefficients: Of the last, the last but one, … month.
        level: The filter's constant for each month of the series, its seasons included.
        seasonal: Whether each month of the year has its level.
    """

    innovations: np.ndarray
    coefficients: np.ndarray
    level: np.ndarray
    seasonal: bool

    @cached_property
    def whiteness_p(self) -> float:
        """Ljung–Box p over 12 lags of the known innovations in order: small where something of the past is left."""
        known = self.innovations[np.isfinite(self.innovations)]
        return float(acorr_ljungbox(known, lags=[MONTHS], model_df=len(self.coefficients))["lb_pvalue"].iloc[0])

    @property
    def words(self) -> str:
        """The filter in short: `AR(2) with seasons`."""
        return f"AR({len(self.coefficients)}){' with seasons' if self.seasonal else ''}"


def whiten(values: np.ndarray, first_month: int) -> Filtered:
    """The innovations of a series by the best of its own filters.

    Args:
        values: One figure a month without a month left out, NaN where it is unknown.
        first_month: Month of the year of the first, 1 to 12; any where seasons do not matter.

    Raises:
        ValueError: Too few months stand with the four before them, or the series does not vary.
    """
    n = len(values)
    past = np.column_stack([_shifted(values, lag) for lag in range(1, LONGEST + 1)])
    usable = np.isfinite(values) & np.isfinite(past).all(axis=1)
    if usable.sum() < FEWEST:
        raise ValueError(f"{usable.sum()} months stand with the {LONGEST} before them, {FEWEST} are needed")
    if np.ptp(values[usable]) == 0:
        raise ValueError("the series does not vary")
    seasons = np.eye(MONTHS)[(np.arange(n) + first_month - 1) % MONTHS]
    # Orders are compared over the same months, then fitted over all that the chosen one can use.
    scores = [
        (score, order, seasonal)
        for seasonal in (False, True)
        for order, score in enumerate(_criteria(values, seasons if seasonal else np.ones((n, 1)), past, usable))
    ]
    _, order, seasonal = min(scores)
    constant = seasons if seasonal else np.ones((n, 1))
    design = np.hstack([constant, past[:, :order]])
    usable = np.isfinite(values) & np.isfinite(design).all(axis=1)
    fitted = np.linalg.lstsq(design[usable], values[usable], rcond=None)[0]
    innovations = np.where(usable, values - np.where(np.isfinite(design), design, 0.0) @ fitted, np.nan)
    width = constant.shape[1]
    return Filtered(innovations, fitted[width:], constant @ fitted[:width], seasonal)


def _shifted(values: np.ndarray, lag: int) -> np.ndarray:
    return np.concatenate([np.full(lag, np.nan), values[:-lag]])


def _criteria(values: np.ndarray, constant: np.ndarray, past: np.ndarray, usable: np.ndarray) -> list[float]:
    """The corrected Akaike criterion of each order; the designs are nested, so one QR holds all of them."""
    target = values[usable] - values[usable].mean()
    explained = (np.linalg.qr(np.hstack([constant, past])[usable])[0].T @ target) ** 2
    left = target @ target - np.cumsum(explained)[constant.shape[1] - 1 :]
    n, k = len(target), constant.shape[1] + 1 + np.arange(LONGEST + 1)
    if n <= k[-1] + 1:
        return []
    return list(n * np.log(np.maximum(left, 1e-12 * (target @ target)) / n) + 2 * k * n / (n - k - 1))
