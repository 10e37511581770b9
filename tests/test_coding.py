"""Codes: what a sentence says of the other side, by small seeds of its own and by those that are shipped."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import contract_files
from pipelines.rhetoric import coding, version
from pipelines.rhetoric.coding import Coder
from pipelines.rhetoric.lexicon import Lexicon, fold
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SEEDS = Seeds(ROOT, contract_files.load(ROOT))
SHIPPED = Coder({name: SEEDS[name] for name in version.SEEDS})
TEXTS = ("sentence", "before", "after", "language", "speaker", "voice", "side", "party", "genre")
SCHEMA = {**dict.fromkeys(TEXTS, pl.String), "date": pl.Date}
GIVEN = {"genre": "speech", "date": date(2025, 3, 1)}
US = {**GIVEN, "side": "US", "voice": "executive", "speaker": "The White House", "language": "en"}
MX = {**GIVEN, "side": "MX", "voice": "executive", "speaker": "Claudia Sheinbaum Pardo", "language": "es"}

# Small seeds ----------------------------------------------------------------------------------------------------------

TERMS = [
    ("mexico", "en", "side", "MX", 1), ("new mexico", "en", "side", "none", 1), ("u.s.", "en", "side", "US", 1),
    ("US", "en", "side", "US", 1), ("mexico", "es", "side", "MX", 1), ("estados unidos", "es", "side", "US", 1),
    ("estados unidos mexicanos", "es", "side", "MX", 1), ("cartel*", "en", "criminal", "MX", 1),
    ("southern border", "en", "shared", "shared", 1), ("canada", "any", "third", "third", 1),
    ("tariff*", "en", "theme", "trade", 1), ("arancel*", "es", "theme", "trade", 1),
    ("drug*", "en", "theme", "drugs", 1), ("impose ... tariff*", "en", "hostility", "stance", 3),
    ("work* together", "en", "cooperation", "cooperation", 1), ("cooperacion", "es", "cooperation", "cooperation", 1),
    ("drugs ... from mexico", "en", "blame", "supply", 1), ("guns", "en", "blame", "arms", 1),
]  # fmt: skip
LEXICON = pl.DataFrame(TERMS, schema=["term", "language", "role", "code", "weight"], orient="row").with_columns(
    pl.col("weight").cast(pl.Int32)
)
ACTS = {  # hostility, whether a shade, between states, certain
    "blame": (1, 0, 0, 0), "must": (2, 0, 0, 0), "tariff": (3, 0, 0, 0), "force": (4, 0, 0, 0), "meddle": (1, 0, 1, 0),
    "thank": (0, 0, 0, 0), "join": (0, 0, 0, 1), "vow": (3, 0, 0, 1), "vow_force": (4, 0, 0, 1),
    "unilateral": (0, 0, 0, 0), "bill": (0, 0, 0, 0), "acted": (0, 0, 0, 0),
    "denied": (0, 1, 0, 0), "unavoidable": (0, 1, 0, 0),
}  # fmt: skip
PATTERNS = {
    "en": {
        "blame": "(blame*|accus*) ... OTHER", "must": "OTHER must", "tariff": "(impos*|doubl*) ... tariff*",
        "force": "{strike}", "meddle": "meddl*", "thank": "prais* OTHER", "join": "we thank OTHER",
        "vow": "we will {measure}", "vow_force": "we will {strike}", "unilateral": "on our own", "bill": "a bill",
        "acted": "we imposed", "denied": "(not|but to) ~ ({measure}|{strike})", "unavoidable": "no choice but",
    },
    "es": {"blame": "culp* ... OTHER", "vow": "vamos a imponer aranceles", "thank": "agradec* ... OTHER"},
}  # fmt: skip
CLASSES = {"measure": "(impose ... tariff*|close the border)", "strike": "(bomb* ... (OTHER|CRIMINAL))"}
TARGETS = ("bilateral", "directed", "critical", "hostile", "threat", "cooperative", "drugs", "trade")
WEIGHTS = {
    "(intercept)": dict.fromkeys(TARGETS, -1.0), "(threshold en)": {}, "(threshold es)": {},
    "names:other": {"bilateral": 2}, "names:criminal": {"bilateral": 2}, "shared": {"bilateral": 2},
    "level:1+": {"critical": 2, "directed": 2}, "level:2+": {"hostile": 2}, "level:3+": {"threat": 2},
    "act:thank": {"cooperative": 5, "directed": 5}, "cooperation": {"cooperative": 5}, "word:duties": {"trade": 2},
}  # fmt: skip


def small_seeds(lexicon: pl.DataFrame = LEXICON) -> dict[str, pl.DataFrame]:
    acts = pl.DataFrame([(act, *of) for act, of in ACTS.items()], schema=SEEDS["acts"].columns[:5], orient="row")
    patterns = [(act, language, said) for language, of in PATTERNS.items() for act, said in of.items()]
    weights = [(name, *(float(of.get(each, 0)) for each in TARGETS)) for name, of in WEIGHTS.items()]
    return {
        **{name: SEEDS[name] for name in ("actors", "speech_cues", "dyad")},
        "lexicon": lexicon,
        "acts": acts.with_columns(pl.col("hostility").cast(pl.Int32), pl.col("^is_.*$").cast(pl.Boolean)),
        "act_patterns": pl.DataFrame(patterns, schema=["act", "language", "pattern"], orient="row"),
        "word_classes": pl.DataFrame({"name": list(CLASSES), "language": "en", "words": list(CLASSES.values())}),
        "coefficients": pl.DataFrame(weights, schema=["feature", *TARGETS], orient="row"),
    }


SMALL = Coder(small_seeds())


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def coded(sentence: str, coder: Coder = SMALL, of: dict[str, object] = US, **turn: object) -> dict[str, object]:
    return coder.code(frame({**of, **turn, "sentence": sentence})).row(0, named=True)


EMPTY = {
    "bilateral": False, "direction": "none", "hostility": 0, "cooperation": 0, "themes": [], "blame": "none",
    "rung": 0, "evidence": [],
}  # fmt: skip


def codes(row: dict[str, object]) -> dict[str, object]:
    return {name: row[name] for name in coding.CODES}


def test_codes_come_one_row_for_one_in_order() -> None:
    said = [{**US, "sentence": "Nothing."}, {**US, "sentence": "We blame Mexico."}, {**MX, "sentence": "Canadá."}]
    found = SMALL.code(frame(*said, {**MX, "sentence": "Agradecemos a Estados Unidos."}))
    assert found.schema == coding.UTTERER | coding.CODES
    assert found["bilateral"].to_list() == [False, True, False, True]
    assert found["direction"].to_list() == ["none", "US>MX", "none", "MX>US"]
    assert found["speaker"].to_list() == [US["speaker"]] * 2 + [MX["speaker"]] * 2
    assert SMALL.code(frame()).schema == SHIPPED.code(frame()).schema == found.schema


@pytest.mark.parametrize(
    ("sentence", "side", "expected"),
    [
        ("The U.S. works.", "US", False), ("The U.S. works.", "MX", True), ("The southern border.", "US", True),
        ("The cartels came.", "US", True), ("The cartels came.", "MX", False), ("He flew to New Mexico.", "US", False),
        ("He flew to New Mexico and to Mexico.", "US", True), ("Mexicoland works.", "US", False),
        ("It helps us.", "MX", False), ("It helps the US.", "MX", True), ("MÉXICO works.", "US", True),
        ("Canada works.", "US", False),
    ],
)  # fmt: skip
def test_other_side_or_what_is_shared_must_be_named(sentence: str, side: str, expected: bool) -> None:
    row = coded(sentence, side=side)
    assert row["bilateral"] is expected
    assert expected or codes(row) == EMPTY


@pytest.mark.parametrize(
    ("sentence", "hostility", "rung"),
    [
        ("Mexico works.", 0, 0), ("We blame it all on Mexico.", 1, 0), ("Mexico must act.", 2, 1),
        ("A man doubled the tariffs on Mexico.", 3, 2), ("A man doubled the tariffs on Mexico on our own.", 3, 3),
        ("They bombed Mexico.", 4, 4), ("A bill to double the tariffs on Mexico.", 3, 5),
        ("It is a bill for bombing Mexico.", 4, 5), ("By a bill we imposed tariffs on Mexico.", 3, 6),
        ("We imposed order by a bill that Mexico blames.", 0, 0),
        # acts that are certain
        ("We will close the border to Mexico.", 3, 2), ("We will bomb the cartels.", 4, 4),
        # they decide nothing where the other side is not meant, or in a question
        ("We will close the border. Mexico?", 0, 0), ("We will impose tariffs at the southern border.", 3, 2),
        # what is denied is below a threat, what cannot be helped is not denied
        ("We would not impose tariffs on Mexico.", 2, 1), ("We would not bomb Mexico.", 2, 1),
        ("We have no choice but to impose tariffs on Mexico.", 3, 2), ("No choice but to bomb Mexico.", 4, 4),
    ],
)  # fmt: skip
def test_hostility_and_rung_follow_from_acts(sentence: str, hostility: int, rung: int) -> None:
    row = coded(sentence)
    assert (row["hostility"], row["rung"]) == (hostility, rung)
    assert row["direction"] == ("US>MX" if hostility else "none")


def test_certain_act_decides_where_no_coefficient_does() -> None:
    seeds = small_seeds()
    seeds["coefficients"] = seeds["coefficients"].filter(pl.col("feature").str.starts_with("("))
    said = ["We will impose tariffs on Mexico.", "We will bomb Mexico.", "We thank Mexico.", "Mexico must act."]
    rows = [coded(each, Coder(seeds)) for each in said]
    assert [row["hostility"] for row in rows] == [3, 4, 0, 0]
    assert [row["direction"] for row in rows] == ["US>MX"] * 3 + ["none"]
    assert [row["cooperation"] for row in rows] == [0, 0, 1, 0]


def test_sentence_beside_one_that_names_the_other_side_is_read_if_it_names_a_subject() -> None:
    for beside in ("before", "after"):
        row = coded("They doubled the tariffs.", **{beside: "Mexico is far."})
        assert (row["bilateral"], row["direction"], row["hostility"]) == (True, "US>MX", 3)
        assert codes(coded("They came.", **{beside: "Mexico is far."})) == EMPTY
        assert codes(coded("They doubled the tariffs.", **{beside: "Canada is far."})) == EMPTY


def test_swapping_the_sides_reverses_the_direction() -> None:
    both = "We blame Mexico and the U.S. alike."
    assert [coded(both, side=side)["direction"] for side in ("US", "MX", "other")] == ["US>MX", "MX>US", "none"]
    swapped = Coder(small_seeds(LEXICON.with_columns(pl.col("code").replace({"US": "MX", "MX": "US"}))))
    assert coded("We blame Mexico.", swapped, side="MX")["direction"] == "MX>US"


def test_press_and_neither_side_take_no_stance() -> None:
    for turn in ({"voice": "press"}, {"side": "other"}):
        row = coded("We will impose tariffs on Mexico, which must act, and on the U.S.", **turn)
        assert (row["bilateral"], row["direction"], row["hostility"], row["rung"]) == (True, "none", 0, 0)
        assert row["themes"] == ["trade"]
        assert coded("We praise Mexico, we thank Mexico.", **turn)["direction"] == "none"
    assert coded("We praise Mexico.")["direction"] == "US>MX"


def test_words_of_another_are_not_the_utterers() -> None:
    row = coded("President Sheinbaum said, “We will bomb Mexico, and Mexico must act.”")
    assert (row["bilateral"], row["hostility"], row["direction"]) == (True, 0, "none")
    assert coded("We will bomb Mexico, and Mexico must act.")["hostility"] == 4


def test_thanks_that_decide_are_cooperation_unless_they_come_with_a_threat() -> None:
    assert coded("We thank Mexico.")["cooperation"] == 1
    threat = coded("We thank Mexico and we will impose tariffs.")
    assert (threat["hostility"], threat["cooperation"]) == (3, 0)
    assert coded("Mexico praises us.")["cooperation"] == 0


def test_themes_are_those_named_and_else_those_of_the_coefficients_and_else_other() -> None:
    said = ["Drugs and tariffs, Mexico.", "Duties on Mexico.", "Duties on drugs of Mexico.", "Mexico.", "Duties."]
    assert [coded(each)["themes"] for each in said] == [["drugs", "trade"], ["trade"], ["drugs"], ["other"], []]
    row = pl.DataFrame([("water treaty", "en", "theme", "water", 1)], schema=LEXICON.columns, orient="row")
    wet = Coder(small_seeds(pl.concat([LEXICON, row.cast(LEXICON.schema)])))
    assert coded("The water treaty with Mexico.", wet)["themes"] == ["water"]


def test_blame_is_that_of_the_first_term() -> None:
    said = ["Guns go, drugs pour in from Mexico.", "Drugs pour in from Mexico, guns go.", "Mexico.", "Guns."]
    assert [coded(each)["blame"] for each in said] == ["arms", "supply", "none", "none"]


def test_accents_and_capitals_do_not_matter() -> None:
    plain = coded("MEXICO y ESTADOS UNIDOS: COOPERACION sin aranceles.", of=MX)
    accented = coded("México y Estados Unidos: cooperación sin aranceles.", of=MX)
    assert plain == accented
    assert (accented["cooperation"], accented["themes"]) == (1, ["trade"])


@pytest.mark.parametrize("lead", ["", "«¡Óyeme… — 𝄞 ", "“Señor\u00a0Ñandú”: ", "日本 "])
def test_evidence_gives_the_place_in_the_sentence_itself(lead: str) -> None:
    sentence = f"{lead}culpamos a Estados Unidos y a México de los aranceles"
    evidence = coded(sentence, of=MX)["evidence"]
    said = [(one["term"], sentence[one["start"] : one["end"]]) for one in evidence]
    assert said == [
        ("act:blame", "culpamos a Estados Unidos"), ("estados unidos", "Estados Unidos"), ("mexico", "México"),
        ("arancel*", "aranceles"),
    ]  # fmt: skip


def test_gap_in_a_term_spans_up_to_four_words() -> None:
    def terms(folded: str) -> list[str]:
        texts = pl.DataFrame({"row": [0], "language": ["en"], "folded": [folded]}).cast({"row": pl.UInt32})
        return Lexicon(LEXICON).found(texts, "hostility")["term"].to_list()

    assert terms("We impose very big new import tariffs.") == ["impose ... tariff*"]
    assert terms("We impose one two three four five tariffs.") == []


def test_terms_of_another_language_are_not_looked_for() -> None:
    assert coded("México: arancel.")["themes"] == ["other"]
    for language in ("pt", "fr"):
        assert codes(coded("Mexico, canada, tariffs.", language=language)) == EMPTY
        for sentence in ("O México e os Estados Unidos.", "Claudia Sheinbaum, Donald Trump."):
            assert codes(coded(sentence, SHIPPED, language=language)) == EMPTY


def test_lexicon_may_hold_only_capitals_and_a_sentence_any_character() -> None:
    capitals = Coder(small_seeds(LEXICON.filter(pl.col("term").is_in(["US", "tariff*"]))))
    assert coded("Others: \x01the \x02US\x01.", capitals, side="MX")["evidence"] == [
        {"term": "US", "start": 14, "end": 16}
    ]


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
        assert one["term"].startswith("act:") or fits(one["term"], there), (one["term"], there)


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


def test_candidates_are_the_same_whether_neighbours_are_texts_or_rows() -> None:
    documents = [[row["sentence"] for row in SAMPLES[n : n + 7]] for n in range(0, len(SAMPLES), 7)]
    rows = [
        {**US, "sentence": said, "before": dict(enumerate(of)).get(n - 1), "after": dict(enumerate(of)).get(n + 1)}
        for of in documents
        for n, said in enumerate(of)
    ]
    places = pl.DataFrame({"document": [n for n, of in enumerate(documents) for _ in of], "turn": 0})
    texts = frame(*rows)
    assert SHIPPED.code(texts.hstack(places)).equals(SHIPPED.code(texts))


def test_neighbours_are_those_of_the_same_turn() -> None:
    said = ["They doubled the tariffs.", "Mexico is far.", "They doubled the tariffs."]
    rows = frame(*({**US, "sentence": each} for each in said)).with_columns(document=pl.lit(0))
    for turn, hostility in (([0, 0, 0], [3, 0, 3]), ([0, 1, 1], [0, 0, 3]), ([0, 0, 1], [3, 0, 0])):
        asked = rows.with_columns(turn=pl.Series(turn)).with_columns(
            before=pl.col("sentence").shift(1).over("turn"), after=pl.col("sentence").shift(-1).over("turn")
        )
        assert SMALL.code(asked)["hostility"].to_list() == hostility
