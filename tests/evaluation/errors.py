"""How far the method's counts stand from the labels': the figures of `seeds/coding_errors.csv`.

`python -m tests.evaluation.errors` codes the development sample and writes them; do so after every change of the
method, for measures correct nothing with the errors of another version.

The sample was drawn by strata with known probabilities, so each sentence stands for `1 / prob` of its stratum. Ratios
are of weighted totals over the strata that hold a word of the subject, as one sentence of the others stands for
thousands and would outweigh them all. Intervals resample documents within a corpus, for sentences of one document err
together, and weigh each stratum back to its known size.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.project import ROOT
from pipelines.rhetoric.version import method_version
from tests.evaluation import gold

OUTSIDE = "plain"
DRAWS = 1000
SEED = 20190530
COLUMNS = (
    "direction", "quantity", "sentences", "documents", "labelled", "coded", "labelled_total", "coded_total",
    "ratio", "ratio_low", "ratio_high", "outside_sentences", "outside_labelled", "method_version",
)  # fmt: skip

Row = dict[str, Any]
Stratum = tuple[str, str, str]
QUANTITIES: dict[str, Callable[[Row], int]] = {
    "directed": lambda codes: 1,
    "hostile": lambda codes: int(codes["hostility"] >= 2),
    "hostility_sum": lambda codes: int(codes["hostility"]),
    "cooperative": lambda codes: int(codes["cooperation"]),
}


@dataclass(frozen=True)
class Sentence:
    """One sentence of the sample: where it was drawn, and what labels and method count in it."""

    corpus: str
    document: str
    side: str
    stratum: Stratum
    weight: float
    labelled: int
    coded: int


def errors(labelled: Sequence[Row], predicted: Mapping[str, Row], version: str, draws: int = DRAWS) -> list[Row]:
    """One row a direction and quantity, in the columns of `seeds/coding_errors.csv`.

    Args:
        labelled: Sentences with id, corpus, doc, lang, stratum, prob, side, direction, hostility, cooperation.
        predicted: The method's codes by id with direction, hostility, cooperation.
        version: Which method that was.
        draws: Resamples for the interval.

    Raises:
        ValueError: A labelled sentence without a prediction; code the whole file.
    """
    if lacking := [row["id"] for row in labelled if row["id"] not in predicted]:
        raise ValueError(
            f"{len(lacking)} labelled sentences have no prediction, the first is {lacking[0]}; code them all"
        )
    directions = sorted({row["direction"] for row in labelled} - {"none"})
    return [
        {**_measured(labelled, predicted, direction, quantity, draws), "method_version": version}
        for direction in directions
        for quantity in QUANTITIES
    ]


def table(labelled: Sequence[Row], predicted: Mapping[str, Row]) -> str:
    """The figures as lines to read, with how many sentences they rest on."""
    shown = [f"{'':24}{'labelled':>10}{'coded':>8}{'labels':>10}{'method':>10}{'ratio':>8}{'90 %':>18}{'outside':>9}"]
    for row in errors(labelled, predicted, ""):
        known = row["ratio"] is not None
        ratio = f"{row['ratio']:8.2f}" if known else f"{'-':>8}"
        ends = f"{row['ratio_low']:.2f} to {row['ratio_high']:.2f}" if known else "-"
        shown.append(
            f"{row['direction']:8}{row['quantity']:16}{row['labelled']:10}{row['coded']:8}{row['labelled_total']:10.1f}"
            f"{row['coded_total']:10.1f}{ratio}{ends:>18}{row['outside_labelled']:4}/{row['outside_sentences']}"
        )
    return "\n".join(shown)


def _measured(labelled: Sequence[Row], coded: Mapping[str, Row], direction: str, quantity: str, draws: int) -> Row:
    side = direction.partition(">")[0]
    sample = list(_sentences(labelled, coded, direction, quantity))
    inside = [each for each in sample if each.stratum[-1] != OUTSIDE]
    outside = [each for each in sample if each.stratum[-1] == OUTSIDE and each.side == side]
    by_labels, by_method = _totals(inside, _sizes(inside))
    low, high = _interval(inside, draws)
    return {
        "direction": direction,
        "quantity": quantity,
        "sentences": len(inside),
        "documents": len({(each.corpus, each.document) for each in inside}),
        "labelled": sum(each.labelled > 0 for each in inside),
        "coded": sum(each.coded > 0 for each in inside),
        "labelled_total": round(by_labels, 1),
        "coded_total": round(by_method, 1),
        "ratio": None if low is None else round(by_labels / by_method, 3),
        "ratio_low": low,
        "ratio_high": high,
        "outside_sentences": len(outside),
        "outside_labelled": sum(each.labelled > 0 for each in outside),
    }


def _sentences(rows: Sequence[Row], coded: Mapping[str, Row], direction: str, quantity: str) -> Iterator[Sentence]:
    count = QUANTITIES[quantity]
    for row in rows:
        method = coded[row["id"]]
        yield Sentence(
            row["corpus"],
            row["doc"],
            row["side"],
            (row["corpus"], row["lang"], row["stratum"]),
            1 / row["prob"],
            count(row) if row["direction"] == direction else 0,
            count(method) if method["direction"] == direction else 0,
        )


def _sizes(sample: Sequence[Sentence]) -> dict[Stratum, float]:
    """How many sentences each stratum was drawn from."""
    sizes: dict[Stratum, float] = defaultdict(float)
    for each in sample:
        sizes[each.stratum] += each.weight
    return sizes


def _totals(sample: Iterable[Sentence], sizes: dict[Stratum, float]) -> tuple[float, float]:
    """The quantity by labels and by method, each stratum weighed to its size."""
    held = {stratum: [0, 0, 0] for stratum in sizes}
    for each in sample:
        counts = held[each.stratum]
        counts[0] += 1
        counts[1] += each.labelled
        counts[2] += each.coded
    drawn = [(sizes[stratum] / counts[0], counts) for stratum, counts in held.items() if counts[0]]
    return sum(share * counts[1] for share, counts in drawn), sum(share * counts[2] for share, counts in drawn)


def _interval(sample: Sequence[Sentence], draws: int) -> tuple[float | None, float | None]:
    """The 90 % interval of the ratio; none where the method found nothing in more than one resample of twenty."""
    documents: dict[str, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for each in sample:
        documents[each.corpus][each.document].append(each)
    clusters = [list(held.values()) for _, held in sorted(documents.items())]
    sizes, chance = _sizes(sample), random.Random(SEED)
    ratios = []
    for _ in range(draws):
        drawn = [one for held in clusters for document in chance.choices(held, k=len(held)) for one in document]
        labelled, coded = _totals(drawn, sizes)
        ratios.append(labelled / coded if coded else math.inf)
    ratios.sort()
    low, high = ratios[int(draws * 0.05)], ratios[min(int(draws * 0.95), draws - 1)]
    return (round(low, 3), round(high, 3)) if high < math.inf else (None, None)


def write(rows: Sequence[Row], path: Path) -> None:
    """The rows as the seed's CSV file."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Code the development sample with the method as it is and write the seed."""
    from pipelines.coding_lines import Coder  # the whole method, which the figures themselves do not need

    sample = gold.rows(gold.folder(), "dev")
    codes = {codes["id"]: codes for codes in Coder(ROOT)([gold.unlabelled(row) for row in sample])}
    write(errors(sample, codes, method_version(ROOT)), ROOT / "seeds" / "coding_errors.csv")


if __name__ == "__main__":
    main()
