"""The staff page of the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import clusters, counters, transitions
from jobs.models import Job, Queue, WorkerCluster
from tests.factories import make_album, make_archive, make_colorization, make_staff, make_user
from tests.plans import scans_of
from tests.staff import client_of, log_of, make_moderator

pytestmark = pytest.mark.django_db

State = Job.State
URL = "/admin/queue/"


def page() -> Any:
    return client_of(make_staff()).get(URL)


def shown(response: Any, section: str) -> list[Job]:
    return [shown.job for shown in response.context[section]]


def make_job(state: Job.State) -> Job:
    return make_colorization(state=state).job


def test_it_shows_clusters_and_what_they_run() -> None:
    cluster = clusters.register(Queue.PHOTOS, workers=3)
    make_colorization(state=State.QUEUED)
    job = transitions.claim_next(Queue.PHOTOS, cluster.pk)
    assert job
    response = page()
    content = response.content.decode()
    assert "1 of 3" in content
    assert cluster.host in content
    assert shown(response, "running") == [job]
    assert "Alive" in content


def test_silent_cluster_is_told_and_jobs_that_nobody_will_do() -> None:
    cluster = clusters.register(Queue.PHOTOS, workers=1)
    long_ago = timezone.now() - timedelta(hours=1)
    WorkerCluster.objects.filter(pk=cluster.pk).update(alive_at=long_ago)
    make_colorization(state=State.QUEUED)
    content = page().content.decode()
    assert "Silent for 1" in content
    assert "1 in queue, and no workers are alive" in content


def test_queued_jobs_are_listed_with_the_urgent_first() -> None:
    first, second = (make_job(State.QUEUED) for _ in range(2))
    assert shown(page(), "queued") == [first, second]
    client_of(make_staff()).post(URL, {"action": "urgent", "job": str(second.pk)})
    assert shown(page(), "queued") == [second, first]
    assert log_of(second) == ["Put first."]


def test_jobs_are_cancelled_and_tried_again() -> None:
    staff = client_of(make_staff())
    waiting, failed = make_job(State.QUEUED), make_job(State.FAILED)
    staff.post(URL, {"action": "cancel", "job": str(waiting.pk)})
    staff.post(URL, {"action": "retry", "job": str(failed.pk)})
    waiting.refresh_from_db()
    failed.refresh_from_db()
    assert (waiting.state, failed.state) == (State.CANCELLED, State.QUEUED)
    assert log_of(failed) == ["Queued again."]


def test_all_of_one_error_are_tried_again() -> None:
    failed = [make_job(State.FAILED) for _ in range(3)]
    other = failed.pop()
    Job.objects.filter(pk=other.pk).update(error_code="internal_error")
    response = client_of(make_staff()).post(
        URL, {"action": "retry", "error_code": "unreadable_photo"}, follow=True
    )
    assert "2 queued again." in response.content.decode()
    other.refresh_from_db()
    assert other.state == State.FAILED


@pytest.mark.parametrize("data", [{"action": "retry"}, {"action": "retry", "job": "no id"}])
def test_unclear_orders_are_refused(data: dict[str, str]) -> None:
    assert client_of(make_staff()).post(URL, data).status_code == 400


def test_looking_and_acting_need_permissions() -> None:
    job = make_job(State.QUEUED)
    order = {"action": "cancel", "job": str(job.pk)}
    looking = client_of(make_moderator("jobs.view_job"))
    assert looking.get(URL).status_code == 200
    assert "Cancel" not in looking.get(URL).content.decode()
    assert looking.post(URL, order).status_code == 403
    assert client_of(make_moderator("gallery.view_photo")).get(URL).status_code == 403
    assert client_of(make_user()).get(URL).status_code == 302
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_jobs_of_every_kind_are_shown_with_what_they_are_about() -> None:
    make_archive(make_album(title="Aunt Ada"), State.QUEUED)
    make_colorization(state=State.QUEUED)
    content = page().content.decode()
    for words in ("Colorize a photo", "photo: Stable, render factor 20", "Aunt Ada"):
        assert words in content


def test_jobs_of_every_kind_are_cancelled_and_retried() -> None:
    staff = client_of(make_staff())
    waiting, failed = make_archive(state=State.QUEUED).job, make_archive(state=State.FAILED).job
    staff.post(URL, {"action": "cancel", "job": str(waiting.pk)})
    staff.post(URL, {"action": "retry", "job": str(failed.pk)})
    waiting.refresh_from_db()
    failed.refresh_from_db()
    assert (waiting.state, failed.state) == (State.CANCELLED, State.QUEUED)
    assert log_of(failed) == ["Queued again."]


def test_lost_leases_are_told() -> None:
    counters.add("lease_losses", 2, queue="photos")
    assert "<strong>2</strong> leases lost so far" in page().content.decode()


def test_the_dashboard_leads_there() -> None:
    assert reverse("admin:queue") in client_of(make_staff()).get("/admin/").content.decode()


def test_jobs_are_found_by_index_however_many_have_ended() -> None:
    with CaptureQueriesContext(connection) as asked:
        page()
    assert scans_of("jobs_job", asked) == []
