"""`entente evidence`: one published statement with its codes, and in its context where the text is at hand."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import contract_files
from pipelines.errors import EntenteError
from pipelines.project import Project
from pipelines.published import opened
from pipelines.rhetoric.sentences import segment
from pipelines.rhetoric.wordings import plain, wording

AROUND = 3  # sentences shown before and after
SHORTEST = 6  # hex digits of an id that are taken for it
IDS_SHOWN = 5
WIDTH = 100
CODES = ("direction", "hostility", "rung", "cooperation", "themes", "blame")
STATEMENT = """
select statements.*, texts.title, texts.raw_sha256
from documents.statements as statements
join documents.texts as texts
  on texts.document_id = statements.document_id and texts.excluded is null
where starts_with(statements.statement_id, ?)
order by statements.statement_id
"""
TURNS = """
select start, text, method_version
from read_parquet(?)
where document_id = ? and raw_sha256 = ? and start <= ?
order by method_version = ? desc, method_version, start desc
"""


@dataclass(frozen=True)
class Context:
    """A statement's words, and the sentences of its turn before and after them."""

    before: list[str]
    sentence: str
    after: list[str]


def shown(project: Project, identity: str, *, as_json: bool) -> tuple[str, str]:
    """What is known of a statement, as text or JSON, and a line on where its text is to be had, empty if at hand.

    Args:
        project: Whose published database and texts are asked.
        identity: The statement's id, or the beginning of it that no other has.
        as_json: One JSON object in place of text.

    Raises:
        EntenteError: Nothing is published, or no statement or several have that id.
    """
    statement = find(project, identity)
    context = in_context(project, statement)
    terms = _terms(project, statement, context)
    missing = "" if context else _remedy(project, statement)
    if not as_json:
        return _page(statement, context, terms), missing
    told = {name: value for name, value in statement.items() if name != "raw_sha256"}
    around = {"before": context.before, "sentence": context.sentence, "after": context.after} if context else None
    answer = {**told, "terms": terms, "context": around, **({"not_at_hand": missing} if missing else {})}
    return json.dumps(answer, default=str, ensure_ascii=False, indent=1), missing


def find(project: Project, identity: str) -> dict[str, Any]:
    """The published statement of that id or unique beginning of it, with its document's title and file."""
    asked = identity.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},16}}", asked):
        raise EntenteError(f"evidence: '{identity}' is no statement id; give at least {SHORTEST} of its 16 hex digits")
    with opened(project) as connection:
        found = connection.execute(STATEMENT, [asked]).pl()
    if found.is_empty():
        raise EntenteError(
            f"evidence: no statement {asked} is published; "
            'take one from `entente sql "select statement_id, speaker, date from documents.statements limit 10"`'
        )
    if found.height > 1:
        ids = ", ".join(found["statement_id"][:IDS_SHOWN])
        more = f" and {found.height - IDS_SHOWN} more" if found.height > IDS_SHOWN else ""
        raise EntenteError(f"evidence: {asked} is the beginning of {ids}{more}; give more digits")
    return found.row(0, named=True)


def in_context(project: Project, statement: dict[str, Any]) -> Context | None:
    """The statement among the sentences of its turn, from the texts read here; None where its text was not."""
    turns = project.warehouse / "documents" / statement["feed"] / "turns"
    if not any(turns.glob("*.parquet")):
        return None
    place = [statement[name] for name in ("document_id", "raw_sha256", "start", "method_version")]
    with duckdb.connect() as connection:
        held = connection.execute(TURNS, [str(turns / "*.parquet"), *place]).fetchall()
    for start, text, version in held:
        first, last = statement["start"] - start, statement["end"] - start
        sentence = text[first:last]
        # Another version may have read the file otherwise: then the words tell whether the place is the same.
        is_said = version == statement["method_version"] or _sha256(sentence) == statement["sentence_sha256"]
        if last <= len(text) and is_said:
            spans = segment(text, 0, len(text))
            before = [text[a:b] for a, b in spans if b <= first][-AROUND:]
            after = [text[a:b] for a, b in spans if a >= last][:AROUND]
            return Context(before, sentence, after)
    return None


def _sha256(sentence: str) -> str:
    return hashlib.sha256(wording(plain(sentence))).hexdigest()


def _terms(project: Project, statement: dict[str, Any], context: Context | None) -> list[dict[str, Any]]:
    """The terms that fired, each with its places in the sentence where that can be read again, else without."""
    if context is None or not statement["terms"]:
        return [{"term": term, "start": None, "end": None} for term in statement["terms"]]
    from pipelines.coding_lines import ASKED, Coder  # a second to load, and most questions need none of it

    around = {"before": (context.before or [None])[-1], "after": (context.after or [None])[0]}
    row = {**statement, **around, "sentence": context.sentence}
    asked = pl.DataFrame([{name: row.get(name) for name in ASKED}], schema=ASKED)
    found = Coder(project.root).coded(asked)["evidence"].to_list()[0]
    places = [place for place in found if place["term"] in statement["terms"]]
    unseen = [term for term in statement["terms"] if term not in {place["term"] for place in places}]
    return places + [{"term": term, "start": None, "end": None} for term in unseen]


def _remedy(project: Project, statement: dict[str, Any]) -> str:
    feed = statement["feed"]
    files = next(each for each in contract_files.load(project.root).values() if each.stem == feed).feed.files
    read_at = f"; the original is at {statement['url']}" if statement["url"] else ""
    return (
        f"the text of {statement['document_id']} is not at hand: put {' and '.join(files)} or a folder {feed} into "
        f"{_short(project.documents)}, or name their folder in ENTENTE_DOCUMENTS, and run `entente refresh`{read_at}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _page(statement: dict[str, Any], context: Context | None, terms: list[dict[str, Any]]) -> str:
    party = f", {statement['party']}" if statement.get("party") else ""
    told = {
        "statement": statement["statement_id"],
        "speaker": f"{statement['speaker']} ({statement['voice']}, {statement['side']}{party})",
        "date": f"{statement['date']}",
        "feed": f"{statement['feed']} ({statement['genre']})",
        "document": statement["title"] or statement["document_id"],
        "url": statement["url"] or "none",
        "codes": ", ".join(f"{name} {_code(statement[name])}" for name in CODES if name in statement),
        "terms": "; ".join(_term(each, context) for each in terms) or "none",
        "method": statement["method_version"],
    }
    lines = [f"{name:<10} {value}" for name, value in told.items()]
    if context:
        lines += ["", *map(_wrapped, context.before), _wrapped(context.sentence, "> "), *map(_wrapped, context.after)]
    return "\n".join(lines)


def _code(value: Any) -> str:
    return "|".join(value) if isinstance(value, list) else str(value)


def _term(found: dict[str, Any], context: Context | None) -> str:
    if context is None or found["start"] is None:
        return found["term"]
    return f"{found['term']} {found['start']}-{found['end']} “{context.sentence[found['start'] : found['end']]}”"


def _wrapped(sentence: str, mark: str = "  ") -> str:
    return textwrap.fill(" ".join(sentence.split()), WIDTH, initial_indent=mark, subsequent_indent=mark)
