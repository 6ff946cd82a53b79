"""An account from its beginning to its end, as an app goes through it: over HTTP, against a running server."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.accounts.factors import code_of
from tests.accounts.visitors import NEW_PASSWORD, code_for
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ADA = "ada@example.org"


class Device:
    """An app on a phone or a tablet, with its token."""

    def __init__(self, site: str, name: str) -> None:
        self._site = site
        self._name = name
        self._token = ""

    def send(self, method: str, path: str, status: int, **body: Any) -> Any:
        """Returns the JSON of the answer, which has to have this status."""
        found, answer = self._ask(method, path, json.dumps(body).encode() if body else None)
        assert found == status, answer
        self._token = answer.get("meta", {}).get("session_token", self._token)
        return answer

    def account(self, method: str, path: str, status: int, **body: Any) -> Any:
        return self.send(method, f"/_allauth/app/v1/{path}", status, **body)

    def api(self, method: str, path: str, status: int, **body: Any) -> Any:
        return self.send(method, f"/api/v1/{path}", status, **body)

    def log_in(self, password: str, second: str) -> None:
        """
        Args:
            second: the code of the authenticator app, or a recovery code.
        """
        self._token = ""
        asked = self.account("POST", "auth/login", 401, email=ADA, password=password)
        assert "mfa_authenticate" in [flow["id"] for flow in asked["data"]["flows"]]
        self.api("GET", "me/", 401)
        self.account("POST", "auth/2fa/authenticate", 200, code=second)

    def make_key(self) -> str:
        made: dict[str, str] = self.api("POST", "me/api-keys/", 201, name="Script", scope="write")
        return made["key"]

    def _headers(self) -> dict[str, str]:
        token = {"X-Session-Token": self._token} if self._token else {}
        return {"User-Agent": self._name, "Content-Type": "application/json", **token}

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        with closing(HTTPConnection(urlsplit(self._site).netloc)) as connection:
            connection.request(method, path, body, self._headers())
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or "{}")


class Script(Device):
    """A program with an API key."""

    def __init__(self, site: str, key: str) -> None:
        super().__init__(site, "Script")
        self._key = key

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}


def test_from_sign_up_to_the_end(live_server: LiveServer, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    phone, tablet = Device(live_server.url, "Phone"), Device(live_server.url, "Tablet")

    phone.account("POST", "auth/signup", 401, email=ADA, password=PASSWORD)
    phone.api("GET", "me/", 401)
    phone.account("POST", "auth/email/verify", 200, key=code_for(ADA))
    assert phone.api("GET", "me/", 200)["email"] == ADA
    phone.api("PATCH", "me/", 200, name="Ada", language="en", theme="dark", mail_when_done=True)

    # An authenticator app, and codes for the day it is lost.
    secret = phone.account("GET", "account/authenticators/totp", 404)["meta"]["secret"]
    phone.account("POST", "account/authenticators/totp", 401, code=code_of(secret))
    phone.account("POST", "auth/reauthenticate", 200, password=PASSWORD)
    phone.account("POST", "account/authenticators/totp", 200, code=code_of(secret))
    recovery = phone.account("GET", "account/authenticators/recovery-codes", 200)
    *codes, last = recovery["data"]["unused_codes"]
    tablet.log_in(PASSWORD, code_of(secret))

    # Where the account is open; the phone logs the tablet out.
    sessions = phone.account("GET", "auth/sessions", 200)["data"]
    others = [each for each in sessions if not each["is_current"]]
    assert [each["user_agent"] for each in others] == ["Tablet"]
    phone.account("DELETE", "auth/sessions", 200, sessions=[each["id"] for each in others])
    tablet.api("GET", "me/", 401)

    # A new password ends what else is open: the tablet and the key.
    tablet.log_in(PASSWORD, codes.pop())
    old = Script(live_server.url, phone.make_key())
    old.api("GET", "albums/", 200)
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    phone.account("POST", "account/password/change", 200, **change)
    phone.api("GET", "me/", 200)
    tablet.api("GET", "me/", 401)
    old.api("GET", "albums/", 401)
    assert phone.api("GET", "me/api-keys/", 200)["results"] == []

    # A key does what it is for, and nothing to the account.
    script = Script(live_server.url, phone.make_key())
    script.api("POST", "albums/", 201, title="Harbor")
    script.api("GET", "me/api-keys/", 403)
    script.api("POST", "me/deletion/", 403)
    assert phone.api("GET", "me/storage/", 200)["bytes_used"] == 0

    # Everything is taken along, then the account is closed, kept, and closed again.
    export = phone.api("POST", "archives/", 202, content="everything")
    assert export["state"] == "queued"
    phone.api("POST", "me/deletion/", 200)
    for closed in (phone, script):
        closed.api("GET", "me/", 401)
    phone.log_in(NEW_PASSWORD, codes.pop())
    assert phone.api("GET", "me/", 200)["deletion_due_at"] is not None
    assert phone.api("GET", "albums/", 403)["code"] == "account_closed"
    assert phone.api("DELETE", "me/deletion/", 200)["deletion_due_at"] is None
    assert [each["title"] for each in phone.api("GET", "albums/", 200)["results"]] == ["Harbor"]
    assert phone.api("POST", "me/deletion/", 403)["code"] == "reauthentication_required"
    phone.account("POST", "auth/reauthenticate", 200, password=NEW_PASSWORD)
    phone.api("POST", "me/deletion/", 200)
    tablet.log_in(NEW_PASSWORD, last)
    assert tablet.api("GET", "me/", 200)["deletion_due_at"] is not None
