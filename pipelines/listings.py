"""What a publisher of documents lists, asked politely: the part of a live look that a feed's `find` sees.

A feed that can be asked says where (`addresses(url)`), from which day on (`SINCE`), what an address is called among
its documents (`document_path(url)`) and what is listed there (`find(listing)`, newest first).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from pipelines.http import Http, NoAnswer

NAME_LETTERS = 80
CHALLENGE = re.compile(
    r"<title>[^<]*(?:challenge validation|access denied|attention required|just a moment|request rejected|captcha)"
    r"|_incapsula_resource|incapsula incident|cf-challenge|captcha-delivery",
    re.IGNORECASE,
)


def _never(_kept: Path) -> bool:
    return False


@dataclass(frozen=True)
class Offer:
    """A document that a publisher lists.

    Attributes:
        path: Its identity within the feed.
        url: Its address.
        published: Day it was published, as listed.
        name: Name of the file it is kept as.
        content: The bytes to keep, fetched where the list does not hold them; raises NoAnswer.
        differs: Whether it says something else than the file kept of it, where that can be told without a request.
    """

    path: str
    url: str
    published: date
    name: str
    content: Callable[[], bytes]
    differs: Callable[[Path], bool] = _never


@dataclass
class Listing:
    """One list of a publisher, and the client that asks for it.

    Attributes:
        http: The polite client.
        address: Where the list lies.
        since: What was published earlier is not wanted.
        marks: Marks of the list at the last look that left nothing; after this look, those of this one.
        notes: What a person should know of entries that were left out.
        is_enough: Whether more is found than one look keeps, so that no further page need be asked for.
        is_cut: Whether the list was left before its end for that reason.
    """

    http: Http
    address: str
    since: date
    marks: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_enough: bool = False
    is_cut: bool = False

    def content(self, url: str, *, marked: bool = False) -> bytes | None:
        """The bytes of a file; with `marked`, None where it is still the one of the last look.

        Raises:
            NoAnswer: No answer, or a web page.
        """
        with TemporaryDirectory(prefix="entente-") as folder:
            target = Path(folder) / "listed"
            marks = self.http.fetch(url, target, self.marks if marked else {})
            if marks is None:
                return None
            if marked:
                self.marks = marks
            return target.read_bytes()

    def page(self, url: str) -> str:
        """The text of a web page.

        Raises:
            NoAnswer: No answer, a challenge page, or a page in another encoding than UTF-8.
        """
        content = self.saved(url)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NoAnswer(f"{url}: the page is not UTF-8 text") from None

    def saved(self, url: str) -> bytes:
        """The bytes of a web page as they are served, to be kept.

        Raises:
            NoAnswer: No answer, or a challenge page.
        """
        at, content = self.http.content(url)
        if CHALLENGE.search(content[:20_000].decode("latin-1")):
            raise NoAnswer(f"{at}: it answers with a challenge page")
        return content

    def is_own(self, url: str) -> bool:
        """Whether an address lies on the publisher's own site; one that does not is noted and left out."""
        try:
            is_own = urlsplit(url).netloc == urlsplit(self.address).netloc
        except ValueError:
            is_own = False
        if not is_own:
            self.notes.append(f"{self.address}: lists '{url[:120]}', which is not on its own site; left out")
        return is_own


def file_name(url: str, suffix: str) -> str:
    """A file name for what an address gives: the end of its path, and a hash that tells equal ends apart."""
    end = unquote(urlsplit(url).path).strip("/").rpartition("/")[2]
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", end)[:NAME_LETTERS].strip(".-") or "document"
    return f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"
