"""Where messages may go: no address that only this machine or its neighbors reach."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from jobs.errors import JobFailedError
from webhooks import targets

NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "loopback, another": "127.8.9.10",
    "this host": "0.0.0.0",  # noqa: S104  (nobody listens)
    "private, class A": "10.1.2.3",
    "private, class B": "172.16.0.1",
    "private, class C": "192.168.1.1",
    "link-local, where clouds keep their secrets": "169.254.169.254",
    "shared by providers": "100.64.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "protocol assignments": "192.0.0.1",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "relay of 6to4": "192.88.99.1",
    "loopback of IPv6": "::1",
    "unspecified of IPv6": "::",
    "link-local of IPv6": "fe80::1",
    "link-local with a zone": "fe80::1%eth0",
    "unique local": "fd00::1",
    "site-local": "fec0::1",
    "multicast of IPv6": "ff02::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped public": "::ffff:8.8.8.8",
    "compatible": "::127.0.0.1",
    "6to4": "2002:7f00:1::",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64, local": "64:ff9b:1::7f00:1",
    "Teredo": "2001:0:7f00:1::",
    "documentation of IPv6": "2001:db8::1",
    "discard": "100::1",
}
PUBLIC = ("8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1")


@pytest.mark.parametrize("address", [pytest.param(a, id=name) for name, a in NOT_PUBLIC.items()])
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not targets.is_allowed(ip_address(address), "https")


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed_encrypted_only(address: str) -> None:
    assert targets.is_allowed(ip_address(address), "https")
    assert not targets.is_allowed(ip_address(address), "http")


def test_networks_of_the_operator_are_allowed(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("10.0.0.0/8")]
    for scheme in ("http", "https"):
        assert targets.is_allowed(ip_address("10.1.2.3"), scheme)
        assert not targets.is_allowed(ip_address("192.168.1.1"), scheme)
    assert not targets.is_allowed(ip_address("8.8.8.8"), "http")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "https://example.org:8443/hook?key=%20",
        "https://sub.xn--bcher-kva.example",
        "https://8.8.8.8/",
        "https://[2a00:1450::1]:443/",
    ],
)
def test_an_address_of_the_web_is_taken(url: str) -> None:
    targets.check_url(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/", "not_https"),
        ("ftp://example.org/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("example.org", "not_https"),
        ("https://ada:secret@example.org/", "invalid"),
        ("https://@example.org/", "invalid"),
        ("https://example.org/#part", "invalid"),
        ("https://example.org/a b", "invalid"),
        ("https://bücher.example/", "invalid"),
        ("https://example.org/\r\nX: y", "invalid"),
        ("https:///path", "invalid"),
        ("https://", "invalid"),
        ("https://exa$mple.org/", "invalid"),
        ("https://[::1/", "invalid"),
        ("https://[fe80::1%25eth0]/", "not_public"),
        ("https://example.org:99999/", "invalid"),
        ("https://example.org:x/", "invalid"),
        ("https://example.org:0/", "port_not_allowed"),
        ("https://example.org:25/", "port_not_allowed"),
        ("https://127.0.0.1/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
    ],
)
def test_another_address_is_refused(url: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        targets.check_url(url)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
    ],
)
def test_a_name_of_an_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(JobFailedError) as refused:
        targets.resolve(url)
    assert refused.value.code in ("address_refused", "unreachable")


def test_a_name_with_a_public_and_a_private_address_is_refused() -> None:
    both = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    with pytest.raises(JobFailedError) as refused:
        targets._checked(both, "https")
    assert refused.value.code == "address_refused"


def test_a_network_that_is_not_allowed_any_more_is_refused(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    assert targets.resolve("http://127.0.0.1:9000/").addresses
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with pytest.raises(JobFailedError) as refused:
        targets.resolve("http://127.0.0.1:9000/")
    assert refused.value.code == "address_refused"
