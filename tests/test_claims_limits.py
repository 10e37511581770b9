"""A claim about less, or about another time, than its series is left undecided; the same words without it are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.claims.lines import Claimant
from pipelines.project import ROOT

# Deaths of years: 100,000 until 2021 and 110,000 from then on, of these 70,000 with synthetic opioids, 5,000 in Ohio.
# Every month 100 lb of fentanyl and 200,000 encounters, of them 10,000 of minors alone.
MADE = """
create schema vintages; create schema as_of;
create table vintages.releases (dataset varchar, vintage date);
insert into vintages.releases values ('cbp_encounters', '2024-01-15'), ('cdc_overdose_deaths', '2024-01-15');
create table months as select date '2015-01-01' + to_months(place::integer) as month from range(108) as t(place);
create view as_of.cdc_overdose_deaths as
select month, jurisdiction, indicator,
  if(indicator = 'overdose_deaths' and month >= '2022-01-01', 1.1, 1) * deaths as deaths_12m,
  null::double as predicted_12m
from months, (values ('US', 'overdose_deaths', 100000.0), ('US', 'synthetic_opioids', 70000.0),
  ('US-OH', 'overdose_deaths', 5000.0)) as counts(jurisdiction, indicator, deaths)
where coalesce(cast(getvariable('as_of') as date), date '9999-12-31') >= date '2024-01-15';
create view as_of.cdc_wonder_deaths as select month, 70000.0 / 12 as deaths from months;
create view as_of.cbp_drug_seizures as
select month, 'fentanyl' as drug, 'southwest_border' as region, 'ofo' as component, 'san_diego_field_office' as area,
  100.0 as seized_lb, 1 as events from months;
