"""Owners, workers and supervisors at the same time: nobody waits in a ring, nothing is missed or told twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.models import User
from jobs import services as jobs
from jobs.models import Job
from tests.factories import make_album, make_colorization, make_photo
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import work
from webhooks import deliveries, services
from webhooks.models import Delivery, Event, Webhook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 12


def at_the_same_time(*acts: Callable[[], object]) -> None:
    def repeat(act: Callable[[], object]) -> None:
        for _ in range(ROUNDS):
            act()
        connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        for outcome in [threads.submit(repeat, act) for act in acts]:
            outcome.result()


def test_each_end_is_told_once_while_hosts_send_and_owners_change_their_minds(
    owner: User, webhook: Webhook, receiver: Receiver
) -> None:
    photo = make_photo(make_album(owner))
    open_jobs = [
        make_colorization(photo, Job.State.QUEUED, render_factor=8 + number).job
        for number in range(ROUNDS)
    ]
    ends = iter(open_jobs)

    def come_and_go() -> None:
        other = services.create(owner, target_url=receiver.address("/other"))
        services.edit(other, is_active=False)
        services.delete(other)

    at_the_same_time(
        lambda: jobs.cancel(next(ends)),
        work,
        deliveries.deliver,
        come_and_go,
        lambda: services.edit(webhook, description="Changed"),
    )
    while work():
        pass
    assert Event.objects.count() == ROUNDS
    told = Delivery.objects.filter(webhook=webhook)
    assert told.filter(state="delivered").count() == ROUNDS
    paths = [message.path for message in receiver.messages]
    assert paths.count("/hook?key=1") == ROUNDS
