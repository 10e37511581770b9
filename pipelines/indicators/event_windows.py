"""What departs from its course around dated events, set by set as registered and event by event as exploration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from pipelines.inference import gate, hypotheses, verdicts
from pipelines.inference.hypotheses import named_series, own_draws, term_months
from pipelines.inference.multiplicity import family_q_values
from pipelines.inference.prewhitening import whiten
from pipelines.inference.sequential import monitored_p
from pipelines.inference.windows import Abnormal, departures, episodes, judged, rate_changes
from pipelines.warehouse import Work

READS = ("documents.statements", "documents.texts", "measures.series", "seeds.events", "seeds.hypotheses")
CODE = ("inference",)
DRAWS = 2000
MONTHS = 3
DAYS = (7, 30, 90)
REGISTERED_WINDOW = f"after_{MONTHS}m"

# The daily parts of the rates of measures.series, under its names.
DAILY = """
with own(office, speaker_group) as (
  values ('mx_presidency', 'mx_executive'), ('us_executive', 'us_executive'), ('trump_posts', 'us_executive')
),
said as (
  select date, said.office, hostility, cooperation, unnest(list_append(themes, 'all')) as theme
  from documents.statements as said
  semi join own on own.office = said.office and own.speaker_group = said.speaker_group
  where is_measured and date_precision = 'day' and direction <> 'none'
),
counted as (
  select date, office, theme, count(*) as hits, sum(hostility) as hostility, sum(cooperation) as cooperation
  from said
  group by all
),
words as (
  select date, office, sum(words) as words
  from documents.texts
  where is_measured and date_precision = 'day' and duplicate_of is null and excluded is null
  group by all
)
select date, figure || '_' || office || '_' || theme as series, office, amount::double as amount, null::double as words
from (unpivot counted on hits, hostility, cooperation into name figure value amount)
union all
select date, null, office, null, words::double from words
order by all
"""

Row = dict[str, Any]


def make(work: Work) -> pl.DataFrame:
    """One row per hypothesis on events, window and event, and one for all its events together."""
    asked, elsewhere = hypotheses.registered(work, "event_windows")
    events = work.frame("from seeds.events where date_precision <> 'year' order by event_date, event_id")
    series = work.frame("select month, series, value, vintage from measures.series order by month")
    made = rows(asked, events, series, work.frame(DAILY), elsewhere)
    return pl.DataFrame(made, schema=work.declared["indicators.event_windows"].schema)


def rows(
    asked: list[Row],
    events: pl.DataFrame,
    series: pl.DataFrame,
    daily: pl.DataFrame,
    elsewhere: Mapping[str, int] | None = None,
) -> list[Row]:
    """The table's rows, with q and verdicts given family by family, the family's tests in other tables counted."""
    made = [row for hypothesis in asked for row in _of(hypothesis, events, series, daily)]
    for family, p in (("family", "p_monitored"), ("compared", "p_randomised")):
        group = [row for row in made if row["is_registered"] == (family == "family")]
        q = family_q_values([row[family] for row in group], [row[p] for row in group], elsewhere)
        for row, value in zip(group, q, strict=True):
            row["q"] = value
    for row in made:
        row.pop("compared")
        row["verdict"] = gate.window_verdict(row)
        row["verdict_text"], row["verdict_es"] = verdicts.window_words(row)
    return made


def _of(hypothesis: Row, events: pl.DataFrame, series: pl.DataFrame, daily: pl.DataFrame) -> list[Row]:
    chosen = events.sql(f"select event_id, event_date, date_precision from self where {hypothesis['events']}")
    chosen = chosen.filter(pl.col("event_date").is_between(hypothesis["sample_from"], hypothesis["sample_to"]))
    before = set(chosen.filter(pl.col("event_date") <= hypothesis["frozen_on"])["event_id"])
    found = []
    for window, unit, departed, starts, span in [
        *_monthly(hypothesis, chosen, series),
        *_daily(hypothesis, chosen, daily),
    ]:
        rng = own_draws(f"{hypothesis['hypothesis_id']} {window}")
        told = {
            "hypothesis_id": hypothesis["hypothesis_id"],
            "outcome": hypothesis["y_series"],
            "transformation": hypothesis["y_transformation"] if unit == "months" else "level",
            "window_name": window,
            "expected_sign": hypothesis["expected_sign"],
            "replaced_by": hypothesis["replaced_by"],
            "frozen_on": hypothesis["frozen_on"],
            "vintage": series.filter(pl.col("series") == hypothesis["y_series"])["vintage"].max(),
            "compared": f"{hypothesis['hypothesis_id']} {window}",
        }
        whole = judged(departed, list(starts.values()), span, DRAWS, rng)
        # An episode is as old as its first event.
        seen = {start for event, start in starts.items() if event in before}
        fresh = len(set(episodes(list(starts.values()), departed, span)) - seen)
        registered = window == REGISTERED_WINDOW
        family = hypothesis["family"] if registered else "exploration"
        row = {**told, "event_id": "all", "event_date": None, "is_registered": registered, "family": family}
        row |= {**_figures(whole), "events_since_frozen": fresh}
        found.append(row | {"p_monitored": _monitored(hypothesis, departed, whole, registered)})
        for event_id, day in chosen.select("event_id", "event_date").iter_rows():
            alone = judged(departed, [starts[event_id]], span, DRAWS, rng) if event_id in starts else None
            row = {**told, "event_id": event_id, "event_date": day, "is_registered": False, "family": "exploration"}
            later = int(alone is not None and event_id not in before)
            found.append(row | {**_figures(alone), "events_since_frozen": later, "p_monitored": None})
    return found


Window = tuple[str, str, np.ndarray, dict[str, int], int]


def _monthly(hypothesis: Row, chosen: pl.DataFrame, series: pl.DataFrame) -> list[Window]:
    """The three months from the event's on, and the three before it, of the monthly outcome."""
    held = named_series(hypothesis, series, "y")
    held = held.filter(pl.col("month").is_between(hypothesis["sample_from"], hypothesis["sample_to"]))
    values = held["value"].to_numpy()
    try:
        departed = departures(values, whiten(values, held["month"][0].month), MONTHS)
    except ValueError:
        departed = np.full(len(values), np.nan)
    places = {month: place for place, month in enumerate(held["month"])}
    of_event = {event: places.get(day.replace(day=1)) for event, day in chosen.select("event_id", "event_date").rows()}
    found = []
    for window, offset in ((REGISTERED_WINDOW, 0), (f"before_{MONTHS}m", -MONTHS)):
        starts = {event: place + offset for event, place in of_event.items() if place is not None}
        found.append((window, "months", departed, starts, MONTHS))
    return found


