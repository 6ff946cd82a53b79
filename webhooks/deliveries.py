"""Telling webhooks what happened: who is told, when it is tried, and what comes of it.

The supervisors of all hosts call `deliver`; one owner is one's own at a time. What fails is tried again after
longer and longer pauses, which `next_attempt_at` keeps: a job that failed says nothing of that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts import mail
from gallery.moments import database_time
from jobs import services as jobs
from jobs.errors import GoneError
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Job, Queue
from webhooks.models import Delivery, Event, Webhook

logger = logging.getLogger(__name__)

PAUSES: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""After each try that failed, but the last."""
MAX_TRIES: Final = len(PAUSES) + 1
OPEN_AT_A_TIME: Final = 3
"""Of one webhook: one that answers slowly keeps few workers from other files."""
EVENTS_AT_ONCE: Final = 500
FAILING_FOR: Final = timedelta(days=3)
KEPT_FOR: Final = timedelta(days=30)

Reason = Webhook.DisabledReason
State = Delivery.State


def _run(lease: Lease) -> None:
    from webhooks.sending import run  # noqa: PLC0415  (only workers need it)

    run(lease)


DELIVER: Final = JobKind(
    name="deliver_webhook",
    label=gettext_lazy("Send to a webhook"),
    queue=Queue.FILES,
    run=_run,
    is_background=True,
)


def deliver() -> None:
    """Have all that is due sent."""
    waiting = Event.objects.filter(awaits_deliveries=True)
    _for_each_owner(waiting.values_list("owner", flat=True), _make_deliveries)
    due = Delivery.objects.due()
    _for_each_owner(due.values_list("webhook__owner", flat=True), _send_due)


def _for_each_owner(owners: QuerySet[Any, int], act: Callable[[int], None]) -> None:
    for owner_id in list(owners.order_by().distinct()):
        with suppress(GoneError), transaction.atomic():
            jobs.lock_owner(owner_id)
            act(owner_id)


def _make_deliveries(owner_id: int) -> None:
    waiting = Event.objects.filter(owner=owner_id, awaits_deliveries=True)
    events = list(waiting.order_by("created_at", "pk")[:EVENTS_AT_ONCE])
    webhooks = list(Webhook.objects.active().filter(owner=owner_id))
    now = database_time()
    Delivery.objects.bulk_create(
        Delivery(webhook=webhook, event=event, created_at=now)
        for event in events
        for webhook in webhooks
        if webhook.wants(event)
    )
    told = [event.pk for event in events]
    Event.objects.filter(pk__in=told).update(awaits_deliveries=False)


def _send_due(owner_id: int) -> None:
    due = Delivery.objects.due().select_related("webhook__owner", "job")
    # First: this may turn a webhook off, whose other deliveries are not tried then.
    for delivery in due.filter(webhook__owner=owner_id, tries=MAX_TRIES):
        _give_up(delivery)
    for webhook in Webhook.objects.filter(owner=owner_id):
        sending = Delivery.objects.filter(webhook=webhook, job__state__in=Job.OPEN_STATES).count()
        of_webhook = due.filter(webhook=webhook).order_by("next_attempt_at", "pk")
        for delivery in of_webhook[: max(0, OPEN_AT_A_TIME - sending)]:
            _try(delivery)


def _try(delivery: Delivery) -> None:
    """The next time is written before: it holds, too, when the worker dies and cannot say how it went."""
    if delivery.job is None:
        delivery.job = jobs.enqueue(delivery.webhook.owner, DELIVER.name)
    else:
        jobs.retry(delivery.job)
    delivery.tries += 1
    delivery.next_attempt_at = _next_attempt(delivery)
    delivery.save(update_fields=["job", "tries", "next_attempt_at"])


def _next_attempt(delivery: Delivery) -> Any:
    """After the last there is none; it is given up the next time that somebody looks."""
    return Now() + PAUSES[delivery.tries - 1] if delivery.tries < MAX_TRIES else Now()


def _give_up(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, next_attempt_at=None)
    long_ago = Now() - FAILING_FOR
    if Webhook.objects.filter(pk=delivery.webhook_id, failing_since__lt=long_ago).exists():
        turn_off(delivery.webhook, Reason.FAILING)


def turn_off(webhook: Webhook, reason: str = "") -> None:
    """Nothing more is sent to it, also of what waits."""
    with transaction.atomic():
        jobs.lock_owner(webhook.owner_id)
        # In this order, as a worker that has delivered something.
        pending = Delivery.objects.pending().filter(webhook=webhook)
        pending.update(state=State.FAILED, next_attempt_at=None)
        if reason and Webhook.objects.active().filter(pk=webhook.pk).exists():
            transaction.on_commit(lambda: _tell_owner(webhook.pk))
        Webhook.objects.filter(pk=webhook.pk).update(is_active=False, disabled_reason=reason)


def _tell_owner(key: UUID) -> None:
    """Nobody looks at what is silent."""
    webhook = Webhook.objects.select_related("owner").filter(pk=key).first()
    address = mail.proved_address(webhook.owner) if webhook else None
    if webhook is None or address is None:
        return
    try:
        mail.send("webhooks/email/turned_off", address, webhook.owner.language, webhook=webhook)
    except OSError:
        logger.exception("No mail server takes the message about webhook %s", key)


def note_success(delivery: Delivery, status: int) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.DELIVERED, delivered_at=Now(), next_attempt_at=None, response_status=status
    )
    failing = Webhook.objects.filter(pk=delivery.webhook_id, failing_since__isnull=False)
    failing.update(failing_since=None)


def note_failure(delivery: Delivery, status: int | None) -> None:
    pending = Delivery.objects.pending().filter(pk=delivery.pk)
    pending.update(response_status=status, next_attempt_at=_next_attempt(delivery))
    working = Webhook.objects.filter(pk=delivery.webhook_id, failing_since=None)
    working.update(failing_since=Now())


def delete_old() -> None:
    """Events with their deliveries, and these with their jobs."""
    # One time for all: what becomes as old meanwhile would leave its jobs behind.
    old = Event.objects.filter(created_at__lt=database_time() - KEPT_FOR).order_by()

    def delete(owner_id: int) -> None:
        own = old.filter(owner=owner_id)
        jobs.delete(Job.objects.filter(webhook_delivery__event__in=own))
        own.delete()

    _for_each_owner(old.values_list("owner", flat=True), delete)
