"""What is asked of a photo, an album or an account while it is being deleted is 404, and leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from colorizer.models import Colorization
from gallery import services
from gallery.models import Album
from jobs.errors import GoneError
from jobs.models import Job
from moderation import services as moderation
from moderation.models import Report
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_upload,
    make_user,
    photo_of,
    stored_files,
)

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
Deletion = Callable[[Colorization], None]
Ask = Callable[[Client, Colorization], Callable[[], HttpResponse]]


def while_deleting(delete: Callable[[], None], ask: Callable[[], T]) -> T:
    """What is answered to a request that comes when a deletion is done and not committed."""
    done = Event()

    def hold() -> None:
        with transaction.atomic():
            delete()
            done.set()
            time.sleep(0.3)

    def in_own_connection(function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as threads:
        deletion = threads.submit(in_own_connection, hold)
        done.wait()
        answer = threads.submit(in_own_connection, ask)
        deletion.result()
        return answer.result()  # type: ignore[no-any-return]


def photo(colorization: Colorization) -> None:
    services.delete_photo(photo_of(colorization))


def album(colorization: Colorization) -> None:
    services.delete_album(photo_of(colorization).album)


def account(colorization: Colorization) -> None:
    services.delete_person(colorization.source.owner)


def result(colorization: Colorization) -> None:
    services.delete_colorization(colorization)


def post(
    route: str, pk_of: Callable[[Colorization], Any] | None, **data: Any
) -> Callable[..., Any]:
    def ask(client: Client, colorization: Colorization) -> Any:
        path = reverse(route, args=[pk_of(colorization)] if pk_of else [])
        values = {
            name: value(colorization) if callable(value) else value for name, value in data.items()
        }
        return lambda: client.post(path, values)

    return ask


def of_photo(colorization: Colorization) -> Any:
    return photo_of(colorization).pk


def of_album(colorization: Colorization) -> Any:
    return photo_of(colorization).album_id


def of_result(colorization: Colorization) -> Any:
    return colorization.pk


def file(colorization: Colorization) -> Any:
    return make_upload()


CHOICE = {"variant": "artistic", "render_factor": 9}
REASON = {"reason": "privacy"}

RACES = {
    "colorize a photo": (post("gallery:photo-colorize", of_photo, **CHOICE), [photo, album, account]),
    "colorize by the API": (post("api:photo-colorizations", of_photo, **CHOICE), [photo, album]),
    "zip": (post("gallery:album-archive", of_album), [album, account]),
    "zip by the API": (post("api:album-archive", of_album), [album]),
    "upload": (post("gallery:album-upload", of_album, photos=file, **CHOICE), [album, account]),
    "upload by the API": (post("api:photo-list", None, image=file, album=of_album), [album, account]),
    "colorize a file": (post("api:colorize", None, image=file, album=of_album), [album]),
    "edit": (post("gallery:album-edit", of_album, title="New"), [album]),
    "publish": (post("gallery:album-publish", of_album, action="publish"), [album]),
    "new album": (post("gallery:album-create", None, title="New"), [account]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "delete"),
    [
        pytest.param(ask, delete, id=f"{name}, {delete.__name__}")
        for name, (ask, deletions) in RACES.items()
        for delete in deletions
    ],
)
def test_an_owner_asks_for_what_is_being_deleted(
    client: Client, ask: Ask, delete: Deletion
) -> None:
    colorization = make_colorization()
    client.force_login(colorization.source.owner)
    jobs = Job.objects.count()
    response = while_deleting(lambda: delete(colorization), ask(client, colorization))
    # 400: the API names the album that is not there as a wrong field, when it is gone before that is read.
    assert response.status_code == 404 or (
        response.status_code == 400 and b"album" in response.content
    )
    assert Job.objects.count() < jobs
    assert stored_files() == []
    assert not Album.objects.filter(title="New").exists()


def photo_to_the_trash(colorization: Colorization) -> None:
    services.trash_photos([photo_of(colorization)])


def album_to_the_trash(colorization: Colorization) -> None:
    services.trash_album(photo_of(colorization).album)


def result_to_the_trash(colorization: Colorization) -> None:
    services.trash_colorization(colorization)


TO_THE_TRASH = {photo: photo_to_the_trash, album: album_to_the_trash}


@pytest.mark.parametrize(
    ("ask", "delete"),
    [
        pytest.param(ask, TO_THE_TRASH[delete], id=f"{name}, {delete.__name__}")
        for name, (ask, deletions) in RACES.items()
        for delete in deletions
        if delete in TO_THE_TRASH
    ],
)
def test_an_owner_asks_for_what_is_on_its_way_to_the_trash(
    client: Client, ask: Ask, delete: Deletion
) -> None:
    colorization = make_colorization()
    client.force_login(colorization.source.owner)
    jobs, files = Job.objects.count(), stored_files()
    response = while_deleting(lambda: delete(colorization), ask(client, colorization))
    assert response.status_code == 404 or (
        response.status_code == 400 and b"album" in response.content
    )
    assert Job.objects.count() == jobs
    assert stored_files() == files
    assert not Album.objects.filter(title="New").exists()


@pytest.mark.parametrize(
    "delete", [result, photo, album, account, *TO_THE_TRASH.values(), result_to_the_trash]
)
@pytest.mark.parametrize("route", ["moderation:colorization-report", "api:colorization-reports"])
def test_a_report_on_what_is_being_deleted(client: Client, route: str, delete: Deletion) -> None:
    colorization = make_colorization(make_photo(make_album(public=True)))
    client.force_login(make_user())
    ask = post(route, of_result, **REASON)
    response = while_deleting(lambda: delete(colorization), ask(client, colorization))
    assert response.status_code == 404
    assert not Report.objects.exists()


def test_a_report_by_somebody_whose_account_is_being_deleted() -> None:
    colorization, reporter = make_colorization(), make_user()
    with pytest.raises(GoneError):
        while_deleting(
            lambda: services.delete_person(reporter),
            lambda: moderation.report(colorization, reporter, Report.Reason.OTHER),
        )
    assert not Report.objects.exists()


def test_staff_hides_what_is_being_deleted() -> None:
    shown, staff = make_photo(), make_staff()
    with pytest.raises(GoneError):
        while_deleting(
            lambda: services.delete_photo(shown),
            lambda: moderation.hide(shown, by=staff, reason="Spam"),
        )
