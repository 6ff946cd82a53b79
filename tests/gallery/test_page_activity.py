"""One page for all that is being done for a person, and was done in the last day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from gallery import archives
from gallery.models import Album
from jobs import scheduling
from jobs.models import Job
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_photo,
    make_user,
)

pytestmark = pytest.mark.django_db

ADDRESS = reverse("gallery:activity")
State = Job.State


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user(), "Attic")
    client.force_login(album.owner)
    return album


def add(album: Album, state: Job.State, name: str = "print.jpg") -> Job:
    return make_colorization(make_photo(album, name=name), state).job


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_an_idle_account_asks_no_more(client: Client, album: Album) -> None:
    assert "Nothing is being colored or zipped." in page(client)
    assert "hx-get" not in page(client)


def test_jobs_in_queue_have_their_places(client: Client, album: Album) -> None:
    for name in ("first.jpg", "second.jpg"):
        add(album, State.QUEUED, name)
    text = page(client)
    assert text.index("first") < text.index("In queue: 1")
    assert text.index("In queue: 1") < text.index("second") < text.index("In queue: 2")
    assert 'hx-trigger="every 2s"' in text


def test_all_that_waits_and_failed_is_reached_by_pages(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.activity.JOBS_PER_PAGE", 2)
    for number in range(3):
        add(album, State.FAILED, f"bad {number}.jpg")
        add(album, State.QUEUED, f"good {number}.jpg")
    first = client.get(ADDRESS, {"part": "jobs"})
    for address in ('href="?waiting=2"', 'href="?failed=2"'):
        assertContains(first, address)
    second = client.get(ADDRESS, {"waiting": "2", "failed": "2", "part": "jobs"})
    text = second.content.decode()
    assert [name for name in ("good 1", "good 2", "bad 0", "bad 1") if name in text] == [
        "good 2",
        "bad 0",
    ]
    assertContains(second, "In queue: 3")
    assertContains(second, "?waiting=2&amp;failed=2&amp;part=jobs")


def test_a_failed_photo_tells_why_and_can_be_tried_again(client: Client, album: Album) -> None:
    job = add(album, State.FAILED)
    assertContains(client.get(ADDRESS), job.error_message)
    assertContains(client.get(ADDRESS), "Try again")


def test_a_row_shows_the_colors_as_soon_as_there_are_any(client: Client, album: Album) -> None:
    photo = make_photo(album)
    made = make_colorization(photo)
    before = reverse("gallery:photo-thumbnail", args=[photo.pk])
    after = reverse("gallery:colorization-thumbnail", args=[made.pk])
    assertContains(client.get(ADDRESS), f'src="{after}?size=small"')
    assertNotContains(client.get(ADDRESS), before)
    make_colorization(photo, State.QUEUED, "artistic")
    assertContains(client.get(ADDRESS), f'src="{before}?size=small"')


def test_zip_files_stand_beside_photos(client: Client, album: Album) -> None:
    make_archive(album, State.QUEUED)
    assertContains(client.get(ADDRESS), "Zip file of “Attic”")


def test_a_failed_job_is_tried_again_before_the_others(client: Client, album: Album) -> None:
    failed = add(album, State.FAILED)
    add(album, State.QUEUED)
    client.post(reverse("gallery:job-retry", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.state == State.QUEUED
    assert scheduling.next_job(failed.queue) == failed


def test_all_that_failed_is_tried_again(client: Client, album: Album) -> None:
    jobs = [add(album, State.FAILED), make_archive(album, State.FAILED).job]
    add(album, State.SUCCEEDED)
    assertContains(client.get(ADDRESS), "Try all again")
    response = client.post(reverse("gallery:jobs-retry"), follow=True)
    assertContains(response, "2 jobs are in queue again.")
    assert set(Job.objects.filter(state=State.QUEUED)) == set(jobs)


def test_there_may_be_no_room_for_all_of_them(
    client: Client, album: Album, settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 1
    for _ in range(2):
        add(album, State.FAILED)
    response = client.post(reverse("gallery:jobs-retry"), follow=True)
    assertContains(response, "1 job is in queue again.")
    assertContains(response, "1 job has to wait. Try again when")


def test_one_or_all_are_cancelled_zip_files_too(client: Client, album: Album) -> None:
    photo, archive = add(album, State.QUEUED), make_archive(album, State.RUNNING).job
    client.post(reverse("gallery:job-cancel", args=[photo.pk]))
    assert list(Job.objects.open()) == [archive]
    add(album, State.QUEUED)
    assertContains(
        client.post(reverse("gallery:jobs-cancel"), follow=True), "2 jobs are cancelled."
    )
    assert not Job.objects.open().exists()


def test_others_jobs_are_neither_cancelled_nor_tried_again(client: Client, album: Album) -> None:
    theirs = add(make_album(make_user()), State.QUEUED)
    for name in ("job-cancel", "job-retry"):
        assert client.post(reverse(f"gallery:{name}", args=[theirs.pk])).status_code == 404
    client.post(reverse("gallery:jobs-cancel"))
    assert Job.objects.open().get() == theirs


def test_time_left_is_told(client: Client, album: Album) -> None:
    done = add(album, State.SUCCEEDED)
    Job.objects.filter(pk=done.pk).update(duration=timedelta(minutes=4))
    add(album, State.QUEUED)
    assertContains(client.get(ADDRESS), "done in about 4 minutes")


def test_an_export_is_work_too(client: Client, album: Album) -> None:
    archives.request_export(album.owner)
    assertContains(client.get(ADDRESS), "Export of everything")


def test_what_ended_earlier_is_not_shown(client: Client, album: Album) -> None:
    job = add(album, State.SUCCEEDED, "old.jpg")
    assertContains(client.get(ADDRESS), "old</a>")
    two_days = timezone.now() - timedelta(days=2)
    Job.objects.filter(pk=job.pk).update(
        queued_at=two_days, started_at=two_days, finished_at=two_days
    )
    assertNotContains(client.get(ADDRESS), "old</a>")


def test_others_jobs_are_theirs(client: Client, album: Album) -> None:
    add(make_album(make_user()), State.QUEUED, "theirs.jpg")
    assertNotContains(client.get(ADDRESS), "theirs")


def test_the_part_that_is_polled_is_no_whole_page(client: Client, album: Album) -> None:
    part = client.get(ADDRESS, {"part": "jobs"}).content.decode()
    assert part.lstrip().startswith('<div class="activity"')
    assert 'id="notices" href="/notices/" hx-swap-oob="true"' in part


def test_a_file_in_another_format_is_fetched_from_here(client: Client, album: Album) -> None:
    made = make_download(make_colorization(make_photo(album)))
    assertContains(client.get(ADDRESS), f'href="{made.get_absolute_url()}"')
