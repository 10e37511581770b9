"""The figures that the project was measured against come out of its published tables, each in one query."""

from __future__ import annotations

import pytest

from tests.conftest import Clone

SEIZED = "select {0} from indicators.drug_seizures where drug = 'fentanyl' and fiscal_year = {1}"
SOUTHWEST = SEIZED + " and region = 'southwest_border'"
SHARE = """
select ofo_share_by_weight, ofo_share_by_events from indicators.port_share
where drug = 'fentanyl' and region = 'southwest_border' and span = 'fiscal_year' and fiscal_year = {0}
"""
CALENDAR = """
select sum(seized_lb) from indicators.drug_seizures
where drug = 'fentanyl' and region = 'southwest_border' and calendar_year = {0}
"""
ENCOUNTERED = """
select sum(encounters), sum(encounters) filter (encounter_type = 'apprehension')
from indicators.migration_pressure where component = 'usbp' and fiscal_year = {0}
"""
DEATHS = """
select reported_12m, predicted_12m from indicators.overdose_deaths
where jurisdiction = 'US' and drug_class = '{0}' and month = '{1}-01'
"""


def one(clone: Clone, sql: str) -> float:
    return clone.ask(sql)[0][0]


@pytest.mark.parametrize(
    ("year", "nationwide", "southwest", "events", "per_event", "by_weight", "by_events", "air_marine"),
    [
        (2019, 2_803.6, 2_633.3, 370, 7.1, 0.915, 0.870, 389.0),
        (2020, 4_791.1, 4_557.7, 884, 5.2, 0.827, 0.795, 558.3),
        (2021, 11_201.3, 10_586.4, 1_324, 8.0, 0.905, 0.819, 785.8),
        (2022, 14_699.9, 14_104.1, 1_212, 11.6, 0.844, 0.712, 1_325.5),
        (2023, 27_022.9, 26_717.8, 1_210, 22.1, 0.896, 0.781, 1_453.1),
        (2024, 21_889.2, 21_148.2, 863, 24.5, 0.861, 0.724, 1_847.3),
        (2025, 12_027.3, 11_488.3, 700, 16.4, 0.863, 0.703, 944.4),
    ],
)
def test_fentanyl_of_a_fiscal_year_is_what_the_files_add_up_to(
    fresh: Clone,
    year: int,
    nationwide: float,
    southwest: float,
    events: int,
    per_event: float,
    by_weight: float,
    by_events: float,
    air_marine: float,
) -> None:
    assert one(fresh, SEIZED.format("sum(seized_lb)", year)) == pytest.approx(nationwide, abs=0.05)
    assert one(fresh, SEIZED.format("sum(seized_kg)", year)) == pytest.approx(nationwide * 0.45359237, abs=0.05)
    assert one(fresh, SEIZED.format("sum(amo_lb)", year)) == pytest.approx(air_marine, abs=0.05)
    assert one(fresh, SOUTHWEST.format("sum(seized_lb)", year)) == pytest.approx(southwest, abs=0.05)
    assert one(fresh, SOUTHWEST.format("sum(events)", year)) == events
    assert one(fresh, SOUTHWEST.format("sum(seized_lb) / sum(events)", year)) == pytest.approx(per_event, abs=0.05)
    assert fresh.ask(SHARE.format(year)) == [
        (pytest.approx(by_weight, abs=0.0005), pytest.approx(by_events, abs=0.0005))
    ]


def test_tripled_is_true_by_weight_of_one_year_and_of_no_other_reading(fresh: Clone) -> None:
    base = one(fresh, SOUTHWEST.format("sum(seized_lb)", 2020))
    ratios = {year: one(fresh, SOUTHWEST.format("sum(seized_lb)", year)) / base for year in (2022, 2023, 2025)}
    assert ratios == {
        2022: pytest.approx(3.09, abs=0.005),
        2023: pytest.approx(5.86, abs=0.005),
        2025: pytest.approx(2.52, abs=0.005),
    }
    counts = one(fresh, SOUTHWEST.format("sum(events)", 2022)) / one(fresh, SOUTHWEST.format("sum(events)", 2020))
    assert counts == pytest.approx(1.37, abs=0.005)
    assert one(fresh, CALENDAR.format(2022)) / one(fresh, CALENDAR.format(2020)) == pytest.approx(2.68, abs=0.005)


def test_the_twelve_month_total_peaked_in_june_2023(fresh: Clone) -> None:
    peak = "select arg_max(month, seized_lb_12m)::varchar, max(seized_lb_12m) from indicators.seizures_vs_deaths"
    assert fresh.ask(peak) == [("2023-06-01", pytest.approx(27_924, abs=0.5))]


