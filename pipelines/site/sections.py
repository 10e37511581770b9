"""The sections of the page in order: which figures are drawn how. Their words stand in `texts.yml`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contract_files import read_yaml
from pipelines.site import charts
from pipelines.site.parts import Chart, Held, Section, Table, newest_first, table
from pipelines.site.words import Said

OFFICES = {"trump_posts": charts.US, "us_executive": charts.US, "mx_presidency": charts.MX}
BLAMED = {"US>MX": "blame_us", "MX>US": "blame_mx"}
AGEING = {
    "fentanyl seized": charts.NEUTRAL,
    "encounters": charts.MX,
    "deaths, reported": charts.US,
    "deaths, predicted": charts.ALERT,
}
Figures = dict[str, pl.DataFrame]
Span = tuple[date, date]


def sections(figures: Figures, held: list[Held], day: date) -> list[Section]:
    """Every section with what is held for it, as it stands on the day."""
    span = (figures["rhetoric"]["month"].min(), figures["seizures"]["month"].max())
    return [
        _section("together", [_events(figures, span), _seizures(figures, span), *_rhetoric(figures, span)]),
        _section(
            "evidence",
            [_tests(figures)],
            [_plain(figures, "inference", "tests", ["pair", "hypothesis", "hypothesis_es", "verdict", "verdict_es"])],
        ),  # fmt: skip
        _section("themes", list(_themes(figures, span))),
        _section("blame", list(_blame(figures, span))),
        _section("migration", [_encounters(figures, span)]),
        _section("deaths", list(_deaths(figures, span))),
        _section("revisions", list(_revisions(figures)), [_plain(figures, "unsettled", "unsettled")]),
        _section("claims", []),
        _section("status", [], [_status(figures["status"], held, day)]),
    ]


@cache
def _texts() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("texts.yml"))


def _title(name: str) -> Said:
    return Said(_texts()[name]["title"], _texts()[name]["titulo"])


def _note(name: str) -> Said | None:
    texts = _texts()[name]
    return Said(texts["note"], texts["nota"]) if "note" in texts else None


def _section(name: str, drawn: list[Chart], tables: list[Table] | None = None) -> Section:
    return Section(name, _title(name), _note(name), drawn, tables or [])


def _chart(name: str, spec: dict[str, Any], behind: pl.DataFrame, by: str = "month") -> Chart:
    note = _note(name)
    assert note is not None
    return Chart(name, _title(name), note, spec, newest_first(name, behind, _title(name), by))


def _plain(figures: Figures, query: str, name: str, columns: list[str] | None = None) -> Table:
    frame = figures[query]
    return table(query, frame.select(columns or frame.columns), _title(name))


def _events(figures: Figures, span: Span) -> Chart:
    events = figures["events"].filter(pl.col("month") <= span[1])
    return _chart("events", charts.strip(events.select("month", "day", "title", "actor"), span), events, "day")


def _seizures(figures: Figures, span: Span) -> Chart:
    frame = figures["seizures"]
    return _chart("seizures", charts.bars(frame, span, "seized_lb", "lb", charts.NEUTRAL), frame)


def _rhetoric(figures: Figures, span: Span) -> Iterator[Chart]:
    for office, colour in OFFICES.items():
        frame = figures["rhetoric"].filter(pl.col("office") == office).drop("office", "direction")
        if frame["rate"].is_not_null().any():
            yield _chart(f"rhetoric_{office}", charts.banded(frame, span, "per 10,000 words", colour), frame)


def _tests(figures: Figures) -> Chart:
    return _chart("tests", charts.intervals(figures["inference"].drop_nulls("r")), figures["inference"], "pair")


def _themes(figures: Figures, span: Span) -> Iterator[Chart]:
    note = _note("themes")
    assert note is not None
    for office, colour in OFFICES.items():
        frame = figures["themes"].filter(pl.col("office") == office).drop("office")
        name = f"themes_{office}"
        if frame.height:
            title = _title(f"rhetoric_{office}")
            yield Chart(name, title, note, charts.heat(frame, span, colour), newest_first(name, frame, title))


def _blame(figures: Figures, span: Span) -> Iterator[Chart]:
    quarters = charts.monthly(span, "yearquarter")
    for direction, name in BLAMED.items():
        frame = figures["blame"].filter(pl.col("direction") == direction).drop("direction")
        if frame.height:
            yield _chart(name, charts.stacked(frame, quarters, "statements", "kind", "statements", charts.BLAME), frame)


def _encounters(figures: Figures, span: Span) -> Chart:
    names = {"title_8": "Title 8", "title_42": "Title 42"}
    frame = figures["encounters"]
    parts = frame.select("month", *names).rename(names).unpivot(index="month", variable_name="authority")
    colours = dict(zip(names.values(), (charts.US, charts.ALERT), strict=True))
    return _chart(
        "encounters", charts.stacked(parts, charts.monthly(span), "value", "authority", "encounters", colours), frame
    )


def _deaths(figures: Figures, span: Span) -> Iterator[Chart]:
    colours = {"reported": charts.US, "predicted": charts.ALERT}
    for drug_class in ("synthetic_opioids", "all_drugs"):
        frame = figures["deaths"].filter(pl.col("drug_class") == drug_class).drop("drug_class")
        kinds = frame.select("month", *colours).unpivot(index="month", variable_name="kind")
        yield _chart(f"deaths_{drug_class}", charts.lines(kinds, span, "value", "kind", "deaths", colours), frame)


def _status(frame: pl.DataFrame, held: list[Held], day: date) -> Table:
    told = frame.select(
        pl.Series("source", [each.title.en for each in held]),
        pl.Series("source_es", [each.title.es for each in held]),
        pl.all().exclude("name"),
        pl.Series("state", [each.state(day) for each in held]),
    )
    return table("status", told, _title("status"))


def _revisions(figures: Figures) -> Iterator[Chart]:
    if figures["revisions"].height:
        yield _chart("fan", charts.fan(figures["revisions"], "lb"), figures["revisions"])
    if figures["ageing"].height:
        yield _chart("ageing", charts.ageing(figures["ageing"], AGEING), figures["ageing"], "age_months")
