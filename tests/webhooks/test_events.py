"""What webhooks are told of: each end of a job, once."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import User
from colorizer import adjusting
from colorizer import services as colorizer
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Colorization
from gallery import archives, work
from jobs import services as jobs
from jobs.models import Job
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
)
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import work as send_all
from webhooks import services
from webhooks.models import Delivery, Event, Webhook

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
HOSTS = 4


def end_a_job(owner: User, state: Job.State = Job.State.SUCCEEDED) -> Job:
    return make_colorization(make_photo(make_album(owner)), state).job


@pytest.mark.parametrize("state", [Job.State.SUCCEEDED, Job.State.FAILED, Job.State.CANCELLED])
def test_each_end_is_told(
    owner: User, webhook: Webhook, receiver: Receiver, state: Job.State
) -> None:
    job = end_a_job(owner, state)
    assert send_all() == 1
    [message] = receiver.messages
    payload = message.payload
    colorization = job.colorization
    assert payload["type"] == f"job.{state}"
    assert payload["data"] == {
        "job_id": str(job.pk),
        "job_url": f"http://127.0.0.1:8000/api/v1/jobs/{job.pk}/",
        "kind": "colorize_photo",
        "state": state,
        "error_code": job.error_code,
        "subject": {
            "type": "colorization",
            "id": str(colorization.pk),
            "url": f"http://127.0.0.1:8000/api/v1/colorizations/{colorization.pk}/",
        },
    }
    assert message.headers["Webhook-Id"] == payload["id"]
    assert message.headers["Content-Type"] == "application/json"
    assert message.is_signed_by(webhook.secret)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.response_status) == (State.DELIVERED, 204)
    assert delivery.delivered_at


def test_archives_are_told_of_deliveries_are_not(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    archive = make_archive(make_photo(make_album(owner)).album)
    assert send_all() == 1
    assert send_all() == 0
    [message] = receiver.messages
    assert message.payload["data"]["subject"]["id"] == str(archive.pk)
    assert Event.objects.count() == 1


def test_nothing_is_told_of_what_was_before_or_is_not_wanted(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    services.edit(webhook, events=["job.failed"])
    end_a_job(owner)
    services.create(owner, target_url=receiver.address("/late"))
    end_a_job(owner, Job.State.FAILED)
    send_all()
    told = sorted((message.path, message.payload["type"]) for message in receiver.messages)
    assert told == [("/hook?key=1", "job.failed"), ("/late", "job.failed")]


def test_without_a_webhook_nothing_is_written(owner: User) -> None:
    end_a_job(owner)
    assert not Event.objects.exists()


def test_a_job_that_ends_again_is_told_of_again(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    job = end_a_job(owner, Job.State.FAILED)
    jobs.retry(job)
    jobs.cancel(job)
    send_all()
    told = sorted(message.payload["type"] for message in receiver.messages)
    assert told == ["job.cancelled", "job.failed"]


def test_an_end_that_is_rolled_back_is_not_told(owner: User, webhook: Webhook) -> None:
    job = end_a_job(owner, Job.State.QUEUED)

    with transaction.atomic():
        jobs.cancel(job)
        assert Event.objects.exists()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_many_jobs_that_are_cancelled_at_once_are_all_told_of(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    photo = make_photo(make_album(owner))
    for factor in range(10, 15):
        make_colorization(photo, Job.State.QUEUED, render_factor=factor)
    assert work.cancel_all(owner) == 5
    assert send_all() == 5
    subjects = {message.payload["data"]["subject"]["id"] for message in receiver.messages}
    assert len(subjects) == 5


def test_what_is_deleted_while_it_is_made_is_told_of_as_cancelled(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    make_photo(album := make_album(owner))
    archive = archives.request_archive(album, archives.Choices())
    archives.delete_archives(album.archives.filter(pk=archive.pk))
    version = make_colorization(make_photo(album), Job.State.RUNNING)
    colorizer.delete(Colorization.objects.filter(pk=version.pk))
    assert not Job.objects.exists()
    assert send_all() == 2
    told = {message.payload["data"]["job_id"]: message.payload for message in receiver.messages}
    assert set(told) == {str(archive.job_id), str(version.job_id)}
    assert {payload["type"] for payload in told.values()} == {"job.cancelled"}
    subjects = {payload["data"]["subject"]["id"] for payload in told.values()}
    assert subjects == {str(archive.pk), str(version.pk)}


def test_adjustments_that_others_follow_end_first(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    version = make_colorization(make_photo(make_album(owner)))
    Event.objects.all().delete()
    for warmth in (10, 20, 0):
        adjusting.save(version, Adjustments(warmth=warmth))
    assert send_all() == 2
    for message in receiver.messages:
        assert message.payload["type"] == "job.cancelled"
        assert message.payload["data"]["subject"]["id"] == str(version.pk)


def test_what_has_ended_is_told_of_once_however_it_is_deleted(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    job = end_a_job(owner)
    jobs.delete(Job.objects.filter(pk=job.pk))
    assert send_all() == 1
    assert receiver.messages[0].payload["type"] == "job.succeeded"
