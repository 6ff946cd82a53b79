"""What cannot be meant is 400 on pages, API and allauth's API, whatever part of the request it is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.test import Client
from pytest_django.asserts import assertContains
from werkzeug.test import Client as WSGIClient

from colorsite.wsgi import application
from tests.api import assert_problem
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db

PAGE, API, LOGIN = "/albums/new/", "/api/v1/albums/", "/_allauth/app/v1/auth/login"
SIGNUP = "/_allauth/app/v1/auth/signup"
# A session key as long as those that are looked up.
NUL_COOKIE = 'sessionid="' + "a" * 32 + '\\000"'


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user())
    return client


def is_refused(response: Any, path: str) -> bool:
    """In the way of the address: a page or problem details."""
    assert response.status_code == 400, response.content[:500]
    if path.startswith(("/api/", "/_allauth/")):
        return bool(assert_problem(response, 400, "parse_error"))
    return "We couldn't understand that request" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/healthz", API, LOGIN])
@pytest.mark.parametrize("part", ["path", "query", "cookie", "header"])
def test_nul_is_refused_wherever_it_is(client: Client, path: str, part: str) -> None:
    address = {"path": path + "%00", "query": path + "?q=%00"}.get(part, path)
    headers = {"cookie": {"Cookie": NUL_COOKIE}, "header": {"X-Session-Token": "a\0"}}
    assert is_refused(client.get(address, headers=headers.get(part, {})), path)


def test_nul_is_refused_in_the_searches_of_staff(client: Client) -> None:
    client.force_login(make_staff())
    for query in ("q=%00", "content_type__exact=%00", "%00=1"):
        assert client.get(f"/admin/filestore/storedfile/?{query}").status_code == 400


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "a\udfff"])
@pytest.mark.parametrize("path", [API, LOGIN, SIGNUP])
@pytest.mark.parametrize("place", ["value", "name", "list"])
def test_text_that_cannot_be_stored_in_json(
    member: Client, path: str, text: str, place: str
) -> None:
    body = {"value": {"title": text}, "name": {text: 1}, "list": {"title": [[{"a": text}]]}}[place]
    assert is_refused(member.post(path, json.dumps(body), "application/json"), path)


@pytest.mark.parametrize("path", [PAGE, API])
@pytest.mark.parametrize("place", ["value", "name"])
def test_text_that_cannot_be_stored_in_forms(member: Client, path: str, place: str) -> None:
    form = {"title": "a\0"} if place == "value" else {"title": "a", "b\0": "c"}
    assert is_refused(member.post(path, form), path)


@pytest.mark.parametrize("path", [API, LOGIN, SIGNUP])
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"a":' * 40 + "1" + "}" * 40,
        '{"title": ' + "9" * 5_000 + "}",
        '{"title": ' + "9" * 101 + "}",
        '{"title": NaN}',
        '{"title": -Infinity}',
        '{"title": 1e999}',
        '{"title": ',
        b"\xff\xfe{}",
        b'{"title": "\xff"}',
    ],
    ids=range(11),
)
def test_json_that_nobody_means(member: Client, path: str, body: str | bytes) -> None:
    assert is_refused(member.post(path, body, "application/json"), path)


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "5", "true"])
def test_json_that_is_no_object(member: Client, body: str) -> None:
    assert is_refused(member.post(LOGIN, body, "application/json"), LOGIN)
    assert_problem(member.post(API, body, "application/json"), 400, "invalid")


def test_json_as_deep_as_somebody_can_mean_is_read(member: Client) -> None:
    body = '{"title": "Trip", "notes": ' + "[" * 30 + "]" * 30 + "}"
    assert member.post(API, body, "application/json").status_code == 201


@pytest.fixture
def wsgi() -> Iterator[WSGIClient]:
    """Without Django's test client, which reads the content type itself."""
    # Both end the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    yield WSGIClient(application)
    request_started.connect(reset_queries)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("path", ["/", API, LOGIN])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=foo",
        "application/json; charset=base64",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded; charset=latin-1",
        "multipart/form-data; boundary=x; charset=utf-7",
        "multipart/form-data; boundary=x; charset=idna",
        "text/plain; a*=nope''x",
        "text/plain; a*0=b; a*1=c; a*=d",
        "text/plain; charset=a\u0430".encode().decode("latin-1"),
    ],
)
def test_text_in_other_encodings_than_utf8_is_refused(
    wsgi: WSGIClient, path: str, method: str, content_type: str
) -> None:
    response = wsgi.open(f"{path}?a=%41", method=method, content_type=content_type, data=b"--x--")
    assert response.status_code == 400
    assert ("json" in str(response.content_type)) == (path != "/")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/json; charset=UTF8", "text/html; charset=us-ascii"],
)
def test_a_usual_content_type_is_let_through(wsgi: WSGIClient, content_type: str) -> None:
    assert wsgi.get("/", content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Content-Disposition: form-data; name*0=a; name*1=b; name*=x",
        "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; a*0=b; a*1=c; a*=d",
    ],
)
@pytest.mark.parametrize("path", [PAGE, "/nowhere/", "/api/v1/photos/"])
def test_a_part_whose_headers_cannot_be_read(member: Client, path: str, header: str) -> None:
    body = f"--x\r\n{header}\r\n\r\ntext\r\n--x--\r\n"
    response = member.post(path, body, "multipart/form-data; boundary=x")
    assert response.status_code == (404 if path == "/nowhere/" else 400)
    assert path == "/nowhere/" or is_refused(response, path)


HEADLESS = {
    "auth/session": {"GET", "HEAD", "DELETE"},
    "auth/login": {"POST"},
    "auth/password/reset": {"GET", "HEAD", "POST"},
    "account/email": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
    "config": {"GET", "HEAD"},
}


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"]
)
@pytest.mark.parametrize("name", HEADLESS)
def test_allauths_api_knows_its_methods(client: Client, name: str, method: str) -> None:
    path = f"/_allauth/app/v1/{name}"
    response = client.generic(method, path)
    assert (response.status_code != 405) == (method in HEADLESS[name])
    if response.status_code == 405:
        assert set(response["Allow"].split(", ")) == HEADLESS[name] | {"OPTIONS"}
        assert method == "HEAD" or response.json()["errors"][0]["code"] == "method_not_allowed"
    if method == "HEAD" and response.status_code != 405:
        assert response.status_code == client.get(path).status_code
        assert response.content == b""


def test_allauths_api_names_its_methods(client: Client) -> None:
    response = client.options("/_allauth/app/v1/auth/session")
    assert response.status_code == 200
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "DELETE", "OPTIONS"}


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/"])
def test_an_address_that_no_mail_can_be_sent_to(client: Client, path: str) -> None:
    form = {"email": "a@xn--\u00e9.org", "password1": "a long enough password"}
    assertContains(client.post(path, form), "Enter a valid email address.")


@pytest.mark.parametrize("path", ["account/phone", "auth/phone/verify", "auth/phone/verify/resend"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_allauths_addresses_for_phones_are_none(member: Client, path: str, method: str) -> None:
    response = member.generic(method, f"/_allauth/app/v1/{path}")
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "not_found"
