"""The page as its readers use it: drawn whole, offline, by keyboard, on a phone, in the dark, without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import duckdb
import frictionless
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe

from pipelines import contract_files
from pipelines.project import ROOT
from pipelines.site import figures, page
from pipelines.site.drawing import Drawer
from pipelines.site.parts import Held
from pipelines.site.words import Said
from tests.browser.conftest import Watched
from tests.conftest import Clone

# By chart: how many marks of a kind stand for how many rows.
MARKS = {
    "seizures": (
        ".mark-rect path",
        "select count(seized_lb) from measures.border_fentanyl_seizures",
    ),
    "rhetoric_mx_presidency": (
        ".mark-symbol path",
        "select count(hostility_per_10k_words) from measures.rhetoric_intensity where theme = 'all' "
        "and office = 'mx_presidency' and speaker_group = 'mx_executive' and direction = 'MX>US'",
    ),
    "rhetoric_us_executive": (
        ".mark-symbol path",
        "select count(hostility_per_10k_words) from measures.rhetoric_intensity where theme = 'all' "
        "and office = 'us_executive' and speaker_group = 'us_executive' and direction = 'US>MX'",
    ),
    "events": (
        ".mark-rect path",
        "select count(*) from seeds.events where date_precision <> 'year' "
        "and event_date < (select max(month) + interval 1 month from measures.border_fentanyl_seizures)",
    ),
    "deaths_synthetic_opioids": (
        ".mark-symbol path",
        "select count(deaths_12m) + count(predicted_12m) from measures.overdose_deaths_12m "
        "where drug_class = 'synthetic_opioids'",
    ),
}


@pytest.mark.parametrize("chart", sorted(MARKS))
def test_a_chart_has_as_many_marks_as_the_table_has_figures(
    opened: Callable[..., Watched], index: Path, fresh: Clone, chart: str
) -> None:
    marks, sql = MARKS[chart]
    drawn = opened(index).chart(chart).locator(f".role-mark{marks}")
    expected = fresh.ask(sql)[0][0]
    assert expected > 20
    assert drawn.count() == expected


def test_nothing_is_loaded_from_anywhere_and_nothing_goes_wrong(opened: Callable[..., Watched], index: Path) -> None:
    watched = opened(index)
    watched.every_chart()
    assert watched.errors == []
    assert watched.outside() == []
    assert index.stat().st_size < 3_000_000


def test_every_chart_is_drawn_without_any_script(opened: Callable[..., Watched], index: Path) -> None:
    watched = opened(index, ready=False, java_script_enabled=False)
    charts = watched.page.locator("[data-chart]").count()
    assert charts >= 12
    assert watched.page.locator("[data-chart] > svg").count() == charts
    assert watched.page.locator("figure details table").count() == charts


def test_months_are_reached_by_keyboard_and_show_their_strongest_statements(
    opened: Callable[..., Watched], index: Path, fresh: Clone
) -> None:
    shown = opened(index).page
    months = [
        month
        for (month,) in fresh.ask(
            "select distinct strftime(month, '%Y-%m') from documents.statements where is_measured "
            "and (speaker_group, direction) in (('us_executive', 'US>MX'), ('mx_executive', 'MX>US')) "
            "and date_precision <> 'year' and month >= '2018-01-01' order by 1"
        )
    ]
    assert shown.locator("#which").input_value() == months[-1]
    shown.locator("#earlier").focus()
    shown.keyboard.press("Enter")
    assert shown.locator("#which").input_value() == months[-2]
    shown.locator("#which").focus()
    shown.keyboard.press("Home")
    assert shown.locator("#which").input_value() == months[0]
    assert shown.locator("#earlier").is_disabled()
    strongest = fresh.ask(
        "select max(hostility) from documents.statements where is_measured and direction = 'US>MX' "
        f"and speaker_group = 'us_executive' and strftime(month, '%Y-%m') = '{months[0]}'"
    )[0][0]
    assert f"hostility {strongest} (" in shown.locator(".said.us li").first.inner_text()


def test_a_click_on_a_month_shows_what_was_said_in_it(opened: Callable[..., Watched], index: Path) -> None:
    watched = opened(index)
    shown = watched.page
    before = shown.locator("#which").input_value()
    watched.chart("seizures").locator(".mark-rect.role-mark path").nth(20).click(position={"x": 3, "y": 3})
    assert shown.locator("#which").input_value() != before
    assert shown.locator("#which").input_value() == "2020-06"


@pytest.mark.parametrize("section", ["themes", "claims", "status", "cite"])
def test_a_link_of_the_head_leads_to_its_section(opened: Callable[..., Watched], index: Path, section: str) -> None:
    shown = opened(index).page
    shown.locator(f'nav a[href="#{section}"]').press("Enter")
    heading = shown.locator(f"#{section} h2")
    assert heading.is_visible()
    place = heading.bounding_box()
    assert place is not None
    assert 0 <= place["y"] < 450


def test_the_claims_are_filtered_by_keyboard(opened: Callable[..., Watched], index: Path) -> None:
    shown = opened(index).page
    every = shown.locator("#claims_table tbody tr:visible").count()
    shown.locator('[data-filter="verdict"]').focus()
    shown.keyboard.press("ArrowDown")
    chosen = shown.locator('[data-filter="verdict"]').input_value()
    left = shown.locator("#claims_table tbody tr:visible")
    assert 0 < left.count() < every
    assert all(chosen in text for text in left.locator("td:last-child").all_inner_texts())
    assert shown.locator("#counted").inner_text().startswith(f"{left.count():,} of ")


def test_a_phone_has_nothing_to_scroll_sideways(opened: Callable[..., Watched], index: Path) -> None:
    watched = opened(index, width=360)
    watched.every_chart()
    shown = watched.page
    assert shown.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_rules_find_nothing_serious(opened: Callable[..., Watched], index: Path, scheme: str) -> None:
    watched = opened(index, color_scheme=scheme)
    watched.every_chart()
    shown = watched.page
    assert shown.locator("html").get_attribute("data-theme") == scheme
    found = Axe().run(shown).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("name", ["checks.html", "catalogue.html"])
def test_the_pages_beside_it_are_whole_and_accessible(opened: Callable[..., Watched], index: Path, name: str) -> None:
    watched = opened(index.with_name(name), ready=False)
    assert watched.errors == []
    assert watched.outside() == []
    assert watched.page.locator("table").count() > 30
    watched.page.set_viewport_size({"width": 360, "height": 800})
    assert watched.page.evaluate("document.documentElement.scrollWidth") == 360
    found = Axe().run(watched.page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


# What a reader sees or hears, in tables folded in too: quotations, titles of documents, ids and names of columns are
# as they were published, whichever language the page speaks.
READ = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const ours = (element) => !element.closest("script, style, code, .both, .brand, select");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (ours(element) && element.checkVisibility()) found.push(texts.currentNode.textContent);
  }
  document.querySelectorAll("option").forEach((each) => found.push(each.textContent));
  for (const name of ["aria-label", "title", "placeholder"]) {
    document.querySelectorAll(`[${name}]`).forEach((each) => {
      if (ours(each) && !each.closest("[aria-hidden]")) found.push(each.getAttribute(name));
    });
  }
  return found.map((each) => each.replace(/\\s+/g, " ").trim());
}"""
# The same in both languages: symbols of units, the codes of hypotheses, what a file is called.
SAME = re.compile(
    r"(no|[rpq]|H\d+[a-z]|[\d.,]+ ([kM]B|kg)|.* kg|kg|US|MX|CSV|Parquet|SHA256SUMS|[\w.]+\.(json|cff|html))"
)


