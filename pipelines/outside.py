"""The web and nothing else: a client led by what publishers write must never reach into the network it runs in."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from pipelines.errors import EntenteError

# Their last 32 bits are an IPv4 address: compatible, mapped, NAT64.
WRAPPED = [ip_network(each) for each in ("::/96", "::ffff:0:0/96", "64:ff9b::/96")]


class NoAnswer(EntenteError):
    """Why an address gave nothing to keep; `look` adds the dataset and the remedy.

    Attributes:
        status: HTTP status of an answer that was none, or None where there was no answer at all.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class WebAdapter(HTTPAdapter):
    """Looks again where a connection really leads, before anything is asked: a name may lead elsewhere by then.

    Through a proxy it does not: that one connects, and lies inside this network more often than not.
    """

    def __init__(self, local: Collection[str], **named: Any) -> None:
        self._local = local
        super().__init__(**named)

    def init_poolmanager(self, *counts: Any, **named: Any) -> None:
        """Prepare the connections that no proxy makes."""
        super().init_poolmanager(*counts, **named)
        pools = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
        self.poolmanager.pool_classes_by_scheme = {name: self._watched(pool) for name, pool in pools.items()}

    def _watched(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        local = self._local

        class _Connection(pool.ConnectionCls):
            def connect(self) -> None:
                super().connect()
                if f"{self.host}:{self.port}" not in local:
                    demand_web(f"{pool.scheme}://{self.host}", self.sock.getpeername()[0])

        return type("_Pool", (pool,), {"ConnectionCls": _Connection})


def demand_public(url: str, host: str) -> None:
    """Refuse a name that leads into this network, wherever else it leads.

    Raises:
        NoAnswer: It does.
    """
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return  # the request itself says why, or a proxy knows the name
    for *_, address in found:
        demand_web(url, address[0])


def demand_web(url: str, address: str) -> None:
    """Refuse an address that is none of the web, also where IPv6 wraps it.

    Raises:
        NoAnswer: It is none.
    """
    ip = ip_address(address)
    if ip.version == 6:
        if any(ip in network for network in WRAPPED):
            ip = IPv4Address(int(ip) % 2**32)
        ip = getattr(ip, "sixtofour", None) or ip
    if not ip.is_global or ip.is_multicast:
        raise NoAnswer(f"{url}: {address} lies inside this network, not on the web")
