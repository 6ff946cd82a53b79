"""The changes of a person's jobs: each is read once, none is missed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from jobs import changes, services, transitions
from jobs.changes import Cursor, CursorError
from jobs.models import Job
from tests.factories import make_user
from tests.jobs.factories import make_job
from tests.jobs.kinds import QUICK

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def owner() -> User:
    return make_user()


def read(owner: User, cursor: Cursor) -> tuple[list[tuple[object, str]], Cursor]:
    """All that there is, page by page."""
    found: list[tuple[object, str]] = []
    while True:
        # As a client sends it back.
        page = changes.since(owner, Cursor.parse(str(cursor)))
        found += [(event.job_id, event.state) for event in page.events]
        cursor = page.cursor
        if not page.has_more:
            return found, cursor


def test_changes_are_in_their_order_and_read_once(owner: User) -> None:
    cursor = changes.latest(owner)
    job = make_job(owner, State.SUCCEEDED)
    found, cursor = read(owner, cursor)
    assert found == [(job.pk, "queued"), (job.pk, "running"), (job.pk, "succeeded")]
    assert read(owner, cursor)[0] == []


def test_those_of_others_are_not_among_them(owner: User) -> None:
    make_job(make_user(), State.SUCCEEDED)
    assert read(owner, Cursor())[0] == []
    assert not changes.any_since(owner, Cursor())


def test_the_latest_is_behind_all_that_was(owner: User) -> None:
    make_job(owner, State.FAILED)
    cursor = changes.latest(owner)
    assert not changes.any_since(owner, cursor)
    job = make_job(owner)
    assert changes.any_since(owner, cursor)
    assert read(owner, cursor)[0] == [(job.pk, "queued")]


def test_many_come_in_pages(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    jobs = [make_job(owner) for _ in range(5)]
    found, _cursor = read(owner, Cursor())
    assert found == [(job.pk, "queued") for job in jobs]


def test_what_was_deleted_is_gone(owner: User) -> None:
    job, other = make_job(owner), make_job(owner)
    services.delete(Job.objects.filter(pk=job.pk))
    assert read(owner, Cursor())[0] == [(other.pk, "queued")]


def test_a_cursor_outlives_what_it_was_made_of(owner: User) -> None:
    make_job(owner)
    cursor = changes.latest(owner)
    services.delete(Job.objects.filter(owner=owner))
    job = make_job(owner)
    assert read(owner, cursor)[0] == [(job.pk, "queued")]


@pytest.mark.parametrize("read_ids", [[], [8, 9, 15]])
def test_a_cursor_comes_back_as_it_was(read_ids: list[int]) -> None:
    assert Cursor.parse(str(Cursor(7, read_ids))) == Cursor(7, read_ids)


@pytest.mark.parametrize("text", ["", "7", "x", "7.abc", f"1{Cursor(7)}", f"{Cursor(7)}x", "é"])
def test_what_was_never_a_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        Cursor.parse(text)


def test_a_job_is_other_when_it_has_moved(owner: User) -> None:
    job = make_job(owner, State.RUNNING)
    assert not changes.is_other_now(job)
    transitions.renew(job, 70)
    assert changes.is_other_now(job)
    job.refresh_from_db()
    transitions.succeed(job)
    assert changes.is_other_now(job)
    services.delete(Job.objects.filter(pk=job.pk))
    assert changes.is_other_now(job)


@contextmanager
def uncommitted(owner: User) -> Iterator[Job]:
    """A job that another transaction has queued; it is committed at the end."""
    written, end = threading.Event(), threading.Event()
    job = Job(owner=owner, kind=QUICK, queue="photos")

    def queue() -> None:
        try:
            with transaction.atomic():
                transitions.create([job], job.queue)
                written.set()
                end.wait(60)
        finally:
            connection.close()

    thread = threading.Thread(target=queue)
    thread.start()
    assert written.wait(60)
    try:
        yield job
    finally:
        end.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
class TestOnPostgres:
    """A transaction that is committed late: SQLite has one writer at a time, so that there is none."""

    @pytest.fixture(autouse=True)
    def _needs_postgres(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("DATABASE_URL is not PostgreSQL: SQLite has one writer after the other")

    @pytest.fixture(autouse=True)
    def _settled_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(changes, "LONGEST_INSERT", timedelta())

    def test_what_is_committed_late_is_not_missed(self, owner: User) -> None:
        cursor = changes.latest(owner)
        with uncommitted(owner) as late:
            early = make_job(owner)
            found, cursor = read(owner, cursor)
            assert found == [(early.pk, "queued")]
            assert late.events.count() == 0
            assert not changes.any_since(owner, cursor)
        assert late.events.get().pk < early.events.get().pk
        assert changes.any_since(owner, cursor)
        assert read(owner, cursor)[0] == [(late.pk, "queued")]

    def test_nor_by_who_begins_meanwhile(self, owner: User) -> None:
        with uncommitted(owner) as late:
            make_job(owner)
            cursor = changes.latest(owner)
            assert not changes.any_since(owner, cursor)
        assert read(owner, cursor)[0] == [(late.pk, "queued")]

    def test_nor_page_by_page(self, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(changes, "PAGE", 1)
        with uncommitted(owner) as late:
            early = [make_job(owner) for _ in range(3)]
            found, cursor = read(owner, Cursor())
            assert found == [(job.pk, "queued") for job in early]
        assert read(owner, cursor)[0] == [(late.pk, "queued")]

    def test_nor_behind_copies_of_old_jobs(self, owner: User) -> None:
        old = make_job(owner, State.SUCCEEDED)
        for time in ("queued_at", "started_at", "finished_at"):
            Job.objects.update(**{time: F(time) - timedelta(days=7)})
        old.refresh_from_db()
        cursor = changes.latest(owner)
        with uncommitted(owner) as late:
            services.save_copies([services.copy_of(old)])
            found, cursor = read(owner, cursor)
            assert [state for _job, state in found] == ["queued", "running", "succeeded"]
        assert read(owner, cursor)[0] == [(late.pk, "queued")]

    def test_a_cursor_is_short_again_once_all_is_settled(self, owner: User) -> None:
        with uncommitted(owner):
            job = make_job(owner)
            _found, cursor = read(owner, Cursor())
            assert list(cursor.read) == [job.events.get().pk]
        assert read(owner, cursor)[1].read == []
