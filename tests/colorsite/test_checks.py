"""Settings that contradict each other, or the disk, are named when the web server starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from colorsite.checks import check_legal_texts, check_proxies


@pytest.mark.parametrize(
    ("is_https", "proxies", "warnings"),
    [(True, 0, ["colorsite.W001"]), (True, 1, []), (False, 0, []), (False, 1, [])],
)
def test_https_needs_a_trusted_proxy(
    settings: Settings, is_https: bool, proxies: int, warnings: list[str]
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLAUTH_TRUSTED_PROXY_COUNT = is_https, proxies
    assert [each.id for each in check_proxies(None)] == warnings


def test_without_one_a_page_redirects_to_itself(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/privacy/", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == 301
    assert response["Location"] == f"https://{settings.SITE_HOST}/privacy/"


@pytest.mark.parametrize(("name", "warnings"), [("", []), ("legal", ["colorsite.W002"])])
def test_the_folder_of_legal_texts_is_there(
    settings: Settings, tmp_path: Path, name: str, warnings: list[str]
) -> None:
    settings.LEGAL_DIR = tmp_path / name
    assert [each.id for each in check_legal_texts(None)] == warnings
    settings.LEGAL_DIR = None
    assert check_legal_texts(None) == []


def test_the_web_server_makes_these_checks(settings: Settings, tmp_path: Path) -> None:
    settings.SECURE_SSL_REDIRECT, settings.LEGAL_DIR = True, tmp_path / "legal"
    made = {each.id for each in run_checks()}
    assert {"colorsite.W001", "colorsite.W002"} <= made
