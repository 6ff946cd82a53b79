"""What a browser never sends in place of a passkey is a wrong one, not an error of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.accounts.visitors import App, Browser
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"
RESPONSE = {"clientDataJSON": "e30", "attestationObject": "oA"}
ASSERTION = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
JUNK: list[Any] = [
    {},
    [],
    [1],
    None,
    1,
    "x",
    True,
    {"id": 1},
    {"id": "x", "rawId": "x", "type": "public-key"},
    {"id": "x", "rawId": "x", "type": "public-key", "response": None},
    {"id": "x", "rawId": "x", "type": "public-key", "response": []},
    {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": RESPONSE},
    {"id": "AA", "rawId": "AA", "type": "other", "response": RESPONSE},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": ASSERTION},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": {**ASSERTION, "userHandle": 5}},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": {**ASSERTION, "userHandle": "_"}},
    {"id": "AA", "rawId": "BB", "type": "public-key", "response": {**RESPONSE, "x": "\udcff"}},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(RESPONSE, 7)},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(RESPONSE, "*")},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(ASSERTION, "gA")},
]
every_junk = pytest.mark.parametrize(
    "junk", [pytest.param(junk, id=str(number)) for number, junk in enumerate(JUNK)]
)


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL, settings.SITE_HOST = "http://localhost", "localhost"


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


@every_junk
def test_on_pages(ada: User, junk: Any) -> None:
    form = {"credential": json.dumps(junk), "name": "x"}
    browser = Browser()
    browser.client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert browser.client.post(reverse("mfa_login_webauthn"), form).status_code in (302, 400)
    browser.log_in(ADA)
    browser.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        browser.client.get(reverse(name))
        assert browser.client.post(reverse(name), form).status_code in (200, 302, 400)
    assert not ada.authenticator_set.exists()  # type: ignore[attr-defined]


@every_junk
def test_in_the_api(ada: User, junk: Any) -> None:
    app = App()
    app.send("GET", "auth/webauthn/login")
    assert app.send("POST", "auth/webauthn/login", credential=junk).status_code in (400, 401)
    app.log_in(ADA)
    app.send("POST", "auth/reauthenticate", password=PASSWORD)
    app.send("GET", "account/authenticators/webauthn")
    address = "account/authenticators/webauthn"
    assert app.send("POST", address, credential=junk, name="x").status_code == 400
    app.send("GET", "auth/webauthn/reauthenticate")
    assert app.send("POST", "auth/webauthn/reauthenticate", credential=junk).status_code == 400
