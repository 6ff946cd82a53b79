"""The order of an album's photos: by upload, by date taken, or by hand. Ties are never left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import User
from gallery import arranging, services, uploads
from gallery.models import Album, Photo
from tests.factories import begin_upload, make_album, make_photo, make_upload, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner)


@pytest.fixture
def photos(album: Album) -> list[Photo]:
    """a was uploaded first."""
    return [make_photo(album, name=name) for name in "abcd"]


def shown(client: Client, album: Album) -> str:
    page = client.get(album.get_absolute_url()).context["page"]
    return "".join(photo.original_name for photo in page)


def order(client: Client, album: Album, name: str) -> int:
    address = reverse("gallery:album-order", args=[album.pk])
    return client.post(address, {"photo_order": name}).status_code


def test_photos_that_were_uploaded_together_keep_their_order(client: Client, album: Album) -> None:
    make_photo(album, name="a")
    for name in "bcd":
        upload = begin_upload(
            album.owner, picture_bytes(), filename=name, batch="b", album=str(album.pk)
        )
        uploads.add_upload(upload)
    make_photo(album, name="e")
    services.add_photos_and_colorize(
        album, [make_upload(name=name) for name in "fgh"], "stable", 20
    )
    assert shown(client, album) == "fghebcda"
    order(client, album, "oldest")
    assert shown(client, album) == "abcdefgh"


def test_a_name_of_a_batch_that_is_used_for_ever_begins_a_new_batch_each_day(album: Album) -> None:
    for days in (2, 1, 0):
        for name in "ab":
            upload = begin_upload(
                album.owner, picture_bytes(), filename=name, batch="scanner", album=str(album.pk)
            )
            uploads.add_upload(upload)
        for photo in album.photos.all():
            photo.created_at -= timedelta(days=1 if days else 0)
            photo.save()
    times = [photo.created_at for photo in album.photos.all()]
    assert [times.count(time) for time in times] == [2] * 6


def test_the_newest_upload_is_first_unless_the_owner_wants_it_otherwise(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    assert shown(client, album) == "dcba"
    assert order(client, album, "oldest") == 302
    assert shown(client, album) == "abcd"
    assert order(client, album, "sideways") == 400
    assert shown(client, album) == "abcd"


def test_photos_without_a_date_come_after_those_with_one(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    for photo, year in zip(photos[1:3], (1938, 1931), strict=True):
        Photo.objects.filter(pk=photo.pk).update(
            date_precision="year", taken_from=date(year, 1, 1), taken_to=date(year, 12, 31)
        )
    order(client, album, "taken")
    assert shown(client, album) == "cbad"


@pytest.mark.parametrize("name", Album.PhotoOrder.values)
def test_photos_of_the_same_moment_keep_their_order(
    client: Client, album: Album, photos: list[Photo], name: str
) -> None:
    Photo.objects.update(created_at=album.created_at)
    order(client, album, name)
    assert shown(client, album) == "".join(
        photo.original_name for photo in sorted(photos, key=lambda photo: photo.pk)
    )


def place(client: Client, album: Album, photo: Photo, before: Photo | None, **more: str) -> int:
    answers = {"photo": photo.pk, "before": before.pk if before else "", **more}
    return client.post(reverse("gallery:album-place", args=[album.pk]), answers).status_code


def test_the_first_photo_that_is_moved_makes_the_order_that_is_shown_the_owners(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    a, _, _, d = photos
    assert place(client, album, a, before=d) == 204
    album.refresh_from_db()
    assert album.photo_order == "by_hand"
    assert shown(client, album) == "adcb"
    place(client, album, d, before=None)
    assert shown(client, album) == "acbd"


def test_what_is_uploaded_later_comes_first_until_it_is_placed(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    place(client, album, photos[0], before=photos[3])
    make_photo(album, name="e")
    new = make_photo(album, name="f")
    assert shown(client, album) == "feadcb"
    place(client, album, photos[1], before=new)
    assert shown(client, album) == "bfeadc"


def test_a_photo_is_placed_into_a_section(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    section = arranging.add_section(album, "1932")
    arranging.put_into_section(photos[:2], album, section)
    assert shown(client, album) == "dcba"
    place(client, album, photos[3], before=photos[0], section=str(section.pk))
    assert shown(client, album) == "cbda"


def test_photos_of_others_are_placed_nowhere(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    theirs = make_photo()
    assert place(client, album, theirs, before=photos[0]) == 400
    assert place(client, album, photos[0], before=theirs) == 400
    assert place(client, theirs.album, theirs, before=None) == 404
    assert shown(client, album) == "dcba"


def select(client: Client, action: str, photos: Sequence[Photo]) -> int:
    keys = [photo.pk for photo in photos]
    return client.post(reverse(f"gallery:selection-{action}"), {"photos": keys}).status_code


def test_a_selection_moves_to_the_front_or_the_back_without_scripts(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    select(client, "front", photos[:2])
    assert shown(client, album) == "badc"  # in the order in which they were shown
    select(client, "back", photos[1:2])
    assert shown(client, album) == "adcb"


def test_a_photo_that_moves_to_another_album_leaves_its_place_and_section(
    client: Client, album: Album, photos: list[Photo]
) -> None:
    arranging.put_into_new_section(photos, album, "1932")
    select(client, "front", photos[:1])
    services.move_photos(photos[:1], make_album(album.owner))
    photos[0].refresh_from_db()
    assert (photos[0].section, photos[0].position) == (None, 0)


def test_a_photo_that_has_moved_to_another_album_meanwhile_gets_no_place_there(
    album: Album, photos: list[Photo]
) -> None:
    other = make_album(album.owner)
    services.move_photos(photos[:1], other)
    arranging.place(photos[:2], album, photos[2])
    photos[0].refresh_from_db()
    assert (photos[0].album, photos[0].position) == (other, 0)


def test_albums_are_sorted_by_title_on_demand(client: Client, owner: User) -> None:
    for title in ("beach", "Attic", "Attic"):
        make_album(owner, title)
    page = client.get("/", {"sort": "title"})
    assert [album.title for album in page.context["page"]] == ["Attic", "Attic", "beach"]
    assertContains(page, 'href="?page=2', count=0)
    assert [album.title for album in client.get("/").context["page"]][-1] == "beach"
