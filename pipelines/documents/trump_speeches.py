"""Speeches, press conferences and statements of Donald Trump: campaign of 2015–2016 and rallies of 2019–2020."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from pipelines.errors import Refused
from pipelines.texts import FURNITURE, Document, Member, compose, day

CAMPAIGN = re.compile(
    r"(?:.*/)?(?P<name>(?P<day>\d{4}-\d\d-\d\d) \d\d\.\d\d\.\d\d \((?P<extent>[\w ]+), As (?P<form>spoken|written)\) "
    r"(?P<kind>Speech|Press Conference|Statement by Trump Campaign|Statement)\b(?P<event>.*))\.txt"
)
RALLY = re.compile(r"(?:.*/)?(?P<name>(?P<place>[A-Za-z.-]+?)(?P<day>[A-Z][a-z]{2}\d{1,2}_\d{4}))\.txt")
TAG = re.compile(r"(?P<tag>[A-Z][A-Z .’'-]{2,40}):\s")
NOTE = re.compile(r"[(\[][A-Z][A-Z ,.'-]+[)\]]")
CAMPAIGN_STAFF = "TRUMP CAMPAIGN"


def read(member: Member) -> Iterator[Document]:
    """Yield the text in the file; date, genre and form are in its name only."""
    campaign, rally = CAMPAIGN.fullmatch(member.name), RALLY.fullmatch(member.name)
    if campaign:
        published = day(member, *campaign["day"].split("-"), "(its name)")
        genre = campaign["kind"].split(" by ")[0].lower().replace(" ", "_")
        by_staff = campaign["kind"].endswith("Campaign")
        title = campaign["name"][campaign["name"].index(") ") + 2 :]
        composed = compose(_turns(member.text(), CAMPAIGN_STAFF if by_staff else ""))
        name = campaign["name"]
    elif rally:
        published, genre, name = _day(member, rally["day"]), "rally", rally["name"]
        title = f"Rally, {rally['place']}"
        composed = compose([("", member.text())])
    else:
        raise Refused(f"{member.label}: no date in the name; keep the publisher's layout")
    yield Document(
        path=name,
        url=None,
        title=title,
        date=published,
        date_precision="day",
        language="en",
        genre=genre,
        text=composed.text,
        turns=composed.turns,
        furniture_lines=composed.furniture_lines,
        repeated_paragraphs=composed.repeated_paragraphs,
    )


def _day(member: Member, text: str) -> date:
    try:
        return datetime.strptime(text, "%b%d_%Y").date()
    except ValueError:
        raise Refused(f"{member.label}: '{text}' in the name is no date such as Dec19_2019; rename the file") from None


def _turns(text: str, speaker: str) -> Iterator[tuple[str | None, str]]:
    for line in text.split("\n"):
        tagged = TAG.match(line)
        if tagged:
            speaker = tagged["tag"]
            yield None, speaker
            line = line[tagged.end() :]
        yield FURNITURE if NOTE.fullmatch(line.strip()) else speaker, line