def _daily(hypothesis: Row, chosen: pl.DataFrame, daily: pl.DataFrame) -> list[Window]:
    """Windows of days on both sides of the event, where the outcome is a rate of words; none elsewhere."""
    counted = daily.filter(pl.col("series") == hypothesis["y_series"])
    if counted.is_empty():
        return []
    words = daily.filter((pl.col("office") == counted["office"][0]) & pl.col("words").is_not_null())
    first, last = words["date"].min(), words["date"].max()
    first = max(first, hypothesis["sample_from"] - timedelta(days=180))
    days = pl.DataFrame({"date": pl.date_range(first, last, "1d", eager=True)})
    spine = days.join(words.select("date", "words"), on="date", how="left")
    spine = spine.join(counted.select("date", "amount"), on="date", how="left").sort("date").fill_null(0)
    amounts, spoken = spine["amount"].to_numpy(), spine["words"].to_numpy()
    exact = chosen.filter(pl.col("date_precision") == "day").select("event_id", "event_date")
    starts = {event: (day - first).days for event, day in exact.iter_rows() if first <= day <= last}
    found = []
    for length in DAYS:
        for window, offset in ((f"after_{length}d", 0), (f"before_{length}d", -length)):
            found.append((window, "days", rate_changes(amounts, spoken, length, offset), starts, length))
    return found


def _figures(found: Abnormal | None) -> Row:
    if found is None:
        return {"departure": None, "events": 0, "n_placebo": 0, "p_randomised": None, "missing": "window_not_held"}
    return {
        "departure": found.value,
        "events": found.events,
        "n_placebo": found.placebos,
        "p_randomised": found.p,
        "missing": None,
    }


def _monitored(hypothesis: Row, departed: np.ndarray, found: Abnormal | None, registered: bool) -> float | None:
    """The p of the registered set as one of a test repeated every month; None of what is not registered."""
    if found is None or not registered:
        return None
    term = term_months(hypothesis)
    return monitored_p(found.p, min(term, int(np.isfinite(departed).sum())), term)
