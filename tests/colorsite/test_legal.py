"""Privacy, terms and contact: linked from each page, in the operator's words or in honest ones of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

pytestmark = pytest.mark.django_db

NAMES = ["privacy", "terms", "contact"]
DEFAULT = "have not written this page"


@pytest.mark.parametrize("name", NAMES)
def test_each_page_links_to_it(client: Client, name: str) -> None:
    assertContains(client.get("/explore/"), f'href="/{name}/"')


@pytest.mark.parametrize("name", NAMES)
def test_without_a_text_it_says_what_the_software_does(client: Client, name: str) -> None:
    assertContains(client.get(f"/{name}/"), DEFAULT)


@pytest.mark.parametrize("name", NAMES)
def test_the_operators_text_stands_instead(
    client: Client, settings: Settings, tmp_path: Path, name: str
) -> None:
    settings.LEGAL_DIR = tmp_path
    (tmp_path / f"{name}.md").write_text("# Rules\n\nWrite to *us*.")
    page = client.get(f"/{name}/")
    assertContains(page, "<h1>Rules</h1>")
    assertContains(page, "<em>us</em>")
    assertNotContains(page, DEFAULT)


def test_it_may_be_translated(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.LEGAL_DIR = tmp_path
    (tmp_path / "privacy.md").write_text("Private")
    (tmp_path / "privacy.zh-hans.md").write_text("私密")
    assertContains(client.get("/privacy/"), "Private")
    assertContains(client.get("/privacy/", headers={"Accept-Language": "zh-CN"}), "私密")


def test_html_and_scripts_are_only_text(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.LEGAL_DIR = tmp_path
    (tmp_path / "terms.md").write_text("<script>x()</script> [here](javascript:x())")
    page = client.get("/terms/")
    assertNotContains(page, "<script>x()")
    assertNotContains(page, 'href="javascript')
