"""What each procedure does in those worlds: how often it finds what is not there, and what is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from arch.bootstrap import StationaryBootstrap
from scipy import stats

from pipelines.inference import gate
from pipelines.inference.association import ALPHA, SCAN, Pair, naive
from pipelines.inference.bands import band
from pipelines.inference.correlation import by_lag, pairs
from pipelines.inference.multiplicity import q_values
from pipelines.inference.opportunities import Estimate, estimate
from pipelines.inference.prewhitening import whiten
from pipelines.inference.sequential import monitored_p
from pipelines.inference.windows import departures, judged, random_starts, rate_changes
from tests.calibration import worlds
from tests.calibration.worlds import MONTHS, PERSISTENCE

FIRST_LOOK = 36
TERM = 111
RHO = 0.35
PERMUTATIONS = 399
PLANTED_PAIRS = 50
SILENCE_MONTHS, SILENCE_TERM, SILENCE_PATHS = 84, 120, 299


@dataclass(frozen=True)
class Rate:
    """How often something happened, beside the rate it should have.

    Attributes:
        what: What happened.
        hits: How often.
        draws: Of how many.
        low: Least rate asked for, None where it is only reported.
        high: Greatest rate asked for.
    """

    what: str
    hits: int
    draws: int
    low: float | None = None
    high: float | None = None

    @property
    def rate(self) -> float:
        """The share of draws."""
        return self.hits / self.draws

    def is_met(self, deviations: float = 0.0) -> bool:
        """Whether it is within its target, widened by so many standard deviations of a share at the target's ends."""
        if self.low is None or self.high is None:
            return True
        slack = [deviations * np.sqrt(end * (1 - end) / self.draws) for end in (self.low, self.high)]
        return bool(self.low - slack[0] <= self.rate <= self.high + slack[1])


def size(draws: int, seed: int) -> Iterator[Rate]:
    """One lag, looked at once, in pairs that have nothing to do with each other."""
    for name, world in worlds.NULLS.items():
        rng = np.random.default_rng(seed)
        main = world is worlds.persistent
        made = draws if main else draws // 4
        plain = honest = 0
        for _ in range(made):
            x, y = world(rng, MONTHS)
            plain += naive(x, y, 0).p <= ALPHA
            honest += _p(x, y, rng) <= ALPHA
        yield Rate(f"{name}: plain Pearson finds a relation", plain, made, *((0.38, 0.48) if main else ()))
        yield Rate(f"{name}: the shipped test finds one", honest, made, *((0.04, 0.06) if main else ()))


def scan(draws: int, seed: int) -> Iterator[Rate]:
    """The best of 13 lags in unrelated persistent pairs."""
    rng = np.random.default_rng(seed)
    plain = honest = 0
    for _ in range(draws):
        x, y = worlds.persistent(rng, MONTHS)
        plain += min(stats.pearsonr(*pairs(x, y, lag))[1] for lag in SCAN) <= ALPHA
        found = by_lag(whiten(x, 1).innovations, whiten(y, 1).innovations, SCAN, PERMUTATIONS, rng)
        honest += found.p_best.min() <= ALPHA
    yield Rate("best of 13 lags: plain Pearson finds a relation", plain, draws, 0.77, 0.87)
    yield Rate("best of 13 lags: the shipped test finds one", honest, draws, 0.04, 0.06)


def monitoring(draws: int, seed: int) -> Iterator[Rate]:
    """The same test every month, in unrelated persistent pairs."""
    rng = np.random.default_rng(seed)
    ever = {"plain": 0, "whitened": 0, "shipped": 0, "shipped, longer term": 0}
    for _ in range(draws):
        x, y = worlds.persistent(rng, MONTHS)
        seen: set[str] = set()
        for month in range(FIRST_LOOK, MONTHS + 1):
            if naive(x[:month], y[:month], 0).p <= ALPHA:
                seen.add("plain")
            u, v = pairs(whiten(x[:month], 1).innovations, whiten(y[:month], 1).innovations, 0)
            # No permutation p is below 0.05 where that of normal innovations is above 0.2; most looks end here.
            if stats.pearsonr(u, v)[1] > 0.2:
                continue
            p = float(by_lag(u, v, [0], 10 * PERMUTATIONS, rng).p[0])
            seen |= {"whitened"} if p <= ALPHA else set()
            seen |= {"shipped"} if monitored_p(p, len(u), MONTHS) <= ALPHA else set()
            seen |= {"shipped, longer term"} if monitored_p(p, len(u), TERM) <= ALPHA else set()
        for name in seen:
            ever[name] += 1
    months = f"looked at each month from {FIRST_LOOK} to {MONTHS}"
    yield Rate(f"{months}: plain Pearson ever finds a relation", ever["plain"], draws, 0.74, 0.86)
    yield Rate(f"{months}: a test for one look ever does", ever["whitened"], draws, 0.12, 0.25)
    yield Rate(f"{months}: the shipped test ever does", ever["shipped"], draws, 0.0, 0.06)
    yield Rate(f"{months} of {TERM}: the shipped test ever does", ever["shipped, longer term"], draws, 0.0, 0.06)


