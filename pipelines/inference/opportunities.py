"""How the chance to criticise, given an opportunity, changes with a slow series that stands for a need."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox

from pipelines.inference.inversion import LEVEL, unrejected

PATHS = 999  # courses the encounters might have taken
MOVES = 199
NEAREST = 3  # months by which the encounters are moved at least, so that they do not stand beside themselves
LONGEST_MEMORY = 0.995
YEAR = 12


@dataclass(frozen=True)
class Estimate:
    """A change of the chance to criticise per standard deviation of need.

    Attributes:
        value: Mean over all opportunities.
        low: Lower end of its 90 % band: what the same test would not reject; -1 where it rejects nothing on that side,
            None where no band was asked for.
        high: Upper end, 1 where nothing is rejected.
        p: Chance of a change as large to either side with encounters of the same memory that nothing joins to it.
        p_of_shifts: The same with the encounters themselves moved along the months.
        shifts: How many such moves were looked at.
        without_top_month: The value without the month that moves it most.
        whiteness_p: Ljung–Box p of the whiter of need after its own memory and of what need leaves of the criticism: p
            keeps its size while one of them has no more of it.
        memory: Share of a month's departure of encounters from their mean that the next keeps, corrected for bias.
        deviation: What one standard deviation of need is, in encounters a month.
    """

    value: float
    low: float | None
    high: float | None
    p: float
    p_of_shifts: float
    shifts: int
    without_top_month: float
    whiteness_p: float
    memory: float
    deviation: float


def estimate(
    panel: pl.DataFrame,
    known: pl.DataFrame,
    criticism: str,
    opportunities: str,
    *,
    with_calendar: bool,
    paths: int = PATHS,
    moves: int = MOVES,
    with_band: bool = True,
) -> Estimate:
    """The change of the chance to criticise per standard deviation of encounters, each administration at its own level.

    Logit of criticisms among opportunities. Both series keep for months what moved them, so that unrelated ones look
    related; moving the encounters along the months does not cure it where a few years hold one rise and one fall. The
    chance is therefore that among courses drawn from encounters' own first-order memory, estimated over all months of
    the panel and corrected for its bias in short series (Kendall 1954). The band inverts that test.
    """
    y, n = (known[name].to_numpy().astype(float) for name in (criticism, opportunities))
    whole = panel.filter(pl.col("encounters").is_not_null())
    encounters = whole["encounters"].to_numpy().astype(float)
    memory = _memory(encounters)
    at = np.flatnonzero(whole["month"].is_in(known["month"].to_list()).to_numpy())
    held = known["administration"].to_numpy()
    level = np.column_stack([held == name for name in dict.fromkeys(held)]).astype(float)
    others = np.column_stack([level, known["is_us_presidential_year"].to_numpy()]) if with_calendar else level
    spoken = n > 0
    others = _independent(others, spoken)

    def effects(courses: np.ndarray, kept: np.ndarray | float = 1.0) -> np.ndarray:
        beside = np.broadcast_to(others, (len(courses), *others.shape))
        return _effects(np.concatenate([_standardised(courses)[:, :, None], beside], axis=2), y * kept, n * kept)

    need = encounters[at]
    found = effects(need[None, :])[0]
    moved = _moved(need, held, moves)
    without = effects(np.tile(need, (len(need), 1)), 1 - np.eye(len(need)))
    courses = _courses(len(encounters), memory, paths)[:, at]
    p = _chance(found, effects(courses))
    of_need, of_courses = _standardised(need[None, :])[0], _standardised(courses)
    outcomes, design = np.column_stack([y, n - y])[spoken], np.column_stack([of_need, others])[spoken]
    fitted = sm.GLM(outcomes, design, family=sm.families.Binomial()).fit()
    low = high = None
    if with_band:
        fall = (n[spoken] * fitted.fittedvalues * (1 - fitted.fittedvalues)).sum() / n.sum()
        ends = np.clip(fall * np.array(unrejected(fitted.params[0], of_need, of_courses, others, y, n)), -1.0, 1.0)
        # One step and the whole way differ a little; what p does not reject is never left outside.
        low, high = (float(end) for end in ((min(ends[0], 0.0), max(ends[1], 0.0)) if p >= LEVEL else ends))
    centred = encounters - encounters.mean()
    return Estimate(
        value=float(found),
        low=low,
        high=high,
        p=p,
        p_of_shifts=_chance(found, effects(moved)),
        shifts=len(moved),
        without_top_month=float(without[np.argmax(np.abs(without - found))]),
        whiteness_p=max(_whiteness_p(centred[1:] - memory * centred[:-1], 1), _whiteness_p(fitted.resid_pearson, 0)),
        memory=memory,
        deviation=float(need.std(ddof=1)),
    )


def _standardised(series: np.ndarray) -> np.ndarray:
    return (series - series.mean(axis=1, keepdims=True)) / series.std(axis=1, ddof=1, keepdims=True)


def _chance(found: float, others: np.ndarray) -> float:
    # equal but for the order of a sum counts as equal
    return float((1 + (np.abs(others) >= abs(found) * (1 - 1e-9)).sum()) / (1 + len(others)))


def _memory(values: np.ndarray) -> float:
    """The first-order memory of a series, with what a short one hides of it: its estimate lacks (1 + 3 memory) / n."""
    centred, n = values - values.mean(), len(values)
    estimated = float((centred[1:] * centred[:-1]).sum() / (centred[:-1] ** 2).sum())
    return min((n * estimated + 1) / (n - 3), LONGEST_MEMORY)


def _whiteness_p(left: np.ndarray, used: int) -> float:
    """Ljung–Box p over a year of what is left, or over a third of a shorter series."""
    lags = min(YEAR, len(left) // 3)
    return float(acorr_ljungbox(left, lags=[lags], model_df=used)["lb_pvalue"].iloc[0])


def _courses(months: int, memory: float, paths: int) -> np.ndarray:
    """Courses with that memory by a fixed seed, one a row, begun as far from the mean as any month may lie."""
    courses = np.random.default_rng(0).standard_normal((paths, months))
    courses[:, 0] /= np.sqrt(1 - memory**2)
    for month in range(1, months):
        courses[:, month] += memory * courses[:, month - 1]
    return courses


def _independent(columns: np.ndarray, spoken: np.ndarray) -> np.ndarray:
    """The columns without those that add nothing where something is said, such as a year that no such month lies in."""
    kept: list[int] = []
    for place in range(columns.shape[1]):
        if np.linalg.matrix_rank(columns[spoken][:, [*kept, place]]) > len(kept):
            kept.append(place)
    return columns[:, kept]


def _moved(need: np.ndarray, held: np.ndarray, moves: int) -> np.ndarray:
    """The series moved along the months of each administration, one row for each combination of moves."""
    places = [np.flatnonzero(held == name) for name in dict.fromkeys(held)]
    spans = [range(NEAREST, len(months) - NEAREST + 1) or range(1) for months in places]
    combined = list(product(*spans))
    if len(combined) > moves:
        drawn = np.random.default_rng(0).choice(len(combined), moves, replace=False)
        combined = [combined[index] for index in drawn]
    moved = np.tile(need, (len(combined), 1))
    for row, each in zip(moved, combined, strict=True):
        for months, move in zip(places, each, strict=True):
            row[months] = np.roll(need[months], move)
    return moved


def _effects(designs: np.ndarray, y: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Of each design the mean change of the chance per unit of its first column, by Newton's method for the logit.

    The counts are those of all designs, or one row for each.
    """
    slopes = np.zeros((len(designs), designs.shape[2], 1))
    ridge = 1e-9 * np.eye(designs.shape[2])
    turned = designs.transpose(0, 2, 1)
    trials = n[..., None]

    def chances() -> np.ndarray:
        return 1 / (1 + np.exp(-np.clip(designs @ slopes, -30, 30)))

    for _ in range(25):
        chance = chances()
        score = turned @ (y[..., None] - trials * chance)
        information = turned @ (designs * (trials * chance * (1 - chance)))
        step = np.linalg.solve(information + ridge, score)
        slopes += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-6:
            break
    chance = chances()[:, :, 0]
    return slopes[:, 0, 0] * (n * chance * (1 - chance)).sum(axis=1) / n.sum(axis=-1)
