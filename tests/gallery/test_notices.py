"""Notices of what is done: one for each batch, once, on the page and by mail for those who want it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.db import connections
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from gallery import archives, notices, services
from gallery.models import Album, Archive, Notice
from jobs import services as jobs
from jobs.models import Job, JobEvent
from tests.factories import (
    bring_to,
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_photo,
    make_user,
)
from tests.worker import worker_environment

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State

HOSTS = 6
KILLED_WHILE_IT_TELLS = """
import django, os, signal
django.setup()
from django.db.models.signals import post_save
from gallery.models import Notice
from gallery.notices import make_notices
kill = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
post_save.connect(kill, sender=Notice)
make_notices()
"""


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.NOTICE_AFTER_SECONDS = 0


@pytest.fixture
def owner() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, "Attic")


def color(album: Album, *states: Job.State) -> list[Job]:
    return [make_colorization(make_photo(album), state).job for state in states]


def texts() -> list[str]:
    notices.make_notices()
    return [notice.text for notice in Notice.objects.order_by("created_at")]


def prove(owner: User) -> None:
    owner.emailaddress_set.create(email=owner.email, verified=True, primary=True)  # type: ignore[attr-defined]


def test_a_batch_is_told_once(album: Album) -> None:
    color(album, State.SUCCEEDED, State.SUCCEEDED, State.FAILED)
    assert texts() == ["2 photos are in color, 1 failed"]
    assert texts() == ["2 photos are in color, 1 failed"]
    notice = Notice.objects.get()
    assert (notice.owner, notice.album, notice.title) == (album.owner, album, "Attic")


@pytest.mark.parametrize("open_state", [State.QUEUED, State.RUNNING])
def test_a_batch_is_not_done_while_something_is_open(album: Album, open_state: Job.State) -> None:
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    [job] = color(album, open_state)
    assert texts() == []
    jobs.cancel(job)
    assert texts() == ["2 photos are in color"]


def test_pauses_of_an_upload_end_no_batch(album: Album, settings: Settings) -> None:
    settings.NOTICE_AFTER_SECONDS = 60
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    assert texts() == []
    JobEvent.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert texts() == ["2 photos are in color"]


def test_one_photo_that_took_a_moment_is_no_news(album: Album) -> None:
    color(album, State.SUCCEEDED)
    assert texts() == []
    assert not JobEvent.objects.filter(awaits_notice=True).exists()


def test_one_photo_that_took_long_is(album: Album) -> None:
    [job] = color(album, State.SUCCEEDED)
    Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - timedelta(minutes=5))
    assert texts() == ["1 photo is in color"]


def test_one_photo_that_failed_is_told(album: Album) -> None:
    color(album, State.FAILED)
    assert texts() == ["1 photo failed"]


def test_what_somebody_cancelled_is_no_news(album: Album) -> None:
    color(album, State.CANCELLED, State.CANCELLED)
    assert texts() == []


def test_a_photo_tried_again_within_the_batch_counts_by_its_end(album: Album) -> None:
    [failed] = color(album, State.FAILED)
    assert jobs.retry(failed)
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    jobs.cancel(failed)
    assert texts() == ["2 photos are in color"]


def test_a_photo_tried_again_after_its_batch_is_a_batch_of_its_own(album: Album) -> None:
    [failed] = color(album, State.FAILED)
    assert texts() == ["1 photo failed"]
    jobs.retry(failed)
    bring_to(failed, State.FAILED)
    assert texts() == ["1 photo failed", "1 photo failed"]


def test_photos_of_two_albums_belong_to_none(album: Album) -> None:
    color(album, State.SUCCEEDED)
    color(make_album(album.owner), State.SUCCEEDED)
    notices.make_notices()
    assert Notice.objects.get().album is None


def test_zip_files_are_told_at_once(album: Album) -> None:
    color(album, State.QUEUED)
    make_archive(album)
    make_archive(make_photo(make_album(album.owner, "Trip")).album, State.FAILED)
    bring_to(archives.request_export(album.owner).job, State.FAILED)
    assert set(texts()) == {
        "The zip file of “Attic” is ready",
        "The zip file of “Trip” failed",
        "The export failed",
    }


def test_a_notice_leads_to_what_it_is_about(album: Album) -> None:
    archive = make_archive(album)
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    color(album, State.FAILED)
    notices.make_notices()
    assert Notice.objects.get(kind="archive").target == archive.get_absolute_url()
    assert Notice.objects.get(kind="photos").target == "/activity/"
    archives.delete_archives(album.archives.all())
    assert Notice.objects.get(kind="archive").target == "/activity/"


def test_a_notice_leads_to_no_zip_file_that_has_expired(album: Album) -> None:
    make_archive(album)
    notices.make_notices()
    Archive.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert Notice.objects.get().target == "/activity/"


def test_a_notice_leads_to_no_album_in_the_trash(album: Album) -> None:
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    notices.make_notices()
    assert Notice.objects.get().target == album.get_absolute_url()
    services.trash_album(album)
    assert Notice.objects.get().target == "/activity/"


@pytest.mark.slow
def test_many_hosts_make_one(album: Album) -> None:
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    make_archive(album)

    def host(_: int) -> None:
        notices.make_notices()
        connections.close_all()

    with ThreadPoolExecutor(HOSTS) as hosts:
        list(hosts.map(host, range(HOSTS)))
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["archive", "photos"]


@pytest.mark.slow
def test_one_that_is_killed_while_it_tells_leaves_it_to_the_next(
    album: Album, tmp_path: Path
) -> None:
    color(album, State.SUCCEEDED, State.SUCCEEDED)
    JobEvent.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_IT_TELLS],
        cwd=site.BASE_DIR,
        env={**os.environ, **worker_environment(tmp_path)},
        check=False,
    )
    assert killed.returncode == -9
    assert not Notice.objects.exists()
    assert texts() == ["2 photos are in color"]


def test_a_message_is_sent_for_each_batch_to_who_wants_it(album: Album, owner: User) -> None:
    prove(owner)
    User.objects.update(mail_when_done=True)
    color(album, State.SUCCEEDED, State.SUCCEEDED, State.FAILED)
    for _ in range(2):
        notices.tell()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "[Tintype] 2 photos are in color, 1 failed"
    assert f"{site.SITE_URL}/notices/{Notice.objects.get().pk}/" in str(message.body)


@pytest.mark.parametrize(
    ("is_proved", "is_wanted"), [(False, True), (True, False)], ids=["unproved", "not wanted"]
)
def test_nobody_else_gets_a_message(
    album: Album, owner: User, is_proved: bool, is_wanted: bool
) -> None:
    if is_proved:
        prove(owner)
    User.objects.update(mail_when_done=is_wanted)
    color(album, State.FAILED)
    notices.tell()
    assert Notice.objects.exists()
    assert mail.outbox == []


def test_a_message_that_was_not_taken_is_sent_later(
    album: Album, owner: User, settings: Settings
) -> None:
    prove(owner)
    User.objects.update(mail_when_done=True)
    color(album, State.FAILED)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    notices.tell()
    settings.EMAIL_BACKEND = working
    notices.tell()
    assert len(mail.outbox) == 1


class StrictBackend(LocmemBackend):
    """A mail server that knows its mailboxes: Ada's is not there, Bob's is for later."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for address, code in (("ada@example.org", 550), ("bob@example.org", 450)):
            if [address] in (message.to for message in email_messages):
                raise SMTPRecipientsRefused({address: (code, b"Not taken")})
        return super().send_messages(email_messages)


