"""What was changed is sent, whoever changed it and by whichever way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts import api_keys
from accounts.models import User
from filestore.models import StoredFile
from gallery import arranging, services
from gallery.models import Album, Photo, Tag
from jobs.models import Job
from moderation import services as moderation
from tests.api import address, client_of
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    store_result,
)
from tests.gallery.api.test_unchanged import Asked, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    return make_photo()


def rename(photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).update(title="Other")


def finish(photo: Photo) -> None:
    version = make_colorization(photo, Job.State.QUEUED)
    bring_to(version.job, Job.State.SUCCEEDED, lambda: store_result(version))


def tag(photo: Photo) -> None:
    photo.tags.add(Tag.objects.create(owner=photo.album.owner, name="sea"))


def hide(photo: Photo) -> None:
    moderation.hide(photo, make_staff(), "Under review")


def replace(photo: Photo) -> None:
    StoredFile.objects.filter(pk=photo.original_id).update(bytes=12345)


def trash(photo: Photo) -> None:
    services.trash_photos([photo])


@pytest.mark.parametrize("write", [rename, finish, tag, hide, replace, trash])
@pytest.mark.parametrize("name", ["photo-list", "photo-detail", "album-photos"])
def test_a_photo_that_changed_is_sent(
    photo: Photo, name: str, write: Callable[[Photo], None]
) -> None:
    about = {"photo-list": None, "photo-detail": photo, "album-photos": photo.album}[name]
    asked = Asked(photo.album.owner, address(name, about))
    write(photo)
    gone = write is trash and name == "photo-detail"
    assert again(asked.client, asked.url, asked.first).status_code == (404 if gone else 200)


def test_an_album_in_another_order_is_sent() -> None:
    album = make_album()
    photos = [make_photo(album) for _ in range(2)]
    asked = Asked(album.owner, address("album-photos", album) + "?order=album")
    arranging.move_to_back(photos[1:], album)
    assert asked.is_sent()


def test_another_language_is_sent(photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).update(
        date_precision="about", taken_from="1932-01-01", taken_to="1932-12-31"
    )
    asked = Asked(photo.album.owner, address("photo-detail", photo))
    assert asked.is_short()
    chinese = again(asked.client, asked.url, asked.first, **{"Accept-Language": "zh-hans"})
    assert chinese.status_code == 200
    User.objects.filter(pk=photo.album.owner_id).update(language="zh-hans")
    assert asked.is_sent()


def test_other_fields_and_pages_are_sent(photo: Photo) -> None:
    asked = Asked(photo.album.owner, address("photo-list"))
    for query in ("?fields=id", "?page_size=1"):
        asked.client.get(asked.url + query)
        is_same = query == "?page_size=1"
        response = again(asked.client, asked.url + query, asked.first)
        assert response.status_code == (304 if is_same else 200)


def test_each_kind_of_credentials_is_remembered_by_itself(photo: Photo) -> None:
    owner = photo.album.owner
    asked = Asked(owner, address("photo-list"))
    for scope in ("read", "write"):
        _record, key = api_keys.create(owner, scope, scope, None)
        program = client_of()
        headers = {"Authorization": f"Bearer {key}", "If-None-Match": asked.first["ETag"]}
        assert program.get(asked.url, headers=headers).status_code == 304
        assert (
            program.get(asked.url, headers={**headers, "If-None-Match": '"x"'}).status_code == 200
        )


class TestNeverRemembered:
    @pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING])
    @pytest.mark.parametrize("name", ["colorization-detail", "job-detail", "job-list"])
    def test_while_a_job_is_open(self, photo: Photo, name: str, state: Job.State) -> None:
        version = make_colorization(photo, state)
        about = {"colorization-detail": version, "job-detail": version.job, "job-list": None}[name]
        asked = Asked(photo.album.owner, address(name, about))
        assert "Last-Modified" not in asked.first
        assert not asked.is_short()

    @pytest.mark.parametrize("name", ["album-detail", "album-photos", "photo-detail"])
    def test_of_others(self, name: str) -> None:
        photo = make_photo(make_album(public=True))
        about = photo if name == "photo-detail" else photo.album
        for viewer in (make_user(), make_staff()):
            asked = Asked(viewer, address(name, about))
            assert "Last-Modified" not in asked.first
            assert not asked.is_short()
            title = f"Not for {viewer}"
            Photo.objects.filter(pk=photo.pk).update(title=title)
            Album.objects.filter(pk=photo.album_id).update(title=title, shows_details=True)
            assert asked.is_sent()
