"""Sentences, speakers and statements: what a sentence is, who utters it, and which rows it becomes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contract_files
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.speakers import Speakers, Utterer
from pipelines.rhetoric.statements import Held, Method, Rows, statements
from pipelines.seeds import Seeds
from pipelines.texts import Document, Turn
from tests.test_coding import SMALL

ROOT = Path(__file__).resolve().parent.parent
DECLARED = contract_files.load(ROOT)
SEEDS = Seeds(ROOT, DECLARED)
DAY = date(2025, 8, 1)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in segment(text, 0, len(text))]


# Sentences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Sen. Lindsey O. Sample spoke. He left.", 2), ("El Lic. Pérez y la Dra. Ruiz vinieron. Se fueron.", 2),
        ("EE.UU. y México pactaron. Bien.", 2), ("Las armas vienen de EE. UU. y cruzan la frontera.", 1),
        ("Fuimos a EE.UU. Nosotros volvimos.", 2), ("The U.S. Government sued. We won in the U.S. The end.", 3),
        ("Donald J. Trump said 3.5 percent, No. 1 in Art. 27.", 1), ("At 10:52 a.m. EDT we met.", 1),
        ("No sé... pero vino. ¿Qué? ¡Ánimo! Adelante…", 4), ("Creo que no. Además, sí.", 2),
        ("The cartels… They are here.", 2), ("“Stop.” Then he left. “I said no.” She left.", 4),
        ("Una línea sin punto\nOtra línea.", 2), ("Mr. Sample of Sample Inc. came. Acme Corp. The end.", 3), ("", 0),
        ("La Sra. Ruiz, el Pdte. Prueba y el Almte. Gil vinieron. Bien.", 2),
        ("Atty. Gen. Sample, Lt. Gov. Roe and Brig. Gen. Doe met. Good.", 2),
        ("Véase la fracc. IV del art. 27 y la Sec. 301. Nada más.", 2),
        ("Under 134 Stat. 11 and 19 U.S.C. 4681 we act. It is so.", 2), ("1. First point. 2. Second point.", 2),
        ("They – the cartels – stop… sometimes. (He left. She came.)", 3), ("Vino —no sé… quizá— ayer. Se fue.", 2),
        # fused
        ("It is clear who makes the pill.The seizures tripled.And then?", 3),
        ("He would “end the cartel.”The idea spread.", 2), ("¿Vino ayer?No vino.", 2),
        # not fused
        ("See www.Example.Com/Path.Html or a.b@Mail.Example.Org or node.Js now.", 1),
        ("Read https://example.org/a.The/b.And now.", 1),
        ("J.F.Kennedy of the U.S.A.F. came with Sen.Sample and 3.Five more.", 1),
        ("La empresa Pemex S.A.de C.V. ganó.", 1),
        # wrapped
        ("the flow of drugs across the southern\nborder must stop.\nNow.", 2),
        ("Primero, segundo,\ny tercero.\nhttps://example.org", 2), ("A HEADING\nthat is none", 2),
    ],
)  # fmt: skip
def test_sentence_ends_where_a_reader_ends_it(text: str, count: int) -> None:
    assert len(cut(text)) == count, cut(text)


@given(st.text(alphabet='abí Áñ.!?…\n\t"“”’U.S.EE1—¿¡(),', max_size=200), st.integers(0, 20))
def test_sentences_are_ordered_slices_that_lose_nothing_but_space(text: str, offset: int) -> None:
    start = min(offset, len(text))
    spans = list(segment(text, start, len(text)))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    edges = [start, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    between = zip(edges[::2], edges[1::2], strict=True)
    assert all(not text[a:b].strip() for a, b in between)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The president of the country spoke with us on trade.", "en"),
        ("La presidenta habló con el gobierno sobre la frontera.", "es"),
        ("O presidente falou com uma delegação em São Paulo.", "pt"),
        ("Le président est en visite dans les pays de la région.", "fr"),
        ("Smith, Craig Reintroduce E-15 Legislation", "en"),
    ],
)  # fmt: skip
def test_language_is_told_by_function_words(text: str, language: str) -> None:
    assert language_of(text) == language


# Speakers -------------------------------------------------------------------------------------------------------------


def speakers(feed: str) -> Speakers:
    return Speakers(feed, DECLARED[f"documents.{feed}"].feed, SEEDS["voices"], SEEDS["actors"])


@pytest.mark.parametrize(
    ("day", "voice"),
    [
        ("2015-06-15", "other"), ("2015-06-16", "candidate"), ("2017-01-19", "candidate"), ("2017-01-20", "executive"),
        ("2021-01-19", "executive"), ("2021-01-20", "candidate"), ("2025-01-20", "executive"),
    ],
)  # fmt: skip
def test_voice_of_an_untagged_speaker_follows_the_calendar(day: str, voice: str) -> None:
    found = speakers("trump_posts").resolve([""], "post", date.fromisoformat(day))
    assert found[""] == Utterer("Donald J. Trump", voice, "US", None if voice == "other" else "R")


FEDERAL = ("official", "executive", "MX")
PARTICIPANT = ("participant", "other", "MX")
LOCAL = ("state or local official", "other", "MX")
ABROAD = ("foreign official", "executive", "other")
AMLO, WHITE_HOUSE = "presidencia_amlo", "white_house"
TAGS = {
    ("presidencia_sheinbaum", "press_conference"): {"DIPUTADA ROSA PRUEBA": ("legislator", "legislator", "MX")},
    (AMLO, "press_conference"): {"INTERLOCUTORA": ("press", "press", "MX"), "VOZ HOMBRE": ("video", "executive", "MX"),
        "INTERVENCIÓN": ("press", "press", "MX"), "INTERVENCIÓN MUJER": PARTICIPANT,
        "VOCES A CORO": ("audience", "other", "MX")},
    (AMLO, "speech"): {"MODERADORA": ("moderator", "other", "MX"), "ROSA PRUEBA, HABITANTE DE EJEMPLO": PARTICIPANT,
        "ROSA PRUEBA, PRESIDENTE DEL CONSEJO DE EJEMPLO": PARTICIPANT, "ROSA PRUEBA, PRESIDENTA DE CHILE": ABROAD,
        "EMBAJADORA DE ESTADOS UNIDOS, ANN SAMPLE": ("official", "executive", "US"),
        "ROSA DE LA PRUEBA, GOBERNADORA DE EJEMPLO": LOCAL},
    (WHITE_HOUSE, "presidential_actions"): {"SUBJECT": ("The White House", "executive", "US")},
    (WHITE_HOUSE, "fact_sheets"): {"RESTORING FAIR TRADE": ("The White House", "executive", "US")},
    (WHITE_HOUSE, "speeches_remarks"): {"STERLING SAMPLE": ("participant", "other", "US"),
        "MR. SAMPLE": ("participant", "other", "US"), "SENATOR SAMPLE": ("legislator", "legislator", "US"),
        "PRIME MINISTER SAMPLE": ABROAD,
        "PRESIDENT LÓPEZ OBRADOR": ("Andrés Manuel López Obrador", "executive", "MX", "MORENA")},
    (WHITE_HOUSE, "press_briefings"): {"Q": ("press", "press", "US"), "MR. SAMPLE": ("official", "executive", "US"),
        "SENIOR ADMINISTRATION OFFICIAL": ("senior official", "executive", "US")},
}  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "genre", "tag", "expected"), [(*at, *case) for at, cases in TAGS.items() for case in cases.items()]
)
def test_tag_tells_name_voice_and_side(feed: str, genre: str, tag: str, expected: tuple[str, ...]) -> None:
    found = speakers(feed).resolve([tag], genre, date(2022, 6, 1))
    assert found[tag] == Utterer(*expected)


@pytest.mark.parametrize(
    ("tag", "party"),
    [
        ("Pat Sample (D-XX, Senate)", "D"), ("Pat Sample (I-XX, House) press release", "I"), ("Pat Sample", None),
        ("Lindsey Graham (R-XX, Senate)", "R"), ("Lindsey Graham", "R"),
    ],
)  # fmt: skip
def test_party_of_a_member_is_that_of_the_tag_or_else_of_the_table(tag: str, party: str | None) -> None:
    found = speakers("congress_press_releases").resolve([tag], "press_release", date(2023, 6, 1))
    assert found[tag] == Utterer(tag.split(" (")[0], "legislator", "US", party)


def test_role_has_no_party() -> None:
    tags = ["SENATOR SAMPLE", "Q", "GOVERNOR SAMPLE", "THE PRESIDENT"]
    found = speakers("white_house").resolve(tags, "speeches_remarks", date(2022, 6, 1))
    assert [found[tag].party for tag in tags] == [None, None, None, "D"]


OFFICES = {  # as they are printed, after the name or before it
    FEDERAL: """SECRETARIO DE DESARROLLO AGRARIO, TERRITORIAL Y URBANO | SUBSECRETARIA DE HACIENDA Y CRÉDITO PÚBLICO
