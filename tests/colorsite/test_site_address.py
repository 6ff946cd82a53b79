"""Links, redirects and messages lead to SITE_URL, whatever the header Host says; `next` stays on this site."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from colorsite.environment import Environment
from tests.accounts.visitors import App
from tests.factories import PASSWORD, make_photo, make_staff, make_user
from tests.staff import client_of

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SITE = "https://photos.example.org:8443"
OWN_NAMES = [
    "photos.example.org:8443",
    "photos.example.org",
    "photos.example.org:9999",
    "www.old.org",
]
FOREIGN = [
    "evil.example",
    "photos.example.org.evil.example",
    "localhost",
    "127.0.0.1:8443",
    "a b",
    "",
]
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http://photos.example.org:8443/",
    "https://photos.example.org/",
    "https://photos.example.org:9999/",
    "https://photos.example.org:8443@evil.example/",
    "https://photos.example.org:8443.evil.example/",
    "https://www.old.org/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    "\x01https://evil.example",
    " //evil.example",
    "/\r\n//evil.example",
]


@pytest.fixture(autouse=True)
def site(settings: Settings, db: None) -> None:
    settings.SITE_URL, settings.SITE_HOST = SITE, "photos.example.org:8443"
    settings.ALLOWED_HOSTS = ["photos.example.org", "www.old.org"]
    settings.CSRF_TRUSTED_ORIGINS = [SITE]
    settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"


def browser(host: str = "photos.example.org:8443", **options: Any) -> Client:
    return Client(headers={"host": host}, SERVER_PROTOCOL="HTTP/1.1", **options)


def leaves(location: str) -> bool:
    """As a browser reads the header Location of a page of the site."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    is_own = cleaned == SITE or cleaned.startswith(f"{SITE}/")
    return not is_own and (
        cleaned.startswith("//") or bool(re.match(r"[a-z]+:", cleaned, re.IGNORECASE))
    )


@pytest.mark.parametrize("host", OWN_NAMES)
def test_addresses_of_the_api_start_with_site_url(host: str) -> None:
    photo = make_photo()
    client = browser(host)
    client.force_login(photo.album.owner)
    page = client.get("/api/v1/photos/?page_size=1", secure=True)
    body = page.json()["results"][0]
    assert {body[name].startswith(f"{SITE}/api/") for name in ("url", "original_url")} == {True}
    created = client.post("/api/v1/albums/", {"title": "Trip"}, secure=True)
    assert created["Location"].startswith(f"{SITE}/api/")


def test_the_next_page_of_a_list_starts_with_site_url() -> None:
    album = make_photo().album
    make_photo(album)
    client = browser("www.old.org")
    client.force_login(album.owner)
    page = client.get("/api/v1/photos/?page_size=1", secure=True)
    assert page.json()["next"].startswith(f"{SITE}/api/")


@pytest.mark.parametrize("host", OWN_NAMES)
def test_messages_lead_to_site_url(host: str) -> None:
    make_user("ada@example.org")
    for client, address, body in (
        (browser(host), "/accounts/password/reset/", {"email": "ada@example.org"}),
        (browser(host), "/accounts/password/reset/", {"email": "nobody@example.org"}),
        (browser(host), "/accounts/signup/", {"email": "ada@example.org", "password1": PASSWORD}),
    ):
        client.post(address, body, secure=True)
    app = App()
    app.client = browser(host)
    app.ask_for_reset("ada@example.org")
    assert len(mail.outbox) == 4
    links = [
        link for message in mail.outbox for link in re.findall(r"\w+://\S+", str(message.body))
    ]
    assert len(links) >= 8
    assert [link for link in links if not link.startswith(SITE)] == []


