"""`index.html`: the state of the relation on one page that works from disk, with nothing loaded from anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup

from pipelines.site import glossary, ledger
from pipelines.site.drawing import Drawer
from pipelines.site.parts import Held, spark
from pipelines.site.sections import sections
from pipelines.site.words import Said, cards, headline, month_name

HERE = Path(__file__).parent


@dataclass(frozen=True)
class File:
    """A file beside the page, under the name of its format."""

    href: str
    label: str
    size: str


@dataclass(frozen=True)
class Download:
    """What there is to take away, in one format or several."""

    title: Said
    files: list[File]


def render(
    figures: dict[str, pl.DataFrame],
    facts: dict[str, Any],
    held: list[Held],
    downloads: Iterable[Download],
    drawer: Drawer,
) -> str:
    """The page as HTML.

    Args:
        figures: The rows of each query, see `figures.read`.
        facts: `publication_id` and `published_at` of the publication.
        held: What the rows of the data status are of, in their order.
        downloads: The files beside the page.
        drawer: Draws the charts.
    """
    parts = sections(figures, held, date.fromisoformat(facts["published_at"][:10]))
    shown = cards(figures)
    told = ledger.claims(figures["claims"])
    data = {
        "charts": {chart.name: chart.spec for section in parts for chart in section.charts},
        "statements": _statements(figures["statements"]),
        "claims": ledger.filters(told),
        "words": glossary.words() | _pairs(figures),
        "held": [{"newest": each.newest, "stale_after_days": each.stale_after_days} for each in held],
    }
    year = facts["published_at"][:4]
    return (
        environment()
        .get_template("page.html")
        .render(
            style=style(),
            script=_plain(HERE / "script.js"),
            vega=Markup(_harmless(drawer.script())),  # noqa: S704
            data=Markup(_embedded(data)),  # noqa: S704
            month=month_name(_newest(figures)),
            headline=headline(figures),
            cards=[{**vars(card), "spark": spark(card.history)} for card in shown],
            parts=parts,
            claims=told,
            draw=drawer.svg,
            sections=[(part.name, part.title) for part in parts] + [("cite", Said("Cite", "Citar"))],
            publication_id=facts["publication_id"],
            published_at=facts["published_at"],
            citation=Said(
                f"Entente, publication {facts['publication_id']} ({year}). Indicators of US–Mexico relations.",
                f"Entente, publicación {facts['publication_id']} ({year}). Indicadores de las relaciones "
                "entre México y Estados Unidos.",
            ),
            downloads=list(downloads),
        )
    )


def environment() -> jinja2.Environment:
    """What fills the pages: every text escaped, a name that nobody gave an error."""
    filled = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    filled.filters["together"] = lambda text: text.replace(" %", "\N{NO-BREAK SPACE}%")
    return filled


def style() -> Markup:
    """The style sheet of every page."""
    return _plain(HERE / "style.css")


def _newest(figures: dict[str, pl.DataFrame]) -> date:
    return figures["seizures"]["month"].max()


def _pairs(figures: dict[str, pl.DataFrame]) -> dict[str, str]:
    """What charts and filters show of seeds that say it in both languages, Spanish by English."""
    told = {("events", "title"), ("inference", "hypothesis"), ("claims", "metric")}
    return {
        english: spanish
        for query, column in sorted(told)
        for english, spanish in figures[query].select(column, f"{column}_es").unique().sort(column).iter_rows()
    }


def _statements(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The statements of each month, days as text; a link is kept only where it leads to the web."""
    link = pl.when(pl.col("url").str.contains("^https?://")).then("url")
    shown = frame.with_columns(
        pl.col("month").dt.strftime("%Y-%m"), pl.col("date").dt.strftime("%Y-%m-%d"), link.alias("url")
    )
    return [{key: value for key, value in row.items() if value is not None} for row in shown.to_dicts()]


def _plain(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 (our own file)


def _harmless(code: str) -> str:
    """JavaScript that cannot end the element it stands in."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _embedded(data: Any) -> str:
    """JSON in which no text can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
