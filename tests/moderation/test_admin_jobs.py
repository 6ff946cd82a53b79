"""Jobs of every kind: what they are about, their attempts and events, and what staff do with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from colorizer.models import Colorization
from colorizer.tasks import HELP_FILM
from gallery.models import Archive
from jobs import transitions
from jobs.models import Job, Queue
from jobs.services import enqueue
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    stored_files,
)
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db
State = Job.State

# One of each kind.
MAKERS: list[Callable[..., Colorization | Archive]] = [make_colorization, make_archive]
of_every_kind = pytest.mark.parametrize("make", MAKERS)


@of_every_kind
@pytest.mark.parametrize("state", State)
def test_list_and_page_show_a_job_in_any_state(
    make: Callable[..., Colorization | Archive], state: State
) -> None:
    subject = make(state=state)
    job = subject.job
    client = client_of(make_staff())
    for url in (page(Job, "changelist"), page(Job, "change", job)):
        content = client.get(url).content.decode()
        assert str(state.label) in content
        assert job.label in content
        assert job.owner.email in content
        assert page(type(subject), "change", subject) in content


def test_a_job_that_helps_is_about_the_film_that_it_helps() -> None:
    film = make_colorization(state=State.RUNNING)
    helper = enqueue(film.owner, HELP_FILM.name)
    film.helpers.add(helper)
    client = client_of(make_staff())
    for url in (page(Job, "changelist") + "?kind=help_film", page(Job, "change", helper)):
        assert page(Colorization, "change", film) in client.get(url).content.decode()


@pytest.mark.parametrize("state", State)
def test_list_and_page_show_an_archive_in_any_state(state: State) -> None:
    archive = make_archive(make_album(title="Aunt Ada"), state)
    client = client_of(make_staff())
    for url in (page(Archive, "changelist"), page(Archive, "change", archive)):
        content = client.get(url).content.decode()
        assert str(state.label) in content
        assert "Aunt Ada" in content


def test_the_page_shows_attempts_and_events_also_to_those_who_may_only_see_jobs() -> None:
    job = make_colorization(state=State.FAILED).job
    transitions.retry(job)
    claimed = transitions.claim_next(Queue.PHOTOS)
    assert claimed
    transitions.retry_or_fail(claimed, "storage_failed", "The disk is full.")
    response = client_of(make_moderator("jobs.view_job")).get(page(Job, "change", job))
    attempts, events = (inline.formset for inline in response.context["inline_admin_formsets"])
    assert [(form.instance.number, form.instance.outcome) for form in attempts] == [
        (1, "failed"),
        (2, "failed"),
    ]
    assert [form.instance.state for form in events] == [
        State.QUEUED,
        State.RUNNING,
        State.FAILED,
        State.QUEUED,
        State.RUNNING,
        State.QUEUED,
    ]
    content = response.content.decode()
    for shown in ("The picture is damaged.", "The disk is full.", job.attempts.all()[0].worker):
        assert shown in content


@of_every_kind
@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_retry_puts_a_job_back_into_the_queue(
    make: Callable[..., Colorization | Archive], state: State
) -> None:
    job = make(state=state).job
    act(client_of(make_staff()), "retry", [job])
    job.refresh_from_db()
    assert (job.state, job.attempts_made, job.error_code) == (State.QUEUED, 0, "")
    assert log_of(job) == ["Queued again."]


@of_every_kind
@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_cancel_stops_a_job_that_is_not_finished(
    make: Callable[..., Colorization | Archive], state: State
) -> None:
    job = make(state=state).job
    act(client_of(make_staff()), "cancel", [job])
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert log_of(job) == ["Cancelled."]


@of_every_kind
def test_urgent_lets_a_waiting_job_be_next(
    make: Callable[..., Colorization | Archive],
) -> None:
    _, second = make(state=State.QUEUED).job, make(state=State.QUEUED).job
    act(client_of(make_staff()), "urgent", [second])
    assert transitions.claim_next(Queue(second.queue)) == second
    assert log_of(second) == ["Put first."]


@of_every_kind
@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("retry", State.QUEUED),
        ("retry", State.RUNNING),
        ("retry", State.SUCCEEDED),
        ("cancel", State.SUCCEEDED),
        ("urgent", State.RUNNING),
        ("urgent", State.FAILED),
    ],
)
def test_an_action_that_makes_no_sense_changes_and_logs_nothing(
    make: Callable[..., Colorization | Archive], action: str, state: State
) -> None:
    job = make(state=state).job
    act(client_of(make_staff()), action, [job])
    job.refresh_from_db()
    assert (job.state, job.priority) == (state, Job.Priority.NORMAL)
    assert log_of(job) == []


@of_every_kind
def test_the_page_offers_what_the_state_allows(
    make: Callable[..., Colorization | Archive],
) -> None:
    client = client_of(make_staff())
    for state, offered in (
        (State.QUEUED, ["cancel", "urgent"]),
        (State.RUNNING, ["cancel"]),
        (State.SUCCEEDED, []),
        (State.FAILED, ["retry"]),
    ):
        response = client.get(page(Job, "change", make(state=state).job))
        assert [name for name, _ in response.context["object_actions"]] == offered


def test_the_list_can_be_narrowed_to_a_kind() -> None:
    make_colorization()
    archive = make_archive()
    response = client_of(make_staff()).get(page(Job, "changelist"), {"kind": archive.job.kind})
    assert list(response.context["cl"].queryset) == [archive.job]


def test_a_job_of_a_kind_that_is_not_known_is_shown_by_its_name() -> None:
    job = make_colorization().job
    Job.objects.filter(pk=job.pk).update(kind="from_tomorrow")
    client = client_of(make_staff())
    for url in (page(Job, "changelist"), page(Job, "change", job)):
        assert "from_tomorrow" in client.get(url).content.decode()


@of_every_kind
def test_a_job_is_not_edited_and_not_deleted_without_what_it_is_about(
    make: Callable[..., Colorization | Archive],
) -> None:
    job = make().job
    client = client_of(make_staff())
    assert client.post(page(Job, "change", job), {"state": "queued"}).status_code == 403
    assert client.post(page(Job, "delete", job), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [job], post="yes")
    assert Job.objects.get() == job


def test_deleting_an_archive_removes_its_file_and_its_job(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    album = make_photo().album
    before = stored_files()
    archive = make_archive(album)
    assert stored_files() != before
    with django_capture_on_commit_callbacks(execute=True):
        client_of(make_staff()).post(page(Archive, "delete", archive), {"post": "yes"})
    assert not Archive.objects.exists()
    assert not Job.objects.exists()
    assert stored_files() == before


def test_staff_who_may_only_look_cannot_act() -> None:
    job = make_colorization(state=State.QUEUED).job
    for action in ("cancel", "urgent"):
        act(client_of(make_moderator("jobs.view_job")), action, [job])
    job.refresh_from_db()
    assert (job.state, job.priority) == (State.QUEUED, Job.Priority.NORMAL)


def test_staff_with_the_permission_can_cancel() -> None:
    job = make_colorization(state=State.QUEUED).job
    act(client_of(make_moderator("jobs.change_job", "jobs.view_job")), "cancel", [job])
    job.refresh_from_db()
    assert job.state == State.CANCELLED
