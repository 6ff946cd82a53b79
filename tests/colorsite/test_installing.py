"""What a browser asks for to install the site."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_site_and_icons_that_are_there(
    client: Client, settings: Settings
) -> None:
    settings.SITE_NAME = "Attic"
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["name"] == "Attic"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_service_worker_is_for_the_whole_site_and_always_fresh(client: Client) -> None:
    response = client.get("/service-worker.js")
    assert response["Content-Type"] == "text/javascript"
    assert "no-cache" in response["Cache-Control"]
    for name in re.findall(r'"/static/([^"]+)"', response.content.decode()):
        assert finders.find(name), name


def test_the_page_without_a_line_has_nothing_personal(client: Client) -> None:
    member = make_user()
    client.force_login(member)
    response = client.get("/offline/")
    assertContains(response, "No connection")
    assertNotContains(response, member.email)


@pytest.mark.parametrize("address", ["/", "/accounts/login/"])
def test_pages_name_the_manifest(client: Client, address: str) -> None:
    assertContains(client.get(address), 'rel="manifest" href="/manifest.webmanifest"')
