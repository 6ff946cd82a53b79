"""Duplicates: photos with the same bytes side by side; one stays, the others go to the trash."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects

from filestore.models import StoredFile
from gallery.models import Album, Photo
from gallery.views import duplicates
from tests.bulk import add_bare_photos, add_photos
from tests.factories import make_album, make_photo, make_user, picture_bytes

pytestmark = pytest.mark.django_db

ADDRESS = reverse("gallery:duplicates")


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user(), "Attic")
    client.force_login(album.owner)
    return album


def copies(album: Album, number: int, digit: str = "a") -> list[Photo]:
    """Photos whose files have the same checksum."""
    photos = add_bare_photos(album, number)
    originals = StoredFile.objects.filter(photo__in=photos)
    originals.update(sha256=digit * 64)
    return photos


def groups(client: Client, page: int = 1) -> list[list[Photo]]:
    found: list[list[Photo]] = client.get(ADDRESS, {"page": page}).context["groups"]
    return found


def keep(client: Client, photo: Photo) -> int:
    return client.post(reverse("gallery:photo-keep", args=[photo.pk])).status_code


def test_a_file_that_was_uploaded_twice_is_found(client: Client, album: Album) -> None:
    other = make_album(album.owner, "Trip")
    first, second = make_photo(album), make_photo(other)
    make_photo(album, picture_bytes(80, 60))
    make_photo(make_album())
    assert groups(client) == [[first, second]]
    page = client.get(ADDRESS)
    for album_title in ("Attic", "Trip"):
        assertContains(page, f">{album_title}</a>")


def test_what_is_there_once_is_no_duplicate(client: Client, album: Album) -> None:
    copies(album, 1)
    copies(make_album(), 2)
    (trashed,) = copies(album, 1)
    Photo.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
    assertContains(client.get(ADDRESS), "No duplicates")


def test_the_others_go_to_the_trash_and_come_back(client: Client, album: Album) -> None:
    _, second, _ = copies(album, 3)
    theirs = copies(make_album(), 1)
    assert keep(client, second) == 302
    assert set(Photo.objects.kept()) == {second, *theirs}
    page = client.get(ADDRESS)
    assertContains(page, "2 photos are in the trash.")
    assertContains(page, reverse("gallery:trash-undo"))


def test_of_what_was_decided_in_another_tab_one_stays(client: Client, album: Album) -> None:
    first, second = copies(album, 2)
    assert keep(client, first) == 302
    assert keep(client, second) == 404
    assert keep(client, first) == 302
    assert list(Photo.objects.kept()) == [first]


def test_of_all_the_first_stay_after_a_question_that_counts(client: Client, album: Album) -> None:
    first = [copies(album, 3, digit)[0] for digit in "ab"]
    alone = make_photo(album)
    theirs = copies(make_album(), 2)
    address = reverse("gallery:duplicates-keep")
    assertContains(client.get(address), "Move 4 copies to the trash?")
    page = client.post(address, follow=True)
    assertContains(page, "4 photos are in the trash.")
    assertContains(page, reverse("gallery:trash-undo"))
    assert set(Photo.objects.kept()) == {*first, alone, *theirs}
    assertRedirects(client.get(address), ADDRESS)
    assertRedirects(client.post(address), ADDRESS)


def test_it_leads_back(client: Client, album: Album) -> None:
    first, _ = copies(album, 2)
    assertRedirects(client.post(reverse("gallery:photo-keep", args=[first.pk])), ADDRESS)


def test_many_come_in_pages(client: Client, album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "GROUPS_PER_PAGE", 2)
    found = [copies(album, 2, digit) for digit in "abc"]
    assert groups(client) + groups(client, 2) == found


@pytest.mark.parametrize("rows", [3, 30])
def test_more_photos_do_not_cost_more_queries(
    client: Client, album: Album, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_photos(album, rows)
    # session, user, notices, checksums, files, photos, colorizations
    with django_assert_num_queries(7):
        assert [len(group) for group in groups(client)] == [rows]
