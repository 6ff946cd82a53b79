"""SITE_NAME is what the site is called, in pages, staff pages and mails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error
from pytest_django import Settings

from colorsite.environment import BASE_DIR, Environment
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.slow

NAME = "Old Town Photographs"


@pytest.fixture(autouse=True)
def _name(settings: Settings) -> None:
    settings.SITE_NAME = NAME


@pytest.mark.django_db
def test_pages_bear_the_name(client: Client) -> None:
    content = client.get(reverse("gallery:home")).content.decode()
    assert f"· {NAME}</title>" in content
    assert "Tintype" not in content


def test_the_page_for_our_own_faults_bears_it_without_any_context(rf: RequestFactory) -> None:
    content = server_error(rf.get("/")).content.decode()
    assert f"· {NAME}</title>" in content
    assert "Tintype" not in content


@pytest.mark.django_db
def test_mails_name_the_site_and_no_machine(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    user = make_user("ada@example.org")
    mails = [
        ("account_signup", {"email": "new@example.org", "password1": PASSWORD}),
        ("account_reset_password", {"email": user.email}),
        ("account_reset_password", {"email": "nobody@example.org"}),
    ]
    for address, form in mails:
        Client().post(reverse(address), form, headers={"host": "localhost:8123"})
    assert len(mail.outbox) == len(mails)
    for message in mail.outbox:
        body = str(message.body)
        assert NAME in body
        assert not body.startswith("Hello from")
        assert "localhost" not in body
        assert "example.com" not in body


def test_a_mail_is_signed_with_name_and_address(settings: Settings) -> None:
    settings.SITE_NAME, settings.SITE_URL = "Ada & Co", "https://photos.example.org"
    body = render_to_string("account/email/base_message.txt")
    assert body.strip().endswith("Ada & Co\nhttps://photos.example.org")


def test_staff_pages_api_and_mails_are_named_by_the_variable() -> None:
    code = """
import django; django.setup()
from django.conf import settings
from django.contrib import admin
print(admin.site.site_header, admin.site.site_title, sep="\\n")
print(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX, settings.DEFAULT_FROM_EMAIL, sep="\\n")
print(settings.SPECTACULAR_SETTINGS["TITLE"])
"""
    response = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "colorsite.settings", "SITE_NAME": NAME},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    sender = f"{NAME} <tintype@localhost>"
    assert response.stdout.splitlines() == [NAME, NAME, f"[{NAME}] ", sender, NAME]


def test_a_name_that_needs_quotes_is_quoted_in_the_sender() -> None:
    sender = Environment(SITE_NAME="Ada, Bob & Co").DEFAULT_FROM_EMAIL
    assert sender == '"Ada, Bob & Co" <tintype@localhost>'
