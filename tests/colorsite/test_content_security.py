"""What pages may run: scripts of the site's own files, and nothing that stands in the page or is made from text."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from gallery.models import Download
from tests.factories import make_download, photo_of

pytestmark = pytest.mark.django_db


def directives_of(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";")]
    return {name: sources for name, *sources in filter(None, parts)}


def scripts_of(content: str) -> list[str]:
    """The opening tags, without those of data, which nothing runs."""
    tags = re.findall(r"<script[^>]*>", content)
    return [tag for tag in tags if "application/json" not in tag]


def address_of(page: str, download: Download) -> str:
    version = download.colorization
    assert version
    return {
        "photo": photo_of(version).get_absolute_url(),
        "adjust": reverse("gallery:colorization-adjust", args=[version.pk]),
        "download": download.get_absolute_url(),
    }[page]


@pytest.mark.parametrize("page", ["photo", "adjust", "download"])
def test_only_scripts_of_the_site_run(client: Client, page: str) -> None:
    download = make_download()
    client.force_login(download.owner)
    response = client.get(address_of(page, download))
    assert response.status_code == 200
    directives = directives_of(response["Content-Security-Policy"])
    for name in ("script-src", "script-src-elem", "script-src-attr"):
        assert directives.get(name, directives["default-src"]) == ["'self'"]
    content = response.content.decode()
    scripts = scripts_of(content)
    assert scripts
    assert all(re.search(r' src="/[^/]', tag) for tag in scripts)
    assert not re.search(r'\son[a-z]+="|href="javascript:', content)
