"""Press briefings of the White House under President Obama: a title with a date, then the page as a bytes literal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pipelines.documents.pages import html_paragraphs
from pipelines.documents.white_house import PAGE_LINE, REPORTER, TAG
from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, compose, day

NAME = re.compile(r"(?:.*/)?(?P<number>\d+)\.html")
TITLE = re.compile(r"<h1>(?P<title>.*?(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2}|\d{4}))\s*</h1>\s*\n")


def read(member: Member) -> Iterator[Document]:
    """Yield the briefing in the file; its date is the one in the title."""
    named, text = NAME.fullmatch(member.name), member.text()
    titled = TITLE.match(text)
    if named is None or titled is None:
        raise Refused(f"{member.label} line 1: no <h1> title that ends in a date such as 6/28/16; fetch it again")
    composed = compose(_turns(html_paragraphs(_page(member, text[titled.end() :].strip()))))
    year = int(titled["year"])
    yield Document(
        path=f"pressBriefings/{named['number']}",
        url=None,
        title=titled["title"],
        date=day(member, year if year > 100 else 2000 + year, titled["month"], titled["day"], "line 1"),
        date_precision="day",
        language="en",
        genre="press_briefings",
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _page(member: Member, literal: str) -> str:
    """The page inside the Python bytes literal, decoded."""
    try:
        return ast.literal_eval(literal).decode("utf-8")
    except (ValueError, SyntaxError, AttributeError) as error:
        raise Refused(f"{member.label} line 2: no bytes literal of UTF-8 ({error}); fetch it again") from None


def _turns(paragraphs: list[str]) -> Iterator[tuple[str | None, str]]:
    speaker: str | None = None  # what precedes the first tag is place and time
    for paragraph in paragraphs:
        head, colon, said = paragraph[:60].partition(":")
        asked = REPORTER.match(paragraph)
        if asked:
            speaker, paragraph = "Q", paragraph[asked.end() :]
            yield None, speaker
        elif colon and said[:1] in ("", " ") and TAG.fullmatch(head):
            speaker, paragraph = head, paragraph[len(head) + 1 :]
            yield None, speaker
        page_line = len(paragraph) < 60 and PAGE_LINE.fullmatch(paragraph)
        yield FURNITURE if page_line else speaker, paragraph
