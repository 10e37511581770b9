"""What a sentence says of the other side: who does what to whom, seen by acts and weighed by shipped coefficients.

The seam is `Coder.code`: any later method takes the same frames and returns the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.rhetoric.attribution import Attribution
from pipelines.rhetoric.candidates import candidates
from pipelines.rhetoric.features import ASKING, THREAT, Features
from pipelines.rhetoric.lexicon import fold
from pipelines.rhetoric.weights import Weights

UTTERER: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(("speaker", "voice", "side", "party"), pl.String())
EVIDENCE = {"term": pl.String(), "start": pl.Int64(), "end": pl.Int64()}
CODES: dict[str, pl.DataType | type[pl.DataType]] = {
    "bilateral": pl.Boolean(),
    "direction": pl.String(),
    "hostility": pl.Int32(),
    "cooperation": pl.Int32(),
    "themes": pl.List(pl.String()),
    "blame": pl.String(),
    "rung": pl.Int32(),
    "evidence": pl.List(pl.Struct(EVIDENCE)),
}
NONE = "none"
_NOT_CODED: dict[str, object] = {
    "bilateral": False, "direction": NONE, "hostility": 0, "cooperation": 0, "themes": [], "blame": NONE, "rung": 0,
    "evidence": [],
}  # fmt: skip
_FILLED = [pl.col(name).fill_null(value) for name, value in _NOT_CODED.items()]
OTHER_THEME = "other"
BLAMED = "drugs"  # the theme that blame is about
NOT_MEANT, CLEAR = -2.0, 3.0  # log odds beyond the threshold at which a theme named is not meant, one unnamed is too
FORCE, JOIN, UNILATERAL, BILL, ACTED = "force", "join", "unilateral", "bill", "acted"  # acts that codes depend on
_STANCES = {
    "critical": pl.col("hostility") == 1,
    "hostile": pl.col("hostility") == 2,
    "threat": pl.col("hostility") >= THREAT,
    "cooperative": pl.col("cooperation") > 0,
}  # the stance that the words of a sentence tell, by its codes
SHOWN = ("side", "person", "criminal", "shared", "theme", "cooperation", "hostility")


class Coder:
    """Codes sentences.

    Args:
        seeds: The seed tables by name, at least those of `version.SEEDS`.
    """

    def __init__(self, seeds: Mapping[str, pl.DataFrame]) -> None:
        self._toward = seeds["dyad"].select("side", pl.col("direction").alias("toward"))
        self._attribution = Attribution(seeds["actors"], seeds["speech_cues"], seeds["dyad"])
        self.features = Features(
            *(seeds[name] for name in ("lexicon", "acts", "act_patterns", "word_classes")),
            *(seeds[name] for name in ("dyad", "actors", "speech_cues")),
        )
        self._weights = Weights(seeds["coefficients"])
        untaught = [theme for theme in self.features.themes if theme not in self._weights.targets]
        self._untaught = [pl.lit(-1.0).alias(f"by:{theme}") for theme in untaught]  # told by their terms alone

    def code(self, sentences: pl.DataFrame) -> pl.DataFrame:
        """The actual utterer and the codes of each sentence, one row for one, in order.

        Args:
            sentences: `sentence`, `before` and `after` it in the turn (nullable), `language`, `date`, `genre`, and by
                the turn's tag `speaker`, `voice`, `side`, `party`.
        """
        numbered = sentences.with_row_index("place")
        coded = self.coded(numbered.filter(candidates(sentences, self.features.lexicon)))
        whole = numbered.select("place", *UTTERER).join(
            coded, on="place", how="left", maintain_order="left", suffix="_actual"
        )
        is_coded = pl.col("bilateral").is_not_null()
        return whole.select(
            *(pl.when(is_coded).then(f"{name}_actual").otherwise(name).alias(name) for name in UTTERER),
            *_FILLED,
        ).cast(CODES)

    def coded(self, candidates: pl.DataFrame) -> pl.DataFrame:
        """The actual utterers and the codes of those candidates that are bilateral, with their `place`.

        Args:
            candidates: Sentences as `code` takes them that are worth a closer look, with a `place`.
        """
        codes = self._coded(self.attributed(candidates))
        return codes.select("place", *UTTERER, *_FILLED).cast(CODES)

    def attributed(self, sentences: pl.DataFrame) -> pl.DataFrame:
        """The sentences with their actual utterers and, as `own`, with only the words that are the utterer's."""
        return sentences.drop(*UTTERER).hstack(self._attribution.attributed(sentences))

    def _coded(self, utterers: pl.DataFrame) -> pl.DataFrame:
        """The codes of those candidates that are bilateral, with their `place` and utterer."""
        seen = self.features.seen(utterers)
        decided = self._weights.decided(seen.numbers, seen.told)
        judged = (
            seen.told.drop("side", "voice")
            .hstack(decided.select((pl.all() > 0).name.prefix("is_")))
            .hstack(decided.select(pl.all().name.prefix("by:")))
            .with_columns(*self._untaught)
            .hstack(utterers.select("place", *UTTERER))
            .join(self._toward, on="side", how="left", maintain_order="left")
            .with_columns(
                ((pl.col("voice") != ASKING) & ~pl.col("is_put") & pl.col("toward").is_not_null()).alias("takes_stance")
            )
            .with_columns(_hostility().alias("hostility"))
        )
        sure = pl.col("certainly") | pl.col("is_told") | (pl.col("hostility") >= 2)
        bilateral = judged.filter(pl.col("is_bilateral") | sure).with_columns(_cooperation().alias("cooperation"))
        directed = pl.col("takes_stance") & (pl.col("is_directed") | pl.col("certainly") | (pl.col("hostility") > 0))
        evidence = self._evidence(bilateral, seen.terms)
        return bilateral.select(
            "row", "place", *UTTERER, pl.lit(True).alias("bilateral"),
            pl.when(directed).then("toward").otherwise(pl.lit(NONE)).alias("direction"),
            "hostility", "cooperation",
            self._theme_names().alias("themes"),
            _rung().alias("rung"),
        ).join(evidence, on="row", how="left", maintain_order="left").drop("row")  # fmt: skip

    def _theme_names(self) -> pl.Expr:
        """The themes a sentence names unless weighed against; another where none is named, or weighed clearly for."""
        named = pl.any_horizontal(pl.col(f"theme:{theme}") for theme in self.features.themes)
        least = pl.when(named).then(CLEAR).otherwise(0.0)
        given = [
            pl.col(f"by:{theme}") > pl.when(f"theme:{theme}").then(NOT_MEANT).otherwise(least)
            for theme in self.features.themes
        ]
        names = [pl.when(is_so).then(pl.lit(theme)) for is_so, theme in zip(given, self.features.themes, strict=True)]
        return pl.when(pl.any_horizontal(given)).then(pl.concat_list(names).list.drop_nulls()).otherwise([OTHER_THEME])

    def _evidence(self, bilateral: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
        """By row the kind of blame, and where in the sentence the terms and acts that decided stand."""
        texts = bilateral.select("row", "language", fold(pl.col("sentence")).alias("folded"))
        told = [f"{near}theme:{theme}" for theme in self.features.themes if theme == BLAMED for near in ("", "near:")]
        of_drugs = bilateral.filter(pl.any_horizontal(pl.lit(False), *told))
        blame = self.features.lexicon.found(texts.join(of_drugs, on="row", how="semi"), "blame")
        codes = bilateral.select("row", "hostility", "cooperation")
        shown = terms.filter(pl.col("role").is_in(SHOWN)).join(codes, on="row")
        decided = ((pl.col("role") != "hostility") | (pl.col("hostility") > 0)) & (
            (pl.col("role") != "cooperation") | (pl.col("cooperation") > 0)
        )
        places = [part.select("row", *EVIDENCE) for part in (shown.filter(decided), blame)]
        for target, is_given in _STANCES.items():
            given = bilateral.filter(is_given)
            told = self._weights.telling(given["marked"], target)
            places.append(told.with_columns(given["row"].gather(told["row"])))
        stances = [act for act, level in self.features.levels.items() if level]
        hostile = bilateral.filter(pl.col("hostility") > 0).select("row", "language", "marked", *stances)
        acted: list[tuple[object, ...]] = []
        for row, language, marked, *held in hostile.iter_rows():
            acts = [act for act, is_held in zip(stances, held, strict=True) if is_held]
            acted += [(row, f"act:{act}", *span) for act, *span in self.features.acts.places(language, marked, acts)]
        places.append(pl.DataFrame(acted, schema={"row": pl.UInt32, **EVIDENCE}, orient="row"))
        found = pl.concat(places).unique()
        found = found.sort("row", "start", "end", "term").group_by("row").agg(pl.struct(*EVIDENCE).alias("evidence"))
        kinds = blame.sort("row", "start", "end", "code").group_by("row").agg(pl.col("code").first().alias("blame"))
        return found.join(kinds, on="row", how="left")


def _hostility() -> pl.Expr:
    """The level the weights give, at least that of a certain act; of a measure denied, only what else is said.

    Beside thanks or joint work that is certain, criticism is only what a certain act says.
    """
    threat = pl.when(FORCE).then(4).otherwise(THREAT)
    weighed = (
        pl.when("is_threat").then(threat)
        .when("is_hostile").then(2)
        .when(pl.col("is_critical") & pl.col("is_directed") & pl.col("is_bilateral") & ~pl.col(JOIN)).then(1)
        .otherwise(0)
    )  # fmt: skip
    weighed = pl.when("is_denied").then(pl.min_horizontal(weighed, "mild")).otherwise(weighed)
    return (pl.max_horizontal(weighed, "certain") * pl.col("takes_stance")).cast(pl.Int32)


def _cooperation() -> pl.Expr:
    """Whether the sentence cooperates: said for certain or told by the weights, never in a certain threat."""
    joins = pl.col(JOIN) & pl.col("certainly")
    said = pl.col("is_cooperative") & ((pl.col("certain") == 0) | pl.col("cooperation"))
    return ((joins | said) & (pl.col("certain") < THREAT)).cast(pl.Int32)


def _rung() -> pl.Expr:
    """The rung of the ladder of threats: 1 pressure, 2 sanction, 3 acting alone, 4 force, 5 bill or order, 6 act."""
    threat = pl.col("hostility") >= THREAT
    return (
        pl.when(threat & pl.col(ACTED)).then(6)
        .when(threat & pl.col(BILL)).then(5)
        .when(pl.col("hostility") == 4).then(4)
        .when(threat & pl.col(UNILATERAL)).then(3)
        .when(threat).then(2)
        .when(pl.col("hostility") == 2).then(1)
        .otherwise(0)
    )  # fmt: skip