def power(draws: int, seed: int) -> Iterator[Rate]:
    """Innovations that correlate by 0.35 two months apart."""
    rng, lag = np.random.default_rng(seed), 2
    once = at_end = midway = best = 0
    for _ in range(draws):
        x, y = worlds.related(RHO, lag)(rng, MONTHS)
        u, v = whiten(x, 1).innovations, whiten(y, 1).innovations
        found = by_lag(u, v, SCAN, PERMUTATIONS, rng)
        place = SCAN.index(lag)
        once += found.p[place] <= ALPHA
        # Small p need more draws than the scan's.
        p = float(by_lag(u, v, [lag], 10 * PERMUTATIONS, rng).p[0])
        at_end += monitored_p(p, int(found.n[place]), MONTHS) <= ALPHA
        midway += monitored_p(p, int(found.n[place]), TERM) <= ALPHA
        best += found.p_best[place] <= ALPHA
    yield Rate(f"innovations of {RHO}: the registered lag found, looked at once", once, draws, 0.80, 1.0)
    yield Rate(f"innovations of {RHO}: found at the end of a term of {MONTHS} monthly looks", at_end, draws, 0.80, 1.0)
    yield Rate(f"innovations of {RHO}: found at month {MONTHS} of a term of {TERM}", midway, draws)
    yield Rate(f"innovations of {RHO}: found as the best of 13 lags", best, draws)


