"""Several photos at once: moved, colored or deleted, after a page that asks."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from colorizer.models import Colorization
from gallery.models import Album, Photo
from gallery.services import delete_photo
from gallery.views.selection import AT_ONCE, MAX_PHOTOS
from tests.bulk import add_photos
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db

STYLE = {"variant": "stable", "render_factor": 20}


@pytest.fixture
def photos(owner: User) -> list[Photo]:
    album = make_album(owner)
    return [make_photo(album, name=f"{number}.jpg") for number in range(3)]


def post(client: Client, action: str, photos: list[Photo], **answers: Any) -> Any:
    if answers:
        answers["confirmed"] = "yes"
    data = {"photos": [photo.pk for photo in photos], **answers}
    return client.post(reverse(f"gallery:selection-{action}"), data)


@pytest.mark.parametrize(
    ("action", "heading"),
    [
        ("move", "<h1>Move 2 photos</h1>"),
        ("color", "<h1>Color 2 photos</h1>"),
        ("delete", "<h1>Delete 2 photos?</h1>"),
    ],
)
def test_a_page_asks_first(client: Client, photos: list[Photo], action: str, heading: str) -> None:
    response = post(client, action, photos[:2])
    assertContains(response, heading, html=True)
    keys = "".join(f"{photo.pk}," for photo in reversed(photos[:2]))
    assertContains(response, f'<input type="hidden" name="photos" value="{keys}">', html=True)
    assert photos[0].album.photos.count() == 3
    assert not Colorization.objects.exists()


def test_photos_move_to_another_album(client: Client, owner: User, photos: list[Photo]) -> None:
    other = make_album(owner, "Trip")
    response = post(client, "move", photos[:2], album=other.pk)
    assert response["Location"] == other.get_absolute_url()
    assert set(other.photos.all()) == set(photos[:2])
    assertContains(client.get(response["Location"]), "Moved: 2 photos.")


def test_photos_move_to_a_new_album(client: Client, owner: User, photos: list[Photo]) -> None:
    post(client, "move", photos, title="Attic")
    album = Album.objects.get(title="Attic")
    assert (album.owner, album.photos.count()) == (owner, 3)


def test_moving_needs_an_album(client: Client, photos: list[Photo]) -> None:
    response = post(client, "move", photos, title="")
    assertContains(response, "Choose an album, or write the title of a new one.")


def test_photos_cannot_move_to_a_stranger(client: Client, photos: list[Photo]) -> None:
    response = post(client, "move", photos, album=make_album(make_user()).pk)
    assert response.status_code == 200  # the page asks again
    assert photos[0].album.photos.count() == 3


def test_each_photo_is_colored(client: Client, photos: list[Photo]) -> None:
    response = post(client, "color", photos, **STYLE)
    assertRedirects(response, photos[0].album.get_absolute_url())
    colored = Colorization.objects.filter(variant="stable", render_factor=20)
    assert {version.source.photo for version in colored} == set(photos)


def test_what_is_over_the_limit_of_jobs_is_told(
    client: Client, photos: list[Photo], settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 2
    post(client, "color", photos, **STYLE)
    page = client.get(photos[0].album.get_absolute_url())
    assertContains(page, "Being colored: 2 photos.")
    assertContains(page, "You have too many open jobs: 1 of the photos has to wait.")


def test_photos_are_deleted(client: Client, photos: list[Photo]) -> None:
    post(client, "delete", photos[:2], sure="yes")
    assert list(photos[0].album.photos.kept()) == [photos[2]]


@pytest.mark.parametrize("action", ["move", "color", "delete"])
def test_photos_of_others_are_left_alone(client: Client, photos: list[Photo], action: str) -> None:
    theirs = make_photo()
    answers = {**STYLE, "album": make_album(photos[0].album.owner).pk}
    assert post(client, action, [theirs], **answers).status_code == 404
    assert post(client, action, [*photos[:1], theirs], **answers).status_code == 302
    assert Photo.objects.get(pk=theirs.pk).album == theirs.album
    assert not theirs.original.colorizations.exists()


def test_a_photo_deleted_meanwhile_keeps_nobody_from_the_others(
    client: Client, photos: list[Photo]
) -> None:
    gone = photos[0]
    delete_photo(Photo.objects.get(pk=gone.pk))
    post(client, "delete", [gone, photos[1]], sure="yes")
    assert list(photos[1].album.photos.kept()) == [photos[2]]


def test_a_double_click_makes_one_album(client: Client, owner: User, photos: list[Photo]) -> None:
    for _ in range(2):
        post(client, "move", photos, title="Attic")
    assert owner.albums.filter(title="Attic").count() == 1


def test_each_photo_counts_for_the_rate(
    client: Client, photos: list[Photo], settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "2/m/user"}
    assert post(client, "color", photos, **STYLE).status_code == 429
    assert not Colorization.objects.exists()


@pytest.mark.parametrize("key", ["x", "", "0" * 40])
def test_keys_that_are_none(client: Client, owner: User, key: str) -> None:
    response = client.post(reverse("gallery:selection-delete"), {"photos": [key]})
    assert response.status_code == 400


def test_nothing_selected_is_told(client: Client, owner: User) -> None:
    response = post(client, "delete", [])
    assertContains(response, "Select at least one photo.", status_code=400)


def by_keys(client: Client, action: str, keys: list[uuid.UUID], **answers: Any) -> Any:
    """In one field, as the script of the page sends them."""
    data = {"photos": ",".join(map(str, keys)), "confirmed": "yes", **answers}
    return client.post(reverse(f"gallery:selection-{action}"), data)


def test_thousands_are_selected_by_their_keys(client: Client, owner: User) -> None:
    album, other = make_album(owner), make_album(owner)
    add_photos(album, 2 * AT_ONCE + 1)
    keys = [photo.pk for photo in album.photos.all()]
    by_keys(client, "move", keys, album=other.pk)
    assert other.photos.count() == len(keys)
    by_keys(client, "delete", keys)
    assert not Photo.objects.kept().exists()


def test_too_many_at_a_time_are_refused(client: Client, photos: list[Photo]) -> None:
    keys = [uuid.uuid4() for _ in range(MAX_PHOTOS + 1)]
    assertContains(by_keys(client, "delete", keys), "Select at most 10000 photos", status_code=400)
    # The same one counts once.
    assert by_keys(client, "delete", [photos[0].pk] * (MAX_PHOTOS + 1)).status_code == 302


def of_album(client: Client, action: str, whole: Album, **answers: Any) -> Any:
    return client.post(reverse(f"gallery:selection-{action}"), {"all_of": whole.pk, **answers})


def test_all_photos_of_an_album_are_named_by_it(client: Client, photos: list[Photo]) -> None:
    response = of_album(client, "move", photos[0].album)
    assertContains(response, "<h1>Move 3 photos</h1>", html=True)
    field = f'<input type="hidden" name="all_of" value="{photos[0].album_id}">'
    assertContains(response, field, html=True)
    assertContains(response, 'name="photos"', count=0)


def test_all_photos_of_an_album_may_be_more_than_can_be_selected_by_key(
    client: Client, owner: User
) -> None:
    album, other = make_album(owner), make_album(owner)
    add_photos(album, 2 * AT_ONCE + 1)
    of_album(client, "move", album, album=other.pk, confirmed="yes")
    assert (album.photos.count(), other.photos.count()) == (0, 2 * AT_ONCE + 1)
    of_album(client, "section", other, title="1932", confirmed="yes")
    assert other.sections.get().photos.count() == 2 * AT_ONCE + 1
    of_album(client, "delete", other, confirmed="yes")
    assert not Photo.objects.kept().exists()


def test_of_all_photos_as_many_are_colored_as_there_is_room_for(
    client: Client, photos: list[Photo], settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 2
    of_album(client, "color", photos[0].album, **STYLE, confirmed="yes")
    page = client.get(photos[0].album.get_absolute_url())
    assertContains(page, "1 of the photos has to wait.")


def test_all_photos_of_a_stranger_are_nobodys(client: Client, owner: User) -> None:
    theirs = make_photo()
    assert of_album(client, "delete", theirs.album, confirmed="yes").status_code == 400
    assert Photo.objects.filter(pk=theirs.pk).exists()


def test_albums_come_in_pages(client: Client, owner: User) -> None:
    for number in range(25):
        make_album(owner, f"Album {number}")
    first, second = (client.get("/", {"page": page}).content.decode() for page in (1, 2))
    assert first.count('class="album-card"') == 24
    assert "Album 24<" in first
    assert second.count('class="album-card"') == 1
    assert "Album 0<" in second


@pytest.mark.parametrize("action", ["color", "delete"])
def test_one_is_led_back_to_the_list_in_which_they_were_selected(
    client: Client, photos: list[Photo], action: str
) -> None:
    search = "/search/?q=lake&amp;page=2"
    asked = client.post(
        reverse(f"gallery:selection-{action}"),
        {"photos": photos[0].pk, "next": "/search/?q=lake&page=2"},
    )
    assertContains(asked, f'<input type="hidden" name="next" value="{search}">', html=True)
    assertContains(asked, f'href="{search}"')
    done = post(client, action, photos[:1], next="/search/?q=lake&page=2", **STYLE)
    assert done["Location"] == "/search/?q=lake&page=2"
    for address in ("https://example.org/", "//example.org", "no-address", "photo:detail"):
        elsewhere = post(client, "color", photos[1:], next=address, **STYLE)
        assert elsewhere["Location"] == photos[0].album.get_absolute_url()


def test_more_photos_than_fit_into_the_queue_are_colored_by_and_by(
    client: Client, owner: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in queue already is not counted again: the next order goes on with the others."""
    monkeypatch.setattr("gallery.views.selection.AT_ONCE", 2)
    settings.MAX_OPEN_JOBS = 2
    album = make_album(owner)
    for _ in range(5):
        make_photo(album)
    address = reverse("gallery:selection-color")
    order = {"all_of": album.pk, "confirmed": "yes", **STYLE}
    assertContains(client.post(address, order, follow=True), "3 of the photos have to wait")
    settings.MAX_OPEN_JOBS = 4
    assertContains(client.post(address, order, follow=True), "1 of the photos has to wait")
    assert Colorization.objects.count() == 4
