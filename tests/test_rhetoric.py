"""Sentences, speakers and codes: what a sentence is, who utters it, and what it says of the other side."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contract_files
from pipelines.rhetoric import coding, version
from pipelines.rhetoric.languages import language_of
from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.speakers import Speakers, Utterer
from pipelines.rhetoric.statements import Held, Method, Rows, statements
from pipelines.seeds import Seeds
from pipelines.texts import Document, Turn

ROOT = Path(__file__).resolve().parent.parent
DECLARED = contract_files.load(ROOT)
SEEDS = Seeds(ROOT, DECLARED)
DYAD = SEEDS["dyad"]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in segment(text, 0, len(text))]


# Sentences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Sen. Lindsey O. Sample spoke. He left.", 2),
        ("El Lic. Pérez y la Dra. Ruiz vinieron. Se fueron.", 2),
        ("EE.UU. y México pactaron. Bien.", 2),
        ("Las armas vienen de EE. UU. y cruzan la frontera.", 1),
        ("Fuimos a EE.UU. Nosotros volvimos.", 2),
        ("The U.S. Government sued. We won in the U.S. The end.", 3),
        ("Donald J. Trump said 3.5 percent, No. 1 in Art. 27.", 1),
        ("At 10:52 a.m. EDT we met.", 1),
        ("No sé... pero vino. ¿Qué? ¡Ánimo! Adelante…", 4),
        ("Creo que no. Además, sí.", 2),
        ("The cartels… They are here.", 2),
        ("“Stop.” Then he left. “I said no.” She left.", 4),
        ("Una línea sin punto\nOtra línea.", 2),
        ("Mr. Sample of Sample Inc. came. Acme Corp. The end.", 3),
        ("", 0),
    ],
)
def test_sentence_ends_where_a_reader_ends_it(text: str, count: int) -> None:
    assert len(cut(text)) == count, cut(text)


@given(st.text(alphabet='ab Áñ.!?…\n"“”’U.S.EE1—¿¡(),', max_size=200), st.integers(0, 20))
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
)
def test_language_is_told_by_function_words(text: str, language: str) -> None:
    assert language_of(text) == language


# Speakers -------------------------------------------------------------------------------------------------------------


def speakers(feed: str) -> Speakers:
    return Speakers(feed, DECLARED[f"documents.{feed}"].feed, SEEDS["voices"], SEEDS["actors"])


@pytest.mark.parametrize(
    ("day", "voice"),
    [
        ("2015-06-15", "other"),
        ("2015-06-16", "candidate"),
        ("2017-01-19", "candidate"),
        ("2017-01-20", "executive"),
        ("2021-01-19", "executive"),
        ("2021-01-20", "candidate"),
        ("2025-01-20", "executive"),
    ],
)
def test_voice_of_an_untagged_speaker_follows_the_calendar(day: str, voice: str) -> None:
    found = speakers("trump_posts").resolve([""], "post", date.fromisoformat(day))
    assert found[""] == Utterer("Donald J. Trump", voice, "US")


@pytest.mark.parametrize(
    ("feed", "genre", "tag", "expected"),
    [
        ("presidencia_amlo", "press_conference", "INTERLOCUTORA", ("press", "press", "MX")),
        ("presidencia_amlo", "press_conference", "VOZ HOMBRE", ("press", "press", "MX")),
        ("presidencia_amlo", "press_conference", "VOCES A CORO", ("audience", "other", "MX")),
        ("presidencia_amlo", "speech", "ROSA PRUEBA, HABITANTE DE EJEMPLO", ("participant", "other", "MX")),
        (
            "presidencia_amlo",
            "speech",
            "ROSA PRUEBA, PRESIDENTE DEL CONSEJO DE EJEMPLO",
            ("participant", "other", "MX"),
        ),
        ("presidencia_amlo", "speech", "ROSA PRUEBA, PRESIDENTA DE CHILE", ("foreign official", "executive", "other")),
        ("presidencia_amlo", "speech", "EMBAJADORA DE ESTADOS UNIDOS, ANN SAMPLE", ("official", "executive", "US")),
        (
            "presidencia_amlo",
            "speech",
            "ROSA DE LA PRUEBA, GOBERNADORA DE EJEMPLO",
            ("state or local official", "other", "MX"),
        ),
        (
            "presidencia_sheinbaum",
            "press_conference",
            "DIPUTADA ROSA PRUEBA",
            ("legislator", "legislator", "MX"),
        ),
        ("white_house", "press_briefings", "Q", ("press", "press", "US")),
        ("white_house", "press_briefings", "MR. SAMPLE", ("official", "executive", "US")),
        ("white_house", "speeches_remarks", "MR. SAMPLE", ("participant", "other", "US")),
        ("white_house", "speeches_remarks", "SENATOR SAMPLE", ("legislator", "legislator", "US")),
        ("white_house", "speeches_remarks", "PRIME MINISTER SAMPLE", ("foreign official", "executive", "other")),
        (
            "white_house",
            "speeches_remarks",
            "PRESIDENT LÓPEZ OBRADOR",
            ("Andrés Manuel López Obrador", "executive", "MX"),
        ),
        ("white_house", "press_briefings", "SENIOR ADMINISTRATION OFFICIAL", ("senior official", "executive", "US")),
    ],
)
def test_tag_tells_name_voice_and_side(feed: str, genre: str, tag: str, expected: tuple[str, str, str]) -> None:
    found = speakers(feed).resolve([tag], genre, date(2022, 6, 1))
    assert found[tag] == Utterer(*expected)


def test_holder_of_an_office_changes_with_the_date() -> None:
    found = speakers("white_house")
    names = [
        found.resolve(["THE PRESIDENT"], "x", day)["THE PRESIDENT"].speaker
        for day in (date(2022, 1, 1), date(2025, 8, 1))
    ]
    assert names == ["Joseph R. Biden", "Donald J. Trump"]


FEDERAL = ("official", "executive", "MX")
PARTICIPANT = ("participant", "other", "MX")
LOCAL = ("state or local official", "other", "MX")
ABROAD = ("foreign official", "executive", "other")
OFFICES = {  # as they are printed, after the name or before it
    "SECRETARIO DE DESARROLLO AGRARIO, TERRITORIAL Y URBANO": FEDERAL,
    "SUBSECRETARIA DE HACIENDA Y CRÉDITO PÚBLICO": FEDERAL,
    "DIRECTOR GENERAL DE LA COMISIÓN NACIONAL DEL AGUA (CONAGUA)": FEDERAL,
    "DIRECTOR DEL INSTITUTO DE SEGURIDAD Y SERVICIOS SOCIALES DE LOS TRABAJADORES DEL ESTADO (ISSSTE)": FEDERAL,
    "DIRECTOR GENERAL DE LA EMPRESA TREN MAYA": FEDERAL,
    "PROCURADOR FISCAL DE LA FEDERACIÓN": FEDERAL,
    "COMANDANTE DE LA GUARDIA NACIONAL": FEDERAL,
    "JEFE DEL ESTADO MAYOR DE LA DEFENSA NACIONAL": FEDERAL,
    "EMBAJADOR DE MÉXICO EN PERÚ": FEDERAL,
    "EMBAJADORA DE MÉXICO EN ESTADOS UNIDOS": FEDERAL,
    "DIRECTOR DEL AEROPUERTO INTERNACIONAL DE LA CIUDAD DE MÉXICO (AICM)": FEDERAL,
    "GOBERNADORA DEL BANCO DE MÉXICO": FEDERAL,
    "SECRETARIO GENERAL DE LA CONFEDERACIÓN DE TRABAJADORES DE MÉXICO (CTM)": PARTICIPANT,
    "SECRETARIO DE COMUNICACIÓN SOCIAL DE LA CONFEDERACIÓN DE TRABAJADORES": PARTICIPANT,
    "CANDIDATO A SECRETARIO GENERAL DEL SINDICATO DE TRABAJADORES PETROLEROS": PARTICIPANT,
    "PRESIDENTE DEL CONSEJO NACIONAL AGROPECUARIO (CNA)": PARTICIPANT,
    "PRESIDENTE DEL CONSEJO COORDINADOR EMPRESARIAL (CCE)": PARTICIPANT,
    "PRESIDENTE DEL CONSEJO NACIONAL DE LA INDUSTRIA MAQUILADORA (INDEX)": PARTICIPANT,
    "PRESIDENTE DE AMERICAN CHAMBER OF COMMERCE": PARTICIPANT,
    "PRESIDENTE DE LA ASOCIACIÓN DE BANCOS DE MÉXICO": PARTICIPANT,
    "DIRECTORA GENERAL DE EMPRESAS DE EJEMPLO": PARTICIPANT,
    "SECRETARIO DE LA GUARDIA TRADICIONAL DE LA COMUNIDAD DE EJEMPLO": PARTICIPANT,
    "COMANDANTE DE LA POLICÍA COMUNITARIA": PARTICIPANT,
    "DIRECTOR DEL HOSPITAL RURAL DE EJEMPLO": PARTICIPANT,
    "MÉDICO PSIQUIATRA ADSCRITO A LOS SERVICIOS DE LA SECRETARÍA DE SALUD": PARTICIPANT,
    "DIRECTORA DE LA UNIVERSIDAD DE EJEMPLO": PARTICIPANT,
    "PERIODISTA": PARTICIPANT,
    "GOBERNADORA DE NUEVO LEÓN": LOCAL,
    "GOBERNADOR CONSTITUCIONAL DEL ESTADO DE BAJA CALIFORNIA": LOCAL,
    "JEFA DE GOBIERNO DE LA CIUDAD DE MÉXICO": LOCAL,
    "SECRETARIO DE SALUD DE OAXACA": LOCAL,
    "FISCAL GENERAL DEL ESTADO DE SONORA": LOCAL,
    "PRESIDENTA MUNICIPAL DE EJEMPLO": LOCAL,
    "SENADOR DEL PARTIDO DE EJEMPLO": ("legislator", "legislator", "MX"),
    "PRESIDENTA DE LA MESA DIRECTIVA DE LA CÁMARA DE DIPUTADOS": ("legislator", "legislator", "MX"),
    "ALCALDE DE LOS ÁNGELES, CALIFORNIA": ("state or local official", "other", "US"),
    "GOBERNADORA DE NUEVO MÉXICO": ("state or local official", "other", "US"),
    "SENADORA EN EL ESTADO DE ARIZONA, ESTADOS UNIDOS": ("state or local official", "other", "US"),
    "SENADOR REPUBLICANO": ("legislator", "legislator", "US"),
    "SUBSECRETARIA DE ESTADO DE ESTADOS UNIDOS": ("official", "executive", "US"),
    "SENADORA DE CHILE": ("foreign official", "legislator", "other"),
    "PRESIDENTE DE LA REPÚBLICA BOLIVARIANA DE VENEZUELA": ABROAD,
    "SECRETARIA DE ESTADO DE LA ESPAÑA GLOBAL": ABROAD,
    "EMBAJADOR DE LA REPÚBLICA POPULAR CHINA EN MÉXICO": ABROAD,
    "SECRETARIO GENERAL DE LA ORGANIZACIÓN DE LAS NACIONES UNIDAS (ONU)": ("international official", "other", "other"),
}


@pytest.mark.parametrize("feed", ["presidencia_amlo", "presidencia_sheinbaum"])
@pytest.mark.parametrize(("office", "expected"), OFFICES.items())
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


def test_only_members_of_congress_keep_a_name_the_table_of_office_holders_does_not_hold() -> None:
    assert set(SEEDS["voices"].filter(pl.col("speaker") == "name")["feed"]) == {"congress_press_releases"}


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
    ],
)  # fmt: skip
def test_federal_office_holders_keep_name_and_executive_voice(feed: str, day: str, tag: str, name: str) -> None:
    who = speakers(feed).resolve([tag], "press_conference", date.fromisoformat(day))[tag]
    assert (who.speaker, who.voice) == (name, "executive")


def test_no_tag_is_left_without_a_role() -> None:
    last = SEEDS["voices"].sort("line").row(-1, named=True)
    assert (last["pattern"], last["feed"], last["genre"], last["speaker"]) == (".*", "*", "*", "participant")
    assert SEEDS["voices"]["line"].to_list() == list(range(1, SEEDS["voices"].height + 1))


# Coding ---------------------------------------------------------------------------------------------------------------

TERMS = [
    ("sides", "mexico", "en", "side", "MX", 1),
    ("sides", "new mexico", "en", "side", "none", 1),
    ("sides", "u.s.", "en", "side", "US", 1),
    ("sides", "US", "en", "side", "US", 1),
    ("sides", "mexico", "es", "side", "MX", 1),
    ("sides", "estados unidos", "es", "side", "US", 1),
    ("sides", "estados unidos mexicanos", "es", "side", "MX", 1),
    ("context", "southern border", "en", "context", "shared", 1),
    ("context", "canada", "any", "context", "third", 1),
    ("context", "china", "any", "context", "third", 1),
    ("context", "japan", "any", "context", "third", 1),
    ("trade", "tariff*", "en", "theme", "trade", 1),
    ("trade", "arancel*", "es", "theme", "trade", 1),
    ("drugs", "drug*", "en", "theme", "drugs", 1),
    ("hostility", "impose ... tariff*", "en", "hostility", "stance", 3),
    ("hostility", "invasion", "es", "hostility", "stance", 2),
    ("hostility", "no habra invasion", "es", "hostility", "none", 0),
    ("hostility", "blame*", "en", "hostility", "stance", 1),
    ("cooperation", "work* together", "en", "cooperation", "cooperation", 1),
    ("cooperation", "cooperacion", "es", "cooperation", "cooperation", 1),
    ("blame", "drugs ... from mexico", "en", "blame", "supply", 1),
]
LEXICON = pl.DataFrame(TERMS, schema=["list", "term", "language", "role", "code", "weight"], orient="row").with_columns(
    pl.col("weight").cast(pl.Int32)
)


def coded(sentence: str, side: str = "US", voice: str = "executive", language: str = "en") -> dict[str, object]:
    row = {"sentence": sentence, "before": None, "after": None, "language": language, "side": side, "voice": voice}
    return coding.code(pl.DataFrame([row]), LEXICON, DYAD).row(0, named=True)


def test_codes_come_one_row_for_one_in_order() -> None:
    sentences = [
        "Nothing.",
        "We will impose new tariffs on Mexico.",
        "México y Estados Unidos.",
        "Work together with Mexico.",
    ]
    frame = pl.DataFrame({"sentence": sentences, "language": ["en", "en", "es", "en"]}).with_columns(
        side=pl.lit("US"), voice=pl.lit("executive"), before=pl.lit(None, pl.String), after=pl.lit(None, pl.String)
    )
    found = coding.code(frame, LEXICON, DYAD)
    assert found.schema == coding.CODES
    assert found["bilateral"].to_list() == [False, True, True, True]
    assert found["hostility"].to_list() == [0, 3, 0, 0]
    assert found["cooperation"].to_list() == [0, 0, 0, 1]
    assert coding.code(frame.clear(), LEXICON, DYAD).schema == coding.CODES


def test_other_side_must_be_named_and_the_own_one_is_not_enough() -> None:
    assert coded("The U.S. works.", side="US")["bilateral"] is False
    assert coded("The U.S. works.", side="MX")["bilateral"] is True
    assert coded("Mexico works.", side="other")["bilateral"] is False
    assert coded("Mexico and the U.S. work.", side="other")["bilateral"] is True
    assert coded("The southern border.", side="US")["bilateral"] is True


def test_longer_name_hides_the_shorter_one_inside_it() -> None:
    assert coded("He flew to New Mexico.")["bilateral"] is False
    assert coded("He flew to New Mexico and to Mexico.")["bilateral"] is True
    assert coded("Presidente de los Estados Unidos Mexicanos.", side="MX", language="es")["bilateral"] is False


def test_passing_mention_in_a_list_of_countries_is_not_bilateral() -> None:
    assert coded("Mexico, Canada and China signed.")["bilateral"] is True
    assert coded("Mexico, Canada, China and Japan signed.")["bilateral"] is False


def test_words_are_whole_and_capitals_are_meant_where_the_term_has_them() -> None:
    assert coded("Mexicoland works.")["bilateral"] is False
    assert coded("It helps us.", side="MX")["bilateral"] is False
    assert coded("It helps the US.", side="MX")["bilateral"] is True
    assert coded("The tariffs on Mexico.")["themes"] == ["trade"]
    assert coded("The untariffed Mexico.")["themes"] == ["other"]


def test_accents_and_capitals_do_not_matter() -> None:
    plain = coded("MEXICO y ESTADOS UNIDOS: COOPERACION sin aranceles.", side="MX", language="es")
    accented = coded("México y Estados Unidos: cooperación sin aranceles.", side="MX", language="es")
    assert plain == accented
    assert (accented["cooperation"], accented["themes"], accented["direction"]) == (1, ["trade"], "MX>US")


@pytest.mark.parametrize("lead", ["", "«¡Óyeme… — 𝄞 ", "“Señor\u00a0Ñandú”: ", "日本 "])
def test_evidence_gives_the_place_of_the_term_in_the_sentence_itself(lead: str) -> None:
    sentence = f"{lead}la cooperación con Estados Unidos y los aranceles"
    evidence = coded(sentence, side="MX", language="es")["evidence"]
    said = [(one["term"], sentence[one["start"] : one["end"]]) for one in evidence]
    assert said == [("cooperacion", "cooperación"), ("arancel*", "aranceles")]


def test_gap_in_a_term_spans_up_to_four_words() -> None:
    assert coded("We impose very big new import tariffs on Mexico.")["hostility"] == 3
    assert coded("We impose one two three four five tariffs on Mexico.")["hostility"] == 0


def test_denial_takes_the_word_out_of_reading() -> None:
    assert coded("Estados Unidos habla de invasión.", side="MX", language="es")["hostility"] == 2
    denied = coded("No habrá invasión de Estados Unidos.", side="MX", language="es")
    assert (denied["hostility"], denied["direction"], denied["evidence"]) == (0, "none", [])


def test_swapping_the_sides_reverses_the_direction() -> None:
    assert coded("We blame Mexico and the U.S. alike.", side="US")["direction"] == "US>MX"
    assert coded("We blame Mexico and the U.S. alike.", side="MX")["direction"] == "MX>US"
    assert coded("We blame Mexico and the U.S. alike.", side="other")["direction"] == "none"
    swapped = LEXICON.with_columns(pl.col("code").replace({"US": "MX", "MX": "US"}))
    row = pl.DataFrame({"sentence": ["We blame Mexico."], "language": "en", "side": "MX", "voice": "executive"})
    assert coding.code(row.with_columns(before=None, after=None), swapped, DYAD)["direction"].to_list() == ["MX>US"]


def test_press_question_takes_no_stance() -> None:
    asked = coded("Will you impose tariffs on Mexico and blame it, or work together?", voice="press")
    assert (asked["bilateral"], asked["direction"], asked["hostility"], asked["cooperation"]) == (True, "none", 0, 0)
    assert asked["themes"] == ["trade"]


def test_terms_of_another_language_are_not_looked_for() -> None:
    assert coded("México: arancel.", language="en")["themes"] == ["other"]
    assert coded("Mexico and canada.", language="pt")["bilateral"] is False


def test_new_theme_needs_a_row_and_no_code() -> None:
    row = pl.DataFrame([("water", "water treaty", "en", "theme", "water", 1)], schema=LEXICON.columns, orient="row")
    lexicon = pl.concat([LEXICON, row.cast(LEXICON.schema)])
    frame = pl.DataFrame(
        {"sentence": ["The water treaty with Mexico."], "language": "en", "side": "US", "voice": "other"}
    )
    assert coding.code(frame.with_columns(before=None, after=None), lexicon, DYAD)["themes"].to_list() == [["water"]]


def test_blame_is_that_of_the_first_term() -> None:
    assert coded("Drugs pour in from Mexico.")["blame"] == "supply"
    assert coded("Mexico works.")["blame"] == "none"


def test_lexicon_of_the_project_is_folded_bilingual_and_has_every_theme() -> None:
    lexicon = SEEDS["lexicon"]
    folded = lexicon.select("term", coding.fold(pl.col("term")).alias("folded"))
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
    names = [*DYAD["side"], *DYAD["name"], *DYAD["nombre"]]
    for path in sorted((ROOT / "pipelines" / "rhetoric").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if re.search(rf"['\"]{name}['\"]", text)], path.name


# Rows -----------------------------------------------------------------------------------------------------------------


def rows(*texts: str, excluded: str | None = None) -> Rows:
    held = []
    for number, text in enumerate(texts):
        turns = (Turn("", 0, len(text)),) if text else ()
        document = Document(
            str(number), None, None, date(2025, 8, 1), "day", "en", "post", text, turns, excluded=excluded
        )
        held.append(Held(document, f"{number}.txt", f"{number:064x}"))
    method = Method("trump_posts", "trump_posts", True, speakers("trump_posts"), LEXICON, DYAD, "v")
    return statements(held, method)


def test_rows_are_those_of_the_contracts() -> None:
    found = rows("We blame Mexico. It is far.", "")
    assert dict(found.readings.schema) == DECLARED["documents.readings"].schema
    assert dict(found.codings.schema) == DECLARED["documents.codings"].schema
    assert found.readings["words"].to_list() == [6, 0]
    assert found.readings["sentences"].to_list() == [2, 0]
    assert found.readings["bilateral_sentences"].to_list() == [1, 0]
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


# Version --------------------------------------------------------------------------------------------------------------


def test_version_changes_with_method_and_reader_and_with_nothing_else(tmp_path: Path) -> None:
    for place in ("pipelines/rhetoric", "pipelines/documents", "seeds"):
        for path in (ROOT / place).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yml", ".csv") and "history" not in path.parts:
                copy = tmp_path / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    (tmp_path / "pipelines" / "texts.py").write_bytes((ROOT / "pipelines" / "texts.py").read_bytes())
    feed = "presidencia_sheinbaum"
    before = version.feed_version(tmp_path, feed)
    assert before == version.feed_version(ROOT, feed)
    assert before.split(".")[0] == version.method_version(ROOT)

    def after(name: str) -> tuple[bool, bool]:
        path = tmp_path / name
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        method, reader = version.feed_version(tmp_path, feed).split(".")
        path.write_bytes(content)
        return method != before.split(".")[0], reader != before.split(".")[1]

    assert after("pipelines/rhetoric/coding.py") == (True, False)
    assert after("seeds/lexicon/drugs.csv") == (True, False)
    assert after("seeds/actors.csv") == (True, False)
    assert after(f"pipelines/documents/{feed}.py") == (False, True)
    assert after(f"pipelines/documents/{feed}.yml") == (False, False)
    assert after("pipelines/documents/presidencia_amlo.py") == (False, True)
    assert after("pipelines/documents/white_house.py") == (False, False)
    assert after("seeds/places.csv") == (False, False)
