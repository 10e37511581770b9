"""A polite client of the web: who it is, what robots.txt says, how often, how large, and never into this network."""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from protego import Protego
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from pipelines.outside import NoAnswer, WebAdapter, demand_public

ROBOT = "entente"
AGENT = f"{ROBOT}/{version('entente')} (open-source research pipeline)"
TIMEOUT = (10, 60)
RETRIES, RETRIED = 3, (429, 500, 502, 503, 504)
HOPS = 5
SECONDS_BETWEEN = 1.0
LONGEST_WAIT = 120.0
LONGEST_TRANSFER = 600.0
PIECE = 1 << 16
PAGE_BYTES = 5_000_000
FILE_BYTES = 200_000_000
REASONS = {401: "it refuses this client", 403: "it refuses this client", 404: "it is not there", 410: "it is gone"}
MARKS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class Http:
    """A polite client: says who it is, heeds robots.txt, asks a host at most once a second and waits when told to.

    `local` names hosts, with port, that may lie inside this network; like `clock` and `sleep` it is for tests.
    """

    def __init__(
        self,
        *,
        local: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        file_bytes: int = FILE_BYTES,
    ) -> None:
        self._local, self._clock, self._sleep, self._file_bytes = local, clock, sleep, file_bytes
        self._robots: dict[str, Protego] = {}
        self._due: defaultdict[str, float] = defaultdict(float)
        self._gaps: defaultdict[str, float] = defaultdict(lambda: SECONDS_BETWEEN)
        self._session = requests.Session()
        # Only what is undone here, where an end that is missing is noticed.
        self._session.headers.update({"User-Agent": AGENT, "Accept-Encoding": "gzip"})
        self._session.auth = _as_it_is
        patience = _Patience(RETRIES, status_forcelist=RETRIED, backoff_factor=2, raise_on_status=False)
        patience.pause = sleep
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WebAdapter(local, max_retries=patience))

    def page(self, url: str, secrets: dict[str, str] | None = None) -> tuple[str, str]:
        """Where a page lies after its redirects, and its text; `secrets` are headers for this host alone."""
        at, content = self.content(url, secrets)
        return at, _text(content)

    def content(self, url: str, secrets: dict[str, str] | None = None) -> tuple[str, bytes]:
        """Where a page lies after its redirects, and its bytes as served, unpacked."""
        with self._open(url, secrets=secrets or {}) as response:
            _demand_ok(response)
            return response.url, self._page_bytes(response)

    def fetch(
        self, url: str, target: Path, marks: dict[str, str], secrets: dict[str, str] | None = None
    ) -> dict[str, str] | None:
        """Write a file to `target`; None where it is still the one that came with `marks`, else its own marks."""
        headers = {ask: marks[mark] for mark, ask in MARKS.items() if mark in marks}
        with self._open(url, headers, secrets=secrets or {}) as response:
            if headers and response.status_code == 304:
                return None
            _demand_ok(response)
            if "text/html" in response.headers.get("Content-Type", ""):
                raise NoAnswer(f"{url}: it gives a web page, not a file")
            with target.open("wb") as draft:
                for piece in self._body(response, self._file_bytes):
                    draft.write(piece)
            return {mark: response.headers[mark] for mark in MARKS if mark in response.headers}

    def _open(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        *,
        secrets: dict[str, str] | None = None,
        is_robots: bool = False,
    ) -> requests.Response:
        """The answer at the end of the redirects, each of which is judged like the first address."""
        first = urlsplit(url).netloc
        for _ in range(HOPS):
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise NoAnswer(f"{url}: this is no web address")
            if parts.netloc not in self._local:
                demand_public(url, parts.hostname)
            if not is_robots:
                self._demand_allowed(url, f"{parts.scheme}://{parts.netloc}", parts.netloc)
            told = (secrets or {}) if parts.netloc == first else {}
            response = self._send(url, parts.netloc, {**(headers or {}), **told})
            onward = self._session.get_redirect_target(response)
            if onward is None:
                return response
            response.close()
            url = redirected(url, onward)
        raise NoAnswer(f"{url}: redirected more than {HOPS} times")

    def _send(self, url: str, host: str, headers: dict[str, str]) -> requests.Response:
        if (pause := self._due[host] - self._clock()) > 0:
            self._sleep(pause)
        try:
            return self._session.get(url, headers=headers, stream=True, timeout=TIMEOUT, allow_redirects=False)
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise NoAnswer(f"{url}: {_plain(error)}") from None
        finally:
            self._due[host] = self._clock() + self._gaps[host]

    def _demand_allowed(self, url: str, origin: str, host: str) -> None:
        if origin not in self._robots:
            with self._open(f"{origin}/robots.txt", is_robots=True) as response:
                if response.status_code == 200:
                    told = _text(self._page_bytes(response))
                elif 400 <= response.status_code < 500 and response.status_code != 429:
                    told = ""  # RFC 9309, 2.3.1.3: no rules to be had
                else:
                    _demand_ok(response)
            self._robots[origin] = rules = Protego.parse(told)
            self._gaps[host] = min(max(SECONDS_BETWEEN, rules.crawl_delay(ROBOT) or 0), LONGEST_WAIT)
        if not self._robots[origin].can_fetch(url, ROBOT):
            raise NoAnswer(f"{url}: robots.txt asks programs to stay away")

    def _page_bytes(self, response: requests.Response) -> bytes:
        return b"".join(self._body(response, PAGE_BYTES))

    def _body(self, response: requests.Response, most: int) -> Iterator[bytes]:
        """The body as the publisher meant it, refused where it is too large, too slow or not whole."""
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip"):
            raise NoAnswer(f"{response.url}: it comes packed as {encoding}, which was not asked for")
        size = 0
        try:
            received = self._received(response)
            for piece in _unpacked(received) if encoding.endswith("gzip") else received:
                size += len(piece)
                if size > most:
                    raise NoAnswer(f"{response.url}: it is larger than {most:,} bytes")
                yield piece
        except (requests.RequestException, HTTPError, OSError, zlib.error) as error:
            raise NoAnswer(f"{response.url}: it broke off, {_plain(error)}") from None

    def _received(self, response: requests.Response) -> Iterator[bytes]:
        """What comes over the line, piece by piece as it comes, so that a trickle is noticed."""
        since = self._clock()
        while piece := response.raw.read1(PIECE, decode_content=False):
            yield piece
            if self._clock() - since > LONGEST_TRANSFER:
                raise NoAnswer(f"{response.url}: it is not whole after {LONGEST_TRANSFER:,.0f} s; look again later")


