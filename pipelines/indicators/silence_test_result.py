"""Does the chance that the US executive criticises Mexico fall with its need of Mexico's help on migration?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
import statsmodels.api as sm

from pipelines.warehouse import Work

READS = ("indicators.silence_test", "sources.usbp_encounters")
CODE = ()

ADMINISTRATIONS = ("trump_2017", "biden_2021", "trump_2025")
# Outcome: its role, and the columns of the panel with its criticisms and their opportunities.
OUTCOMES = {
    "beyond_migration": ("test", "criticism_beyond_migration", "opportunities"),
    "policy": ("test", "criticism_on_policy", "policy_opportunities"),
    "congress": ("falsification", "congress_criticism", "congress_opportunities"),
    "mx_executive": ("falsification", "mx_criticism", "mx_opportunities"),
}
MODELS = ("calendar", "plain")
REGISTERED = ("beyond_migration", "all", "calendar")
SIGN = -1
MONTHS, CRITICISMS = 24, 20  # under which nothing is estimated
PATHS = 999  # courses the encounters might have taken
MOVES = 199
NEAREST = 3  # months by which the encounters are moved at least, so that they do not stand beside themselves
LONGEST_MEMORY = 0.995
LAGS = 4
LEVEL, NORMAL_90 = 0.05, 1.6448536269514722


@dataclass(frozen=True)
class Estimate:
    """A change of the chance to criticise per standard deviation of need.

    Attributes:
        value: Mean over all opportunities.
        low: Lower end of its 90 % band, from errors that are robust to memory of four months.
        high: Upper end.
        p: Chance of a change as large to either side with encounters of the same memory that nothing joins to it.
        p_of_shifts: The same with the encounters themselves moved along the months.
        shifts: How many such moves were looked at.
        memory: Share of a month's departure of encounters from their mean that the next keeps, corrected for bias.
        deviation: What one standard deviation of need is, in encounters a month.
    """

    value: float
    low: float
    high: float
    p: float
    p_of_shifts: float
    shifts: int
    memory: float
    deviation: float


def make(work: Work) -> pl.DataFrame:
    """One row per outcome, administration (or all of them) and model: the estimate, its chance and what it says."""
    panel = work.frame("from indicators.silence_test order by month")
    vintage = work.frame("select max(vintage) from sources.usbp_encounters").item()
    found = rows(panel).with_columns(vintage=pl.lit(vintage, pl.Date))
    return found.select(
        pl.col(name).cast(dtype) for name, dtype in work.declared["indicators.silence_test_result"].schema.items()
    )


def rows(panel: pl.DataFrame) -> pl.DataFrame:
    """The table's rows without their vintage."""
    told = [
        _row(panel, outcome, administration, model)
        for outcome, administration, model in product(OUTCOMES, ("all", *ADMINISTRATIONS), MODELS)
    ]
    placebos = {
        (row["administration"], row["model"], row["outcome"]): row for row in told if row["role"] == "falsification"
    }
    for row in told:
        others = [placebos[row["administration"], row["model"], name] for name in ("congress", "mx_executive")]
        row["falsification"] = _falsified(row, others) if row["role"] == "test" else None
        row["falsification_missing"] = None if row["role"] == "test" else "is_falsification"
        row["verdict"] = _verdict(row, told)
        row["verdict_text"], row["verdict_es"] = _words(row)
    return pl.DataFrame(told, infer_schema_length=None)


def _row(panel: pl.DataFrame, outcome: str, administration: str, model: str) -> dict[str, object]:
    role, criticism, opportunities = OUTCOMES[outcome]
    known = panel.filter(pl.col(opportunities).is_not_null() & pl.col("encounters").is_not_null())
    if administration != "all":
        known = known.filter(pl.col("administration") == administration)
    chances, critical = int(known[opportunities].sum()), int(known[criticism].sum())
    missing = (
        "no_opportunity"
        if chances == 0
        else "under_24_months"
        if known.height < MONTHS
        else "under_20_criticisms"
        if critical < CRITICISMS
        else None
    )
    found = None
    if missing is None:
        found = estimate(panel, known, criticism, opportunities, with_calendar=model == "calendar")
    return {
        "outcome": outcome,
        "administration": administration,
        "model": model,
        "role": role,
        "is_registered": (outcome, administration, model) == REGISTERED,
        "registered_sign": SIGN if role == "test" else 0,
        "months": known.height,
        "opportunities": chances or None,
        "opportunities_missing": None if chances else "no_opportunity",
        "criticism": critical,
        "estimate": found and found.value,
        "estimate_low": found and found.low,
        "estimate_high": found and found.high,
        "p": found and found.p,
        "p_of_shifts": found and found.p_of_shifts,
        "shifts": found.shifts if found else 0,
        "need_memory": found and found.memory,
        "need_deviation": found and found.deviation,
        "missing": missing,
    }


