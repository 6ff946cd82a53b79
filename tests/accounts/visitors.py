"""People who sign up, log in and prove their addresses, by the pages or by the API: the same promises hold for both."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import Any

from django.core import mail
from django.test import Client

from tests.factories import PASSWORD, make_upload

CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)
RESET_LINK = re.compile(r"https?://[^/\s]+/accounts/password/reset/key/(\S+)/")
NEW_PASSWORD = "a new and longer password"
APP = "/_allauth/app/v1"


class Visitor(ABC):
    """One device with its cookies or its token."""

    def __init__(self) -> None:
        self.client = Client()

    @property
    def headers(self) -> dict[str, str]:
        return {}

    @abstractmethod
    def sign_up(self, email: str, password: str = PASSWORD) -> Any: ...

    @abstractmethod
    def log_in(self, email: str, password: str = PASSWORD) -> Any: ...

    @abstractmethod
    def add_address(self, email: str) -> Any: ...

    @abstractmethod
    def make_main(self, email: str) -> Any: ...

    @abstractmethod
    def enter_code(self, code: str) -> Any: ...

    @abstractmethod
    def ask_for_reset(self, email: str) -> Any: ...

    @abstractmethod
    def reset(self, key: str, password: str = NEW_PASSWORD) -> Any: ...

    @abstractmethod
    def change_password(self, old: str, new: str) -> Any: ...

    def account(self) -> int | None:
        """The id of the account that this device is logged in to."""
        response = self.client.get("/api/v1/me/", headers=self.headers)
        return int(response.json()["id"]) if response.status_code == 200 else None

    def upload(self) -> str:
        """Returns the address of the original."""
        response = self.client.post(
            "/api/v1/photos/", {"image": make_upload()}, headers=self.headers
        )
        assert response.status_code == 201, response.content
        return str(response.json()["original_url"])

    def may_fetch(self, address: str) -> bool:
        return bool(self.client.get(address, headers=self.headers).status_code == 200)

    def get_in(self, email: str) -> None:
        """Sign up, and do what the page or the message says, as the owner of the mailbox can."""
        mail.outbox.clear()
        self.sign_up(email)
        if self.account() is None and (code := code_for(email)):
            self.enter_code(code)
        if self.account() is None:
            self.ask_for_reset(email)
            self.reset(reset_key_for(email))
            self.log_in(email, NEW_PASSWORD)


class Browser(Visitor):
    def sign_up(self, email: str, password: str = PASSWORD) -> Any:
        return self.client.post("/accounts/signup/", {"email": email, "password1": password})

    def log_in(self, email: str, password: str = PASSWORD) -> Any:
        return self.client.post("/accounts/login/", {"login": email, "password": password})

    def add_address(self, email: str) -> Any:
        return self.client.post("/accounts/email/", {"action_add": "", "email": email})

    def make_main(self, email: str) -> Any:
        return self.client.post("/accounts/email/", {"action_primary": "", "email": email})

    def enter_code(self, code: str) -> Any:
        return self.client.post("/accounts/confirm-email/", {"action": "verify", "code": code})

    def ask_for_reset(self, email: str) -> Any:
        return self.client.post("/accounts/password/reset/", {"email": email})

    def reset(self, key: str, password: str = NEW_PASSWORD) -> Any:
        page = self.client.get(f"/accounts/password/reset/key/{key}/", follow=True)
        form = {"password1": password, "password2": password}
        return self.client.post(page.request["PATH_INFO"], form)

    def change_password(self, old: str, new: str) -> Any:
        form = {"oldpassword": old, "password1": new, "password2": new}
        return self.client.post("/accounts/password/change/", form)


class App(Visitor):
    token = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Session-Token": self.token} if self.token else {}

    def send(self, method: str, address: str, **body: Any) -> Any:
        response = self.client.generic(
            method,
            f"{APP}/{address}",
            json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )
        if response.headers.get("Content-Type") == "application/json":
            self.token = response.json().get("meta", {}).get("session_token", self.token)
        return response

    def sign_up(self, email: str, password: str = PASSWORD) -> Any:
        return self.send("POST", "auth/signup", email=email, password=password)

    def log_in(self, email: str, password: str = PASSWORD) -> Any:
        self.token = ""
        return self.send("POST", "auth/login", email=email, password=password)

    def add_address(self, email: str) -> Any:
        return self.send("POST", "account/email", email=email)

    def make_main(self, email: str) -> Any:
        return self.send("PATCH", "account/email", email=email, primary=True)

    def enter_code(self, code: str) -> Any:
        return self.send("POST", "auth/email/verify", key=code)

    def ask_for_reset(self, email: str) -> Any:
        return self.send("POST", "auth/password/request", email=email)

    def reset(self, key: str, password: str = NEW_PASSWORD) -> Any:
        return self.send("POST", "auth/password/reset", key=key, password=password)

    def change_password(self, old: str, new: str) -> Any:
        body = {"current_password": old, "new_password": new}
        return self.send("POST", "account/password/change", **body)


def mails_to(email: str) -> list[str]:
    """What lies in the mailbox, newest first."""
    sent = [message for message in mail.outbox if message.to == [email]]
    return [str(message.body) for message in reversed(sent)]


def code_for(email: str) -> str | None:
    for body in mails_to(email):
        if code := CODE.search(body):
            return code[0]
    return None


def reset_key_for(email: str) -> str:
    keys = [link[1] for body in mails_to(email) if (link := RESET_LINK.search(body))]
    assert keys, f"There is no link in {mails_to(email)}"
    return keys[0]
