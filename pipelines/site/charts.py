"""The page's charts as Altair specifications: small multiples over one span of months, never two scales in one."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import altair as alt
import polars as pl

US, MX, NEUTRAL, ALERT = "#3d7ebf", "#c8603a", "#7a8591", "#8a5fb5"
THEMES = {"drugs": "#c8603a", "security": "#8a5fb5", "migration": "#3d7ebf", "trade": "#3a9183", "arms": "#a07d1c",
          "sovereignty": "#b5507f"}  # fmt: skip
BLAME = {"supply": "#c8603a", "demand": "#3d7ebf", "arms": "#a07d1c", "third": "#8a5fb5", "shared": "#3a9183",
         "denial": "#7a8591"}  # fmt: skip
HEIGHT = 150
# Every panel leaves the same room for its scale, so that the months of panels below each other stand in line.
SCALE_ROOM = 52


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """A chart as Vega-Lite, as wide as its place on the page."""
    sized = chart.properties(width="container", autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    spec = sized.to_dict(validate=False)  # what draws it refuses a wrong one too, and faster
    for name in ("$schema", "config"):
        spec.pop(name, None)
    return spec


def monthly(span: tuple[date, date], unit: str = "yearmonth") -> alt.X:
    """The axis of months that the small multiples share; `unit` is how wide a bar is."""
    after = date(span[1].year + span[1].month // 12, span[1].month % 12 + 1, 1)
    ends = [_day(span[0]), _day(after)]
    return alt.X(
        "month:T",
        timeUnit=unit,
        scale=alt.Scale(domain=ends, clamp=True),
        axis=alt.Axis(title=None, format="%Y", tickCount="year", labelFlush=True, grid=True),
    )


def amounts(column: str, title: str, *, stack: Any = alt.Undefined, format: str = ",.12~g") -> alt.Y:
    """A scale of its own that begins at zero."""
    # The unit stands above the scale and reads from left to right.
    above = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": -SCALE_ROOM, "titleY": -9}
    axis = alt.Axis(title=title, tickCount=4, minExtent=SCALE_ROOM, maxExtent=SCALE_ROOM, format=format, **above)
    return alt.Y(f"{column}:Q", axis=axis, stack=stack)


def bars(frame: pl.DataFrame, span: tuple[date, date], column: str, title: str, colour: str) -> dict[str, Any]:
    """One bar a month; paler where the figure is not settled."""
    rows = _rows(frame.drop_nulls(column).select("month", column, "is_settled"))
    chart = (
        alt.Chart(alt.Data(values=rows), height=HEIGHT)
        .mark_bar(color=colour, tooltip=True)
        .encode(
            x=monthly(span),
            y=amounts(column, title),
            opacity=alt.condition("datum.is_settled", alt.value(1.0), alt.value(0.5)),
            tooltip=[_month_tip(), alt.Tooltip(f"{column}:Q", format=",.0f", title=title)],
        )
    )
    return specification(chart)


def banded(frame: pl.DataFrame, span: tuple[date, date], title: str, colour: str) -> dict[str, Any]:
    """A rate with its 90 % band; a month without text breaks the line, it is not zero."""
    frame = frame.with_columns(pl.col("rate").is_null().cum_sum().alias("stretch")).drop_nulls("rate")
    columns = ["month", "rate", "low", "high", "statements", "hostile_statements", "words", "stretch"]
    base = alt.Chart(alt.Data(values=_rows(frame.select(columns))), height=HEIGHT).encode(x=monthly(span))
    band = base.mark_area(color=colour, opacity=0.22).encode(y=amounts("low", title), y2="high:Q", detail="stretch:N")
    line = base.mark_line(color=colour, strokeWidth=1.4).encode(y="rate:Q", detail="stretch:N")
    points = base.mark_point(color=colour, filled=True, size=26, opacity=1).encode(
        y="rate:Q",
        tooltip=[
            _month_tip(),
            alt.Tooltip("rate:Q", format=".2f", title="hostility per 10,000 words"),
            alt.Tooltip("low:Q", format=".2f", title="90 % band from"),
            alt.Tooltip("high:Q", format=".2f", title="to"),
            alt.Tooltip("statements:Q", title="statements"),
            alt.Tooltip("words:Q", format=",", title="words"),
        ],
    )
    return specification(alt.layer(band, line, points))


def strip(events: pl.DataFrame, span: tuple[date, date]) -> dict[str, Any]:
    """One tick an event, by who acted."""
    chart = (
        alt.Chart(alt.Data(values=_rows(events)), height=54)
        .mark_tick(thickness=2, size=13, opacity=0.85)
        .encode(
            x=monthly(span),
            y=alt.Y(
                "actor:N", axis=alt.Axis(title=None, minExtent=SCALE_ROOM, maxExtent=SCALE_ROOM), sort=["US", "MX"]
            ),
            color=alt.Color(
                "actor:N",
                scale=alt.Scale(domain=["US", "MX", "other"], range=[US, MX, NEUTRAL]),
                legend=None,
            ),
            tooltip=[alt.Tooltip("day:N", title="date"), alt.Tooltip("title:N", title="event")],
        )
    )
    return specification(chart)


def stacked(
    frame: pl.DataFrame, x: alt.X, column: str, kind: str, title: str, colours: dict[str, str]
) -> dict[str, Any]:
    """Parts that add up to a whole, month by month or quarter by quarter as `x` has it."""
    rows = _rows(frame.drop_nulls(column).select("month", kind, column))
    chart = (
        alt.Chart(alt.Data(values=rows), height=HEIGHT)
        .mark_bar(tooltip=True)
        .encode(
            x=x,
            y=amounts(column, title, stack="zero"),
            color=_kinds(kind, colours),
            tooltip=[
                _month_tip(),
                alt.Tooltip(f"{kind}:N", title="kind"),
                alt.Tooltip(f"{column}:Q", format=",.0f", title=title),
            ],
        )
    )
    return specification(chart)


def lines(
    frame: pl.DataFrame, span: tuple[date, date], column: str, kind: str, title: str, colours: dict[str, str]
) -> dict[str, Any]:
    """Several series of one unit on one scale."""
    rows = _rows(frame.drop_nulls(column).select("month", kind, column))
    chart = (
        alt.Chart(alt.Data(values=rows), height=HEIGHT + 30)
        .mark_line(strokeWidth=1.6, point=alt.OverlayMarkDef(size=14), tooltip=True)
        .encode(
            x=monthly(span),
            y=amounts(column, title),
            color=_kinds(kind, colours),
            strokeDash=alt.StrokeDash(f"{kind}:N", legend=None),
            tooltip=[
                _month_tip(),
                alt.Tooltip(f"{kind}:N", title="kind"),
                alt.Tooltip(f"{column}:Q", format=",.0f", title=title),
            ],
        )
    )
    return specification(chart)


def heat(frame: pl.DataFrame, span: tuple[date, date], colour: str) -> dict[str, Any]:
    """Themes by quarter, darker where more is said of them."""
    rows = _rows(frame.select("month", "theme", "rate", "statements"))
    chart = (
        alt.Chart(alt.Data(values=rows), height=HEIGHT)
        .mark_rect(tooltip=True)
        .encode(
            x=monthly(span, "yearquarter"),
            y=alt.Y("theme:N", axis=alt.Axis(title=None, minExtent=SCALE_ROOM, maxExtent=80), sort=list(THEMES)),
            color=alt.Color(
                "rate:Q",
                scale=alt.Scale(range=["#8882", colour], type="sqrt"),
                legend=alt.Legend(title="per 10,000 words", orient="bottom", gradientLength=140, gradientThickness=8),
            ),
            tooltip=[
                alt.Tooltip("month:T", timeUnit="yearquarter", title="quarter"),
                alt.Tooltip("theme:N", title="theme"),
                alt.Tooltip("rate:Q", format=".2f", title="statements per 10,000 words"),
                alt.Tooltip("statements:Q", title="statements"),
            ],
        )
    )
    return specification(chart)


def fan(frame: pl.DataFrame, title: str) -> dict[str, Any]:
    """What each release said of a month: a line where releases differ, the newest as the filled point."""
    frame = frame.with_columns((pl.col("vintage") == pl.col("vintage").max().over("month")).alias("is_newest"))
    rows = _rows(frame.with_columns(pl.col("vintage").cast(pl.String)))
    axis = alt.Axis(title=None, format="%b %Y", labelFlush=True, tickCount=6)
    x = alt.X("month:T", scale=alt.Scale(padding=12), axis=axis)
    base = alt.Chart(alt.Data(values=rows), height=HEIGHT + 30).encode(
        x=x, y=amounts("seized_lb", title).scale(zero=False)
    )
    span = base.mark_line(color=NEUTRAL, strokeWidth=2).encode(detail="month:T")
    points = base.mark_point(size=46, opacity=1).encode(
        fill=alt.condition("datum.is_newest", alt.value(US), alt.value("transparent")),
        stroke=alt.value(US),
        tooltip=[
            _month_tip(),
            alt.Tooltip("vintage:N", title="release of"),
            alt.Tooltip("seized_lb:Q", format=",.1f", title="lb"),
        ],
    )
    return specification(alt.layer(span, points))


def ageing(frame: pl.DataFrame, colours: dict[str, str]) -> dict[str, Any]:
    """How far figures of an age have moved since they were first published; of what is held in two releases."""
    held = set(frame["kind"])
    colours = {kind: colour for kind, colour in colours.items() if kind in held}
    chart = (
        alt.Chart(alt.Data(values=_rows(frame)), height=HEIGHT + 30)
        .mark_line(strokeWidth=1.6, point=alt.OverlayMarkDef(size=22), tooltip=True)
        .encode(
            x=alt.X("age_months:Q", axis=alt.Axis(title="age of the month in months", tickCount=12)),
            y=amounts("net_change_pct", "% since first published", format="+.1f"),
            color=_kinds("kind", colours),
            tooltip=[
                alt.Tooltip("kind:N", title="kind"),
                alt.Tooltip("age_months:Q", title="age in months"),
                alt.Tooltip("net_change_pct:Q", format="+.2f", title="net change, %"),
                alt.Tooltip("months:Q", title="months compared"),
            ],
        )
    )
    return specification(chart)


def intervals(frame: pl.DataFrame) -> dict[str, Any]:
    """Naive correlation (hollow) beside the honest one with its band (filled), under the pair in words."""
    shown = frame.select("pair", "hypothesis", "naive_r", "r", "r_low", "r_high")
    base = alt.Chart(alt.Data(values=_rows(shown)), height=42 * max(shown.height, 1)).encode(
        y=alt.Y("pair:N", sort=None, axis=alt.Axis(title=None, grid=False))
    )
    scale = alt.Scale(domain=[-1, 1])
    x = alt.X("r:Q", scale=scale, axis=alt.Axis(title="correlation", tickCount=9))
    zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color=NEUTRAL).encode(x=alt.X("x:Q", scale=scale))
    band = base.mark_rule(color=US, strokeWidth=5, opacity=0.45).encode(x=alt.X("r_low:Q", scale=scale), x2="r_high:Q")
    told = base.mark_text(
        align="left", baseline="bottom", dy=-9, dx=4, fontSize=11, limit=alt.ExprRef("width - 8")
    ).encode(x=alt.value(0), text="hypothesis:N")
    tips = [
        alt.Tooltip("hypothesis:N", title="hypothesis"),
        alt.Tooltip("naive_r:Q", format="+.2f", title="naive r"),
        alt.Tooltip("r:Q", format="+.2f", title="honest r"),
    ]
    honest = base.mark_point(filled=True, color=US, size=60, opacity=1).encode(x=x, tooltip=tips)
    naive = base.mark_point(filled=False, color=MX, size=60, opacity=1).encode(
        x=alt.X("naive_r:Q", scale=scale), tooltip=tips
    )
    return specification(alt.layer(zero, band, naive, honest, told))


def _kinds(kind: str, colours: dict[str, str]) -> alt.Color:
    # Above the unit of the scale.
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=80, offset=28)
    return alt.Color(
        f"{kind}:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend, sort=None
    )


def _month_tip() -> alt.Tooltip:
    return alt.Tooltip("month:T", format="%B %Y", title="month")


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can carry them: days as local midnight, figures to six digits."""
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    shown = frame.with_columns(pl.col(days).dt.strftime("%Y-%m-%dT00:00:00"), pl.col(pl.Float64).round_sig_figs(6))
    return [{key: None if _is_nan(value) else value for key, value in row.items()} for row in shown.to_dicts()]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _day(day: date) -> dict[str, int]:
    """A day as the axis takes it, whatever the reader's time zone."""
    return {"year": day.year, "month": day.month, "date": day.day}
