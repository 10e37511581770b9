"""How fast texts are read, segmented, attributed and coded, beside three yardsticks on the same texts, in what memory.

`make bench` runs it over the corpora below `ENTENTE_ARCHIVE`; where that is not set, over texts put together at random
from the sentences of `made_up.py`, in two publishers' layouts. What counts is the ratio within one run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipelines import archives, contract_files, feeds
from pipelines.project import ROOT
from pipelines.seeds import Seeds
from tests.bench import made_up

SAMPLE_MB = {"pandas": 1.0, "spacy": 2.0, "polars": 40.0}
LIMIT_MB, FLAT = 4000, 1.25  # memory at most, and on the whole beside on a third
DECLARED = contract_files.load(ROOT)
FEEDS = [contract for contract in DECLARED.values() if contract.feed is not None]


def code(place: Path) -> dict[str, float]:
    """What coding every feed below a place came to: MB of text, seconds, counts, and MB of memory at most."""
    seeds = Seeds(ROOT, DECLARED)
    told = {"mb": 0.0, "documents": 0, "sentences": 0, "bilateral": 0}
    begun = time.perf_counter()
    with TemporaryDirectory() as folder:
        for feed in FEEDS:
            found, _ = feeds.members(feed, [place])
            told["mb"] += sum(archives.size(member.place, member.name) for member in found) / 1e6
            done = feeds.code_feed(feed, [place], set(), Path(folder) / feed.stem, seeds)
            told["documents"] += done.documents
            told["sentences"] += done.sentences
            told["bilateral"] += done.bilateral_sentences
    told["seconds"] = time.perf_counter() - begun
    feeds.close()  # the memory of processes is known when they have ended
    own, child = (resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {**told, "memory": own + feeds.PROCESSES * child}


def coded_alone(place: Path) -> dict[str, float]:
    """The same, found by a process of its own, so that its memory is that of coding only."""
    command = [sys.executable, "-m", "tests.bench.rhetoric", str(place)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def third(place: Path, folder: Path) -> Path:
    """A folder with archives of every third file of those at a place: still more than is read at a time."""
    for archive in sorted(place.glob("*.zip")):
        with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(folder / archive.name, "w") as part:
            for entry in [entry for entry in whole.infolist() if not entry.is_dir()][::3]:
                part.writestr(entry.filename, whole.read(entry), zipfile.ZIP_DEFLATED, compresslevel=1)
    return folder


def texts(place: Path, mb: float) -> list[str]:
    """Files of the feeds as text, evenly from all of them, that come to some MB."""
    found = [member for feed in FEEDS for member in feeds.members(feed, [place])[0]]
    sizes = [archives.size(member.place, member.name) for member in found]
    step = max(1, round(sum(sizes) / (mb * 1e6)))
    return [member.content().decode("utf-8", "replace") for member in found[::step]]


# The yardsticks -------------------------------------------------------------------------------------------------------


def terms() -> list[str]:
    """The terms of the lexicon, longest first."""
    found = Seeds(ROOT, DECLARED)["lexicon"]["term"].unique()
    return sorted(found, key=lambda term: (-len(term), term))


def pandas_loop(sample: list[str]) -> float:
    """Seconds to count the terms with `re` in a loop over a pandas frame."""
    import pandas  # here, so that the memory measured is not a yardstick's

    forms = (re.escape(term).replace(r"\ \.\.\.\ ", r"(?:\W+\w+){0,4}\W+").replace(r"\*", r"\w*") for term in terms())
    pattern = re.compile(rf"\b(?:{'|'.join(forms)})", re.IGNORECASE)
    frame = pandas.DataFrame({"text": sample})
    begun = time.perf_counter()
    for index, row in frame.iterrows():
        frame.loc[index, "hits"] = sum(1 for _ in pattern.finditer(row["text"]))
    return time.perf_counter() - begun


def spacy_matcher(sample: list[str]) -> float:
    """Seconds to find the terms with spaCy's phrase matcher over a blank pipeline; parts of a pattern as phrases."""
    import spacy
    from spacy.matcher import PhraseMatcher

    blank = spacy.blank("en")
    blank.max_length = max(map(len, sample)) + 1
    matcher = PhraseMatcher(blank.vocab, attr="LOWER")
    phrases = {part.strip(" *") for term in terms() for part in term.split(" ... ")}
    matcher.add("term", [blank.make_doc(phrase) for phrase in sorted(phrases) if phrase])
    begun = time.perf_counter()
    for document in blank.pipe(sample):
        matcher(document)
    return time.perf_counter() - begun


def polars_scan(sample: list[str]) -> float:
    """Seconds to count the characters of texts in Parquet with Polars."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "texts.parquet"
        pl.DataFrame({"text": sample}).write_parquet(path)
        begun = time.perf_counter()
        pl.scan_parquet(path).select(pl.col("text").str.len_chars().sum()).collect()
        return time.perf_counter() - begun


YARDSTICKS: dict[str, tuple[str, Callable[[list[str]], float]]] = {
    "pandas": ("pandas loop with re", pandas_loop),
    "spacy": ("spaCy PhraseMatcher", spacy_matcher),
    "polars": ("bare Polars scan", polars_scan),
}


def show(name: str, mb: float, seconds: float, own: float) -> None:
    """Print a row: MB, seconds, MB a second, and how many times as fast the pipeline is."""
    rate = mb / seconds
    print(f"{name:<34}{mb:>10,.1f}{seconds:>10.1f}{rate:>12,.2f}{own / rate:>12,.2f}", flush=True)


def compare(place: Path) -> bool:
    """Print rates and memory; whether memory is below the limit and flat."""
    print(f"{'':<34}{'MB':>10}{'seconds':>10}{'MB/s':>12}{'times':>12}")
    whole = coded_alone(place)
    own = whole["mb"] / whole["seconds"]
    show("read, segment, attribute and code", whole["mb"], whole["seconds"], own)
    for key, (name, measure) in YARDSTICKS.items():
        if importlib.util.find_spec(key) is None:
            print(f"{name:<34}{key} is not installed: pip install {key}")
            continue
        sample = texts(place, SAMPLE_MB[key])
        show(name, sum(len(text.encode()) for text in sample) / 1e6, measure(sample), own)
    with TemporaryDirectory() as folder:
        part = coded_alone(third(place, Path(folder)))
    print(
        f"{whole['documents']:,} documents, {whole['sentences']:,} sentences, {whole['bilateral']:,} bilateral; "
        f"on {os.cpu_count()} cores\n"
        f"memory of all processes at most {part['memory']:,.0f} MB on {part['mb']:,.0f} MB of text, "
        f"{whole['memory']:,.0f} MB on {whole['mb']:,.0f} MB: {whole['memory'] / part['memory']:.2f} times"
    )
    return whole["memory"] < LIMIT_MB and whole["memory"] < FLAT * part["memory"]


def main() -> int:
    """Print the comparison; 1 where memory is over the limit or grows with the corpus."""
    if len(sys.argv) > 1:
        print(json.dumps(code(Path(sys.argv[1]))))
        return 0
    archive = os.environ.get("ENTENTE_ARCHIVE")
    if archive:
        return int(not compare(Path(archive) / "corpora"))
    with TemporaryDirectory() as folder:
        print("ENTENTE_ARCHIVE is not set: texts put together at random")
        return int(not compare(made_up.write(Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
