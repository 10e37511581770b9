"""Whose words a sentence holds: quoted and reported speech, questions and guests under another's tag."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contract_files
from pipelines.rhetoric.attribution import ATTRIBUTED, Attribution
from pipelines.rhetoric.quotations import quotations
from pipelines.rhetoric.speakers import Utterer
from pipelines.seeds import Seeds

ROOT = Path(__file__).resolve().parent.parent
SEEDS = Seeds(ROOT, contract_files.load(ROOT))
ATTRIBUTION = Attribution(SEEDS["actors"], SEEDS["speech_cues"], SEEDS["dyad"])
TEXTS = ("sentence", "before", "after", "language", "speaker", "voice", "side", "party", "genre")
SCHEMA = {**dict.fromkeys(TEXTS, pl.String), "date": pl.Date}

SHEINBAUM = {"speaker": "Claudia Sheinbaum Pardo", "voice": "executive", "side": "MX", "language": "es"}
TRUMP = {"speaker": "Donald J. Trump", "voice": "executive", "side": "US", "language": "en"}
PAPER = {"speaker": "author", "voice": "press", "side": "other", "language": "en", "genre": "news_report"}
MEMBER = {
    "speaker": "Pat Sample", "voice": "legislator", "side": "US", "party": "R", "language": "en",
    "genre": "press_release",
}  # fmt: skip
RELEASE = {
    "speaker": "The White House", "voice": "executive", "side": "US", "language": "en", "genre": "statements_releases",
}  # fmt: skip


def attributed(sentence: str, **turn: object) -> tuple[Utterer, str]:
    row = {"genre": "speech", "date": date(2025, 3, 1), **turn, "sentence": sentence}
    found = ATTRIBUTION.attributed(pl.DataFrame([row], schema=SCHEMA)).row(0, named=True)
    return Utterer(found["speaker"], found["voice"], found["side"], found["party"]), found["own"]


def own_words(sentence: str, **turn: object) -> str:
    """What is left of a sentence, with marks for what is not, so that a case reads as a sentence."""
    _, own = attributed(sentence, **turn)
    assert len(own) == len(sentence)
    return " ".join(own.split())


# Quotations -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "sentence", "own"),
    [
        # the speaker after the quotation
        (SHEINBAUM, "“México debe actuar ya”, dijo el senador Sample.", ", dijo el senador Sample."),
        (SHEINBAUM, "«Habrá castigos», advirtió Trump esta mañana.", ", advirtió Trump esta mañana."),
        (SHEINBAUM, "‘Vamos a cerrar la frontera’, insistió el senador.", ", insistió el senador."),
        (TRUMP, "“We reject every tariff,” said President Sheinbaum yesterday.", "said President Sheinbaum yesterday."),
        (TRUMP, '"They will answer in kind," Ebrard told reporters.', "Ebrard told reporters."),
        (TRUMP, "'We will not open the port,' the Mexican minister said.", "the Mexican minister said."),
        # before it
        (SHEINBAUM, "Dijo Trump: “Vamos por ellos a México”, y aquí seguimos.", "Dijo Trump: , y aquí seguimos."),
        (SHEINBAUM, "El secretario Rubio dijo: ‘Los cárteles son el enemigo’.", "El secretario Rubio dijo: ."),
        (SHEINBAUM, "Trump escribió en su red: «El muro se construye».", "Trump escribió en su red: ."),
        (TRUMP, "President Sheinbaum said: “Mexico is nobody’s colony.”", "President Sheinbaum said:"),
        (TRUMP, "She told me, “We are closing the port to you.”", "She told me,"),
        (TRUMP, "Mexico’s foreign minister: “We take no orders from them.”", "Mexico’s foreign minister:"),
        # on both sides of it, and two of one person
        (SHEINBAUM, "“Es un error”, dijo Rubio, “y lo van a pagar caro allá.”", ", dijo Rubio,"),
        (TRUMP, "“It is a mistake,” Sheinbaum said, “and they will pay for it dearly.”", "Sheinbaum said,"),
        # within another
        (TRUMP, "Sheinbaum said, “They told us ‘close it or else’ and we refused.”", "Sheinbaum said,"),
        (TRUMP, 'Sheinbaum said, "They want "Remain in Mexico" and we refused."', "Sheinbaum said,"),
        # with a mark missing
        (SHEINBAUM, "Trump dijo: “Vamos a entrar con el ejército.", "Trump dijo:"),
        (TRUMP, "We will close every port,” said President Sheinbaum.", "said President Sheinbaum."),
    ],
)
def test_quotation_of_another_is_not_the_utterers_own(turn: dict[str, object], sentence: str, own: str) -> None:
    assert own_words(sentence, **turn) == own


@pytest.mark.parametrize(
    ("turn", "sentence"),
    [
        # few words in quotation marks
        (SHEINBAUM, "Le llaman “invasión” a que la gente busque trabajo."),
        (TRUMP, "The so-called “caravans” are coming through Mexico."),
        (TRUMP, "Some call it an “act of war” and they are right."),
        (SHEINBAUM, "El operativo ‘Rápido y Furioso’, y lo que siguió, fue de ellos."),
        (TRUMP, 'He uses the word "hoax" for everything.'),
        # himself
        (SHEINBAUM, "Yo le dije: “No vamos a aceptar ninguna intervención”."),
        (SHEINBAUM, "Le dijimos a Trump: «La soberanía no se negocia»."),
        (SHEINBAUM, "Y contesté: ‘Habrá respuesta a los aranceles’."),
        (TRUMP, "I told Sheinbaum: “We are going to impose the tariffs.”"),
        (TRUMP, "We said, “Stop the drugs or pay at the border.”"),
        (MEMBER, "“We must hit the cartels in Mexico,” Sample said."),
        (MEMBER, "“We must hit the cartels in Mexico,” said Congressman Sample."),
        (RELEASE, "President Trump announced tariffs on Mexico today."),
        # an official's own side
        (TRUMP, "Secretary Rubio said: “The cartels in Mexico are terrorists.”"),
        (SHEINBAUM, "El canciller de México dijo: “Rechazamos los aranceles”."),
        # nobody is quoted
        (TRUMP, "The cartels' drugs and the dealers' guns don't stop."),
        (TRUMP, "It’s the cartels’ fault, and Mexico’s, and it won’t go on."),
        (SHEINBAUM, "No vamos a permitir injerencias de Estados Unidos."),
        (SHEINBAUM, "El mensaje es claro: “Aquí manda el pueblo de nuestro país”."),
        (TRUMP, "In the '90s Mexico's workers' wages fell."),
    ],
)
def test_own_words_stay(turn: dict[str, object], sentence: str) -> None:
    utterer, own = attributed(sentence, **turn)
    assert own == sentence
    assert (utterer.speaker, utterer.voice, utterer.side) == (turn["speaker"], turn["voice"], turn["side"])


def test_quotation_left_open_before_goes_on_until_it_is_closed() -> None:
    turn = {**SHEINBAUM, "before": "Trump dijo: “Primero vienen los aranceles."}
    assert own_words("Después viene el ejército”, y no lo vamos a permitir.", **turn) == ", y no lo vamos a permitir."


def test_colon_that_ends_the_sentence_before_leads_a_quotation() -> None:
    assert own_words("“México tiene que cumplir con nosotros.”", before="Y Trump dijo:", **SHEINBAUM) == ""
    assert own_words("“Mexico will not pay for any of it.”", before="President Sheinbaum said:", **TRUMP) == ""


def test_speaker_named_in_the_sentence_after_is_found() -> None:
    utterer, _ = attributed("“Will we sit still for this?”", after="Ebrard asked reporters in the capital.", **PAPER)
    assert utterer.speaker == "Marcelo Ebrard Casaubon"


@pytest.mark.parametrize(
    ("turn", "sentence", "expected"),
    [
        (PAPER, "“We will end all cooperation,” Foreign Minister Ebrard said.", ("Marcelo Ebrard Casaubon", "MX")),
        (PAPER, "“The cartels are terrorists and must be hit,” said Sen. Lindsey Graham.", ("Lindsey Graham", "US")),
        (PAPER, "“Mexico must act right now,” a U.S. senator said.", ("legislator", "US")),
        (PAPER, "“This is an insult to us,” said a Mexican official.", ("official", "MX")),
        (PAPER, "“Nobody knows what comes next,” said a professor in the capital.", ("expert", "other")),
        (MEMBER, "“Our coast needs those leases now,” said Parish President Ann Example.", ("quoted", "US")),
        (RELEASE, "Secretary Ebrard emphasized: “This treaty helps both of our economies.”",
         ("Marcelo Ebrard Casaubon", "MX")),
    ],
)  # fmt: skip
def test_printed_sentence_that_is_a_quotation_is_the_quoted_persons(
    turn: dict[str, object], sentence: str, expected: tuple[str, str]
) -> None:
    utterer, own = attributed(sentence, **turn)
    assert (utterer.speaker, utterer.side) == expected
    quoted = sentence[sentence.index("“") : sentence.index("”") + 1]
    assert " ".join(own.split()) == quoted, "only the quotation is left, and that at its place"
    assert own[sentence.index("“") :].startswith(quoted)


def test_printed_sentence_that_quotes_in_part_stays_its_authors() -> None:
    sentence = "The minister said an intervention “would have very high costs” for trade between the two countries."
    utterer, own = attributed(sentence, **PAPER)
    assert utterer.speaker == "author"
    assert "costs" not in own


def test_quotation_read_out_does_not_make_the_reader_another() -> None:
    utterer, own = attributed("“Mexico is nobody’s colony and never was,” said President Sheinbaum.", **TRUMP)
    assert utterer.speaker == "Donald J. Trump"
    assert "colony" not in own


def test_office_holder_is_the_one_of_the_day() -> None:
    sentence = "“The wall will be built whatever they say,” Trump said."
    voices = {
        day: attributed(sentence, **PAPER, date=date.fromisoformat(day))[0].voice
        for day in ("2016-08-01", "2018-08-01", "2022-08-01", "2025-08-01")
    }
    assert list(voices.values()) == ["candidate", "executive", "candidate", "executive"]


def test_he_is_the_one_named_before() -> None:
    before = "President Sheinbaum has claimed that the tariffs are unjust."
    utterer, _ = attributed("“We will answer them in kind,” she told reporters.", before=before, **PAPER)
    assert utterer == Utterer("Claudia Sheinbaum Pardo", "executive", "MX", "MORENA")


def test_surname_behind_another_given_name_is_another_person() -> None:
    known, _ = attributed("“The plan is a sham from start to finish,” Velasco said.", **PAPER)
    unknown, own = attributed("“The plan is a sham from start to finish,” Hortensia Velasco said.", **PAPER)
    assert known.speaker == "Roberto Velasco Álvarez"
    assert unknown.speaker == "author"
    assert "sham" not in own


# Reported speech ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "sentence", "own"),
    [
        (SHEINBAUM, "Trump dijo que va a imponer aranceles, pero defenderemos la soberanía.",
         "Trump dijo que , pero defenderemos la soberanía."),
        (SHEINBAUM, "Dice el senador Sample que México no coopera.", "Dice el senador Sample que ."),
        (SHEINBAUM, "Según el Departamento de Estado, no hacemos lo suficiente.", "Según el Departamento de Estado, ."),
        (SHEINBAUM, "México no hace nada, según la DEA.", "según la DEA."),
        (SHEINBAUM, "El senador Graham reiteró que habrá invasión.", "El senador Graham reiteró que ."),
        (SHEINBAUM, "Amenazó con cerrar la frontera.", "Amenazó con ."),
        (SHEINBAUM, "Estados Unidos amenaza con aranceles; aquí los esperamos.",
         "Estados Unidos amenaza con ; aquí los esperamos."),
        (SHEINBAUM, "El presidente Trump anunció una invasión a México.", "El presidente Trump anunció ."),
        (TRUMP, "Sheinbaum said that she will expel our agents.", "Sheinbaum said that ."),
        (TRUMP, "Mexico has said it is not to blame, but we know better.",
         "Mexico has said it is not to blame, but we know better."),
        (TRUMP, "Sheinbaum threatened to close the port to us.", "Sheinbaum threatened to ."),
        (TRUMP, "According to Mexican officials, our guns are the problem.", "According to Mexican officials, ."),
        (TRUMP, "Our guns are the problem, said the Mexican ambassador.", ", said the Mexican ambassador."),
        (TRUMP, "Critics say that we are invading Mexico.", "Critics say that ."),
    ],
)  # fmt: skip
def test_reported_words_are_not_the_utterers_own(turn: dict[str, object], sentence: str, own: str) -> None:
    assert own_words(sentence, **turn) == own


@pytest.mark.parametrize(
    ("turn", "sentence"),
    [
        (SHEINBAUM, "Yo dije que no vamos a aceptar una invasión."),
        (SHEINBAUM, "Decía yo que Estados Unidos no invierte aquí."),
        (SHEINBAUM, "Se dice que las armas vienen de Estados Unidos."),
        (SHEINBAUM, "No estamos de acuerdo con el senador, y México responderá."),
        (SHEINBAUM, "Ellos quieren violar nuestra soberanía."),
        (SHEINBAUM, "Reitero que no vamos a aceptar una invasión."),
        (SHEINBAUM, "¿Qué nos dice esto y por qué vienen aquí los aranceles?"),
        (MEMBER, "“The cartels in Mexico must be stopped,” the lawmakers wrote."),
        (TRUMP, "I said that Mexico will pay for the wall."),
        (TRUMP, "As I have said before, Mexico must stop the drugs."),
        (TRUMP, "The Secretary of Commerce announced tariffs on Mexico."),
        (TRUMP, "The threatened impairment of our industry comes from Mexico."),
        (RELEASE, "Announced a designation of the cartels of Mexico as terrorists."),
        (RELEASE, "The United States announced sanctions on firms in Mexico."),
    ],
)
def test_own_statements_and_those_of_nobody_stay(turn: dict[str, object], sentence: str) -> None:
    assert attributed(sentence, **turn)[1] == sentence


def test_own_side_speaks_for_an_official_and_not_for_a_reporter() -> None:
    sentence = "La presidenta Sheinbaum dijo que rechaza los aranceles de Trump."
    assert "rechaza" in attributed(sentence, **{**SHEINBAUM, "speaker": "Alicia Bárcena Ibarra"})[1]
    assert "rechaza" not in attributed(sentence, **{**SHEINBAUM, "speaker": "press", "voice": "press"})[1]


# Who has the floor ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "sentence"),
    [
        (SHEINBAUM, "Buenos días, Presidenta, soy Ana Prueba, de El Ejemplo."),
        (SHEINBAUM, "Le quiero preguntar sobre los aranceles de Estados Unidos."),
        (SHEINBAUM, "Mi pregunta es si habrá respuesta a Trump."),
        (SHEINBAUM, "Presidenta Sheinbaum, ¿qué va a responder a Trump?"),
        (TRUMP, "My question is whether Mexico will really pay."),
        (TRUMP, "I wanted to ask you about the troops at the border with Mexico."),
        (TRUMP, "President Trump, are you going to send troops to Mexico?"),
        (TRUMP, "UNIDENTIFIED: Are you going to send troops to Mexico?"),
    ],
)
def test_question_within_an_officials_turn_is_the_press(turn: dict[str, object], sentence: str) -> None:
    utterer, _ = attributed(sentence, **turn)
    assert (utterer.speaker, utterer.voice, utterer.side, utterer.party) == ("press", "press", turn["side"], None)


@pytest.mark.parametrize(
    ("turn", "sentence"),
    [
        (SHEINBAUM, "¿Y por qué nos van a imponer aranceles?"),
        (SHEINBAUM, "Me preguntaban ayer sobre los aranceles."),
        (TRUMP, "Why should we pay for Mexico’s wall?"),
        (TRUMP, "President Sheinbaum, are you listening to us?"),
        (TRUMP, "That is a good question, and Mexico knows the answer."),
    ],
)
def test_question_of_the_official_himself_stays_his(turn: dict[str, object], sentence: str) -> None:
    assert attributed(sentence, **turn)[0].speaker == turn["speaker"]


def test_tag_within_the_text_gives_the_floor_to_its_office_holder() -> None:
    turn = {**SHEINBAUM, "date": date(2025, 3, 1)}
    utterer, own = attributed("DONALD TRUMP (interpretación): Vamos a trabajar juntos.", **turn)
    assert utterer == Utterer("Donald J. Trump", "executive", "US", "R")
    assert own.strip() == "Vamos a trabajar juntos."
    following, _ = attributed("Habrá acuerdo.", before="DONALD TRUMP: Vamos a trabajar.", **turn)
    assert following.speaker == "Donald J. Trump"


def test_heading_in_capitals_is_no_tag() -> None:
    assert attributed("DRUG CARTELS: We will fight them.", **TRUMP)[0].speaker == "Donald J. Trump"


def test_guest_under_the_hosts_tag_is_told_by_his_country() -> None:
    utterer, _ = attributed("In our country, Mexico, corruption is no longer allowed.", **TRUMP)
    assert (utterer.voice, utterer.side) == ("executive", "MX")
    utterer, _ = attributed("In our country, the United States, we say so too.", **TRUMP)
    assert utterer.speaker == "Donald J. Trump"


@pytest.mark.parametrize("voice", ["executive", "legislator", "candidate", "other"])
def test_author_of_an_opinion_is_never_an_official(voice: str) -> None:
    turn = {**TRUMP, "voice": voice, "genre": "opinion"}
    assert attributed("Mexico must be stopped.", **turn)[0] == Utterer("author", "expert", "other")


# The frame ------------------------------------------------------------------------------------------------------------


def test_rows_come_one_for_one_in_order() -> None:
    rows = [
        {**TRUMP, "party": "R", "sentence": "Mexico must act.", "genre": "speech", "date": date(2025, 3, 1)},
        {**SHEINBAUM, "sentence": "Trump dijo que no.", "genre": "speech", "date": date(2025, 3, 1)},
        {**TRUMP, "party": "R", "sentence": "Thank you.", "genre": None, "date": date(2025, 3, 1)},
    ]
    found = ATTRIBUTION.attributed(pl.DataFrame(rows, schema=SCHEMA))
    assert dict(found.schema) == {name: pl.String() for name in ATTRIBUTED}
    assert found["speaker"].to_list() == ["Donald J. Trump", "Claudia Sheinbaum Pardo", "Donald J. Trump"]
    assert found["party"].to_list() == ["R", None, "R"]
    assert found["own"].to_list()[::2] == ["Mexico must act.", "Thank you."]
    assert ATTRIBUTION.attributed(pl.DataFrame(schema=SCHEMA)).height == 0


@pytest.mark.parametrize("party", ["D", "R", None])
def test_party_changes_nothing_but_itself(party: str | None) -> None:
    sentence = "“They will answer for it in full,” said President Sheinbaum, and we agreed."
    told, own = attributed(sentence, **{**TRUMP, "party": party})
    assert told == Utterer("Donald J. Trump", "executive", "US", party)
    assert own == attributed(sentence, **TRUMP)[1]


PIECES = st.lists(
    st.sampled_from([
        "“", "”", '"', "«", "»", "‘", "’", "'", ": ", ", ", ". ", "? ", " — ", "…", "Trump", "dijo", "said", "que",
        "that", " ", "según", "according to", "México", "Mexico", "I", "yo", "he", "SR. PRUEBA:", "¿", "İ", "𝄞", "ñ",
        "we", "pero",
    ]),
    max_size=24,
)  # fmt: skip


@given(PIECES, PIECES, st.sampled_from(["en", "es", "fr"]), st.sampled_from(["speech", "press_release", "opinion"]))
def test_own_words_are_the_sentence_but_for_spaces(
    pieces: list[str], before: list[str], language: str, genre: str
) -> None:
    sentence = " ".join(pieces) or "x"
    turn = {**TRUMP, "language": language, "genre": genre, "before": " ".join(before)}
    _, own = attributed(sentence, **turn)
    assert len(own) == len(sentence)
    assert all(left in (kept, " ") for left, kept in zip(own, sentence, strict=True))


@given(PIECES, PIECES)
def test_quotations_are_ordered_stretches_that_do_not_overlap(pieces: list[str], before: list[str]) -> None:
    text = "".join(pieces)
    edges = [edge for each in quotations(text, "".join(before)) for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)


# The seeds ------------------------------------------------------------------------------------------------------------


def test_cues_are_folded_and_both_languages_have_the_same_roles() -> None:
    cues = SEEDS["speech_cues"]
    assert cues["line"].to_list() == list(range(1, cues.height + 1))
    bare = cues["cue"].str.replace_all(r"[¿\\]\w?|ó\b", "")
    assert bare.str.contains(r"^[\x00-\x7F]*$").all()
    assert bare.str.replace_all(r"[A-Z]", "").eq(bare).all()
    roles = {
        language: set(cues.filter(pl.col("language") == language)["role"]) - {"speaks"} for language in ("en", "es")
    }
    assert roles["en"] == roles["es"]


def test_terms_of_an_alias_do_not_overlap_and_sources_are_addresses() -> None:
    actors = SEEDS["actors"].sort("alias", "from")
    later = pl.col("from").shift(-1).over("alias")
    assert actors.filter(pl.col("to").is_null() & later.is_not_null()).is_empty()
    assert actors.filter(pl.col("to") >= later).is_empty()
    assert actors["source"].drop_nulls().str.starts_with("https://").all()
    assert actors.filter(pl.col("party").is_not_null())["side"].is_in(["US", "MX"]).all()
