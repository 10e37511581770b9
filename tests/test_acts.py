"""Acts: how the actors of a sentence are marked, and what patterns over marked sentences hold."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contract_files
from pipelines.errors import ContractError
from pipelines.rhetoric import coding, features
from pipelines.rhetoric.acts import Acts, marked
from pipelines.rhetoric.lexicon import Lexicon, fold
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SEEDS = Seeds(ROOT, contract_files.load(ROOT))
COUNTERPART = {"F": "S", "S": "F", "elsewhere": None}

# Marking --------------------------------------------------------------------------------------------------------------

TERMS = [
    ("freedonia", "side", "F"),
    ("new freedonia", "side", "none"),
    ("government of freedonia", "side", "F"),
    ("sylvania*", "side", "S"),
    ("FRE", "side", "F"),
    ("gang*", "criminal", "F"),
    ("freedonia gang*", "criminal", "F"),
    ("ruritania", "third", "third"),
]
LEXICON = Lexicon(
    pl.DataFrame(TERMS, schema=["term", "role", "code"], orient="row").with_columns(
        language=pl.lit("en"), weight=pl.lit(1, pl.Int32)
    )
)


def mark(*sentences: str, side: str = "S") -> list[str]:
    texts = pl.DataFrame({"folded": sentences}, schema={"folded": pl.String}).with_row_index("row")
    texts = texts.with_columns(
        fold(pl.col("folded")),
        language=pl.lit("en"),
        side=pl.lit(side),
        counterpart=pl.lit(COUNTERPART[side], pl.String),
    )
    return marked(texts, LEXICON.found(texts, "side", "criminal", "third")).to_list()


@pytest.mark.parametrize(
    ("sentence", "side", "expected"),
    [
        ("Freedonia and Sylvania.", "S", "OOOOOOOOO and SSSSSSSS."),
        ("Freedonia and Sylvania.", "F", "SSSSSSSSS and OOOOOOOO."),
        ("Freedonia and Sylvania.", "elsewhere", "OOOOOOOOO and OOOOOOOO."),
        ("The Government of Freedonia left.", "S", "the OOOOOOOOOOOOOOOOOOOOOOO left."),
        ("New Freedonia is a town.", "S", "new freedonia is a town."),
        ("Sylvanians came.", "F", "OOOOOOOOOO came."),
        ("The gangs rule.", "S", "the KKKKK rule."),
        ("The gangs rule.", "F", "the gangs rule."),
        ("The gangs rule.", "elsewhere", "the KKKKK rule."),
        ("Freedonia gangs rule Freedonia.", "S", "KKKKKKKKKKKKKKK rule OOOOOOOOO."),
        ("Freedonia gangs rule Freedonia.", "F", "SSSSSSSSS gangs rule SSSSSSSSS."),
        ("Ruritania trades.", "S", "XXXXXXXXX trades."),
        ("Ruritania trades.", "elsewhere", "XXXXXXXXX trades."),
        ("Freedonialand, not FREEDONIA.", "S", "freedonialand, not OOOOOOOOO."),
        ("A FRE law, be it fre or not.", "S", "a OOO law, be it fre or not."),
        ("“Ñandú…” — Freedonia", "S", '"nandu." - OOOOOOOOO'),
        ("", "S", ""),
    ],
)
def test_mentions_become_runs_of_the_letter_of_their_part(sentence: str, side: str, expected: str) -> None:
    assert mark(sentence, side=side) == [expected]


def test_sentences_are_marked_one_for_one_in_order() -> None:
    assert mark("Freedonia.", "Nobody.", "Ruritania.") == ["OOOOOOOOO.", "nobody.", "XXXXXXXXX."]


words_of_marking = st.sampled_from([term.strip("*") for term, _, _ in TERMS] + ["Ñandú", "…", "İ", "ß", "\n", "日本"])


@given(st.lists(words_of_marking | st.text(max_size=5), max_size=8).map(" ".join), st.sampled_from(list(COUNTERPART)))
def test_marking_keeps_every_place(sentence: str, side: str) -> None:
    plain = "".join(letter for letter in sentence if letter not in "\x01\x02")
    (found,) = mark(plain, side=side)
    folded = pl.select(fold(pl.lit(plain)).str.to_lowercase()).item()
    assert len(found) == len(plain)
    assert all(letter in ("O", "S", "K", "X", said) for letter, said in zip(found, folded, strict=True))


# Notation -------------------------------------------------------------------------------------------------------------


def acts(patterns: dict[str, str], classes: dict[str, str] | None = None, language: str = "en") -> Acts:
    table = pl.DataFrame({"act": list(patterns), "language": language, "pattern": list(patterns.values())})
    named = {"name": list(classes or {}), "words": list((classes or {}).values())}
    return Acts(
        table,
        pl.DataFrame(named, schema={"name": pl.String, "words": pl.String}).with_columns(language=pl.lit(language)),
    )


def held(known: Acts, language: str, names: list[str], texts: list[str]) -> pl.DataFrame:
    return pl.DataFrame(known.held(language, pl.Series(texts, dtype=pl.String), names))


def hit(pattern: str, text: str, classes: dict[str, str] | None = None) -> str | None:
    """What a pattern hits in a marked sentence, after both engines have agreed whether it does."""
    known = acts({"act": pattern}, classes)
    places = list(known.places("en", text, ["act"]))
    assert held(known, "en", ["act"], [text])["act"].to_list() == [bool(places)]
    return text[places[0][1] : places[0][2]] if places else None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        # actors
        ("warn OTHER", "we warn OOOO now", "warn OOOO"),
        ("warn OTHER", "we warn SSSS now", None),
        ("warn OTHER", "we warn other now", None),
        ("warn SELF", "they warn SS.", "warn SS"),
        ("warn CRIMINAL", "we warn KKKK", "warn KKKK"),
        ("warn CRIMINAL", "we warn OOOO", None),
        ("warn THIRD", "we warn XXX", "warn XXX"),
        ("warn (OTHER|THIRD)", "we warn XXX", "warn XXX"),
        ("OTHER must", "OOO must go", "OOO must"),
        ("OTHERS must", "OOO must go", None),
        # alternatives, optional words, repeated words
        ("(stop|halt) it", "please halt it", "halt it"),
        ("no (more )?aid", "no aid, none", "no aid"),
        ("no (more )?aid", "no more aid", "no more aid"),
        ("(very )*bad", "a very very bad day", "very very bad"),
        ("[0-9]+ percent", "some 25 percent", "25 percent"),
        # any ending
        ("tariff*", "new tariffs come", "tariffs"),
        ("tariff*", "a tariff", "tariff"),
        ("impos* it", "imposing it", "imposing it"),
        ("(tariff*|dut*) rise", "duties rise", "duties rise"),
        ("ally* here", "ally's here", "ally's here"),
        # bounds of words
        ("act now", "we react now", None),
        ("act now", "we act nowhere", None),
        ("act now", "act now!", "act now"),
        ("don't buy", "we don't buy", "don't buy"),
        # one space is anything that is no word
        ("stop it", "stop -- it", "stop -- it"),
        ("stop it", "stop\nit", "stop\nit"),
        ("stop it", "stopit", None),
        # up to five words
        ("stop ... OTHER", "stop OO", "stop OO"),
        ("stop ... OTHER", "stop a b c d e OO", "stop a b c d e OO"),
        ("stop ... OTHER", "stop a b c d e f OO", None),
        ("stop ... OTHER", "stop it, he said; SSSS - OO", "stop it, he said; SSSS - OO"),
        ("stop ... OTHER", "stop what's theirs in OO", "stop what's theirs in OO"),
        # up to two words
        ("stop .. OTHER", "stop OO", "stop OO"),
        ("stop .. OTHER", "stop all, of OO", "stop all, of OO"),
        ("stop .. OTHER", "stop all of the OO", None),
        # up to five words of a clause
        ("stop ~ OTHER", "stop OO", "stop OO"),
        ("stop ~ OTHER", "stop a b c d e OO", "stop a b c d e OO"),
        ("stop ~ OTHER", "stop a b c d e f OO", None),
        ("stop ~ OTHER", "stop it, OO", None),
        ("stop ~ OTHER", "stop; go OO", None),
        # several gaps
        ("we .. stop ~ it ... OTHER", "we will now stop all of it, for OO", "we will now stop all of it, for OO"),
    ],
)
def test_pattern_hits_what_its_notation_says(pattern: str, text: str, expected: str | None) -> None:
    assert hit(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("{move} OTHER", "we push OO", "push OO"),
        ("{move} OTHER", "we see OO", None),
        ("{plan}", "we push OO", "push OO"),
        ("{vow}", "we will now hit OO", "will now hit OO"),
        ("{vow}", "we hit OO", None),
        ("({vow}|never)", "never", "never"),
    ],
)
def test_class_stands_for_its_words_and_holds_actors_gaps_and_classes(
    pattern: str, text: str, expected: str | None
) -> None:
    classes = {"move": "(push*|hit)", "plan": "({move} .. (OTHER|CRIMINAL))", "vow": "(will ... {plan})"}
    assert hit(pattern, text, classes) == expected


@pytest.mark.parametrize("pattern", ["{absent} it", "do {known}"])
def test_unknown_class_is_refused_and_the_file_named(pattern: str) -> None:
    with pytest.raises(ContractError, match=r"act_patterns\.csv.*\{absent\}.*'en'"):
        acts({"act": pattern}, {"known": "({absent}|this)"})


def test_class_of_another_language_is_none_of_this_one() -> None:
    table = pl.DataFrame({"act": ["a"], "language": ["es"], "pattern": ["{known}"]})
    classes = pl.DataFrame({"name": ["known"], "language": ["en"], "words": ["(this)"]})
    with pytest.raises(ContractError, match="'es'"):
        Acts(table, classes)


def test_act_is_looked_for_in_its_language_and_by_all_its_patterns() -> None:
    table = pl.DataFrame({"act": ["a", "a", "b"], "language": ["en", "en", "es"], "pattern": ["one", "two", "dos"]})
    known = Acts(table, pl.DataFrame(schema=dict.fromkeys(("name", "language", "words"), pl.String)))
    texts = ["one", "say two", "dos"]
    assert held(known, "en", ["a", "b"], texts).to_dict(as_series=False) == {"a": [True, True, False], "b": [False] * 3}
    assert held(known, "es", ["b", "a"], texts).to_dict(as_series=False) == {
        "b": [False, False, True],
        "a": [False] * 3,
    }
    assert held(known, "fr", ["a"], texts)["a"].to_list() == [False] * 3
    assert list(known.places("en", "two or one", ["a"])) == [("a", 0, 3)]


# Shipped seeds --------------------------------------------------------------------------------------------------------

EN = """
we will impose a 25 percent tariff on every car from OOOOOO|OOOOOO must stop the flow of fentanyl
OOOOOO has treated us badly|we thank OOOOOO for working together with us|we will not accept interference from OOO
no more money to OOOOOO, none|we are closing the border|the KKKKKKK control half of OOOOOO
i signed an executive order designating KKKKKKK as terrorists|if OOOOOO does not act, we will
we have no choice but to suspend cooperation with OOO|it's time for OOOOOO to pay for the wall|we won't rule it out
SS troops inside OOOOOO|send the army into OOOOOO to wipe out KKKKKKK|they're sending drugs and criminals
terminate nafta, the worst trade deal ever|companies that move to OOOOOO will face a big border tax
OOO lies, and OOO knows it|precursors come from XXXXX; fentanyl from OOOOOO|we're losing jobs to OOOOOO - so many
violating our sovereignty is unacceptable|would you support strikes on the KKKKKKK?|he said that OOOOOO would retaliate
under section 232, as amended, duties apply|we demand that OOO respect our laws|a great friend of OOOOOO
guns trafficked from OOO to SSSSSS|both countries share responsibility|the senate and the media say nothing of it|x
...!?|OOOOOO
"""
ES = """
vamos a imponer aranceles a OOOOOOOOOOOOOO|exigimos a OOO que respete nuestra soberania|agradecemos a los OOO su apoyo
no vamos a permitir injerencias de OOO|no somos colonia de nadie|OOO no ha hecho nada por frenar el trafico de armas
vamos a expulsar a los agentes de OOO|si OOO impone aranceles, nosotros responderemos|la cooperacion esta en pausa
nos reservamos el derecho a responder|OOO se ha aprovechado|ya basta de calumnias de OOO|no vengan aqui a amenazar
defenderemos la patria con las armas|el ejercito de OOO|nos quitaron la mitad del territorio en 1848
son los conservadores quienes llaman|coordinacion, no subordinacion|el consumo de drogas en OOO
los precursores vienen de XXXXX|aqui no se produce fentanilo|hablamos con OOO y acordamos trabajar juntos
trabajamos de manera conjunta con OOO|OOO debe atender el consumo de sus jovenes|no habra invasion
de ninguna manera vamos a cerrar la frontera|no tenemos mas remedio que romper el tratado|que opina usted, presidenta?
dijo que OOO impondra aranceles|conforme al articulo 27|la onu y la otan|y|...!|OOO
"""
SAMPLES = {"en": re.split(r"[|\n]", EN.strip()), "es": re.split(r"[|\n]", ES.strip())}


def one_by_one(language: str) -> tuple[Acts, list[str]]:
    """The shipped patterns of a language, each as an act by itself."""
    of_language = pl.col("language") == language
    patterns = SEEDS["act_patterns"].filter(of_language).with_row_index("n")
    patterns = patterns.with_columns(pl.concat_str("act", pl.lit(" "), "n").alias("act")).drop("n")
    return Acts(patterns, SEEDS["word_classes"].filter(of_language)), patterns["act"].to_list()


@pytest.mark.parametrize("language", ["en", "es"])
def test_shipped_patterns_hit_the_same_sentences_in_both_engines(language: str) -> None:
    known, names = one_by_one(language)
    fast = held(known, language, names, SAMPLES[language])
    slow = [{act for act, _, _ in known.places(language, text, names)} for text in SAMPLES[language]]
    assert [{name for name in names if row[name]} for row in fast.iter_rows(named=True)] == slow
    assert len(set().union(*slow)) > len(names) / 4, "the samples are to try a good part of the patterns"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_shipped_pattern_hits_nothing(language: str) -> None:
    known, names = one_by_one(language)
    for text in ("", " ", "zz", "zz, zz.", *SAMPLES[language]):
        for act, start, end in known.places(language, text, names):
            assert 0 <= start < end <= len(text), act
            assert "zz" not in text, act


def test_acts_and_their_patterns_are_the_same_acts() -> None:
    known = set(SEEDS["acts"]["act"])
    assert set(SEEDS["act_patterns"]["act"]) == known
    assert {coding.FORCE, coding.UNILATERAL, coding.BILL, coding.ACTED, coding.JOIN} <= known
    assert {features.DENIED, features.UNAVOIDABLE, features.ADDRESSED, features.TAG} <= known


def test_every_class_of_words_is_used() -> None:
    used = {
        (row["language"], name)
        for table, column in (("act_patterns", "pattern"), ("word_classes", "words"))
        for row in SEEDS[table].iter_rows(named=True)
        for name in re.findall(r"\{(\w+)\}", row[column])
    }
    assert set(SEEDS["word_classes"].select("language", "name").iter_rows()) == used