def coverage(draws: int, seed: int) -> Iterator[Rate]:
    """How often a nominal 90 % band holds the correlation of the innovations."""
    for rho, tails in ((0.0, "normal"), (RHO, "normal"), (RHO, "heavy")):
        rng = np.random.default_rng(seed)
        shipped = 0
        for _ in range(draws):
            x, y = worlds.related(rho, 0, tails)(rng, MONTHS)
            u, v = pairs(whiten(x, 1).innovations, whiten(y, 1).innovations, 0)
            low, high = band(u, v, 499, rng)
            shipped += low <= rho <= high
        yield Rate(f"r = {rho}, {tails} tails: the shipped band holds it", shipped, draws, 0.88, 0.92)
    few = max(40, draws // 5)
    rng, plain = np.random.default_rng(seed), 0
    for _ in range(few):
        x, y = worlds.related(RHO)(rng, MONTHS)
        u, v = pairs(whiten(x, 1).innovations, whiten(y, 1).innovations, 0)
        drawn = StationaryBootstrap(6, u, v, seed=rng)
        low, high = drawn.conf_int(lambda a, b: np.corrcoef(a, b)[0, 1], 200, method="percentile", size=0.9)[:, 0]
        plain += low <= RHO <= high
    yield Rate(f"r = {RHO}: plain percentiles of blocks of 6 months hold it", plain, few)


def planted(sets: int, seed: int) -> Iterator[Rate]:
    """Families of 50 spurious pairs through the whole gate, and 50 pairs that break in the same month."""
    kinds = [*worlds.NULLS.values()]
    rng = np.random.default_rng(seed)
    leaks = pairs_passed = plain = 0
    for _ in range(sets):
        family = [kinds[place % len(kinds)](rng, MONTHS) for place in range(PLANTED_PAIRS)]
        passed = _passed(family, rng)
        pairs_passed += passed
        leaks += passed > 0
        plain += sum(naive(x, y, 0).p <= ALPHA for x, y in family)
    yield Rate("spurious pairs: plain Pearson calls it a relation", plain, sets * PLANTED_PAIRS)
    yield Rate("spurious pairs: the gate lets one through", pairs_passed, sets * PLANTED_PAIRS, 0.0, 0.002)
    yield Rate("families of 50 spurious pairs: the gate lets any through", leaks, sets, 0.0, 0.06)
    together = [worlds.broken_together(rng, MONTHS) for _ in range(PLANTED_PAIRS)]
    yield Rate("pairs that break in the same month: the gate lets one through", _passed(together, rng), PLANTED_PAIRS)


def placebo(draws: int, seed: int) -> Iterator[Rate]:
    """Event windows around random dates, and around dates after which the series is one standard deviation higher."""
    rng, length, together = np.random.default_rng(seed), 3, 6
    one = several = found = daily = 0
    for _ in range(draws):
        x, _ = worlds.persistent(rng, MONTHS)
        departed = departures(x, whiten(x, 1), length)
        known = np.flatnonzero(np.isfinite(departed))
        one += judged(departed, [int(rng.choice(known))], length, 0, rng).p <= ALPHA
        dates = random_starts(known, together, length, rng)
        several += judged(departed, dates, length, PERMUTATIONS, rng).p <= ALPHA
        moved = x.copy()
        for date in dates:
            moved[date : date + length] += x.std()
        departed = departures(moved, whiten(moved, 1), length)
        found += judged(departed, dates, length, PERMUTATIONS, rng).p <= ALPHA
        days = 2500
        intensity = np.exp(0.3 * worlds.autoregressive(rng.normal(size=days + worlds.BURN), 0.95)) * 0.8
        words = np.where(np.arange(days) % 7 < 5, 8000.0, 0.0)
        changed = rate_changes(rng.poisson(intensity * words / 1e4).astype(float), words, 30, 0)
        day = int(rng.choice(np.flatnonzero(np.isfinite(changed))))
        daily += judged(changed, [day], 30, 0, rng).p <= ALPHA
    yield Rate("one random month: said to depart", one, draws, 0.04, 0.06)
    yield Rate(f"{together} random months: said to depart", several, draws, 0.04, 0.06)
    yield Rate("one random day, 30 days after: said to depart", daily, draws, 0.04, 0.06)
    yield Rate(f"{together} months with one standard deviation added for {length}: found", found, draws, 0.80, 1.0)


def silence(draws: int, seed: int) -> Iterator[Rate]:
    """The silence test where criticism and encounters move slowly, each by itself, and where one follows the other."""
    half = max(1, draws // 2)
    # The odds are per standard deviation of encounters.
    for persistence in (0.6, PERSISTENCE, 0.95):
        world = f"encounters of memory {persistence}"
        found, held = _said_and_held(draws, half, seed, persistence, 0.0)
        yield Rate(f"{world}: criticism said to move with them", found, draws, 0.04, 0.06)
        yield Rate(f"{world}: the band holds that it does not", held, half, 0.88, 0.92)
        found, held = _said_and_held(half, half, seed, persistence, -0.5)
        world += ", log odds falling by 0.5"
        yield Rate(f"{world}: found, looked at once", found, half)
        yield Rate(f"{world}: the band holds the fall", held, half, 0.88, 0.92)
    rng, few = np.random.default_rng(seed), max(1, draws // 8)
    ever = dict.fromkeys(("one look", "shipped"), 0)
    for _ in range(few):
        panel = worlds.critics(rng, SILENCE_TERM, PERSISTENCE)
        looks = [(months, _silence(panel.head(months)).p) for months in range(FIRST_LOOK, SILENCE_TERM + 1, 6)]
        ever["one look"] += any(p <= ALPHA for _, p in looks)
        ever["shipped"] += any(monitored_p(p, months, SILENCE_TERM) <= ALPHA for months, p in looks)
    span = f"looked at twice a year from month {FIRST_LOOK} to {SILENCE_TERM}"
    yield Rate(f"{span}: a silence test for one look ever finds a move", ever["one look"], few)
    yield Rate(f"{span}: the shipped one ever does", ever["shipped"], few, 0.0, 0.06)


def _said_and_held(draws: int, bands: int, seed: int, persistence: float, effect: float) -> tuple[int, int]:
    """In how many draws criticism is said to move, and in how many of the first the band holds how it does."""
    rng = np.random.default_rng(seed)
    said = held = 0
    for place in range(draws):
        panel = worlds.critics(rng, SILENCE_MONTHS, persistence, effect)
        told = _silence(panel, with_band=place < bands)
        said += told.p <= ALPHA
        if told.low is not None and told.high is not None:
            held += told.low <= panel["change"][0] <= told.high
    return said, held


def _silence(panel: pl.DataFrame, *, with_band: bool = False) -> Estimate:
    return estimate(
        panel,
        panel,
        "criticism",
        "opportunities",
        with_calendar=True,
        paths=SILENCE_PATHS,
        moves=1,
        with_band=with_band,
    )


def _p(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> float:
    found = by_lag(whiten(x, 1).innovations, whiten(y, 1).innovations, [0], PERMUTATIONS, rng)
    return float(found.p[0])


def _passed(family: list[worlds.Pair], rng: np.random.Generator) -> int:
    """How many pairs of a family the gate calls an association."""
    made = [Pair.of(x, y, 1) for x, y in family]
    findings = [pair.at(0, TERM, 1999, 199, rng) for pair in made]
    q = q_values([finding.p_monitored for finding in findings])
    held = [
        gate.objections(finding, pair.whiteness_p, float(value or 0.0), "either", TERM)
        for finding, pair, value in zip(findings, made, q, strict=True)
    ]
    return sum(
        gate.verdict(finding, found, "either") == "association" for finding, found in zip(findings, held, strict=True)
    )
