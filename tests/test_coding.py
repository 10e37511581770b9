"""Codes: what a sentence says of the other side, by small seeds of its own and by those that are shipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import contract_files
from pipelines.rhetoric import coding, version
from pipelines.rhetoric.coding import Coder
from pipelines.rhetoric.lexicon import Lexicon
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
    "denied": (0, 1, 0, 0), "unavoidable": (0, 1, 0, 0), "we": (0, 0, 0, 0), "they": (0, 0, 0, 0),
    "vow_treaty": (3, 0, 1, 1), "addressed": (0, 0, 0, 0), "tag": (0, 0, 0, 0),
}  # fmt: skip
PATTERNS = {
    "en": {
        "blame": "(blame*|accus*) ... OTHER", "must": "OTHER must", "tariff": "(impos*|doubl*) ... tariff*",
        "force": "{strike}", "meddle": "meddl*", "thank": "prais* OTHER", "join": "we thank OTHER",
        "vow": "we will {measure}", "vow_force": "we will {strike}", "unilateral": "on our own", "bill": "a bill",
        "acted": "we imposed", "denied": "(not|but to) ~ ({measure}|{strike})", "unavoidable": "no choice but",
        "vow_treaty": "we will leave the pact", "addressed": "will you", "tag": ", (ok|right) $",
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
        ("We would not impose tariffs on Mexico.", 0, 0), ("We would not bomb Mexico.", 0, 0),
        ("We have no choice but to impose tariffs on Mexico.", 3, 2), ("No choice but to bomb Mexico.", 4, 4),
    ],
)  # fmt: skip
def test_hostility_and_rung_follow_from_acts(sentence: str, hostility: int, rung: int) -> None:
    row = coded(sentence)
    assert (row["hostility"], row["rung"]) == (hostility, rung)
    assert row["direction"] == "US>MX" or not hostility


def test_certain_act_decides_where_no_coefficient_does() -> None:
    seeds = small_seeds()
    seeds["coefficients"] = seeds["coefficients"].filter(pl.col("feature").str.starts_with("("))
    said = ["We will impose tariffs on Mexico.", "We will bomb Mexico.", "We thank Mexico.", "Mexico must act."]
    rows = [coded(each, Coder(seeds)) for each in said]
    assert [row["hostility"] for row in rows] == [3, 4, 0, 0]
    assert [row["direction"] for row in rows] == ["US>MX"] * 3 + ["none"]
    assert [row["cooperation"] for row in rows] == [0, 0, 1, 0]


def test_act_between_states_is_certain_though_the_other_side_is_not_named() -> None:
    seeds = small_seeds()
    seeds["coefficients"] = seeds["coefficients"].filter(pl.col("feature").str.starts_with("("))
    said = ["We will leave the pact at the southern border.", "We will impose tariffs at the southern border."]
    assert [coded(each, Coder(seeds))["hostility"] for each in said] == [3, 0]
    assert coded("Will we leave the pact at the southern border?")["hostility"] == 0


def test_question_put_to_a_person_takes_no_stance_and_a_tag_is_no_question() -> None:
    said = "We will impose tariffs on Mexico"
    assert [coded(f"{said}{end}")["hostility"] for end in (".", ", OK?", ", right?”", "?", " right?")] == [
        3,
        3,
        3,
        0,
        0,
    ]
    asked = [coded(f"{lead} blame Mexico?")["direction"] for lead in ("Do we", "Will you")]
    assert asked == ["none", "none"]
    assert coded("We praise Mexico, will we?")["direction"] == "US>MX"
    assert coded("Will you praise Mexico?")["direction"] == "none"
    assert coded("Will you praise Mexico.")["direction"] == "US>MX"


def test_weak_criticism_does_not_stand_beside_certain_thanks() -> None:
    assert coded("We blame Mexico.")["hostility"] == 1
    assert coded("We thank Mexico and blame Mexico.")["hostility"] == 0


def test_words_that_speak_most_for_a_code_are_evidence_of_it() -> None:
    seeds = small_seeds()
    more = {"word:blame": (0, 0, 3), "pair:blame OTHER": (0, 0, 2), "word:we": (0, 0, -1), "word:twice": (0, 9, 0)}
    rows = [(name, *values, *[0] * (len(TARGETS) - 3)) for name, values in more.items()]
    added = pl.DataFrame(rows, schema=seeds["coefficients"].schema, orient="row")
    seeds["coefficients"] = pl.concat([seeds["coefficients"], added])
    found = coded("We blame Mexico twice.", Coder(seeds))["evidence"]
    said = [(one["term"], one["start"], one["end"]) for one in found if one["term"].startswith(("word:", "pair:"))]
    assert said == [("word:blame", 3, 8), ("pair:blame OTHER", 3, 15)]


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