class _Patience(Retry):
    """Waits as long as the publisher asks, at least as long as between any two requests, and not for hours."""

    pause: Callable[[float], None]

    def new(self, **changed: Any) -> _Patience:
        """The patience left after one more try."""
        left = super().new(**changed)
        left.pause = self.pause
        return left

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next try."""
        try:
            asked = self.get_retry_after(response) if response is not None else None
        except InvalidHeader:
            asked = None
        seconds = self.get_backoff_time() if asked is None else asked
        if seconds > LONGEST_WAIT:
            raise ValueError(f"it asks to wait {seconds:,.0f} s; look again later")
        self.pause(max(seconds, SECONDS_BETWEEN))


def _unpacked(received: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes inside gzip, in pieces of bounded size however far they expand.

    Raises:
        zlib.error: The stream ends before its own end mark, which a matching Content-Length does not show.
    """
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in received:
        while packed or not unpacker.eof:
            if unpacker.eof:  # members may follow one another
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = unpacker.decompress(packed, PIECE)
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            yield piece
            if not packed and len(piece) < PIECE:
                break
    if not unpacker.eof:
        raise zlib.error("the packed file has no end")


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _demand_ok(response: requests.Response) -> None:
    if (status := response.status_code) != 200:
        raise NoAnswer(f"{response.url}: answered {status}, {REASONS.get(status, response.reason)}", status)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials: without this those of `~/.netrc` would go to publishers."""
    return request


def _plain(error: Exception) -> str:
    """The cause in words, without the layers that passed it on."""
    cause = error.args[0] if error.args else error
    cause = getattr(cause, "reason", cause)
    while isinstance(cause, Exception) and cause.args and isinstance(cause.args[-1], Exception):
        cause = cause.args[-1]
    return str(cause).rpartition(": ")[2]


def redirected(url: str, onward: str) -> str:
    """The address a redirect leads to.

    Raises:
        NoAnswer: It is malformed, or leaves https for http, where anybody on the way may change the file.
    """
    target = joined(url, onward)
    if not target:
        raise NoAnswer(f"{url}: it redirects to {onward!r}, which is no web address")
    if url.startswith("https:") and target.startswith("http:"):
        raise NoAnswer(f"{url}: it redirects to {target}, which is not encrypted")
    return target


def joined(base: str, link: str) -> str:
    """The link as a whole address without fragment; empty where it is malformed."""
    try:
        return urldefrag(urljoin(base, link)).url
    except ValueError:
        return ""
