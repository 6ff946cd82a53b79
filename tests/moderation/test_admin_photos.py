from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from gallery.models import Photo
from gallery.services import publish
from jobs.models import Job
from moderation.services import hide
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    stored_files,
)
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    album = make_album(make_user())
    publish(album)
    return make_photo(album)


def test_the_list_shows_thumbnail_and_owner(photo: Photo) -> None:
    response = client_of(make_staff()).get(page(Photo, "changelist"))
    assert reverse("gallery:photo-thumbnail", args=[photo.pk]) in response.content.decode()
    assert photo.album.owner.email in response.content.decode()


def test_the_page_shows_every_version(photo: Photo) -> None:
    colorization = make_colorization(photo, Job.State.SUCCEEDED)
    response = client_of(make_staff()).get(page(Photo, "change", photo))
    assert reverse("gallery:photo-display", args=[photo.pk]) in response.content.decode()
    assert (
        reverse("gallery:colorization-thumbnail", args=[colorization.pk])
        in response.content.decode()
    )


def test_records_cannot_be_edited(photo: Photo) -> None:
    client = client_of(make_staff())
    response = client.post(page(Photo, "change", photo), {"sha256": "0" * 64})
    assert response.status_code == 403
    assert client.get(page(Photo, "add")).status_code == 403


def test_hiding_asks_for_a_reason_first(photo: Photo) -> None:
    response = act(client_of(make_staff()), "hide", [photo])
    assert "Reason:" in response.content.decode()
    photo.refresh_from_db()
    assert not photo.is_hidden


def test_an_empty_reason_is_asked_for_again(photo: Photo) -> None:
    response = act(client_of(make_staff()), "hide", [photo], reason="  ")
    assert "This field is required." in response.content.decode()
    photo.refresh_from_db()
    assert not photo.is_hidden


def test_hiding_takes_effect_on_the_next_request_pictures_included(photo: Photo) -> None:
    thumbnail = reverse("gallery:photo-thumbnail", args=[photo.pk])
    assert Client().get(thumbnail).status_code == 200
    act(client_of(make_staff()), "hide", [photo], reason="Shows a license plate")
    assert Client().get(thumbnail).status_code == 404
    assert client_of(photo.album.owner).get(thumbnail).status_code == 200


def test_hiding_is_logged_with_its_reason(photo: Photo) -> None:
    act(client_of(make_staff()), "hide", [photo], reason="Shows a license plate")
    assert log_of(photo) == ["Hidden: Shows a license plate"]


def test_a_photo_that_is_hidden_keeps_its_first_reason(photo: Photo) -> None:
    hide(photo, by=make_staff(), reason="First")
    act(client_of(make_staff()), "hide", [photo], reason="Second")
    photo.refresh_from_db()
    assert photo.hidden_reason == "First"


def test_restoring_shows_it_again(photo: Photo) -> None:
    hide(photo, by=make_staff(), reason="A mistake")
    act(client_of(make_staff()), "restore", [photo])
    assert Client().get(reverse("gallery:photo-thumbnail", args=[photo.pk])).status_code == 200
    assert log_of(photo) == ["Restored."]


def test_the_page_offers_what_its_state_allows(photo: Photo) -> None:
    client = client_of(make_staff())
    assert 'value="hide"' in client.get(page(Photo, "change", photo)).content.decode()
    hide(photo, by=make_staff(), reason="A mistake")
    content = client.get(page(Photo, "change", photo)).content.decode()
    assert 'value="restore"' in content
    assert 'value="hide"' not in content


def test_the_filter_finds_hidden_photos(photo: Photo) -> None:
    other = make_photo(make_album(make_user()))
    hide(other, by=make_staff(), reason="Why not")
    client = client_of(make_staff())
    response = client.get(page(Photo, "changelist"), {"hidden": "yes"})
    assert list(response.context["cl"].queryset) == [other]


def test_search_finds_by_the_owners_address(photo: Photo) -> None:
    make_photo(make_album(make_user()))
    client = client_of(make_staff())
    response = client.get(page(Photo, "changelist"), {"q": photo.album.owner.email})
    assert list(response.context["cl"].queryset) == [photo]


def test_deleting_leaves_no_file(
    photo: Photo, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_colorization(photo, Job.State.SUCCEEDED)
    assert stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(make_staff()).post(page(Photo, "delete", photo), {"post": "yes"})
    assert not Photo.objects.exists()
    assert not stored_files()


def test_deleting_many_leaves_no_file(
    photo: Photo, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    photos = [photo, make_photo(photo.album)]
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(make_staff()), "delete_selected", photos, post="yes")
    assert not Photo.objects.exists()
    assert not stored_files()


def test_staff_who_may_only_look_cannot_hide_or_delete(photo: Photo) -> None:
    client = client_of(make_moderator("gallery.view_photo"))
    assert client.get(page(Photo, "changelist")).status_code == 200
    assert 'value="hide"' not in client.get(page(Photo, "change", photo)).content.decode()
    act(client, "hide", [photo], reason="Because")
    act(client, "delete_selected", [photo], post="yes")
    photo.refresh_from_db()
    assert not photo.is_hidden


def test_staff_with_the_permission_can_hide(photo: Photo) -> None:
    act(client_of(make_moderator("gallery.change_photo")), "hide", [photo], reason="Because")
    photo.refresh_from_db()
    assert photo.hidden_reason == "Because"


@pytest.mark.parametrize("make", [make_user, make_moderator])
def test_everybody_else_is_kept_out(photo: Photo, make: Callable[[], User]) -> None:
    assert client_of(make()).get(page(Photo, "changelist")).status_code in {302, 403}
