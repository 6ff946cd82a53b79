"""What is delivered when: each end of a job once, again after longer and longer pauses, never what nobody asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, connections
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from gallery import closing, work
from jobs import changes, kinds, transitions, worker
from jobs.models import Job, JobEvent, Queue
from tests.factories import (
    bring_to,
    lose_lease,
    make_album,
    make_colorization,
    make_photo,
    make_user,
)
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import pass_time
from tests.webhooks.working import work as send_all
from webhooks import deliveries, services
from webhooks.models import Delivery, Event, Webhook

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
HOSTS = 4


def end_a_job(owner: User, state: Job.State = Job.State.SUCCEEDED) -> Job:
    return make_colorization(make_photo(make_album(owner)), state).job


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def pauses(delivery: Delivery) -> float:
    delivery.refresh_from_db()
    assert delivery.next_attempt_at
    return (delivery.next_attempt_at - timezone.now()).total_seconds()


def test_what_fails_is_tried_again_after_longer_and_longer_pauses(
    webhook: Webhook, receiver: Receiver
) -> None:
    receiver.statuses = [500] * deliveries.MAX_TRIES
    delivery = services.ping(webhook)
    for pause in deliveries.PAUSES:
        assert send_all() == 1
        assert 0 <= pause.total_seconds() - pauses(delivery) < 9
        assert send_all() == 0
        pass_time(pause)
    assert send_all() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.FAILED, deliveries.MAX_TRIES)
    assert delivery.response_status == 500
    assert delivery.error_message.startswith("The address answered with status 500")
    assert len({message.payload["id"] for message in receiver.messages}) == 1
    assert len(receiver.messages) == deliveries.MAX_TRIES == 8
    assert send_all() == 0


def test_the_tries_are_spread_over_a_day() -> None:
    assert timedelta(hours=20) < sum(deliveries.PAUSES, timedelta()) < timedelta(hours=24)
    assert list(deliveries.PAUSES) == sorted(deliveries.PAUSES)


def test_one_that_comes_at_last_is_delivered(webhook: Webhook, receiver: Receiver) -> None:
    receiver.statuses = [503, 302]
    delivery = services.ping(webhook)
    for pause in deliveries.PAUSES[:3]:
        send_all()
        pass_time(pause)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.DELIVERED, 3)
    assert delivery.job
    assert [one.outcome for one in delivery.job.attempts.all()] == ["failed", "failed", "succeeded"]
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_a_worker_that_dies_is_followed_by_another(webhook: Webhook, receiver: Receiver) -> None:
    """The try was written down before it began: the next comes without anybody saying how it went."""
    delivery = services.ping(webhook)
    deliveries.deliver()
    job = transitions.claim_next(Queue.FILES)
    assert job
    transitions.fail(job, "worker_lost", "The worker died.")
    assert send_all() == 0
    pass_time(deliveries.PAUSES[0])
    assert send_all() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.DELIVERED, 2)


def test_a_worker_that_lost_its_lease_says_nothing_of_how_its_try_went(
    webhook: Webhook, receiver: Receiver
) -> None:
    receiver.statuses = [410, 204]
    delivery = services.ping(webhook)
    deliveries.deliver()
    late = transitions.claim_next(Queue.FILES)
    assert late
    lose_lease(late)
    other = transitions.claim_next(Queue.FILES)
    assert other
    before = Delivery.objects.values().get(pk=delivery.pk)
    worker.run(late)
    assert len(receiver.messages) == 1
    assert Delivery.objects.values().get(pk=delivery.pk) == before
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.is_active) == (None, True)
    worker.run(other)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.DELIVERED, 1)


def on_all_hosts(act: Callable[[], object]) -> None:
    def host(_: int) -> None:
        act()
        connections.close_all()

    with ThreadPoolExecutor(HOSTS) as hosts:
        list(hosts.map(host, range(HOSTS)))


def test_many_hosts_make_one_delivery_and_one_job(owner: User, webhook: Webhook) -> None:
    for _ in range(3):
        end_a_job(owner)
    on_all_hosts(deliveries.deliver)
    assert Delivery.objects.count() == 3
    assert Job.objects.filter(kind=deliveries.DELIVER.name).count() == 3


def test_an_event_is_delivered_once(webhook: Webhook) -> None:
    delivery = services.ping(webhook)
    with pytest.raises(IntegrityError):
        Delivery.objects.create(webhook=webhook, event=delivery.event)


def test_few_are_sent_to_one_webhook_at_a_time(webhook: Webhook, receiver: Receiver) -> None:
    for _ in range(5):
        services.ping(webhook)
    deliveries.deliver()
    deliveries.deliver()
    assert Job.objects.open().count() == deliveries.OPEN_AT_A_TIME
    assert send_all() == 5


def test_one_that_failed_for_three_days_is_turned_off(webhook: Webhook, receiver: Receiver) -> None:
    receiver.statuses = [500] * 20
    first, waiting = services.ping(webhook), services.ping(webhook)
    send_all()
    Webhook.objects.update(failing_since=F("failing_since") - deliveries.FAILING_FOR)
    for pause in deliveries.PAUSES:
        Delivery.objects.filter(pk=first.pk).update(next_attempt_at=timezone.now() - pause)
        send_all()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "failing")
    waiting.refresh_from_db()
    assert waiting.state == State.FAILED
    services.edit(webhook, is_active=True)
    assert (webhook.is_active, webhook.disabled_reason, webhook.failing_since) == (True, "", None)


def test_what_is_due_when_a_webhook_is_turned_off_is_not_tried(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    last, _waiting = services.ping(webhook), services.ping(webhook)
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(pk=last.pk).update(tries=deliveries.MAX_TRIES, next_attempt_at=long_ago)
    Webhook.objects.update(failing_since=timezone.now() - 2 * deliveries.FAILING_FOR)
    assert send_all() == 0
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "failing")
    assert states() == [State.FAILED, State.FAILED]


def test_one_that_failed_for_a_day_is_not_turned_off(webhook: Webhook, receiver: Receiver) -> None:
    receiver.statuses = [500] * 8
    services.ping(webhook)
    for pause in deliveries.PAUSES:
        send_all()
        pass_time(pause)
    send_all()
    webhook.refresh_from_db()
    assert webhook.is_active
    assert states() == [State.FAILED]


def test_one_that_is_gone_is_turned_off_at_once(webhook: Webhook, receiver: Receiver) -> None:
    owner = webhook.owner
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    receiver.statuses = [410]
    services.ping(webhook)
    send_all()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "gone")
    [message] = mail.outbox
    assert message.to == [webhook.owner.email]
    assert webhook.target_url in message.body
    assert states() == [State.FAILED]


def test_nothing_is_sent_for_who_has_closed_the_account_or_is_suspended(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    end_a_job(owner, Job.State.QUEUED)
    closing.close(owner)
    assert send_all() == 0
    closing.keep(owner)
    User.objects.update(is_active=False)
    assert send_all() == 0
    User.objects.update(is_active=True)
    assert send_all() == 1
    assert receiver.messages[0].payload["type"] == "job.cancelled"


def test_nor_is_what_was_queued_before_until_they_are_back(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    delivery = services.ping(webhook)
    deliveries.deliver()
    User.objects.update(is_active=False)
    assert send_all() == 1
    assert receiver.messages == []
    webhook.refresh_from_db()
    delivery.refresh_from_db()
    assert (delivery.state, webhook.failing_since) == (State.PENDING, None)
    assert delivery.job
    assert delivery.job.error_code == "withheld"
    User.objects.update(is_active=True)
    pass_time(deliveries.PAUSES[0])
    assert send_all() == 1
    assert [message.payload["type"] for message in receiver.messages] == ["ping"]


def test_nothing_that_was_queued_goes_to_a_webhook_that_is_turned_off(
    webhook: Webhook, receiver: Receiver
) -> None:
    services.ping(webhook)
    deliveries.deliver()
    services.edit(webhook, is_active=False)
    assert send_all() == 1
    assert receiver.messages == []
    assert states() == [State.FAILED]


def test_deliveries_are_nobodys_work(owner: User, webhook: Webhook) -> None:
    services.ping(webhook)
    deliveries.deliver()
    [job] = Job.objects.all()
    assert list(work.waiting(owner)) == []
    assert changes.since(owner, changes.Cursor()).events == []
    assert work.cancel_all(owner) == 0
    assert job.kind in kinds.in_background()
    bring_to(job, Job.State.FAILED)
    assert list(work.failed(owner)) == []
    assert work.to_retry(owner) == []


def test_deliveries_count_in_no_limit(
    owner: User, webhook: Webhook, receiver: Receiver, settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 1
    services.ping(webhook)
    deliveries.deliver()
    make_colorization(make_photo(make_album(owner)), Job.State.QUEUED)
    services.ping(webhook)
    assert send_all() == 2


def test_deliveries_go_after_thirty_days_with_their_jobs(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    for days in (29, 31):
        event = services.ping(webhook).event
        Event.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(days=days))
    send_all()
    deliveries.delete_old()
    assert Event.objects.count() == Delivery.objects.count() == Job.objects.count() == 1


def test_no_job_is_left_of_what_is_thirty_days_old_while_others_go(webhook: Webhook) -> None:
    for more in (timedelta(days=1), timedelta(seconds=-1)):
        event = services.ping(webhook).event
        created_at = timezone.now() - deliveries.KEPT_FOR - more
        Event.objects.filter(pk=event.pk).update(created_at=created_at)
    deliveries.deliver()

    def take_a_while(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        if sql.startswith("DELETE"):
            time.sleep(1)
        return execute(sql, *others)

    with connection.execute_wrapper(take_a_while):
        deliveries.delete_old()
    assert Event.objects.count() == Delivery.objects.count() == Job.objects.count() == 1


def test_a_webhook_is_deleted_with_what_is_being_sent(webhook: Webhook) -> None:
    services.ping(webhook)
    deliveries.deliver()
    services.delete(webhook)
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()
    assert not JobEvent.objects.exists()


def test_the_database_has_no_secret_as_it_is(settings: Settings) -> None:
    webhook = services.create(make_user(), target_url="https://example.org/hook")
    secret = webhook.secret
    own = Webhook.objects.filter(pk=webhook.pk)
    kept = own.values_list(Cast("secret", TextField()), flat=True).get()
    assert secret.startswith("whsec_")
    assert "whsec_" not in kept
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    assert own.get().secret == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert own.get().secret == ""
