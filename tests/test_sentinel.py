"""Each rule of the sentinel failing and just passing, on small releases; and no false alarm on genuine ones."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import contract_files, snapshots
from pipelines.contracts import Contract
from pipelines.errors import Refused
from pipelines.project import ROOT, Project
from pipelines.publishers import Range, Watch
from pipelines.publishers import Release as Traits
from pipelines.reading import Raw
from pipelines.vintages import comparison, releases, sentinel
from pipelines.vintages.releases import Release
from pipelines.vintages.rules import broken_rules
from tests import publishers
from tests.test_sources import CONTRACTS, SEEDS

SEIZURES = """
title: Seizures
titulo: Incautaciones
about: Things seized.
source: {publisher: Someone, url: https://example.org, licence: none, citation: Someone}
release:
  files: ["x/*.csv"]
  settled: vintage >= make_date(year(month)::integer + 1, 4, 1)
  cadence_days: 31
  labels: [kind]
  frozen_by: [place]
  watch:
    begins: 1
    months: {min: 13, max: 24}
    withdrawn: 0.25
    added: 0.25
    restated: {min: 0.5, max: 2}
    monthly: {min: 0.4, max: 2.5}
    new_month: {min: 0.5, max: 2}
    members:
      place: {steady: 0.5, restated: {min: 0.25, max: 4}, surge: {events: 3}}
grain: [month, place, kind]
rows: {min: 1, max: 999}
columns:
  month: {type: DATE, about: Month, es: Mes}
  place: {type: VARCHAR, about: Place, es: Lugar}
  kind: {type: VARCHAR, about: Kind, es: Tipo}
  seized_lb: {type: DOUBLE, unit: lb, nullable: true, about: lb, es: lb}
  events: {type: BIGINT, unit: events, about: Events, es: Eventos}
  pct_land: {type: DOUBLE, unit: "%", nullable: true, about: Share, es: Parte}
rules:
  events_where_weight:
    about: Weight has events
    sql: select month, place from sources.seizures where seized_lb > 0 and events = 0
  as_many_as_measured:
    about: A rule that reads another table
    sql: select 1 from sources.seizures join measures.other using (month)
  seldom_many:
    about: Many events are worth a look
    severity: warn
    sql: select month from sources.seizures where events > 50
"""

SHA256 = "ab12" * 16
PLACES = ("nogales", "tucson", "yuma", "del_rio")
Edit = Callable[[pl.DataFrame], pl.DataFrame]


def as_it_is(figures: pl.DataFrame) -> pl.DataFrame:
    return figures


def contract(folder: Path, text: str = SEIZURES) -> Contract:
    path = folder / "seizures.yml"
    path.write_text(text, encoding="utf-8")
    return contract_files.read_contract(path, "sources")


def release(
    of: Contract,
    last: date,
    public: date,
    edit: Edit = as_it_is,
    first: date = date(2023, 1, 1),
    basis: str = "receipt",
    sha256: str = SHA256,
) -> Release:
    """A release of four places from `first` to `last`, 100 lb and 10 events each a month, after an edit."""
    months = comparison.months_between(first, last)
    rows = [(month, place, "cash", 100.0, 10, 50.0) for month in months for place in PLACES]
    figures = edit(pl.DataFrame(rows, schema=of.schema, orient="row"))
    raw = Raw("seizures", Path(f"to-{last:%Y-%m}.csv"), public, basis, sha256, "2024-09-01T00:00:00Z", "")
    return releases.release(raw, of, figures)


def where(month: date | None = None, places: Iterable[str] = PLACES) -> pl.Expr:
    in_month = pl.lit(True) if month is None else pl.col("month") == month
    return in_month & pl.col("place").is_in(list(places))


def times(factor: float, which: pl.Expr, *values: str) -> Edit:
    def edit(figures: pl.DataFrame) -> pl.DataFrame:
        return figures.with_columns(
            pl.when(which).then((pl.col(value) * factor).cast(figures.schema[value])).otherwise(value).alias(value)
            for value in values
        )

    return edit


def without(which: pl.Expr) -> Edit:
    return lambda figures: figures.filter(~which)


DECEMBER, JANUARY, FEBRUARY = date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


class Case:
    """A release that comes in June 2024 beside one of May, in which the year 2023 is settled."""

    def __init__(self, folder: Path, text: str = SEIZURES) -> None:
        self.contract = contract(folder, text)

    def comes(self, edit: Edit = as_it_is, last: date = MAY, held: Edit = as_it_is) -> list[str]:
        earlier = release(self.contract, date(2024, 4, 1), date(2024, 5, 10), held)
        return sentinel.watch(self.contract, release(self.contract, last, date(2024, 6, 10), edit), earlier, None)

    def refused(self, edit: Edit = as_it_is, last: date = MAY, held: Edit = as_it_is) -> str:
        with pytest.raises(Refused) as refused:
            self.comes(edit, last, held)
        line = str(refused.value)
        assert line.startswith(f"seizures to-{last:%Y-%m}.csv: ")
        return line


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_a_release_that_adds_a_month_is_let_in_without_a_note(case: Case) -> None:
    assert case.comes() == []


# A release by itself and its place ------------------------------------------------------------------------------------


def test_a_month_is_in_a_release_only_after_it_ended(case: Case) -> None:
    def public(day: date) -> list[str]:
        return sentinel.watch(case.contract, release(case.contract, MAY, day), None, None)

    with pytest.raises(Refused, match="public on 2024-05-31 but with figures for 2024-05, which had not ended"):
        public(date(2024, 5, 31))
    assert public(date(2024, 6, 1)) == []


def test_a_rolling_release_begins_with_its_month_and_covers_its_years(case: Case) -> None:
    def covers(first: date, last: date) -> list[str]:
        item = release(case.contract, last, date(2025, 6, 10), first=first)
        return sentinel.watch(case.contract, item, None, None)

    with pytest.raises(Refused, match="13 months, while a whole release begins in month 1 of a year"):
        covers(date(2023, 2, 1), date(2024, 2, 1))
    with pytest.raises(Refused, match="12 months, while a whole release covers 13 to 24"):
        covers(date(2023, 1, 1), DECEMBER)
    with pytest.raises(Refused, match="25 months, while a whole release covers 13 to 24"):
        covers(date(2023, 1, 1), date(2025, 1, 1))
    assert covers(date(2023, 1, 1), JANUARY) == covers(date(2023, 1, 1), date(2024, 12, 1)) == []


def test_a_growing_release_begins_where_its_product_does(tmp_path: Path) -> None:
    growing = SEIZURES.replace("begins: 1\n    months: {min: 13, max: 24}", "begins: {all: 2023-01-01}")
    fixed = contract(tmp_path, growing)
    with pytest.raises(Refused, match="while a whole release begins in 2023-01; its first months are missing"):
        sentinel.watch(fixed, release(fixed, MAY, date(2024, 6, 10), first=date(2023, 2, 1)), None, None)
    assert sentinel.watch(fixed, release(fixed, MAY, date(2024, 6, 10)), None, None) == []


def test_a_month_inside_without_a_row_is_refused_unless_the_product_is_sparse(case: Case, tmp_path: Path) -> None:
    hole = without(where(date(2023, 8, 1)))
    assert "but 1 of them have no row, first 2023-08" in case.refused(hole)
    sparse = Case(tmp_path, SEIZURES.replace("    withdrawn:", "    sparse: [all]\n    withdrawn:"))
    assert sparse.comes(hole, held=hole) == []


def test_a_release_that_ends_before_an_earlier_one_is_an_older_file(case: Case) -> None:
    line = case.refused(last=date(2024, 3, 1))
    assert "ends in 2024-03 while 2024-04 is held, from to-2024-04.csv of 2024-05-10, so it is no release of" in line
    assert 'to-2024-03.csv.receipt.json: {"published": "2024-11-15"}' in line
    assert case.comes(last=date(2024, 4, 1)) == []


def test_a_release_that_ends_after_a_later_one_has_another_date(case: Case) -> None:
    later = release(case.contract, MAY, date(2024, 8, 10))
    with pytest.raises(Refused, match="ends in 2024-06 though to-2024-05.csv of 2024-08-10 ends in 2024-05"):
        sentinel.watch(case.contract, release(case.contract, JUNE, date(2024, 7, 10)), None, later)
    assert sentinel.watch(case.contract, release(case.contract, MAY, date(2024, 7, 10)), None, later) == []


# Months that are settled ----------------------------------------------------------------------------------------------


def test_a_frozen_sum_may_differ_by_rounding_only(case: Case) -> None:
    def changed(share: float) -> Edit:
        return times(1 + share, where(DECEMBER, ["yuma"]), "seized_lb")

    line = case.refused(changed(1e-8))
    assert (
        "1 figures of closed years differ between to-2024-04.csv of 2024-05-10 and to-2024-05.csv of 2024-06-10" in line
    )
    assert "first seized_lb of 2023-12 yuma: 100 then 100.000001" in line
    assert line.endswith(
        f"; fetch the file again; if it is genuine, give {SHA256[:12]} and the reason under release.accepted in "
        "pipelines/sources/seizures.yml; if to-2024-04.csv is the wrong one, take it out of raw/seizures/"
    )
    assert len(line) < 600
    assert case.comes(changed(1e-10)) == []


def test_a_frozen_cell_that_is_gone_or_new_is_refused(case: Case) -> None:
    assert "first seized_lb of 2023-12 yuma: 100 then none" in case.refused(without(where(DECEMBER, ["yuma"])))
    assert "first seized_lb of 2023-12 yuma: none then 100" in case.refused(held=without(where(DECEMBER, ["yuma"])))


def test_the_open_year_is_not_frozen(case: Case) -> None:
    assert case.comes(times(1.5, where(JANUARY, ["yuma"]), "seized_lb")) == []


def test_frozen_months_hold_for_a_release_that_comes_late(case: Case) -> None:
    later = release(case.contract, MAY, date(2024, 6, 10))
    wrong = release(
        case.contract, date(2024, 4, 1), date(2024, 5, 10), times(2, where(DECEMBER, ["yuma"]), "seized_lb")
    )
    with pytest.raises(Refused, match="first seized_lb of 2023-12 yuma: 200 then 100"):
        sentinel.watch(case.contract, wrong, None, later)


def test_a_file_seen_long_after_it_was_public_freezes_no_more_than_it_did(case: Case) -> None:
    restated = release(case.contract, MAY, date(2024, 6, 10), times(1.5, where(DECEMBER, ["yuma"]), "seized_lb"))
    # The year 2023 is settled in April 2024: after a file that ends in January, with one that ends in February.
    to_january = release(case.contract, JANUARY, date(2024, 5, 10))
    assert sentinel.watch(case.contract, restated, to_january, None) == []
    to_february = release(case.contract, FEBRUARY, date(2024, 5, 10))
    with pytest.raises(Refused, match="closed years differ"):
        sentinel.watch(case.contract, restated, to_february, None)


YEAR_END = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("last", "public", "basis", "is_closed"),
    [
        (YEAR_END, date(2024, 11, 3), "seen", False),
        (YEAR_END, date(2024, 11, 20), "seen", False),  # It may be the file of October, seen late.
        (YEAR_END, date(2024, 11, 3), "receipt", False),
        (YEAR_END, date(2024, 11, 14), "publisher", False),
        (YEAR_END, date(2024, 11, 15), "inferred", True),
        (YEAR_END, date(2024, 11, 15), "receipt", True),
        (date(2024, 10, 1), date(2024, 11, 20), "seen", True),
        (date(2024, 8, 1), date(2024, 12, 20), "receipt", False),
    ],
)
def test_a_fiscal_year_is_closed_by_the_file_of_mid_november(
    last: date, public: date, basis: str, is_closed: bool, tmp_path: Path
) -> None:
    condition = CONTRACTS["sources.cbp_drug_seizures"].release.settled
    text = SEIZURES.replace("vintage >= make_date(year(month)::integer + 1, 4, 1)", condition)
    fiscal = contract(tmp_path, text.replace("begins: 1\n", "begins: 10\n").replace("max: 24}", "max: 48}"))
    begins = date(2022, 10, 1)
    held = release(fiscal, last, public, first=begins, basis=basis)
    one_more = times(1.1, where(date(2024, 8, 1), ["yuma"]), "events")
    item = release(fiscal, date(2024, 11, 1), date(2025, 1, 15), one_more, begins)
    if is_closed:
        with pytest.raises(Refused, match="1 figures of closed years differ"):
            sentinel.watch(fiscal, item, held, None)
    else:
        assert sentinel.watch(fiscal, item, held, None) == []


def test_other_labels_of_frozen_figures_are_recorded(case: Case) -> None:
    def relabelled(figures: pl.DataFrame) -> pl.DataFrame:
        return figures.with_columns(pl.when(where(DECEMBER)).then(pl.lit("coin")).otherwise("kind").alias("kind"))

    (note,) = case.comes(relabelled)
    assert "4 rows of closed years have other labels in to-2024-05.csv of 2024-06-10" in note
    assert "first 2023-12 del_rio coin; recorded" in note


def test_settled_figures_that_a_publisher_restates_are_recorded(tmp_path: Path) -> None:
    case = Case(tmp_path, SEIZURES.replace("  frozen_by: [place]\n", ""))
    changed = times(1.5, where(DECEMBER, ["yuma", "tucson"]), "seized_lb")
    (note,) = case.comes(changed)
    assert "2 figures of seized_lb in settled months are restated from to-2024-04.csv of 2024-05-10" in note
    assert "the largest 2023-12 yuma: 100 then 150; recorded" in note


# Months that may be restated ------------------------------------------------------------------------------------------


def test_a_share_of_the_cells_may_be_withdrawn(case: Case) -> None:
    # Sixteen cells of January to April 2024 are open, a quarter of them may go; one member loses none of its months.
    months = comparison.months_between(JANUARY, date(2024, 4, 1))
    four = pl.any_horizontal(where(month, [place]) for month, place in zip(months, PLACES, strict=True))
    line = case.refused(without(four | where(date(2024, 4, 1), ["nogales"])))
    assert "5 of 16 figures of to-2024-04.csv of 2024-05-10 are missing in to-2024-05.csv of 2024-06-10" in line
    assert "first 2024-01 nogales; at most 25% may be withdrawn" in line
    lenient = case.contract.model_copy(update={"release": lenient_members(case.contract)})
    earlier = release(lenient, date(2024, 4, 1), date(2024, 5, 10))
    assert sentinel.watch(lenient, release(lenient, MAY, date(2024, 6, 10), without(four)), earlier, None) == []


def lenient_members(of: Contract) -> Traits:
    """The contract's release without bounds for members."""
    assert of.release is not None and of.release.watch is not None
    return of.release.model_copy(update={"watch": of.release.watch.model_copy(update={"members": {}})})


def test_the_total_may_be_restated_by_a_factor(case: Case) -> None:
    is_open = pl.col("month") >= JANUARY
    line = case.refused(times(0.45359237, is_open, "seized_lb"))
    assert "seized_lb in months of both releases is 1,600 in to-2024-04.csv of 2024-05-10 and 725.747792" in line
    assert "0.454 times; it may be restated by 0.5 to 2 times" in line
    assert case.comes(times(0.5, is_open, "seized_lb")) == case.comes(times(2, is_open, "seized_lb")) == []


def test_a_member_may_be_restated_by_a_factor(case: Case) -> None:
    one = where(FEBRUARY, ["yuma"])
    assert "seized_lb of 2024-02 yuma in months of both releases is 100" in case.refused(times(4.1, one, "seized_lb"))
    assert "0.2 times; it may be restated by 0.25 to 4" in case.refused(times(0.2, one, "seized_lb"))
    assert case.comes(times(4, one, "seized_lb")) == case.comes(times(0.25, one, "seized_lb")) == []


def test_a_member_too_small_to_matter_may_be_restated_by_any_factor(case: Case) -> None:
    def tiny(weight: float) -> Edit:
        return times(weight / 100, where(places=["yuma"]) & (pl.col("month") >= JANUARY), "seized_lb")

    assert case.comes(tiny(0.4), held=tiny(0.01)) == []
    assert "yuma in months of both releases" in case.refused(tiny(40), held=tiny(1))


def added(share: float, *months: date) -> Edit:
    """All cells of the months again under another place, with a share of their figures, in as many rows as asked."""

    def edit(figures: pl.DataFrame) -> pl.DataFrame:
        again = figures.filter(pl.col("month").is_in(months)).with_columns(
            pl.lit("el_paso").alias("place"), pl.col("seized_lb") * share, (pl.col("events") * share).cast(pl.Int64)
        )
        return pl.concat([figures, again.unique("month", maintain_order=True)])

    return edit


OPEN = comparison.months_between(JANUARY, date(2024, 4, 1))


def test_a_share_of_cells_may_be_added_to_held_months(case: Case) -> None:
    line = case.refused(
        lambda figures: added(0.001, *OPEN)(
            pl.concat(
                [figures, figures.filter(where(FEBRUARY, ["yuma"])).with_columns(pl.lit("laredo").alias("place"))]
            )
        )
    )
    assert "5 beside 16 figures of to-2024-04.csv of 2024-05-10 are added in to-2024-05.csv of 2024-06-10" in line
    assert "first 2024-01 el_paso; at most 25% may be added" in line
    assert case.comes(added(0.001, *OPEN)) == []


def test_added_cells_count_in_the_totals_of_their_month_and_place(case: Case) -> None:
    assert "seized_lb of 2024-02 in months of both releases is 400" in case.refused(added(6.1, FEBRUARY))
    seldom = added(1, FEBRUARY)
    assert "of 2024-02 el_paso in months of both releases is 100" in case.refused(added(4.1, FEBRUARY), held=seldom)
    lenient = case.contract.model_copy(update={"release": lenient_members(case.contract)})
    earlier = release(lenient, date(2024, 4, 1), date(2024, 5, 10))
    assert sentinel.watch(lenient, release(lenient, MAY, date(2024, 6, 10), added(6, FEBRUARY)), earlier, None) == []


def test_the_total_of_a_month_may_be_restated_by_a_factor(case: Case) -> None:
    line = case.refused(times(2.6, where(FEBRUARY), "seized_lb"))
    assert "seized_lb of 2024-02 in months of both releases is 400 in" in line
    assert "2.6 times; it may be restated by 0.4 to 2.5 times" in line
    assert case.comes(times(2.5, where(FEBRUARY), "seized_lb")) == []
    assert case.comes(times(0.4, where(FEBRUARY), "seized_lb")) == []


# Releases that are accepted -------------------------------------------------------------------------------------------


def test_an_accepted_release_is_let_in_with_its_reason_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    accepts = "  accepted: {" + SHA256[:12] + ": The year 2023 was counted again}\n  labels"
    case = Case(tmp_path, SEIZURES.replace("  labels", accepts))
    wrong = times(9, where(DECEMBER, ["yuma"]), "seized_lb")
    note = "seizures to-2024-05.csv: let in as accepted: The year 2023 was counted again"
    assert case.comes(wrong) == [note]
    accepted = release(case.contract, MAY, date(2024, 6, 10), wrong)
    older = release(case.contract, date(2024, 4, 1), date(2024, 5, 10), sha256="cd34" * 16)
    assert sentinel.watch(case.contract, older, None, accepted) == []
    other = release(case.contract, MAY, date(2024, 6, 10), wrong, sha256="cd34" * 16)
    with pytest.raises(Refused, match="closed years differ"):
        sentinel.watch(case.contract, other, older, None)
    # Its dates are judged all the same: they have another remedy.
    assert "ends in 2024-03 while 2024-04 is held" in case.refused(last=date(2024, 3, 1))


def test_a_release_refused_by_itself_names_no_other_file(case: Case) -> None:
    line = case.refused(times(0, where(MAY), "seized_lb"))
    assert line.endswith("and the reason under release.accepted in pipelines/sources/seizures.yml")


@pytest.mark.parametrize("key", ["ab12ab12ab1", "AB12AB12AB12", "nationwide.csv", "ab" * 33, 123456789012])
def test_what_is_accepted_is_named_by_its_hash_and_has_a_reason(key: str | int) -> None:
    with pytest.raises(ValueError, match="12 or more hex digits"):
        Traits(files=(), settled="true", cadence_days=31, accepted={key: "why"})
    with pytest.raises(ValueError, match="no reason"):
        Traits(files=(), settled="true", cadence_days=31, accepted={"ab12ab12ab12": " "})
    assert Traits(files=(), settled="true", cadence_days=31, accepted={"ab12ab12ab12": "why"}).accepted


# New months -----------------------------------------------------------------------------------------------------------


def test_a_new_month_lies_within_a_factor_of_the_months_before(case: Case) -> None:
    assert "seized_lb of the new month 2024-05 is 0, 0 times the 400" in case.refused(times(0, where(MAY), "seized_lb"))
    line = case.refused(times(2.1, where(MAY), "seized_lb"))
    assert "is 840, 2.1 times the 400 of the 12 months before (median); it may be 0.5 to 2 times" in line
    assert case.comes(times(0.5, where(MAY), "seized_lb")) == case.comes(times(2, where(MAY), "seized_lb")) == []


def test_a_percentage_may_change_but_not_end(case: Case) -> None:
    assert case.comes(times(0.01, where(MAY), "pct_land")) == []
    assert "pct_land of the new month 2024-05 is 0" in case.refused(times(0, where(MAY), "pct_land"))


def test_a_member_that_is_always_there_is_missed(case: Case) -> None:
    line = case.refused(without(where(MAY, ["yuma", "tucson", "nogales"])))
    assert "seized_lb of the new month" in line
    more = times(4, where(MAY, ["del_rio"]), "seized_lb", "events")
    line = case.refused(lambda figures: without(where(MAY, ["yuma", "tucson", "nogales"]))(more(figures)))
    assert "of 4 members of place with figures in each of the 12 months before, 3 have none" in line
    assert "in the new month 2024-05, such as nogales, tucson, yuma; 50% must have some" in line
    assert case.comes(without(where(MAY, ["yuma", "tucson"]))) == []


def test_a_member_that_was_not_always_there_is_not_missed(case: Case) -> None:
    seldom = without(where(date(2023, 9, 1), ["yuma", "tucson"]))
    gone = without(where(MAY, ["yuma", "tucson"]))
    assert case.comes(lambda figures: gone(seldom(figures)), held=seldom) == []


def test_a_members_count_may_not_surge(case: Case) -> None:
    line = case.refused(times(3.1, where(MAY, ["yuma"]), "events"))
    assert "events of yuma in the new month 2024-05 is 31, 3.1 times the largest of the 12 months before, 10" in line
    assert case.comes(times(3, where(MAY, ["yuma"]), "events")) == []
    assert case.comes(times(5, where(MAY, ["yuma"]), "seized_lb")) == []


# The contract's own rules ---------------------------------------------------------------------------------------------


def test_a_release_that_breaks_a_rule_of_its_contract_is_refused_alone(case: Case) -> None:
    broken = release(case.contract, MAY, date(2024, 6, 10), times(0, where(MAY, ["yuma"]), "events"))
    found = broken_rules(case.contract, broken.figures)
    assert found is not None
    assert (found.name, found.about, found.rows) == ("events_where_weight", "Weight has events", 1)
    assert found.first == "month=2024-05-01, place=yuma"
    raw = Raw("seizures", Path("new.csv"), date(2024, 6, 10), "receipt", "00", "", "")
    with pytest.raises(Refused, match=r"seizures new.csv: 1 rows break the rule events_where_weight \(Weight has"):
        releases.judge(raw, case.contract, broken.figures, {})


def test_rules_that_warn_or_read_other_tables_are_left_to_gate_2(case: Case) -> None:
    many = release(case.contract, MAY, date(2024, 6, 10), times(9, where(MAY), "events"))
    assert many.figures["events"].max() == 90
    assert broken_rules(case.contract, many.figures) is None


# What is declared -----------------------------------------------------------------------------------------------------

WATCHED = [one for one in CONTRACTS.values() if one.release is not None]


@pytest.mark.parametrize("declared", WATCHED, ids=lambda one: one.stem)
def test_every_dataset_is_watched_in_columns_it_has(declared: Contract) -> None:
    assert declared.release is not None and declared.release.watch is not None
    for column, member in declared.release.watch.members.items():
        assert column in declared.grain
        assert set(member.surge) <= set(declared.figures)


def test_a_range_that_holds_nothing_and_a_product_without_a_beginning_are_refused() -> None:
    with pytest.raises(ValueError, match="a range from 2 to 1 holds nothing"):
        Range(min=2, max=1)
    one = Range(min=1, max=1)
    bounds = Watch(begins={"all": MAY}, withdrawn=0, added=0, restated=one, monthly=one, new_month=one)
    with pytest.raises(ValueError, match="watch.begins names all, products are final, early"):
        Traits(files=(), settled="true", cadence_days=31, products=("final", "early"), watch=bounds)
    with pytest.raises(ValueError, match="series and watch.series go together"):
        Traits(files=(), settled="true", cadence_days=31, series="drug", watch=bounds)


# Genuine releases -----------------------------------------------------------------------------------------------------


def neighbours(held: list[Release], item: Release) -> tuple[Release | None, Release | None]:
    """The newest of those held that was public before a release, and the next after it."""
    mine = [one for one in held if one.facts["product"] == item.facts["product"]]
    earlier = [one for one in mine if one.facts["vintage"] <= item.facts["vintage"]]
    later = [one for one in mine if one.facts["vintage"] > item.facts["vintage"]]
    by_day: dict[str, Any] = {"key": lambda one: one.facts["vintage"]}
    return max(earlier, default=None, **by_day), min(later, default=None, **by_day)


@pytest.mark.parametrize("declared", WATCHED, ids=lambda one: one.stem)
def test_no_release_of_the_bundle_raises_an_alarm_in_any_order(declared: Contract) -> None:
    every = publishers.bundled(declared.stem)
    orders = list(itertools.permutations(every))
    watched: set[tuple[int, ...]] = set()
    for order in orders[:: max(1, len(orders) // 4)]:
        held: list[Release] = []
        for item in order:
            beside = neighbours(held, item)
            held.append(item)
            met = tuple(map(id, (item, *beside)))
            if met not in watched:
                sentinel.watch(declared, item, *beside)
                watched.add(met)


def test_what_was_restated_and_relabelled_is_recorded() -> None:
    notes: dict[str, list[str]] = {}
    for stem in ("cbp_drug_seizures", "cbp_encounters", "cdc_overdose_deaths", "us_mexico_trade"):
        first, *rest = publishers.bundled(stem)
        pairs = zip([first, *rest], rest, strict=False)
        notes[stem] = [
            note for old, new in pairs for note in sentinel.watch(CONTRACTS[f"sources.{stem}"], new, old, None)
        ]
    assert notes["cbp_drug_seizures"] == []
    assert len(notes["cbp_encounters"]) == 1
    assert "127 rows of closed years have other labels" in notes["cbp_encounters"][0]
    assert "9,071 figures of predicted_12m in settled months are restated" in notes["cdc_overdose_deaths"][-1]
    assert "the largest 2017-06: 27,327,827,413 then 27,153,754,084" in notes["us_mexico_trade"][0]


# `test_bundle` reads the same files in the same order through the intake, which watches them too.
@pytest.mark.long
@pytest.mark.parametrize("declared", WATCHED, ids=lambda one: one.stem)
def test_no_file_of_the_archive_raises_an_alarm_in_order_of_publication(declared: Contract, archive: Path) -> None:
    project = Project(ROOT, archive, archive, archive, ROOT / "seeds" / "history")
    normalize = importlib.import_module(f"pipelines.sources.{declared.stem}").normalize
    files = sorted(snapshots.archived(project, declared), key=lambda raw: (raw.vintage, raw.path.name))
    assert files
    held: list[Release] = []
    for raw in files:
        figures = releases.judge(raw, declared, normalize(raw, SEEDS), SEEDS.allowed(declared))
        item = releases.release(raw, declared, figures)
        sentinel.watch(declared, item, *neighbours(held, item))
        held.append(item)


def test_a_fiscal_year_that_is_missing_is_seen_where_the_rows_would_do() -> None:
    declared = CONTRACTS["sources.cbp_drug_seizures"]
    earlier, whole = publishers.bundled("cbp_drug_seizures")[1:3]
    for first, last, says in (
        (date(2021, 10, 1), date(2024, 9, 1), "36 months, while a whole release covers 37 to 48"),
        (date(2020, 10, 1), date(2023, 9, 1), "36 months, while a whole release covers 37 to 48"),
    ):
        figures = whole.figures.filter(pl.col("month").is_between(first, last))
        assert figures.height > declared.rows.min
        cut = Release({**whole.facts, "covers_from": first, "covers_to": last}, figures)
        with pytest.raises(Refused, match=says):
            sentinel.watch(declared, cut, earlier, None)
    gap = whole.figures.filter(~pl.col("month").is_between(date(2021, 10, 1), date(2022, 9, 1)))
    with pytest.raises(Refused, match="12 of them have no row, first 2021-10"):
        sentinel.watch(declared, Release(whole.facts, gap), earlier, None)


# Indicators of overdose deaths, each by itself ------------------------------------------------------------------------

DEATHS = "cdc_overdose_deaths"
VSRR = pl.col("indicator") == "synthetic_opioids"
NEWEST = date(2025, 2, 1)
VALUES = ("deaths_12m", "predicted_12m")
T = pl.col("month") > date(2024, 9, 1)


def state(name: str) -> pl.Expr:
    return pl.col("jurisdiction") == name


def withheld(which: pl.Expr) -> Edit:
    """The figures turned into nulls with a reason."""
    reason = pl.when(which & pl.col("missing").is_null()).then(pl.lit("low_quality")).otherwise("missing")
    nulls = (pl.when(~which).then(value).alias(value) for value in VALUES)
    return lambda figures: figures.with_columns(*nulls, reason.alias("missing"))


def deaths_come(edit: Edit, earlier: int = -1) -> list[str]:
    """The newest overdose deaths after an edit, with their own last month again as new, beside an earlier release."""
    declared, held = CONTRACTS[f"sources.{DEATHS}"], publishers.bundled(DEATHS)
    newest, before = held[-1], held[earlier]
    last = newest.figures.filter(pl.col("month") == NEWEST).with_columns(pl.lit(date(2025, 3, 1)).alias("month"))
    figures = edit(pl.concat([newest.figures, last]))
    facts = {"vintage": date(2025, 8, 13), "covers_to": date(2025, 3, 1), "file": "new.csv", "raw_sha256": SHA256}
    return sentinel.watch(declared, Release({**newest.facts, **facts}, figures), before, None)


def odd_states() -> pl.Expr:
    names = publishers.bundled(DEATHS)[-1].figures["jurisdiction"].unique().sort().to_list()
    return pl.col("jurisdiction").is_in([name for name in names[::2] if name != "US"])


IS_NEW = pl.col("month") == date(2025, 3, 1)
OVERDOSE = pl.col("indicator") != "deaths_all_causes"
CLASSES = ~pl.col("indicator").is_in(["deaths_all_causes", "overdose_deaths", "pct_drugs_specified"])


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        pytest.param(times(10, VSRR & state("US-MS"), *VALUES), "synthetic_opioids US-MS", id="one state times ten"),
        pytest.param(times(1.9, OVERDOSE & IS_NEW, *VALUES), "in the new month 2025-03", id="overdoses doubled"),
        pytest.param(times(1.9, VSRR & IS_NEW, *VALUES), "of the month before; it", id="one class doubled"),
        pytest.param(
            times(3, VSRR & state("US-MA") & (pl.col("month") == NEWEST), *VALUES), "2025-02 syn", id="a state's month"
        ),
        pytest.param(without(VSRR & state("US-FL")), "synthetic_opioids US-FL in", id="one class of a state gone"),
        pytest.param(withheld(VSRR & odd_states()), "are withheld in", id="a class withheld in half the states"),
        pytest.param(withheld(VSRR & odd_states() & IS_NEW), "of synthetic_opioids", id="withheld in the new month"),
        pytest.param(times(1.3, VSRR & (pl.col("month") == NEWEST), *VALUES), "of 2025-02 synthetic", id="one month"),
    ],
)
def test_a_fault_in_one_indicator_is_not_drowned_by_deaths_from_all_causes(edit: Edit, says: str) -> None:
    with pytest.raises(Refused) as refused:
        deaths_come(edit)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(as_it_is, id="nothing"),
        pytest.param(withheld(state("US-FL") & T), id="a state wholly withheld from a month on"),
        pytest.param(withheld(VSRR & state("US-CA")), id="the largest state of a class withheld"),
        pytest.param(without(CLASSES & state("US-FL")), id="all classes of a state gone, as in West Virginia"),
        pytest.param(times(1.15, VSRR & (pl.col("month") == NEWEST), *VALUES), id="one month within bounds"),
        pytest.param(times(1.3, VSRR & state("US-MS"), *VALUES), id="one state within bounds"),
        pytest.param(times(1.3, OVERDOSE & IS_NEW, *VALUES), id="a new month within bounds"),
    ],
)
def test_what_an_indicator_may_do_raises_no_alarm(edit: Edit) -> None:
    assert all(note.endswith("recorded") for note in deaths_come(edit))


