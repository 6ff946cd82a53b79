"""Which addresses messages may go to: whoever makes a webhook must not reach, through us, what only we can reach."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jobs.errors import JobFailedError
from webhooks.errors import ErrorCode

Address = IPv4Address | IPv6Address

PORTS: Final = {"http": 80, "https": 443}
FIRST_FREE_PORT: Final = 1024
PRINTABLE: Final = re.compile(r"[!-~]+")
HOST_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")

GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
# Beside what `ipaddress` says: some lead to an IPv4 address that is written in them, whatever it is.
NOT_PUBLIC: Final = [
    ip_network(network)
    for network in (
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # Teredo and other experiments
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
]


@dataclass(frozen=True)
class Target:
    """
    Attributes:
        path: with the query.
        addresses: of the host, each of them checked: it is connected to no other.
    """

    scheme: str
    host: str
    port: int
    path: str
    addresses: Sequence[Address]


def check_url(url: str) -> None:
    """What can be said without asking who the host is. The rest is said when it is connected to.

    Raises:
        ValidationError
    """
    try:
        parts = urlsplit(url)
        _check_parts(url, parts)
    except ValueError as error:
        raise ValidationError(_("This is not a web address."), "invalid") from error


def _check_parts(url: str, parts: SplitResult) -> None:
    schemes = ("http", "https") if settings.WEBHOOK_ALLOWED_NETWORKS else ("https",)
    if parts.scheme not in schemes:
        raise ValidationError(_("The address has to begin with https://."), "not_https")
    if parts.username is not None or parts.fragment:
        raise ValidationError(
            _("The address must have neither a user name nor a part after #."), "invalid"
        )
    if not PRINTABLE.fullmatch(url):
        raise ValidationError(
            _("Write the address in ASCII, without spaces; encode other characters."), "invalid"
        )
    if not _is_usual(_port(parts)):
        raise ValidationError(_("Use port 80, 443, or one from 1024."), "port_not_allowed")
    _check_host(parts)


def _port(parts: SplitResult) -> int:
    return PORTS[parts.scheme] if parts.port is None else parts.port


def _is_usual(port: int) -> bool:
    return port in PORTS.values() or port >= FIRST_FREE_PORT


def _check_host(parts: SplitResult) -> None:
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        if not HOST_NAME.fullmatch(host):
            raise
        return
    if not is_allowed(address, parts.scheme):
        raise ValidationError(_("This address is not a public one."), "not_public")


def is_allowed(address: Address, scheme: str) -> bool:
    """Encrypted to everywhere that is public; to networks that the operator named in the clear, too."""
    if any(address in network for network in settings.WEBHOOK_ALLOWED_NETWORKS):
        return True
    return scheme == "https" and _is_public(address)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False  # IPv4 in IPv6 and NAT64 among them
    if any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(url: str) -> Target:
    """Asks once who the host is.

    Raises:
        JobFailedError: nobody knows the host, or the address is one of those that are not allowed.
    """
    _check_again(url)
    parts = urlsplit(url)
    host, port = str(parts.hostname), _port(parts)
    path = parts.path or "/"
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port,
        path=f"{path}?{parts.query}" if parts.query else path,
        addresses=_checked(_addresses_of(host, port), parts.scheme),
    )


def _check_again(url: str) -> None:
    """The operator may have changed their mind since the webhook was made."""
    try:
        check_url(url)
    except ValidationError as error:
        raise _refused() from error


def _addresses_of(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise JobFailedError(
            ErrorCode.UNREACHABLE, "There is no host with this name, or it could not be found."
        ) from error
    return [ip_address(sockaddr[0]) for *_rest, sockaddr in found]


def _checked(addresses: Sequence[Address], scheme: str) -> Sequence[Address]:
    """All or none: a name with a public and a private address is a trap."""
    if not all(is_allowed(address, scheme) for address in addresses):
        raise _refused()
    return addresses


def _refused() -> JobFailedError:
    return JobFailedError(
        ErrorCode.ADDRESS_REFUSED,
        "The address is not allowed: it has to be a public one, with https.",
    )