DIRECTOR GENERAL DE LA COMISIÓN NACIONAL DEL AGUA (CONAGUA)
DIRECTOR DEL INSTITUTO DE SEGURIDAD Y SERVICIOS SOCIALES DE LOS TRABAJADORES DEL ESTADO (ISSSTE)
DIRECTOR GENERAL DE LA EMPRESA TREN MAYA | PROCURADOR FISCAL DE LA FEDERACIÓN | COMANDANTE DE LA GUARDIA NACIONAL
JEFE DEL ESTADO MAYOR DE LA DEFENSA NACIONAL | EMBAJADOR DE MÉXICO EN PERÚ | EMBAJADORA DE MÉXICO EN ESTADOS UNIDOS
DIRECTOR DEL AEROPUERTO INTERNACIONAL DE LA CIUDAD DE MÉXICO (AICM) | GOBERNADORA DEL BANCO DE MÉXICO""",
    PARTICIPANT: """SECRETARIO GENERAL DE LA CONFEDERACIÓN DE TRABAJADORES DE MÉXICO (CTM)
SECRETARIO DE COMUNICACIÓN SOCIAL DE LA CONFEDERACIÓN DE TRABAJADORES
CANDIDATO A SECRETARIO GENERAL DEL SINDICATO DE TRABAJADORES PETROLEROS
PRESIDENTE DEL CONSEJO NACIONAL AGROPECUARIO (CNA) | PRESIDENTE DEL CONSEJO COORDINADOR EMPRESARIAL (CCE)
PRESIDENTE DEL CONSEJO NACIONAL DE LA INDUSTRIA MAQUILADORA (INDEX) | PRESIDENTE DE AMERICAN CHAMBER OF COMMERCE
PRESIDENTE DE LA ASOCIACIÓN DE BANCOS DE MÉXICO | DIRECTORA GENERAL DE EMPRESAS DE EJEMPLO
SECRETARIO DE LA GUARDIA TRADICIONAL DE LA COMUNIDAD DE EJEMPLO | COMANDANTE DE LA POLICÍA COMUNITARIA
DIRECTOR DEL HOSPITAL RURAL DE EJEMPLO | MÉDICO PSIQUIATRA ADSCRITO A LOS SERVICIOS DE LA SECRETARÍA DE SALUD
DIRECTORA DE LA UNIVERSIDAD DE EJEMPLO | PERIODISTA""",
    LOCAL: """GOBERNADORA DE NUEVO LEÓN | GOBERNADOR CONSTITUCIONAL DEL ESTADO DE BAJA CALIFORNIA
