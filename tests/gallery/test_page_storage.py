"""What the storage is filled with, and what makes room."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from colorizer.models import Colorization, PicturePack
from filestore.services import usage_by_purpose, usage_of
from gallery import storage
from gallery.models import Photo
from gallery.services import trash_photos
from tests.factories import (
    begin_upload,
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_pack,
    make_photo,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db

STORAGE = "/settings/storage/"


@pytest.fixture
def ada(client: Client) -> User:
    ada = make_user()
    client.force_login(ada)
    make_colorization(make_photo(make_album(ada, "Harbor")))
    return ada


def test_it_names_each_kind(client: Client, ada: User) -> None:
    page = client.get(STORAGE)
    for label in ("Originals", "Colored photos", "Previews for the screen"):
        assertContains(page, label)
    for label in ("Zip files</span>", "Other files"):
        assertNotContains(page, label)


def test_the_kinds_are_all_that_is_kept(ada: User) -> None:
    kinds = storage.kinds(usage_by_purpose(ada), usage_of(ada))
    assert sum(kind.bytes for kind in kinds) == usage_of(ada)
    assert kinds[-1].start + kinds[-1].width == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("quota", [None, 1])
def test_zip_files_have_room_in_the_bar(ada: User, quota: int | None) -> None:
    make_archive(ada.albums.get())
    last = storage.kinds(usage_by_purpose(ada), quota)[-1]
    assert last.name == "archives"
    assert last.start + last.width == pytest.approx(100, abs=0.01)


def test_with_a_quota_it_tells_what_is_free(client: Client, ada: User, settings: Settings) -> None:
    settings.QUOTA_BYTES = 2**30
    assertContains(client.get(STORAGE), "of 1.0")
    assertContains(client.get(STORAGE), "free")


def test_no_style_stands_in_the_page(client: Client, ada: User) -> None:
    """The content security policy would drop it."""
    assertNotContains(client.get(STORAGE), "style=")
    assert "default-src" in client.get(STORAGE)["Content-Security-Policy"]


def test_the_trash_says_what_it_holds(client: Client, ada: User) -> None:
    assertNotContains(client.get(STORAGE), "in the trash")
    trash_photos(list(Photo.objects.all()))
    page = client.get(STORAGE)
    assert page.context["trash_bytes"] == usage_of(ada)
    assertContains(page, "in the trash")
    assertContains(page, 'href="/trash/"')


def test_uploads_under_way_take_room(client: Client, ada: User, settings: Settings) -> None:
    settings.QUOTA_BYTES = 2**30
    content = picture_bytes()
    begin_upload(ada, content, length=len(content) + 1000)
    page = client.get(STORAGE)
    assertContains(page, "kept free for uploads")
    assert page.context["bytes_free"] == 2**30 - usage_of(ada) - 1000


def test_the_largest_albums_lead_to_what_may_go(client: Client, ada: User) -> None:
    make_album(ada, "Empty")
    page = client.get(STORAGE)
    assertContains(page, "Harbor")
    assertNotContains(page, "Empty")


def test_an_empty_account_has_a_page(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(STORAGE).status_code == 200


def test_what_lasts_for_a_while_only_does_not_count(ada: User) -> None:
    before = storage.overview(ada).bytes_used
    version = Colorization.objects.get(owner=ada)
    make_download(version)
    make_pack(version.source, PicturePack.Content.STYLES, ["stable-20"])
    assert storage.overview(ada).bytes_used == before == usage_of(ada)
