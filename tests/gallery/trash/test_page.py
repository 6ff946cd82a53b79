"""The page of the trash: what is listed, restored, deleted for good; and the undo of a message."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from colorizer.errors import UploadError
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from tests.factories import make_album, make_colorization, make_photo, photo_of

pytestmark = pytest.mark.django_db

TRASH = "gallery:trash"


@pytest.fixture
def photo(owner: User) -> Photo:
    return make_photo(make_album(owner, "Trip"), name="lake.jpg")


def page(client: Client) -> Any:
    return client.get(reverse(TRASH))


def post(client: Client, action: str, *things: Any, **data: Any) -> Any:
    named = [f"{type(thing).__name__.lower()}:{thing.pk}" for thing in things]
    return client.post(reverse(f"gallery:trash-{action}"), {"things": named, **data})


def deleted(client: Client, route: str, thing: Any) -> Any:
    """Deletes by the page that asks, and looks at the page that comes then."""
    return client.post(reverse(route, args=[thing.pk]), follow=True)


def moment(response: Any) -> str:
    message = next(iter(response.context["messages"]))
    return str(message.extra_tags)


def test_an_empty_trash_says_so(client: Client, owner: User) -> None:
    assertContains(page(client), "The trash is empty")


def test_a_deleted_photo_is_there_with_its_album_and_days(client: Client, photo: Photo) -> None:
    services.trash_photos([photo])
    response = page(client)
    assertContains(response, ">lake<")
    assertContains(response, "Photo in “Trip”")
    assertContains(response, "30 days left")


def test_an_album_is_one_thing_with_the_number_of_its_photos(client: Client, photo: Photo) -> None:
    services.trash_album(photo.album)
    response = page(client)
    assertContains(response, "Album with 1 photo")
    assertNotContains(response, ">lake<")


def test_a_version_is_named_by_its_photo(client: Client, photo: Photo) -> None:
    services.trash_colorization(make_colorization(photo))
    assertContains(page(client), "Its stable version")


def test_versions_of_photos_in_the_trash_are_not_listed(client: Client, photo: Photo) -> None:
    services.trash_colorization(make_colorization(photo))
    services.trash_photos([photo])
    assert page(client).context["page"].paginator.count == 1


def test_the_last_deleted_comes_first(client: Client, photo: Photo) -> None:
    other = make_photo(photo.album)
    services.trash_photos([photo])
    services.trash_photos([other])
    things = [listed.thing for listed in page(client).context["things"]]
    assert things == [other, photo]


def test_the_photos_of_an_album_can_be_looked_at(client: Client, photo: Photo) -> None:
    services.trash_album(photo.album)
    response = client.get(reverse("gallery:album-in-trash", args=[photo.album.pk]))
    assertContains(response, ">lake<")


def test_what_is_selected_is_restored(client: Client, photo: Photo) -> None:
    version = make_colorization(photo)
    other = make_photo(photo.album)
    services.trash_photos([photo, other])
    response = post(client, "restore", photo)
    assertRedirects(response, reverse(TRASH))
    assert Photo.objects.kept().get() == photo
    assert Colorization.objects.kept().get() == version


def test_everything_is_restored(client: Client, photo: Photo) -> None:
    services.trash_photos([photo])
    services.trash_album(photo.album)
    post(client, "restore", all="yes")
    assert Photo.objects.kept().get().album == Album.objects.kept().get()


def test_the_page_says_where_photos_without_album_are(client: Client, photo: Photo) -> None:
    services.trash_album(photo.album)
    response = client.post(
        reverse("gallery:trash-restore"), {"things": [f"photo:{photo.pk}"]}, follow=True
    )
    assertContains(response, "the photo is in “My photos” now")


def test_the_page_says_that_an_album_is_private_now(client: Client, photo: Photo) -> None:
    services.publish(photo.album)
    services.trash_album(photo.album)
    response = client.post(
        reverse("gallery:trash-restore"), {"things": [f"album:{photo.album.pk}"]}, follow=True
    )
    assertContains(response, "“Trip” was public and is private now")


def test_things_of_others_are_not_restored(client: Client, owner: User) -> None:
    theirs = make_photo()
    services.trash_photos([theirs])
    assert post(client, "restore", theirs).status_code == 404
    assert not Photo.objects.kept().exists()


def test_nothing_selected_is_a_bad_request(client: Client, owner: User) -> None:
    assert post(client, "restore").status_code == 400


@pytest.mark.parametrize("thing", ["photo", "photo:", "photo:7", "\0:\0", ":"])
def test_nonsense_is_a_bad_request(client: Client, owner: User, thing: str) -> None:
    response = client.post(reverse("gallery:trash-restore"), {"things": [thing]})
    assert response.status_code == 400


def test_an_unknown_kind_is_not_there(client: Client, photo: Photo) -> None:
    response = client.post(reverse("gallery:trash-restore"), {"things": [f"user:{photo.pk}"]})
    assert response.status_code == 404


def test_deleting_for_good_asks_first(client: Client, photo: Photo) -> None:
    services.trash_photos([photo])
    response = post(client, "delete", photo)
    assertContains(response, "1 photo with its versions")
    assertContains(response, "This cannot be undone.")
    assert Photo.objects.exists()


def test_deleting_for_good(client: Client, photo: Photo) -> None:
    services.trash_photos([photo])
    assertRedirects(post(client, "delete", photo, confirmed="yes"), reverse(TRASH))
    assert not Photo.objects.exists()


def test_what_is_not_in_the_trash_is_not_deleted(client: Client, photo: Photo) -> None:
    post(client, "delete", photo, confirmed="yes")
    assert Photo.objects.kept().exists()


def test_emptying_names_counts_and_bytes(client: Client, photo: Photo) -> None:
    make_photo(photo.album)
    services.trash_album(photo.album)
    response = client.get(reverse("gallery:trash-empty"))
    assertContains(response, "1 album")
    assertContains(response, "2 photos with their versions")
    assertContains(response, "are deleted for good")


def test_emptying(client: Client, photo: Photo) -> None:
    services.trash_album(photo.album)
    assertRedirects(client.post(reverse("gallery:trash-empty")), reverse(TRASH))
    assert not Album.objects.exists()


def test_a_deleted_album_is_named_with_its_photos(client: Client, photo: Photo) -> None:
    response = client.get(reverse("gallery:album-delete", args=[photo.album.pk]))
    assertContains(response, "album “Trip” with 1 photo")
    response = deleted(client, "gallery:album-delete", photo.album)
    assertContains(response, "Album “Trip” with 1 photo is in the trash.")


@pytest.mark.parametrize("kind", ["photo", "album", "colorization"])
def test_the_message_has_an_undo(client: Client, photo: Photo, kind: str) -> None:
    version = make_colorization(photo)
    thing: Any = {"photo": photo, "album": photo.album, "colorization": version}[kind]
    response = deleted(client, f"gallery:{kind}-delete", thing)
    assertContains(response, "Undo")
    client.post(reverse("gallery:trash-undo"), {"moment": moment(response)})
    assert type(thing).objects.kept().get() == thing
    assert photo_of(version).trashed_at is None


def test_a_selection_has_an_undo(client: Client, photo: Photo) -> None:
    data = {"photos": [photo.pk], "confirmed": "yes"}
    response = client.post(reverse("gallery:selection-delete"), data, follow=True)
    client.post(reverse("gallery:trash-undo"), {"moment": moment(response)})
    assert Photo.objects.kept().get() == photo


def test_undo_returns_to_the_page(client: Client, photo: Photo) -> None:
    response = deleted(client, "gallery:photo-delete", photo)
    album = photo.album.get_absolute_url()
    data = {"moment": moment(response), "next": album}
    assertRedirects(client.post(reverse("gallery:trash-undo"), data), album)


def test_undo_does_not_leave_the_site(client: Client, photo: Photo) -> None:
    response = deleted(client, "gallery:photo-delete", photo)
    data = {"moment": moment(response), "next": "https://example.com/"}
    response = client.post(reverse("gallery:trash-undo"), data)
    assertRedirects(response, reverse("gallery:home"))


def test_undo_twice_does_nothing_more(client: Client, photo: Photo) -> None:
    data = {"moment": moment(deleted(client, "gallery:photo-delete", photo))}
    client.post(reverse("gallery:trash-undo"), data)
    assert client.post(reverse("gallery:trash-undo"), data).status_code == 302


@pytest.mark.parametrize("came_from", ["photos", "?page=2"])
def test_undo_bears_an_address_that_is_none(client: Client, photo: Photo, came_from: str) -> None:
    data = {"moment": moment(deleted(client, "gallery:photo-delete", photo)), "next": came_from}
    assertRedirects(client.post(reverse("gallery:trash-undo"), data), reverse("gallery:home"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "undo",
        "undo yesterday",
        "2026-01-01T00:00:00",
        "2026-13-01T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_undo_without_a_moment_is_a_bad_request(client: Client, owner: User, text: str) -> None:
    assert client.post(reverse("gallery:trash-undo"), {"moment": text}).status_code == 400


def test_the_quota_says_to_empty_the_trash(client: Client, photo: Photo) -> None:
    services.trash_photos([photo])
    User.objects.update(quota_bytes=1)
    with pytest.raises(UploadError, match="Empty the trash to make room"):
        make_photo(Album.objects.get())