def test_http_leads_to_https_at_site_url(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = browser("www.old.org").get("/explore/?page=2")
    assert (response.status_code, response["Location"]) == (301, f"{SITE}/explore/?page=2")


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("address", ["/", "/api/v1/me/", "/admin/", "/_allauth/app/v1/config"])
def test_a_name_that_is_not_the_sites_is_refused(host: str, address: str) -> None:
    response = browser(host).get(address, secure=True)
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_load_balancer_asks_by_the_address_of_the_machine(address: str) -> None:
    assert browser("10.0.0.7:8000").get(address, secure=True).status_code != 400


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_stays_on_this_site(target: str) -> None:
    ada = make_user("ada@example.org")
    login = {"login": ada.email, "password": PASSWORD, "next": target}
    signup = {"email": "new@example.org", "password1": PASSWORD, "next": target}
    member, staff = client_of(ada), client_of(make_staff())
    visits = [
        (browser(), "/accounts/login/", login),
        (browser(), "/accounts/signup/", signup),
        (member, "/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        (member, "/accounts/logout/", {"next": target}),
        (staff, "/admin/logout/", {"next": target}),
    ]
    for client, address, form in visits:
        headers = {"host": "photos.example.org:8443"}
        response = client.post(address, form, secure=True, headers=headers)
        assert response.status_code in (200, 302), address
        assert not leaves(response.headers.get("Location", "/")), address
    for address in ("/accounts/login/", "/admin/login/", "/accounts/signup/"):
        response = client_of(ada).get(address, {"next": target}, secure=True, headers=headers)
        assert not leaves(response.headers.get("Location", "/")), address


@pytest.mark.parametrize("target", ["/explore/", f"{SITE}/explore/"])
def test_next_leads_to_a_page_of_this_site(target: str) -> None:
    form = {"login": make_user().email, "password": PASSWORD, "next": target}
    response = browser().post("/accounts/login/", form, secure=True)
    assert response["Location"] == target


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("photos.example.org:8443", SITE, 302),
        ("www.old.org", "https://www.old.org", 302),
        ("photos.example.org:8443", "https://photos.example.org", 403),
        ("photos.example.org:8443", "https://photos.example.org:9999", 403),
        ("photos.example.org:8443", "http://photos.example.org:8443", 403),
        ("photos.example.org:8443", "https://www.old.org", 403),
        ("photos.example.org:8443", "https://evil.example", 403),
        ("photos.example.org:8443", "null", 403),
    ],
)
def test_a_form_is_taken_from_the_sites_own_pages_only(host: str, origin: str, status: int) -> None:
    client = browser(host, enforce_csrf_checks=True)
    page = client.get("/accounts/login/", secure=True)
    form = {
        "login": make_user().email,
        "password": PASSWORD,
        "csrfmiddlewaretoken": page.context["csrf_token"],
    }
    headers = {"origin": origin}
    assert client.post("/accounts/login/", form, secure=True, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({}, {*LOOPBACK}),
        ({"HOST": "0.0.0.0"}, {*LOOPBACK}),  # noqa: S104  (nobody listens)
        ({"HOST": "::1"}, {*LOOPBACK}),
        ({"HOST": "192.168.1.5"}, {"192.168.1.5"}),
        ({"SITE_URL": "http://x.localhost:8000"}, {"x.localhost", *LOOPBACK}),
        ({"SITE_URL": SITE}, {"photos.example.org"}),
        ({"SITE_URL": SITE, "ALLOWED_HOSTS": ["old.org"]}, {"photos.example.org", "old.org"}),
    ],
)
def test_names_of_this_machine_are_allowed_only_where_the_site_is_there(
    variables: dict[str, Any], names: set[str]
) -> None:
    assert set(Environment(**variables).host_names) == names


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Photos.Example.org/", "https://photos.example.org"),
        ("https://photos.example.org:443", "https://photos.example.org"),
        ("http://photos.example.org:80/", "http://photos.example.org"),
        ("http://photos.example.org:443", "http://photos.example.org:443"),
        ("https://fotos.m\u00fcller.example", "https://fotos.xn--mller-kva.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_site_url_is_kept_as_browsers_write_it(written: str, meant: str) -> None:
    assert meant == Environment(SITE_URL=written).SITE_URL