def test_spanish_readers_find_no_english_word_of_ours(
    opened: Callable[..., Watched], index: Path, fresh: Clone
) -> None:
    watched = opened(index)
    watched.every_chart()
    english = set(watched.page.evaluate(READ))
    watched.page.locator("#language").focus()
    watched.page.keyboard.press("Enter")
    assert watched.page.locator("html").get_attribute("lang") == "es"
    watched.every_chart()
    spanish = set(watched.page.evaluate(READ))
    assert {"veredicto", "se sostiene", "libras", "soberanía"} <= spanish
    names = {
        name
        for (name,) in fresh.ask(
            "select speaker from documents.statements union select speaker from indicators.claims_ledger"
        )
    }
    cited = {text for row in fresh.ask("select official_id, source_url_1 from seeds.events") for text in row}
    alike = {text for text in english & spanish if re.search("[A-Za-z]{2}", text) and not SAME.fullmatch(text)}
    assert alike - names - cited == set()


def test_a_script_in_a_title_stays_text(opened: Callable[..., Watched], fresh: Clone, tmp_path: Path) -> None:
    evil = "</script><script>window.taken = true</script><img src=x onerror='window.taken = true'>"
    with duckdb.connect(str(fresh.published), read_only=True) as connection:
        asked = figures.read(connection)
        published = dict(
            zip(("publication_id", "published_at"), connection.sql("from meta.publication").fetchall()[0], strict=False)
        )
    asked["statements"] = asked["statements"].with_columns(title=pl.lit(evil), excerpt=pl.lit(evil))
    asked["events"] = asked["events"].with_columns(title=pl.lit(evil))
    asked["claims"] = asked["claims"].with_columns(title=pl.lit(evil), excerpt=pl.lit(evil))
    held = [Held(name, Said(name, name), None, None) for name in asked["status"]["name"]]
    path = tmp_path / "index.html"
    path.write_text(page.render(asked, published, held, [], Drawer(tmp_path / "cache")), encoding="utf-8")
    watched = opened(path)
    assert watched.page.evaluate("window.taken") is None
    assert evil in watched.page.locator(".said li").first.inner_text()
    assert evil in (watched.page.locator("#claims_table tbody td:nth-child(2)").first.text_content() or "")


def test_the_package_to_take_away_is_valid_and_its_checksums_hold(fresh: Clone) -> None:
    data = fresh.warehouse / "site" / "data"
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    indicators = [name for name, each in contract_files.load(ROOT).items() if each.folder == "indicators"]
    assert {name.split(".")[1] for name in indicators} <= {each["name"] for each in package["resources"]}
    report = frictionless.validate(str(data / "datapackage.json"), limit_rows=2000)
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]
    lines = (data / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in lines} == {path.name for path in data.iterdir()} - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ")
        assert sha256((data / name).read_bytes()).hexdigest() == digest