def test_who_is_refused_by_the_mail_server_keeps_no_message_from_others(
    owner: User, settings: Settings
) -> None:
    people = [owner, make_user("bob@example.org"), make_user("eve@example.org")]
    User.objects.update(mail_when_done=True)
    for person in people:
        prove(person)
        color(make_album(person), State.FAILED)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.gallery.test_notices.StrictBackend"
    notices.tell()
    assert [message.to for message in mail.outbox] == [["eve@example.org"]]
    settings.EMAIL_BACKEND = working
    notices.tell()
    assert [message.to for message in mail.outbox[1:]] == [["bob@example.org"]]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.SUCCEEDED, "Your file of “photo” is ready"),
        (State.FAILED, "The file of “photo” failed"),
    ],
)
def test_a_file_in_another_format_is_told_of_when_it_took_long(
    album: Album, state: Job.State, told: str
) -> None:
    for minutes in (0, 2):
        job = make_download(make_colorization(make_photo(album)), state).job
        Job.objects.filter(pk=job.pk).update(queued_at=F("queued_at") - timedelta(minutes=minutes))
    JobEvent.objects.exclude(job__kind="download").update(awaits_notice=False)
    assert texts() == [told]
    assert Notice.objects.get().target == "/activity/"


def test_old_notices_go_after_ninety_days(album: Album) -> None:
    for days in (89, 91):
        notice = Notice.objects.create(owner=album.owner, kind="photos", succeeded=days)
        Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - timedelta(days=days))
    notices.delete_old()
    assert Notice.objects.get().succeeded == 89