JEFA DE GOBIERNO DE LA CIUDAD DE MÉXICO | SECRETARIO DE SALUD DE OAXACA | FISCAL GENERAL DEL ESTADO DE SONORA
PRESIDENTA MUNICIPAL DE EJEMPLO""",
    ("legislator", "legislator", "MX"): """SENADOR DEL PARTIDO DE EJEMPLO
PRESIDENTA DE LA MESA DIRECTIVA DE LA CÁMARA DE DIPUTADOS""",
    ("state or local official", "other", "US"): """ALCALDE DE LOS ÁNGELES, CALIFORNIA | GOBERNADORA DE NUEVO MÉXICO
SENADORA EN EL ESTADO DE ARIZONA, ESTADOS UNIDOS""",
    ("legislator", "legislator", "US"): "SENADOR REPUBLICANO",
    ("official", "executive", "US"): "SUBSECRETARIA DE ESTADO DE ESTADOS UNIDOS",
    ("foreign official", "legislator", "other"): "SENADORA DE CHILE",
    ABROAD: """PRESIDENTE DE LA REPÚBLICA BOLIVARIANA DE VENEZUELA | SECRETARIA DE ESTADO DE LA ESPAÑA GLOBAL
EMBAJADOR DE LA REPÚBLICA POPULAR CHINA EN MÉXICO""",
    ("international official", "other", "other"): """
