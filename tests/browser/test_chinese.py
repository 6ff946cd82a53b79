"""The site in Simplified Chinese, on a desktop and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.accessibility import violations
from tests.factories import make_album, make_colorization, make_photo

SETTINGS = ("", "preferences/", "security/", "storage/", "api-keys/")
# Three words in a row that are neither names nor addresses.
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")
TEXTS = """() => [
  document.title,
  ...document.body.innerText.split("\\n"),
  ...[...document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")].flatMap((element) =>
    ["aria-label", "title", "placeholder", "alt"].map((name) => element.getAttribute(name) ?? "")),
]"""


@pytest.fixture
def addresses(member: User) -> list[str]:
    version = make_colorization(make_photo(make_album(member, "港口"), name="扫描.jpg"))
    photo = version.source.photo
    # As somebody chooses it in the settings; the next page is in it.
    User.objects.filter(pk=member.pk).update(language="zh-hans")
    return [
        "/",
        photo.album.get_absolute_url(),
        photo.get_absolute_url(),
        "/upload/",
        "/search/?q=港口",
        "/timeline/",
        "/trash/",
        "/activity/",
        *(f"/settings/{name}" for name in SETTINGS),
    ]


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_chinese_accessible_and_fit(page: Page, addresses: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for address in addresses:
        assert violations(page, address) == [], address
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        english = [text for text in page.evaluate(TEXTS) if ENGLISH.search(text)]
        assert english == [], address
