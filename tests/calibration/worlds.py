"""Made-up pairs of monthly series: unrelated ones of every awkward kind, and one that is related."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from scipy.signal import lfilter

MONTHS = 91
PERSISTENCE = 0.86
BURN = 100

Pair = tuple[np.ndarray, np.ndarray]
World = Callable[[np.random.Generator, int], Pair]


def autoregressive(innovations: np.ndarray, persistence: float = PERSISTENCE) -> np.ndarray:
    """An AR(1) driven by the innovations, without its first months."""
    return lfilter([1.0], [1.0, -persistence], innovations)[BURN:]


def persistent(rng: np.random.Generator, n: int) -> Pair:
    """Two independent AR(1) as persistent as border fentanyl seizures."""
    return _two(lambda: autoregressive(rng.normal(size=n + BURN)))


def random_walks(rng: np.random.Generator, n: int) -> Pair:
    """Two independent random walks."""
    return _two(lambda: rng.normal(size=n).cumsum())


def trending(rng: np.random.Generator, n: int) -> Pair:
    """Two independent series about a straight trend that makes up most of their spread."""
    return _two(lambda: autoregressive(rng.normal(size=n + BURN), 0.5) + rng.choice([-1, 1]) * 0.08 * np.arange(n))


def broken(rng: np.random.Generator, n: int) -> Pair:
    """Two independent series whose level jumps once, each in a month of its own."""

    def one() -> np.ndarray:
        values = autoregressive(rng.normal(size=n + BURN), 0.5)
        values[rng.integers(n // 6, n - n // 6) :] += 4.0
        return values

    return _two(one)


def broken_together(rng: np.random.Generator, n: int) -> Pair:
    """Two otherwise independent series whose level jumps in the same month, as at a change of government."""
    pair, month = persistent(rng, n), rng.integers(n // 6, n - n // 6)
    for values in pair:
        values[month:] += 6.0
    return pair


def seasonal(rng: np.random.Generator, n: int) -> Pair:
    """Two independent series with a season each of its own phase."""

    def one() -> np.ndarray:
        season = 2.0 * np.sin(2 * np.pi * (np.arange(n) / 12 + rng.uniform()))
        return autoregressive(rng.normal(size=n + BURN), 0.5) + season

    return _two(one)


def heavy_tailed(rng: np.random.Generator, n: int) -> Pair:
    """Two independent AR(1) with innovations of Student's t with 3 degrees of freedom."""
    return _two(lambda: autoregressive(rng.standard_t(3, size=n + BURN)))


def rare_words(rng: np.random.Generator, n: int) -> Pair:
    """Two independent counts of rare words of slowly moving intensity, half of their months 0."""
    return _two(lambda: rng.poisson(np.exp(autoregressive(0.4 * rng.normal(size=n + BURN)) - 0.7)).astype(float))


def related(rho: float, lag: int = 0, tails: str = "normal") -> World:
    """Two AR(1) whose innovations correlate by rho, the second `lag` months later."""

    def world(rng: np.random.Generator, n: int) -> Pair:
        size = (2, n + BURN + lag)
        drawn = rng.normal(size=size) if tails == "normal" else rng.standard_t(5, size=size)
        first, second = drawn[0], rho * drawn[0] + np.sqrt(1 - rho**2) * drawn[1]
        return autoregressive(first[lag:]), autoregressive(second[: n + BURN])

    return world


def critics(rng: np.random.Generator, months: int, persistence: float, effect: float = 0.0) -> pl.DataFrame:
    """A panel of the silence test: slow encounters, and statements whose odds to criticise move by themselves.

    The odds change by `effect` per standard deviation of encounters. There are some 28 statements a month, a tenth of
    them critical, under two administrations of which one criticises more often. `change` is what the chance
    truly changes by per standard deviation of these encounters, the mean over the statements made.
    """
    need, own = (
        autoregressive(rng.normal(size=months + BURN), persistence) * np.sqrt(1 - persistence**2) for _ in range(2)
    )
    when = pl.date_range(date(2018, 1, 1), date(2018 + months // 12, 12, 1), "1mo", eager=True)[:months]
    first = np.array([each.year < 2021 for each in when])
    heard = rng.poisson(28, months)
    chance = 1 / (1 + np.exp(2.3 - 0.5 * first - 0.6 * own - effect * need))
    return pl.DataFrame(
        {
            "month": when,
            "administration": np.where(first, "trump_2017", "biden_2021"),
            "is_us_presidential_year": [each.year % 4 == 0 for each in when],
            "encounters": 1e5 + 3e4 * need,
            "opportunities": heard,
            "criticism": rng.binomial(heard, chance),
            "change": effect * need.std(ddof=1) * (heard * chance * (1 - chance)).sum() / heard.sum(),
        }
    )


NULLS: dict[str, World] = {
    "independent AR(1) of 0.86": persistent,
    "random walks": random_walks,
    "trends": trending,
    "breaks": broken,
    "seasons": seasonal,
    "heavy tails": heavy_tailed,
    "rare words": rare_words,
}


def _two(one: Callable[[], np.ndarray]) -> Pair:
    return one(), one()
