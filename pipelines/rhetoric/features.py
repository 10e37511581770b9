"""What is seen of a sentence: actors, acts, themes, who speaks and what stands beside it, as numbers for the coder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.rhetoric.acts import CRIMINAL, OTHER, SELF, THIRD, Acts, marked
from pipelines.rhetoric.languages import CODED
from pipelines.rhetoric.lexicon import NONE, Lexicon, fold, persons

SHORT, LONG = 60, 250  # characters
NEAR = 0.7  # what stands beside a sentence, or in one of two languages, tells less than what stands in it
ASKING = "press"  # a question takes no stance
ACTORS = ("side", "person", "criminal", "third")
STANCES = ("cooperation", "hostility")
BESIDE = (*ACTORS, "shared", "theme", "cooperation")
LEVELS = (1, 2, 3, 4)
THREAT = 3  # hostility from which a stance is a threat
DENIED, UNAVOIDABLE = "denied", "unavoidable"
ADDRESSED, TAG = "addressed", "tag"  # acts of asking a person, and of asking only whether one is heard
OURS, THEIRS = "we", "they"  # acts of speaking of either side by a pronoun
OFTEN = {"other": (2, 3), "third": (2, 4)}  # mentions that tell more than one does; a list of countries tells little
OPENING = 60  # characters a sentence says its subject in
_NAMED = {"other": OTHER, "self": SELF, "criminal": CRIMINAL, "third": THIRD}


@dataclass(frozen=True)
class Seen:
    """What is seen of some sentences, row by row.

    Attributes:
        told: `row`, `language`, `side`, `voice`, `counterpart`, the `marked` sentence with only the utterer's own
            words, a Boolean column for each act, `level` (of the gravest act) and `reaches` (the other side is meant).
        terms: Terms of the lexicon in the sentences, with their places.
        numbers: One Float32 column for each feature.
    """

    told: pl.DataFrame
    terms: pl.DataFrame
    numbers: pl.DataFrame


class Features:
    """Sees sentences.

    Args:
        lexicon: The seed table of terms.
        acts: The seed table of acts.
        patterns: The seed table of their patterns.
        classes: The seed table of word classes.
        dyad: The seed table of the two sides.
        actors: The seed table of office-holders; whoever names one names the side.
        cues: The seed table of cues of speech, for titles.
    """

    def __init__(
        self,
        lexicon: pl.DataFrame,
        acts: pl.DataFrame,
        patterns: pl.DataFrame,
        classes: pl.DataFrame,
        dyad: pl.DataFrame,
        actors: pl.DataFrame,
        cues: pl.DataFrame,
    ) -> None:
        self.lexicon = Lexicon(pl.concat([lexicon, persons(actors, cues, dyad)], how="diagonal"))
        self.acts = Acts(patterns, classes)
        self.levels: dict[str, int] = dict(acts.select("act", "hostility").iter_rows())
        self.certain: list[str] = acts.filter(pl.col("is_certain"))["act"].to_list()
        self._counterpart = dyad.select("side", "counterpart")
        self._shades = sorted(acts.filter(pl.col("is_shade"))["act"])
        self._between_states = sorted(acts.filter(pl.col("is_between_states"))["act"])
        self.themes = sorted(set(lexicon.filter(pl.col("role") == "theme")["code"]) - {NONE})

    def seen(self, sentences: pl.DataFrame) -> Seen:
        """All that is seen of sentences.

        Args:
            sentences: `sentence`, its `own` words, `before` and `after` it, `language`, the utterer's `side`, `voice`.
        """
        texts = ("sentence", "own", "before", "after")
        frame = sentences.select("language", "side", "voice", *(pl.col(each).fill_null("") for each in texts))
        frame = frame.with_row_index("row").join(self._counterpart, on="side", how="left", maintain_order="left")
        (whole, before, after), terms, near = self._read(frame)
        terms = _said_by_oneself(terms, frame)
        own = [_own(*each) for each in zip(frame["sentence"], frame["own"], whole, strict=True)]
        told = frame.select(
            "row", "language", "side", "voice", "counterpart", pl.col("sentence"),
            whole.alias("whole"), pl.Series("marked", own, pl.String), before.alias("before"), after.alias("after"),
        )  # fmt: skip
        told = self._with_terms(told, terms, near)
        told = self._with_acts(told)
        return Seen(told, terms, told.select(self._numbers()))

    def _read(self, frame: pl.DataFrame) -> tuple[list[pl.Series], pl.DataFrame, pl.DataFrame]:
        """The marked sentences, those before and after them, the terms in the sentences, and those beside them.

        All are searched together, as an expression is slow on its first texts.
        """
        size = frame.height
        texts = pl.concat(
            frame.select(
                (pl.col("row") + place * size).cast(pl.UInt32),
                "language", "side", "counterpart", fold(pl.col(column)).alias("folded"),
            )
            for place, column in enumerate(("sentence", "before", "after"))
        )  # fmt: skip
        found = self.lexicon.found(texts, *BESIDE)
        read = marked(texts, found.filter(pl.col("role").is_in(ACTORS)))
        inside = pl.col("row") < size
        terms = pl.concat([found.filter(inside), self.lexicon.found(texts.head(size), "hostility")])
        near = found.filter(~inside).with_columns(pl.col("row") % max(size, 1))
        return [read.slice(place * size, size) for place in range(3)], terms, near

    def _with_terms(self, told: pl.DataFrame, terms: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
        """With columns that say which themes are named and how grave the gravest word of the lexicon is."""
        of = pl.col("role") + ":" + pl.col("code")
        for found, prefix in ((terms, ""), (near, "near:")):
            grouped = found.group_by("row").agg(
                *(of.eq(f"theme:{theme}").any().alias(f"{prefix}theme:{theme}") for theme in self.themes),
                pl.col("role").eq("shared").any().alias(f"{prefix}shared"),
                pl.col("role").eq("cooperation").any().alias(f"{prefix}cooperation"),
            )
            told = told.join(grouped, on="row", how="left", maintain_order="left")
        weights = terms.filter(pl.col("role") == "hostility").group_by("row").agg(pl.col("weight").max())
        told = told.join(weights, on="row", how="left", maintain_order="left")
        return told.with_columns(pl.col(pl.Boolean).fill_null(False), pl.col("weight").fill_null(0))

    def _with_acts(self, told: pl.DataFrame) -> pl.DataFrame:
        """With a column for each act, whether the other side is meant, and the levels of the gravest acts."""
        parts = [
            some.with_columns(self.acts.held(str(language), some["marked"], self.levels))
            for (language,), some in told.group_by("language", maintain_order=True)
        ]
        told = pl.concat([told.clear().with_columns(pl.lit(True).alias(act) for act in self.levels), *parts]).sort(
            "row"
        )
        told = told.with_columns(
            pl.any_horizontal(pl.col(text).str.contains(letter, literal=True) for text in texts).alias(name + ending)
            for name, letter in _NAMED.items()
            for ending, texts in (("", ("whole",)), (":near", ("before", "after")))
        )
        between = pl.any_horizontal(pl.lit(False), *map(pl.col, self._between_states))
        is_asked = pl.col("sentence").str.contains(r"\?[\"”’»)]*\s*$")
        asks = (pl.col("voice") == ASKING) | (is_asked & ~pl.col(TAG))
        told = told.with_columns(
            asks.alias("asks"),
            (is_asked & pl.col(ADDRESSED)).alias("is_put"),
            (pl.col("other") | pl.col("criminal")).alias("targeted"),
            (pl.col("other") | pl.col("criminal") | pl.col("shared") | pl.col("other:near") | between).alias("reaches"),
        )
        stance = {act: level for act, level in self.levels.items() if level}
        gravest = pl.max_horizontal(pl.lit(0), *(pl.col(act).cast(pl.Int32) * level for act, level in stance.items()))
        mild = [pl.col(act).cast(pl.Int32) * level for act, level in stance.items() if level < THREAT]
        denied = pl.col(DENIED) & ~pl.col(UNAVOIDABLE)
        own = ~pl.col("asks") & ~denied
        sure = {
            act: pl.col(act) & own if act in self._between_states else pl.col(act) & own & pl.col("targeted")
            for act in self.certain
        }  # an act between states names its target itself
        told = told.with_columns(
            pl.max_horizontal(
                pl.lit(0), *(holds.cast(pl.Int32) * self.levels[act] for act, holds in sure.items())
            ).alias("certain"),
            pl.any_horizontal(pl.lit(False), *sure.values()).alias("certainly"),
            denied.alias("is_denied"),
            pl.max_horizontal(pl.lit(0), *mild).alias("mild"),
            (
                (pl.col("marked") != pl.col("whole"))
                & (pl.col("other") | pl.col("other:near"))
                & (pl.col("self") | pl.col("criminal") | pl.col("other"))
                & pl.any_horizontal(pl.col(f"theme:{theme}") for theme in self.themes)
            ).alias("is_told"),
        )
        return told.with_columns(
            (gravest * (pl.col("reaches") & ~pl.col("asks"))).alias("level"),
            (gravest * (pl.col("targeted") & ~pl.col("asks"))).alias("aimed"),
            (pl.col("weight") * (pl.col("reaches") & ~pl.col("asks"))).alias("worded"),
        )

    def _numbers(self) -> list[pl.Expr]:
        """The features as expressions over what is told."""
        named = [*self._of_mentions(), *self._together(), *self._of_utterance(), *self._of_acts(), *self._of_levels()]
        return [each.cast(pl.Float32).alias(name) for name, each in named]

    def _of_mentions(self) -> Iterator[tuple[str, pl.Expr]]:
        for name in _NAMED:
            yield f"names:{name}", pl.col(name)
            yield f"near:names:{name}", pl.col(f"{name}:near") * NEAR
        for name in ("targeted", "reaches", "asks", "shared", "cooperation"):
            yield name, pl.col(name)
        yield "near:shared", pl.col("near:shared") * NEAR
        yield "near:cooperation", pl.col("near:cooperation") * NEAR
        for theme in self.themes:
            yield f"theme:{theme}", pl.col(f"theme:{theme}")
            yield f"near:theme:{theme}", pl.col(f"near:theme:{theme}") * NEAR

    def _together(self) -> Iterator[tuple[str, pl.Expr]]:
        """What tells more together than each alone: who is named with what subject, by whom, in which language."""
        for name, counts in OFTEN.items():
            for least in counts:
                said = pl.col("whole").str.count_matches(f"{_NAMED[name]}+")
                yield f"names:{name}:{least}", (said >= least) * NEAR
        yield "opens with other", pl.col("whole").str.slice(0, OPENING).str.contains(OTHER, literal=True) * NEAR
        for name, beside in (("self", "other"), ("third", "other"), ("criminal", "other"), ("cooperation", "targeted")):
            yield f"{name} with {beside}", (pl.col(name) & pl.col(beside)) * NEAR
        yield "third alone", (pl.col("third") & ~pl.col("other")) * NEAR
        yield "both cooperate", (pl.col("cooperation") & pl.col("self") & pl.col("other")) * NEAR
        themes = [pl.col(f"theme:{theme}") for theme in self.themes]
        for theme, named in zip(self.themes, themes, strict=True):
            yield f"theme:{theme}:targeted", (named & pl.col("targeted")) * NEAR
            yield f"theme:{theme}:reaches", (named & pl.col("reaches")) * NEAR
            yield f"theme:{theme}:beside", (named & pl.col("other:near") & ~pl.col("targeted")) * NEAR
        yield "targeted without theme", (pl.col("targeted") & ~pl.any_horizontal(*themes)) * NEAR
        yield "reaches none", ~pl.col("reaches") * NEAR
        for name in ("targeted", "reaches", "cooperation"):
            for language in CODED:
                yield f"{name}:{language}", (pl.col(name) & (pl.col("language") == language)) * NEAR
        for act in (OURS, THEIRS):
            for name in ("targeted", "reaches", "other:near"):
                yield f"{act}:{name}", (pl.col(act) & pl.col(name)) * NEAR

    def _of_utterance(self) -> Iterator[tuple[str, pl.Expr]]:
        size = pl.col("sentence").str.len_chars()
        for voice in ("executive", "legislator", "candidate", "press", "expert", "other"):
            yield f"voice:{voice}", pl.col("voice") == voice
        for language in CODED:
            yield f"language:{language}", pl.col("language") == language
        yield "of neither side", pl.col("counterpart").is_null()
        yield "exclaims", pl.col("sentence").str.contains("!", literal=True)
        yield "short", size < SHORT
        yield "long", size > LONG
        yield "others' words", pl.col("marked") != pl.col("whole")

    def _of_acts(self) -> Iterator[tuple[str, pl.Expr]]:
        for act, level in sorted(self.levels.items()):
            yield f"act:{act}", pl.col(act) * NEAR
            for language in CODED:
                yield f"act:{act}:{language}", (pl.col(act) & (pl.col("language") == language)) * 0.5
            if level:
                yield f"act:{act}:targeted", pl.col(act) & pl.col("targeted")
                yield f"act:{act}:reaches", (pl.col(act) & pl.col("reaches") & ~pl.col("asks")) * NEAR

    def _of_levels(self) -> Iterator[tuple[str, pl.Expr]]:
        for level in LEVELS:
            yield f"level:{level}+", (pl.col("level") >= level) * 1.5
            yield f"level:{level}+:targeted", (pl.col("aimed") >= level) * 1.5
            yield f"level:{level}", pl.col("level") == level
            yield f"words:{level}+", pl.col("worded") >= level
            for shade in self._shades:
                yield f"level:{level}+:{shade}", ((pl.col("level") >= level) & pl.col(shade)) * NEAR


def _own(sentence: str, own: str, whole: str) -> str:
    """The marked sentence with blanks where the words are not the utterer's own."""
    if own == sentence:
        return whole
    return "".join(" " if kept == " " else letter for kept, letter in zip(own, whole, strict=True))


def _said_by_oneself(terms: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The terms without those of a stance that stand in somebody else's words."""
    own = pl.col("own").str.slice(pl.col("start"), pl.col("end") - pl.col("start")).str.strip_chars()
    held = terms.join(frame.select("row", "own"), on="row", maintain_order="left")
    return held.filter(~pl.col("role").is_in(STANCES) | (own != "")).drop("own")