create view as_of.cbp_encounters as
select month, 'usbp' as component, demographic, 'title_8' as authority, encounters
from months, (values ('single_adult', 190000), ('unaccompanied_minor', 10000)) as counts(demographic, encounters);
create view as_of.usbp_encounters as select month, 'southwest_land_border' as region, 200000 as encounters from months;
create view as_of.cbp_encounters_by_state as select month, demographic, encounters from as_of.cbp_encounters;
"""
DAY = date(2023, 9, 12)


@pytest.fixture(scope="module")
def claimant() -> Iterator[Claimant]:
    with duckdb.connect() as connection:
        connection.execute(MADE)
        yield Claimant(ROOT, connection)


def check(claimant: Claimant, language: str, sentence: str, before: str = "") -> list[dict[str, Any]]:
    row = {"id": 1, "sentence": sentence, "prev": before, "lang": language, "date": DAY.isoformat()}
    return claimant([row])[0]["claims"]


# Each with the words that limit it, why it is then undecided, and the same said without them.
LIMITED = [
    (
        "en",
        "Overdose deaths among adolescents rose 10 percent in 2022.",
        "group_not_held",
        "Overdose deaths rose 10 percent in 2022.",
    ),
    (
        "es",
        "Las muertes por sobredosis entre adolescentes en Estados Unidos aumentaron 10 por ciento en 2022.",
        "group_not_held",
        "Las muertes por sobredosis en Estados Unidos aumentaron 10 por ciento en 2022.",
    ),
    (
        "en",
        "In 2021, 100,000 young people died of a drug overdose.",
        "group_not_held",
        "In 2021, 100,000 people died of a drug overdose.",
    ),
    (
        "es",
        "En 2021 murieron por sobredosis 100 mil jóvenes en Estados Unidos.",
        "group_not_held",
        "En 2021 murieron por sobredosis 100 mil personas en Estados Unidos.",
    ),
    (
        "en",
        "In our county overdose deaths rose 10 percent in 2022.",
        "area_not_held",
        "In our country overdose deaths rose 10 percent in 2022.",
    ),
    (
        "es",
        "En ese condado las muertes por sobredosis aumentaron 10 por ciento en 2022.",
        "area_not_held",
        "En ese país las muertes por sobredosis aumentaron 10 por ciento en 2022.",
    ),
    (
        "en",
        "In Ohio and Kentucky 100,000 people died of a drug overdose in 2021.",
        "area_not_held",
        "In the state of Ohio 5,000 people died of a drug overdose in 2021.",
    ),
    (
        "en",
        "When the two of them came into office, overdose deaths were rising by 10 percent.",
        "period_not_stated",
        "In 2022 overdose deaths were rising by 10 percent.",
    ),
    (
        "es",
        "Cuando llegaron al gobierno, las muertes por sobredosis en Estados Unidos aumentaban 10 por ciento.",
        "period_not_stated",
        "En 2022, las muertes por sobredosis en Estados Unidos aumentaban 10 por ciento.",
    ),
    (
        "en",
        "Fentanyl has killed 70,000 Americans so far.",
        "period_not_stated",
        "Fentanyl kills 70,000 Americans a year.",
    ),
    (
        "es",
        "El fentanilo ha matado a 70 mil estadounidenses hasta ahora.",
        "period_not_stated",
        "El fentanilo mata a 70 mil estadounidenses al año.",
    ),
    (
        "en",
        "In July 2023 we removed, and flew home, 200,000 migrants encountered at the border.",
        "other_events_than_encounters",
        "In July 2023 there were 200,000 migrants encountered at the border.",
    ),
    (
        "es",
        "En julio de 2023 fueron rechazados 200 mil migrantes tras cruzar la frontera con Estados Unidos.",
        "other_events_than_encounters",
        "En julio de 2023 fueron 200 mil migrantes quienes cruzaron la frontera con Estados Unidos.",
    ),
    (
        "en",
        "There were hundreds of thousands of encounters at the border in July 2023.",
        "only_an_order_of_magnitude",
        "There were 200,000 encounters at the border in July 2023.",
    ),
    (
        "es",
        "La DEA incautó mil 200 libras de fentanilo en 2022.",
        "other_agency_not_held",
        "La CBP incautó mil 200 libras de fentanilo en 2022.",
    ),
]


@pytest.mark.parametrize(("language", "limited", "reason", "plain"), LIMITED, ids=[each[1][:50] for each in LIMITED])
def test_words_that_limit_a_claim_leave_it_undecided(
    claimant: Claimant, language: str, limited: str, reason: str, plain: str
) -> None:
    assert [(each["verdict"], each["reason"]) for each in check(claimant, language, limited)] == [
        ("not_checkable", reason)
    ]
    assert [each["verdict"] for each in check(claimant, language, plain)] == ["supported"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "In 2021, 150,000 young people died of a drug overdose."),
        ("es", "En 2021 murieron por sobredosis 150 mil jóvenes en Estados Unidos."),
    ],
)
def test_a_part_that_exceeds_the_whole_is_contradicted(claimant: Claimant, language: str, sentence: str) -> None:
    assert [each["verdict"] for each in check(claimant, language, sentence)] == ["contradicted"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Under this administration there were 300,000 encounters at the border."),
        ("en", "There were 12,000 encounters a day at the border in July 2023."),
        ("es", "En julio de 2023 hubo 12 mil encuentros diarios en la frontera con Estados Unidos."),
    ],
)
def test_a_miss_of_what_only_the_speaker_can_count_is_undecided(
    claimant: Claimant, language: str, sentence: str
) -> None:
    assert [each["verdict"] for each in check(claimant, language, sentence)] == ["not_checkable"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Overdose deaths have dropped or flattened for three straight months."),
        ("es", "Las muertes por sobredosis bajan o se mantienen estables desde hace tres meses consecutivos."),
    ],
)
def test_months_without_a_rise_are_no_falling_months(claimant: Claimant, language: str, sentence: str) -> None:
    assert [(each["verdict"], each["readings"]) for each in check(claimant, language, sentence)] == [
        ("not_checkable", [])
    ]


def test_falling_months_are_not_judged_on_figures_restated_since(claimant: Claimant) -> None:
    (claim,) = check(claimant, "en", "Overdose deaths have fallen for three straight months.")
    assert claim["reason"] == "months_in_a_row_of_figures_since_restated"
    (claim,) = check(claimant, "en", "Border encounters have fallen for three straight months.")
    assert claim["verdict"] == "contradicted"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Of 200,000 encounters at the border in July 2023, 10,000 were of unaccompanied children."),
        (
            "es",
            "De 200 mil encuentros en la frontera en julio de 2023, 10 mil fueron de menores no acompañados.",
        ),
    ],
)
def test_a_count_with_its_noun_is_not_of_who_is_named_elsewhere(
    claimant: Claimant, language: str, sentence: str
) -> None:
    whole, part = check(claimant, language, sentence)
    assert (whole["verdict"], whole["official_value"]) == ("supported", 200000)
    assert (part["verdict"], part["official_value"]) == ("supported", 10000)


def test_a_figure_of_some_days_contradicts_no_official_total(claimant: Claimant) -> None:
    said = "En el periodo se aseguraron 17 kilogramos de fentanilo; en la administración llevamos siete mil 266 kilos."
    week, total = check(claimant, "es", said)
    assert (week["value"], week["verdict"]) == (17, "not_checkable")
    assert (total["value"], total["metric"]) == (7266, "mx_fentanyl_seized_kg")


def test_a_difference_is_left_undecided(claimant: Claimant) -> None:
    (claim,) = check(claimant, "en", "Overdose deaths rose by 100,000 in 2021.")
    assert (claim["verdict"], claim["reason"]) == ("not_checkable", "a_difference_is_no_level")


def test_a_change_over_some_years_without_its_ends_is_undecided(claimant: Claimant) -> None:
    (claim,) = check(claimant, "en", "Fentanyl deaths in 2021 had doubled over five years.")
    assert (claim["verdict"], claim["reason"]) == ("not_checkable", "period_or_baseline_not_stated")