SECRETARIO GENERAL DE LA ORGANIZACIÓN DE LAS NACIONES UNIDAS (ONU)""",
}


@pytest.mark.parametrize("feed", ["presidencia_amlo", "presidencia_sheinbaum"])
@pytest.mark.parametrize(
    ("office", "expected"),
    [(office.strip(), who) for who, of in OFFICES.items() for office in re.split(r"[|\n]", of.strip())],
)
def test_private_names_never_leave_whatever_the_tag(feed: str, office: str, expected: tuple[str, str, str]) -> None:
    tags = [f"JUAN PRUEBA, {office}", f"{office}, ROSA PRUEBA", "JUAN PRUEBA", "ROSA PRUEBA (ENLACE)"]
    found = speakers(feed).resolve(tags, "press_conference", date(2022, 6, 1))
    assert not any(re.search("juan|rosa|prueba", who.speaker, re.IGNORECASE) for who in found.values())
    assert found[tags[0]] == Utterer(*expected)
    assert found["JUAN PRUEBA"] == Utterer(*expected), "the bare name keeps the office it was introduced with"


@pytest.mark.parametrize("feed", ["presidencia_amlo", "white_house", "trump_speeches", "articles"])
def test_untitled_and_press_tags_give_no_name(feed: str) -> None:
    tags = [
        "PREGUNTA JUAN PRUEBA", "INTERLOCUTOR (JUAN PRUEBA)", "JUAN PRUEBA", "JUAN PRUEBA, PERIODISTA", "VOZ MUJER",
        "MR. PRUEBA", "DR. JUAN PRUEBA", "SECRETARY PRUEBA", "SENATOR PRUEBA", "MAYOR PRUEBA", "PRESIDENT PRUEBA",
        "DIPUTADA ROSA PRUEBA", "JUAN PRUEBA, INTEGRANTE DE LA AYUDANTÍA DEL PRESIDENTE LÓPEZ OBRADOR",
    ]  # fmt: skip
    found = speakers(feed).resolve(tags, "press_briefings", date(2022, 6, 1))
    assert not any(re.search("juan|prueba|obrador", who.speaker, re.IGNORECASE) for who in found.values())


@pytest.mark.parametrize("tag", ["GOVERNOR SAMPLE", "MAYOR SAMPLE", "SHERIFF SAMPLE", "JUDGE SAMPLE"])
@pytest.mark.parametrize("feed", ["white_house", "obama_briefings", "trump_speeches"])
def test_executive_of_the_united_states_is_the_federal_one(feed: str, tag: str) -> None:
    who = speakers(feed).resolve([tag], "press_briefings", date(2022, 6, 1))[tag]
    assert (who.voice, who.side) == ("other", "US")


@pytest.mark.parametrize(
    ("feed", "day", "tag", "name"),
    [
        ("presidencia_amlo", "2019-03-01", "PRESIDENTE ANDRÉS MANUEL LÓPEZ OBRADOR", "Andrés Manuel López Obrador"),
        ("presidencia_sheinbaum", "2025-03-01", "PRESIDENTA CLAUDIA SHEINBAUM PARDO", "Claudia Sheinbaum Pardo"),
        ("presidencia_amlo", "2022-03-01", "SECRETARIO DE EJEMPLO, MARCELO EBRARD", "Marcelo Ebrard Casaubon"),
        ("white_house", "2022-03-01", "MS. PSAKI", "Jen Psaki"),
        ("white_house", "2025-03-01", "THE PRESIDENT", "Donald J. Trump"),
        ("white_house", "2022-03-01", "THE PRESIDENT", "Joseph R. Biden"),
    ],
)  # fmt: skip
def test_federal_office_holders_keep_name_and_executive_voice(feed: str, day: str, tag: str, name: str) -> None:
    who = speakers(feed).resolve([tag], "press_conference", date.fromisoformat(day))[tag]
    assert (who.speaker, who.voice) == (name, "executive")


def test_no_tag_is_left_without_a_role_and_only_members_of_congress_keep_a_name_unknown_to_the_seeds() -> None:
    last = SEEDS["voices"].sort("line").row(-1, named=True)
    assert (last["pattern"], last["feed"], last["genre"], last["speaker"]) == (".*", "*", "*", "participant")
    assert set(SEEDS["voices"].filter(pl.col("speaker") == "name")["feed"]) == {"congress_press_releases"}
    assert SEEDS["voices"]["line"].to_list() == list(range(1, SEEDS["voices"].height + 1))


# Rows -----------------------------------------------------------------------------------------------------------------


def rows(*texts: str, excluded: str | None = None) -> Rows:
    held = []
    for number, text in enumerate(texts):
        turns = (Turn("", 0, len(text)),) if text else ()
        document = Document(str(number), None, None, DAY, "day", "en", "post", text, turns, excluded=excluded)
        held.append(Held(document, f"{number}.txt", f"{number:064x}"))
    return statements(held, Method("trump_posts", "trump_posts", True, speakers("trump_posts"), SMALL, "v"))


def test_rows_are_those_of_the_contracts() -> None:
    found = rows("We blame Mexico. It is far.", "")
    assert dict(found.readings.schema) == DECLARED["documents.readings"].schema
    assert dict(found.codings.schema) == DECLARED["documents.codings"].schema
    assert found.readings.select("words", "sentences", "bilateral_sentences").rows() == [(6, 2, 1), (0, 0, 0)]
    assert found.readings["sketch"].null_count() == 0


def test_place_of_a_statement_is_its_place_in_the_text() -> None:
    text = "“Ñandú…” she said. We blame Mexico — all of it. It is far."
    found = rows(text)
    (row,) = found.codings.iter_rows(named=True)
    assert text[row["start"] : row["end"]] == "We blame Mexico — all of it."
    (turn,) = found.turns.iter_rows(named=True)
    assert turn["text"][row["start"] - turn["start"] : row["end"] - turn["start"]] == "We blame Mexico — all of it."


def test_sentence_said_twice_has_two_identities_that_do_not_depend_on_what_surrounds_it() -> None:
    once, twice = rows("We blame Mexico.").codings, rows("WE  BLAME México! So what? We blame Mexico.").codings
    assert twice["statement_id"].n_unique() == 2
    assert once["statement_id"][0] == twice["statement_id"][0]
    assert twice["sentence_sha256"].n_unique() == 1


def test_same_words_have_the_same_body_and_a_cut_text_lies_in_the_whole() -> None:
    whole = " ".join(f"This is sentence number {number} of the whole example text." for number in range(400))
    found = rows(whole, whole.upper().replace(". ", ".\n"), whole[: len(whole) // 3]).readings
    bodies, sketches = found["body_sha256"].to_list(), [set(sketch) for sketch in found["sketch"]]
    assert bodies[0] == bodies[1] != bodies[2]
    assert len(sketches[0]) > 10
    assert len(sketches[2] & sketches[0]) / len(sketches[2]) >= 0.9
    assert found["sketch"][0].to_list() == sorted(sketches[0])


def test_excluded_document_is_counted_and_not_coded() -> None:
    found = rows("We blame Mexico.", excluded="retweet")
    assert found.readings.select("words", "bilateral_sentences", "excluded").row(0) == (3, 0, "retweet")
    assert found.codings.is_empty()