def test_a_state_that_was_withheld_may_come_back() -> None:
    declared, (*_, newest) = CONTRACTS[f"sources.{DEATHS}"], publishers.bundled(DEATHS)
    before = Release({**newest.facts, "vintage": date(2025, 6, 11)}, withheld(state("US-FL") & T)(newest.figures))
    assert all(note.endswith("recorded") for note in sentinel.watch(declared, newest, before, None))


# Held months of other datasets ----------------------------------------------------------------------------------------


def twice(which: pl.Expr, column: str, member: str) -> Edit:
    """The rows of a kind a second time under another member of a column."""
    return lambda figures: pl.concat([figures, figures.filter(which).with_columns(pl.lit(member).alias(column))])


def heavy(figures: pl.DataFrame) -> pl.DataFrame:
    row = figures.filter(pl.col("month") == date(2025, 11, 1), pl.col("drug") == "fentanyl").head(1)
    return pl.concat([figures, row.with_columns(pl.lit("heavy").alias("land_filter"), pl.lit(4e5).alias("seized_lb"))])


def since(month: date) -> pl.Expr:
    return pl.col("month") >= month


@pytest.mark.parametrize(
    ("dataset", "edit", "says"),
    [
        ("cbp_drug_seizures", heavy, "times; it may be restated"),
        ("cbp_drug_seizures", twice(since(date(2025, 10, 1)), "land_filter", "again"), "may be added"),
        ("cbp_encounters", twice(since(date(2024, 10, 1)), "authority", "title_42"), "may be added"),
        ("mx_federal_crime", twice(pl.lit(True), "modality", "again"), "may be added"),
        ("us_mexico_trade", times(3, pl.col("month") == date(2022, 6, 1), "imports_usd"), "of 2022-06"),
        ("us_mexico_trade", times(1.5, since(date(2022, 8, 1)), "imports_usd"), "of 2022-08"),
        ("usbp_encounters", times(10, since(date(2024, 11, 1)), "encounters"), "10 times"),
        ("mx_federal_crime", times(5, since(date(2025, 1, 1)), "cases"), "times; it may be restated"),
    ],
)
def test_recent_months_and_added_cells_are_not_drowned_by_the_history(dataset: str, edit: Edit, says: str) -> None:
    declared, (*_, newest) = CONTRACTS[f"sources.{dataset}"], publishers.bundled(dataset)
    facts = {**newest.facts, "vintage": newest.facts["vintage"].replace(day=28), "file": "new.csv"}
    with pytest.raises(Refused) as refused:
        sentinel.watch(declared, Release(facts, edit(newest.figures)), newest, None)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 600
    assert sentinel.watch(declared, Release(facts, newest.figures), newest, None) == []
