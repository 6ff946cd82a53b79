"""What pages ask while photos are being colored: one request for all cards of a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertNotContains

from accounts.models import User
from colorizer.models import Colorization
from jobs import services as jobs
from jobs.models import Job
from tests.factories import bring_to, make_album, make_colorization, make_photo
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db
State = Job.State


def ask(client: Client, **question: Any) -> Any:
    response = client.get("/progress/", question)
    assert response.status_code == 200
    return response.json()


def test_open_and_ended_jobs_are_counted(client: Client, owner: User) -> None:
    album = make_album(owner)
    began = ask(client)["now"]
    for state in (State.QUEUED, State.QUEUED, State.RUNNING, State.SUCCEEDED, State.FAILED):
        make_colorization(make_photo(album), state)
    found = ask(client, since=began)
    assert [found[state] for state in ("queued", "running", "succeeded", "failed")] == [2, 1, 1, 1]


def test_what_ended_before_is_not_counted(client: Client, owner: User) -> None:
    make_colorization(make_photo(make_album(owner)))
    found = ask(client, since=ask(client)["now"])
    assert found["succeeded"] == 0


def test_jobs_of_others_are_not_counted(client: Client, owner: User) -> None:
    began = ask(client)["now"]
    make_colorization(state=State.QUEUED)
    make_colorization()
    found = ask(client, since=began)
    assert (found["queued"], found["succeeded"]) == (0, 0)


def test_only_cards_that_changed_come(client: Client, owner: User) -> None:
    album = make_album(owner)
    queued, running, done = (make_photo(album) for _ in range(3))
    for photo, state in ((queued, State.QUEUED), (running, State.RUNNING), (done, State.SUCCEEDED)):
        make_colorization(photo, state)
    cards = ask(client, photo=[queued.pk, running.pk, done.pk])["cards"]
    assert set(cards) == {str(running.pk), str(done.pk)}
    assert f'data-open="{running.pk}"' in cards[str(running.pk)]
    assert "is-fresh" in cards[str(done.pk)]
    assert "data-open" not in cards[str(done.pk)]


def test_what_is_gone_is_said(client: Client, owner: User) -> None:
    theirs, mine = make_photo(), make_photo(make_album(owner))
    gone = mine.pk
    mine.delete()
    found = ask(client, photo=[theirs.pk, gone], new=[theirs.pk, gone], album=[theirs.album_id])
    assert set(found["gone"]) == {str(theirs.pk), str(gone)}
    assert (found["cards"], found["new"], found["albums"]) == ({}, {}, {})


def test_cards_of_new_photos_have_their_check_boxes(client: Client, owner: User) -> None:
    photo = make_photo(make_album(owner))
    make_colorization(photo, State.QUEUED)
    item = ask(client, new=[photo.pk])["new"][str(photo.pk)]
    assert f'value="{photo.pk}" form="selection"' in item
    assert f'data-open="{photo.pk}"' in item


def test_numbers_of_photos_are_told_as_pages_show_them(client: Client, owner: User) -> None:
    album, empty = make_album(owner), make_album(owner)
    make_photo(album)
    counts = ask(client, album=[album.pk, empty.pk])["albums"]
    assert counts == {str(album.pk): "1 photo", str(empty.pk): "0 photos"}


@pytest.mark.parametrize(
    "question",
    [
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"photo": "7"},
        {"new": ["x"] * 101},
    ],
)
def test_a_wrong_question(client: Client, owner: User, question: dict[str, Any]) -> None:
    assert client.get("/progress/", question).status_code == 400


def test_a_day_is_counted_at_most(client: Client, owner: User) -> None:
    job = make_colorization(make_photo(make_album(owner))).job
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=2))
    assert ask(client, since="2020-01-01T00:00:00+00:00")["succeeded"] == 0


def test_more_photos_do_not_cost_more_queries(
    client: Client, owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    album = make_album(owner)
    photos = [make_photo(album) for _ in range(6)]
    for photo in photos:
        make_colorization(photo, State.RUNNING)
    keys = [photo.pk for photo in photos]
    began = ask(client)["now"]
    with django_assert_max_num_queries(11):
        ask(client, photo=keys, new=keys, album=[album.pk], since=began)


def test_a_film_that_was_cancelled_begins_again_with_its_first_frame(
    client: Client, owner: User
) -> None:
    photo = make_photo(make_album(owner), film_bytes(), "boat.mp4")
    version = make_colorization(photo, State.RUNNING, variant="video")
    Colorization.objects.update(frames=500, frames_done=120, frames_per_second=4.0)
    bring_to(version.job, State.CANCELLED)
    assert jobs.retry(version.job)
    assertNotContains(client.get(photo.get_absolute_url()), "120 of 500 frames")
    version.refresh_from_db()
    assert (version.frames_done, version.frames_per_second) == (None, None)