def estimate(
    panel: pl.DataFrame, known: pl.DataFrame, criticism: str, opportunities: str, *, with_calendar: bool
) -> Estimate:
    """The change of the chance to criticise per standard deviation of encounters, each administration at its own level.

    Logit of criticisms among opportunities. Both series keep for months what moved them, so that unrelated ones look
    related; moving the encounters along the months does not cure it where a few years hold one rise and one fall. The
    chance is therefore that among courses drawn from encounters' own first-order memory, estimated over all months of
    the panel and corrected for its bias in short series (Kendall 1954).
    """
    y, n = (known[name].to_numpy().astype(float) for name in (criticism, opportunities))
    whole = panel.filter(pl.col("encounters").is_not_null())
    encounters = whole["encounters"].to_numpy().astype(float)
    memory = _memory(encounters)
    at = np.flatnonzero(whole["month"].is_in(known["month"].to_list()).to_numpy())
    held = known["administration"].to_numpy()
    level = np.column_stack([held == name for name in dict.fromkeys(held)]).astype(float)
    others = np.column_stack([level, known["is_us_presidential_year"].to_numpy()]) if with_calendar else level
    others = _independent(others)

    def effects(courses: np.ndarray) -> np.ndarray:
        standardised = (courses - courses.mean(axis=1, keepdims=True)) / courses.std(axis=1, ddof=1, keepdims=True)
        beside = np.broadcast_to(others, (len(courses), *others.shape))
        return _effects(np.concatenate([standardised[:, :, None], beside], axis=2), y, n)

    need = encounters[at]
    found = effects(need[None, :])[0]
    moved = _moved(need, held)
    spoken = n > 0
    design = np.column_stack([(need - need.mean()) / need.std(ddof=1), others])[spoken]
    fitted = sm.GLM(np.column_stack([y, n - y])[spoken], design, family=sm.families.Binomial()).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAGS}
    )
    fall = n[spoken] * fitted.fittedvalues * (1 - fitted.fittedvalues)
    margin = NORMAL_90 * fitted.bse[0] * fall.sum() / n.sum()
    return Estimate(
        value=float(found),
        low=float(found - margin),
        high=float(found + margin),
        p=_chance(found, effects(_courses(len(encounters), memory)[:, at])),
        p_of_shifts=_chance(found, effects(moved)),
        shifts=len(moved),
        memory=memory,
        deviation=float(need.std(ddof=1)),
    )


def _chance(found: float, others: np.ndarray) -> float:
    # equal but for the order of a sum counts as equal
    return float((1 + (np.abs(others) >= abs(found) * (1 - 1e-9)).sum()) / (1 + len(others)))


def _memory(values: np.ndarray) -> float:
    """The first-order memory of a series, with what a short one hides of it: its estimate lacks (1 + 3 memory) / n."""
    centred, n = values - values.mean(), len(values)
    estimated = float((centred[1:] * centred[:-1]).sum() / (centred[:-1] ** 2).sum())
    return min((n * estimated + 1) / (n - 3), LONGEST_MEMORY)


def _courses(months: int, memory: float) -> np.ndarray:
    """Courses with that memory by a fixed seed, one a row, begun as far from the mean as any month may lie."""
    courses = np.random.default_rng(0).standard_normal((PATHS, months))
    courses[:, 0] /= np.sqrt(1 - memory**2)
    for month in range(1, months):
        courses[:, month] += memory * courses[:, month - 1]
    return courses


def _independent(columns: np.ndarray) -> np.ndarray:
    """The columns without those that say nothing new, such as a calendar year that no month of the sample lies in."""
    kept: list[int] = []
    for place in range(columns.shape[1]):
        if np.linalg.matrix_rank(columns[:, [*kept, place]]) > len(kept):
            kept.append(place)
    return columns[:, kept]


def _moved(need: np.ndarray, held: np.ndarray) -> np.ndarray:
    """The series moved along the months of each administration, one row for each combination of moves."""
    places = [np.flatnonzero(held == name) for name in dict.fromkeys(held)]
    spans = [range(NEAREST, len(months) - NEAREST + 1) or range(1) for months in places]
    combined = list(product(*spans))
    if len(combined) > MOVES:
        drawn = np.random.default_rng(0).choice(len(combined), MOVES, replace=False)
        combined = [combined[index] for index in drawn]
    moved = np.tile(need, (len(combined), 1))
    for row, moves in zip(moved, combined, strict=True):
        for months, move in zip(places, moves, strict=True):
            row[months] = np.roll(need[months], move)
    return moved