def test_the_fall_of_seizures_is_steeper_once_purity_is_counted(fresh: Clone) -> None:
    found = fresh.ask(
        "select ratio_raw, ratio_if_all_powder, ratio_if_all_pills, ratio_low, ratio_high "
        "from indicators.dose_adjusted_seizures where region = 'southwest_border' and fiscal_year = 2025"
    )
    raw, powder, pills, low, high = found[0]
    assert (raw, powder) == (pytest.approx(0.43, abs=0.005), pytest.approx(0.23, abs=0.005))
    assert pills == pytest.approx(0.43 * 29 / 76, abs=0.005)
    assert low <= min(powder, pills) <= max(powder, pills) <= high < raw


def test_border_patrol_encounters_come_with_and_without_title_42(fresh: Clone) -> None:
    assert fresh.ask(ENCOUNTERED.format(2023)) == [(2_045_838, 1_496_067)]
    assert fresh.ask(ENCOUNTERED.format(2024)) == [(1_530_523, 1_530_523)]
    # The statistics office is quoted with 1,530,520; its months, each rounded to tens, add up to 20 more.
    rounded = "select sum(usbp_only) from measures.migration where month between '2023-10-01' and '2024-09-01'"
    assert one(fresh, rounded) == 1_530_540


@pytest.mark.parametrize(
    ("drug_class", "month", "reported", "predicted"),
    [
        ("all_drugs", "2017-12", 70_699, 71_495),
        ("all_drugs", "2021-12", 107_573, 109_099),
        ("all_drugs", "2023-12", 106_881, 108_550),
        ("synthetic_opioids", "2017-12", 28_659, 28_971),
        ("synthetic_opioids", "2021-12", 71_143, 72_124),
        ("synthetic_opioids", "2024-12", 48_596, 49_276),
    ],
)
def test_twelve_months_of_deaths_are_those_of_the_newest_release_held(
    fresh: Clone, drug_class: str, month: str, reported: int, predicted: int
) -> None:
    assert fresh.ask(DEATHS.format(drug_class, month)) == [(reported, predicted)]


def test_two_thirds_of_the_deaths_of_2021_involved_synthetic_opioids(fresh: Clone) -> None:
    synthetic, all_drugs = (one(fresh, DEATHS.format(each, "2021-12")) for each in ("synthetic_opioids", "all_drugs"))
    assert synthetic / all_drugs == pytest.approx(0.661, abs=0.0005)


def test_derived_months_stay_near_the_final_ones_they_are_not_taken_from(fresh: Clone) -> None:
    # The final year 2024 (47,735) is in no held file; the years to 2023 are.
    off = fresh.ask(
        "select count(*), avg(derived_reported / final_deaths - 1), max(abs(derived_reported / final_deaths - 1)) "
        "from indicators.overdose_deaths "
        "where jurisdiction = 'US' and drug_class = 'synthetic_opioids' and final_deaths > 0 and month >= '2019-01-01'"
    )
    assert off == [(60, pytest.approx(0.0024, abs=0.0001), pytest.approx(0.0165, abs=0.0001))]
    of_2024 = (
        "select sum(derived_reported) from indicators.overdose_deaths "
        "where jurisdiction = 'US' and drug_class = 'synthetic_opioids' and year(month) = 2024"
    )
    assert one(fresh, of_2024) == pytest.approx(47_735, rel=0.002)


@pytest.mark.parametrize(
    ("concept", "period", "figures"),
    [
        ("mx_fentanyl_seized_kg", "2019-01-01", {184.0, 222.0, 419.0, 491.0}),
        ("mx_fentanyl_seized_kg", "2020-01-01", {1_242.0, 1_282.0, 1_301.0}),
        ("mx_irregular_migrants", "2024-01-01", {1_393_683.0, 590_401.0}),
    ],
)
def test_officials_gave_different_figures_for_one_period(
    fresh: Clone, concept: str, period: str, figures: set[float]
) -> None:
    said = fresh.ask(
        "select value_said, count(*) filter (ratio <> 1) over () from indicators.series_concordance "
        f"where concept = '{concept}' and kind = 'statement' and period_start = '{period}' and figures > 1"
    )
    assert {value for value, _ in said} == figures
    assert said[0][1] > 0


def test_the_count_of_pill_sites_fell_and_the_dea_counts_more_than_cbp(fresh: Clone) -> None:
    sites = fresh.ask(
        "select value, reference_value from indicators.series_concordance where reason = 'cumulative_count_fell' "
        "and concept = 'mx_fentanyl_pill_sites'"
    )
    assert sites == [(37.0, 25.0)]
    dea = fresh.ask(
        "select value_said, unit_said, value, ratio from indicators.series_concordance "
        "where issuer = 'dea' and geography = 'US southwest border'"
    )
    assert dea == [(14_069.0, "kg", pytest.approx(31_017, abs=1), pytest.approx(1.507, abs=0.001))]


def test_trade_ends_where_the_release_ends(fresh: Clone) -> None:
    year = fresh.ask(
        "select imports_usd_12m, balance_usd_12m from indicators.trade_exposure where month = '2022-12-01'"
    )
    assert year == [(454_929_951_197.0, -130_552_087_900.0)]
    after = "select distinct missing from indicators.trade_exposure where month > '2023-01-01'"
    assert fresh.ask(after) == [("not_yet_published",)]
