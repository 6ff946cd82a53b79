"""What values of environment variables have to look like."""

from __future__ import annotations

import re
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

BUCKET_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w-][\w.-]*)*/?", re.ASCII)

# What Django takes in the header Host.
HOST_NAME = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+(%\w+)?\]", re.ASCII)
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+")


def split_at_commas(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def check_database_url(value: str) -> str:
    if value and urlsplit(value).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("only sqlite:// and postgres:// are known")
    if value:
        dj_database_url.parse(value)
    return value


def check_web_address(value: str) -> str:
    address = urlsplit(value)
    if value and (address.scheme not in ("http", "https") or not address.hostname):
        raise ValueError("it is not a web address")
    _check_port(address)
    return value.rstrip("/")


def check_site_url(value: str) -> str:
    """As browsers write the origin of a page: without a path, and without the usual port."""
    address = urlsplit(check_web_address(value))
    if not value:
        return value
    if address.path or address.query or address.fragment or "@" in address.netloc:
        raise ValueError("it has more than scheme, host and port")
    return f"{address.scheme}://{_host_and_port(address)}"


def check_host(value: str) -> str:
    """Where to listen: it becomes a part of the address of the site."""
    try:
        check_site_url(f"http://{in_brackets(value)}:80")
    except ValueError as error:
        raise ValueError("it is more, or less, than a name or an IP address") from error
    return value


def check_host_names(values: list[str]) -> list[str]:
    for value in values:
        if value != "*" and not HOST_NAME.fullmatch(value.lower()):
            raise ValueError(f"{value} is more, or less, than the name of a host")
    return values


def _host_and_port(address: SplitResult) -> str:
    name = in_brackets(str(address.hostname).encode("idna").decode())
    if not HOST_NAME.fullmatch(name):
        raise ValueError("its host has a name that no host has")
    usual = {"http": 80, "https": 443}[address.scheme]
    return name if address.port in (None, usual) else f"{name}:{address.port}"


def in_brackets(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def check_media_storage(value: str) -> str:
    if re.match(r"\w+:", value) and not BUCKET_ADDRESS.fullmatch(value):
        raise ValueError("it is neither a folder nor s3://bucket or s3://bucket/prefix")
    return value


def check_redis_url(value: str) -> str:
    address = urlsplit(value)
    if value and address.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("it is not the address of a Redis server")
    _check_port(address)
    return value


def _check_port(address: SplitResult) -> None:
    if address.port == 0:  # others that are none, `urlsplit` refuses when it is asked
        raise ValueError("Port out of range 1-65535")


def check_sender(value: str) -> str:
    """Of one message after the other: each would fail."""
    addresses = [address for _name, address in getaddresses([value])]
    is_one = len(addresses) == 1 and MAILBOX.fullmatch(addresses[0])
    if value and (not is_one or not value.isprintable()):
        raise ValueError(
            "it is not one address, with or without a name; a name with a comma needs quotes"
        )
    return value


CommaSeparated = Annotated[list[str], NoDecode, BeforeValidator(split_at_commas)]
Networks = Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(split_at_commas)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
HostNames = Annotated[
    list[str], NoDecode, BeforeValidator(split_at_commas), AfterValidator(check_host_names)
]
Host = Annotated[str, AfterValidator(check_host)]
MediaStorage = Annotated[str, AfterValidator(check_media_storage)]
RedisUrl = Annotated[str, AfterValidator(check_redis_url)]
Sender = Annotated[str, AfterValidator(check_sender)]
SiteUrl = Annotated[str, AfterValidator(check_site_url)]
WebAddress = Annotated[str, AfterValidator(check_web_address)]
