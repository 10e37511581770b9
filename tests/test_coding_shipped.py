"""Codes by the shipped seeds: sentences that leave no doubt, in both languages, and whatever text there is."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.rhetoric.candidates import candidates, within
from pipelines.rhetoric.coding import Coder
from pipelines.rhetoric.lexicon import fold
from tests.test_coding import EMPTY, MX, ROOT, SEEDS, SHIPPED, SMALL, US, coded, codes, frame

# Shipped seeds --------------------------------------------------------------------------------------------------------

EN = """
We will impose a 25 percent tariff on everything from Mexico.|Mexico must stop the cartels now.
We will bomb the cartels.|We thank Mexico for working together with us.|Mexico and the United States met today.
The deficit with Mexico is bad.|The border with Mexico is 2,000 miles long.|It rained in Ohio.
“We will answer,” said President Sheinbaum.|Who? Mexico!|We will not impose tariffs on Mexico.
We’ve no choice but to close the southern border with Mexico.|Fentanyl kills.
I signed an order to designate the Mexican cartels as terrorists.|Drugs pour in from Mexico.|Chemicals come from China.
Guns flow from the United States to Mexico.|If Mexico doesn’t act, we will.|Mexico — our friend… — agreed.|CHINA, MEXICO
The U.S.-Mexico border.|He went to New Mexico.|Mexico, Canada, China, Japan and Chile took part.
Our workers lose to Mexico|We reject any interference.|Would you send troops into Mexico?|They’re laughing at us.
Mexico’s government lies to us.
"""
ES = """
Vamos a imponer aranceles a Estados Unidos.|Exigimos a Estados Unidos respeto a nuestra soberanía.|Llovió en Puebla.
Agradecemos a Estados Unidos su cooperación.|México y Estados Unidos se reunieron hoy.
No somos colonia de Estados Unidos.|«Vamos a responder», dijo Trump.|No vamos a imponer aranceles a Estados Unidos.
Las armas vienen de Estados Unidos.|Estados Unidos nos ha tratado mal.|¿Va a responder a Estados Unidos, presidenta?
Los precursores vienen de China.|Coordinación con Estados Unidos, pero sin subordinación.
El T-MEC conviene a los dos países.|Vamos a expulsar a sus agentes.
Si Estados Unidos impone aranceles, responderemos igual.|Hablamos con el presidente Trump y acordamos trabajar juntos.
El fentanilo no se produce aquí.|El consumo en Estados Unidos es su problema.|Los conservadores piden injerencia.
¡México!|Defenderemos la patria de Estados Unidos con las armas.|Canadá, Chile y Perú firmaron.
La visita a Nueva York… fue breve.
"""
SAMPLES = [
    {**of, **turn, "sentence": sentence}
    for of, texts in ((US, EN), (MX, ES))
    for turn in ({}, {"voice": "press"}, {"voice": "legislator", "genre": "press_release"}, {"side": "other"})
    for sentence in re.split(r"[|\n]", texts.strip())
]
SIDES = {row["side"]: row["direction"] for row in SEEDS["dyad"].iter_rows(named=True)}
RUNGS = {0: {0}, 1: {0}, 2: {1}, 3: {2, 3, 5, 6}, 4: {4, 5, 6}}


def fits(term: str, folded: str) -> bool:
    """Whether a text is a term of the lexicon, told without the lexicon."""
    said = re.escape(term).replace(r"\ \.\.\.\ ", r"([ ,]+[\w'-]+){0,4}[ ,]+").replace(r"\*", r"\w*")
    return bool(re.fullmatch(said, folded if term != term.lower() else folded.lower(), re.ASCII))


def check(sentence: str, row: dict[str, object]) -> None:
    if not row["bilateral"]:
        assert codes(row) == EMPTY
        return
    toward = SIDES.get(row["side"], "none") if row["voice"] != "press" else "none"
    assert row["direction"] in ("none", toward)
    assert row["direction"] != "none" or row["hostility"] == 0
    assert row["rung"] in RUNGS[row["hostility"]]
    assert row["cooperation"] in (0, 1)
    assert row["themes"] == ["other"] or (row["themes"] and "other" not in row["themes"])
    assert len(set(row["themes"])) == len(row["themes"])
    for one in row["evidence"]:
        assert 0 <= one["start"] < one["end"] <= len(sentence)
        there = pl.select(fold(pl.lit(sentence[one["start"] : one["end"]]))).item()
        assert one["term"].startswith(("act:", "word:", "pair:")) or fits(one["term"], there), (one["term"], there)


def test_codes_of_the_samples_agree_with_each_other() -> None:
    found = SHIPPED.code(frame(*SAMPLES))
    for asked, row in zip(SAMPLES, found.iter_rows(named=True), strict=True):
        check(asked["sentence"], row)
    assert set(found["hostility"]) == {0, 1, 2, 3, 4}
    assert set(found["direction"]) == {"none", "US>MX", "MX>US"}
    assert found.filter("bilateral").height > len(SAMPLES) / 2


@pytest.mark.parametrize(
    ("of", "sentence", "expected"),
    [
        (US, "We will impose a 25 percent tariff on everything from Mexico.", ("US>MX", 3, 0, ["trade"])),
        (US, "We have no choice but to impose tariffs on Mexico.", ("US>MX", 3, 0, ["trade"])),
        (US, "We will bomb the drug cartels in Mexico.", ("US>MX", 4, 0, None)),
        (US, "Mexico must stop the cartels.", ("US>MX", 2, 0, ["security"])),
        (US, "We thank Mexico for working together with us against fentanyl.", ("US>MX", 0, 1, ["drugs"])),
        (MX, "Vamos a imponer aranceles a Estados Unidos.", ("MX>US", 3, 0, ["trade"])),
        (MX, "Exigimos a Estados Unidos que respete nuestra soberanía.", ("MX>US", 2, 0, ["sovereignty"])),
        (MX, "Agradecemos al gobierno de Estados Unidos su cooperación en seguridad.", ("MX>US", 0, 1, ["security"])),
        (US, "We may close the southern border!", ("US>MX", 3, 0, ["migration"])),
        (US, "If they refuse, we will terminate NAFTA, OK?", ("US>MX", 3, 0, ["trade"])),
        (US, "A tariff of 25 percent will be imposed on Mexico.", ("US>MX", 3, 0, ["trade"])),
        (US, "Mr. President, will you impose tariffs on Mexico?", ("none", 0, 0, ["trade"])),
        (MX, "Se aplicarán aranceles a los productos de Estados Unidos.", ("MX>US", 3, 0, ["trade"])),
        (MX, "Presidenta, ¿va usted a imponer aranceles a Estados Unidos?", ("none", 0, 0, ["trade"])),
        ({**US, "voice": "press"}, "Will you impose tariffs on Mexico?", ("none", 0, 0, ["trade"])),
        ({**MX, "voice": "press"}, "¿Van a imponer aranceles a Estados Unidos?", ("none", 0, 0, ["trade"])),
    ],
)
def test_shipped_seeds_code_what_cannot_be_mistaken(
    of: dict[str, object], sentence: str, expected: tuple[str, int, int, list[str] | None]
) -> None:
    direction, hostility, cooperation, themes = expected
    row = coded(sentence, SHIPPED, of)
    assert (row["bilateral"], row["direction"], row["hostility"]) == (True, direction, hostility)
    assert (row["cooperation"], row["themes"]) == (cooperation, themes or row["themes"])


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (US, "Canada and China signed an agreement."), (US, "The weather was fine in Ohio."), (US, ""),
        (US, "The United States Senate met."), (MX, "Canadá y China firmaron un acuerdo."), (MX, "Llovió en Puebla."),
        (MX, "El gobierno de México construye escuelas."),
    ],
)  # fmt: skip
def test_shipped_seeds_leave_other_matters_alone(of: dict[str, object], sentence: str) -> None:
    assert codes(coded(sentence, SHIPPED, of)) == EMPTY


def test_shipped_denial_is_below_a_threat_and_quoted_words_threaten_nobody() -> None:
    for of, sentence in (
        (US, "We will not impose tariffs on Mexico."),
        (US, "No tariffs will be imposed on Mexico."),
        (US, "We will not terminate NAFTA."),
        (US, "President Sheinbaum said, “We will impose tariffs on the United States.”"),
        (MX, "No vamos a imponer aranceles a Estados Unidos."),
        (MX, "Trump dijo: “Vamos a cerrar la frontera con México”."),
    ):
        assert coded(sentence, SHIPPED, of)["hostility"] < 3, sentence


def test_lexicon_of_the_project_is_folded_bilingual_and_has_every_theme() -> None:
    lexicon = SEEDS["lexicon"]
    folded = lexicon.select("term", fold(pl.col("term")).alias("folded"))
    assert folded.filter(pl.col("term") != pl.col("folded")).is_empty(), "a term carries an accent"
    themes = lexicon.filter((pl.col("role") == "theme") & (pl.col("code") != "none"))
    assert set(themes["code"]) == {"drugs", "migration", "trade", "security", "sovereignty", "arms"}
    assert themes.filter(pl.col("list") != pl.col("code")).is_empty()
    for language in ("en", "es"):
        assert set(themes.filter(pl.col("language") == language)["code"]) == set(themes["code"])
    assert lexicon.filter(
        (pl.col("role") == "hostility") & ((pl.col("weight") == 0) != (pl.col("code") == "none"))
    ).is_empty()


def test_no_code_names_a_side() -> None:
    names = [*SIDES, *SEEDS["dyad"]["name"], *SEEDS["dyad"]["nombre"]]
    for path in sorted((ROOT / "pipelines" / "rhetoric").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if re.search(rf"['\"]{name}['\"]", text)], path.name


def test_hostile_terms_in_quoted_words_are_no_evidence_of_the_utterers_stance() -> None:
    row = coded("President Sheinbaum said, “We will impose tariffs on the United States.”", SHIPPED)
    assert not [one for one in row["evidence"] if "impos" in one["term"]]


# Any text -------------------------------------------------------------------------------------------------------------

said = st.sampled_from(re.split(r"[|\n ]", EN + ES)) | st.text(max_size=8)
turns = st.fixed_dictionaries(
    {
        "sentence": st.lists(said, max_size=9).map(" ".join),
        "side": st.sampled_from(["US", "MX", "other"]),
        "language": st.sampled_from(["en", "es"]),
        "voice": st.sampled_from(["executive", "press", "other"]),
    }
)


@settings(deadline=None, max_examples=25)
@given(st.lists(turns, max_size=4), st.sampled_from([SMALL, SHIPPED]))
def test_any_text_is_coded_by_itself_in_its_place(rows: list[dict[str, str]], coder: Coder) -> None:
    asked = frame(*({**US, **row} for row in rows))
    found = coder.code(asked)
    assert found.equals(coder.code(asked.reverse()).reverse())
    for row, codes_ in zip(rows, found.iter_rows(named=True), strict=True):
        check(row["sentence"], codes_)


def test_candidates_are_the_same_in_a_turn_and_one_by_one() -> None:
    documents = [[row["sentence"] for row in SAMPLES[n : n + 7]] for n in range(0, len(SAMPLES), 7)]
    rows = [
        {**US, "sentence": said, "before": dict(enumerate(of)).get(n - 1), "after": dict(enumerate(of)).get(n + 1)}
        for of in documents
        for n, said in enumerate(of)
    ]
    asked, lexicon = frame(*rows), SHIPPED.features.lexicon
    places = [(turn, place) for turn, of in enumerate(documents) for place in range(len(of))]
    one_by_one = [place for place, is_one in zip(places, candidates(asked, lexicon), strict=True) if is_one]
    texts = [(turn, "\n".join(of), US["language"], US["side"]) for turn, of in enumerate(documents)]
    turns = pl.DataFrame(texts, schema=["turn_row", "lines", "language", "side"], orient="row")
    found = within(turns.with_columns(fold(pl.col("lines"))), lexicon)
    assert sorted(found.rows()) == one_by_one
    assert 0 < len(one_by_one) < len(places)


def test_neighbours_are_those_of_the_same_turn() -> None:
    said = ["They doubled the tariffs.", "Mexico is far.", "They doubled the tariffs."]
    rows = frame(*({**US, "sentence": each} for each in said)).with_columns(document=pl.lit(0))
    for turn, hostility in (([0, 0, 0], [3, 0, 3]), ([0, 1, 1], [0, 0, 3]), ([0, 0, 1], [3, 0, 0])):
        asked = rows.with_columns(turn=pl.Series(turn)).with_columns(
            before=pl.col("sentence").shift(1).over("turn"), after=pl.col("sentence").shift(-1).over("turn")
        )
        assert SMALL.code(asked)["hostility"].to_list() == hostility
