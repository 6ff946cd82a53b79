"""The whole way, with real workers: a photo is colored, and somebody else's server hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import User
from colorizer import services as colorizer
from tests.factories import make_album, make_photo
from tests.webhooks.receiver import Receiver
from tests.worker import running_worker, wait_until
from webhooks import services
from webhooks.models import Delivery, Webhook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORKERS = {"FILE_WORKERS": "1", "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}


def test_a_photo_in_color_is_told_to_a_server(
    owner: User, webhook: Webhook, receiver: Receiver, tmp_path: Path
) -> None:
    photo = make_photo(make_album(owner))
    with running_worker(tmp_path, **WORKERS):
        colorization = colorizer.enqueue(photo.original, "stable", 20)
        wait_until(lambda: bool(receiver.messages), "a message")
        delivered = Delivery.objects.filter(state=Delivery.State.DELIVERED)
        wait_until(delivered.exists, "a delivery that is written down")
    [message] = receiver.messages
    assert message.payload["type"] == "job.succeeded"
    assert message.payload["data"]["subject"]["id"] == str(colorization.pk)
    assert message.is_signed_by(webhook.secret)


def test_what_was_to_be_sent_when_workers_were_killed_is_sent_by_the_next(
    webhook: Webhook, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.pause = 0.05
    delivery = services.ping(webhook)
    with running_worker(tmp_path, **WORKERS) as worker:
        wait_until(lambda: bool(receiver.messages), "a message", pause=0.01)
        delivery.refresh_from_db()
        assert delivery.job
        assert worker.kill_at_work(delivery.job)
        receiver.pause = 0
        done = Delivery.objects.filter(state=Delivery.State.DELIVERED)
        wait_until(done.exists, "a delivery that is written down")
    first, *later = [message.headers["Webhook-Id"] for message in receiver.messages]
    assert later
    assert set(later) == {first} == {str(delivery.event_id)}