def _effects(designs: np.ndarray, y: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Of each design the mean change of the chance per unit of its first column, by Newton's method for the logit."""
    slopes = np.zeros((len(designs), designs.shape[2], 1))
    ridge = 1e-9 * np.eye(designs.shape[2])
    turned = designs.transpose(0, 2, 1)

    def chances() -> np.ndarray:
        return 1 / (1 + np.exp(-np.clip(designs @ slopes, -30, 30)))

    for _ in range(25):
        chance = chances()
        score = turned @ (y[:, None] - n[:, None] * chance)
        information = turned @ (designs * (n[:, None] * chance * (1 - chance)))
        step = np.linalg.solve(information + ridge, score)
        slopes += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-6:
            break
    chance = chances()[:, :, 0]
    return slopes[:, 0, 0] * (n * chance * (1 - chance)).sum(axis=1) / n.sum()


def _falsified(row: dict[str, object], others: list[dict[str, object]]) -> str:
    """Whether those whom the bargain does not bind move with need as the executive does."""
    testable = [other for other in others if other["estimate"] is not None]
    if row["estimate"] is None or not testable:
        return "not_testable"
    alike = [other for other in testable if other["p"] < LEVEL and other["estimate"] * row["estimate"] > 0]
    if alike:
        return "failed"
    return "passed" if len(testable) == len(others) else "passed_in_part"


def _verdict(row: dict[str, object], told: list[dict[str, object]]) -> str:
    """The one word for an estimate: only the registered one may be more than a look, and only where all agree."""
    if row["estimate"] is None:
        return "not_testable"
    if not row["is_registered"]:
        return "exploratory"
    if row["p"] >= LEVEL:
        return "undecided"
    if row["falsification"] == "failed":
        return "not_specific"
    same = [each for each in told if (each["outcome"], each["model"]) == (row["outcome"], row["model"])]
    if any(each["estimate"] is not None and each["estimate"] * row["estimate"] < 0 for each in same):
        return "signs_differ"
    return "falls_with_need" if row["estimate"] < 0 else "rises_with_need"


def _words(row: dict[str, object]) -> tuple[str, str]:
    """The verdict in a sentence of each language; the claim is that the change is below nought."""
    if row["verdict"] == "not_testable":
        return WORDS[f"not_testable: {row['missing']}"]
    figures = {
        "points": 100 * row["estimate"],
        "low": 100 * row["estimate_low"],
        "high": 100 * row["estimate_high"],
        "p": row["p"],
    }
    english, spanish = WORDS[row["verdict"]]
    return english.format(**figures), spanish.format(**figures)


_FIGURES = (
    "{points:+.1f} points per standard deviation of encounters, 90 % band {low:+.1f} to {high:+.1f}, p {p:.3f}",
    "{points:+.1f} puntos por desviación estándar de encuentros, banda de 90 % de {low:+.1f} a {high:+.1f}, p {p:.3f}",
)
WORDS = {
    "not_testable: no_opportunity": (
        "Not testable: no statement is held in a month whose encounters are held.",
        "No se puede probar: no se conserva ninguna declaración en un mes cuyos encuentros se conserven.",
    ),
    "not_testable: under_24_months": (
        "Not testable: fewer than 24 months.",
        "No se puede probar: menos de 24 meses.",
    ),
    "not_testable: under_20_criticisms": (
        "Not testable: fewer than 20 criticisms.",
        "No se puede probar: menos de 20 críticas.",
    ),
    "undecided": (
        f"Undecided: criticism neither surely falls nor surely rises with need ({_FIGURES[0]}).",
        f"Sin decidir: la crítica ni baja ni sube con seguridad con la necesidad ({_FIGURES[1]}).",
    ),
    "exploratory": (
        f"Looked at without registration, no finding whatever its p ({_FIGURES[0]}).",
        f"Mirado sin registro, no es un hallazgo sea cual sea su p ({_FIGURES[1]}).",
    ),
    "signs_differ": (
        f"No general finding: over all months together {_FIGURES[0]}, but the administrations differ in sign.",
        f"Sin hallazgo general: en todos los meses juntos {_FIGURES[1]}, pero los gobiernos difieren de signo.",
    ),
    "not_specific": (
        f"Criticism moves with need, but so does that of those whom the bargain does not bind ({_FIGURES[0]}).",
        f"La crítica se mueve con la necesidad, pero también la de quienes no están atados al trato ({_FIGURES[1]}).",
    ),
    "falls_with_need": (
        f"Criticism falls as need rises, as silence would have it ({_FIGURES[0]}).",
        f"La crítica baja cuando sube la necesidad, como querría el silencio ({_FIGURES[1]}).",
    ),
    "rises_with_need": (
        f"Criticism rises with need, against silence ({_FIGURES[0]}).",
        f"La crítica sube con la necesidad, contra el silencio ({_FIGURES[1]}).",
    ),
}
