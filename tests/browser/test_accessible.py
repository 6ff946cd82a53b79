"""Every page that the site has for members and visitors: by the rules of axe, and beside the panel of uploads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from gallery import details, services
from gallery.arranging import add_section
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.panel_place import SCREENS, covered_controls, while_something_is_colored
from tests.browser.uploading import panel
from tests.factories import (
    PASSWORD,
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_photo,
    picture_bytes,
)
from tests.fuzz.routes import routes

# For programs, or of Django and for staff.
OTHERS: Final = ("/admin/", "/api/", "/_allauth/")


@pytest.fixture
def keys(member: User) -> Mapping[str, object]:
    """Of objects, by the part of an address that they follow."""
    album = make_album(member, "Harbor", public=True)
    add_section(album, "1932")
    photo, copy, other = make_photo(album), make_photo(album), make_photo(album, picture_bytes(80))
    details.edit_photo(photo, {"place": "Trieste"}, people=["Anna"], tags=["sea"])
    version = make_colorization(photo)
    make_colorization(copy, Job.State.QUEUED)
    for variant in ("stable", "artistic"):
        make_colorization(other, Job.State.FAILED, variant)
    services.set_favorite(photo, True)
    gone = make_album(member, "Attic")
    make_photo(gone)
    services.trash_album(gone)
    return {
        "albums": album.pk,
        "trash/albums": gone.pk,
        "photos": photo.pk,
        "colorizations": version.pk,
        "archives": make_archive(album).pk,
        "downloads": make_download(version).pk,
        "people": photo.people.get().pk,
        "tags": photo.tags.get().pk,
    }


def pages(client: Client, keys: Mapping[str, object]) -> Iterator[str]:
    """The addresses that show a whole page."""
    for route in routes():
        before, _, _ = route.partition("/%(")
        address = route.replace("%(pk)s", str(keys.get(before.strip("/"), "")))
        if "%(" in address or "//" in address or address.startswith(OTHERS):
            continue
        response = client.get(address)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_html and b"</html>" in response.content:
            yield address


def with_session_of(context: BrowserContext) -> Client:
    """And the password given again: without it some pages are shown to nobody."""
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookies[settings.SESSION_COOKIE_NAME]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_no_page_of_a_member_breaks_a_rule_or_has_a_control_under_the_panel(
    context: BrowserContext,
    page: Page,
    member: User,
    keys: Mapping[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gallery.views.albums.PHOTOS_PER_PAGE", 2)
    monkeypatch.setattr("gallery.views.activity.JOBS_PER_PAGE", 1)
    while_something_is_colored(page, member)
    addresses = list(pages(with_session_of(context), keys))
    assert len(addresses) > 55
    broken, covered = {}, {}
    for address in addresses:
        page.set_viewport_size(SCREENS[0])
        broken[address] = violations(page, address)
        if address != "/offline/":  # has no panel: it says itself what has not been sent
            expect(panel(page)).to_be_visible()
            covered[address] = covered_controls(page)
    assert found(broken) == {}
    assert found(covered) == {}


def test_no_page_of_a_visitor_breaks_a_rule(
    context: BrowserContext, page: Page, keys: Mapping[str, object]
) -> None:
    context.clear_cookies()
    page.emulate_media(reduced_motion="reduce")
    addresses = list(pages(Client(), keys))
    assert len(addresses) > 10
    assert found({address: violations(page, address) for address in addresses}) == {}


def found(by_address: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return {address: each for address, each in by_address.items() if each}
