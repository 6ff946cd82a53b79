"""One try to deliver something, in a worker."""

from __future__ import annotations

import json
import time
from http import HTTPStatus

from django.conf import settings
from django.db import transaction

from jobs.errors import JobFailedError
from jobs.lease import Lease
from webhooks import client, deliveries, events, signing
from webhooks.errors import ErrorCode
from webhooks.models import Delivery, Webhook


def run(lease: Lease) -> None:
    delivery = Delivery.objects.select_related("webhook", "event").get(job=lease.job)
    _require_sendable(delivery)
    try:
        status = _send(delivery)
        _check(status)
    except JobFailedError as error:
        with transaction.atomic():
            lease.hold()
            deliveries.note_failure(delivery, error.params.get("status"))
        if error.params.get("status") == HTTPStatus.GONE:
            deliveries.turn_off(delivery.webhook, Webhook.DisabledReason.GONE)
        raise
    with lease.success():
        deliveries.note_success(delivery, status)


def _require_sendable(delivery: Delivery) -> None:
    """Much may have changed since it was queued. That is no failure of the webhook's, and is not noted as one."""
    if not Delivery.objects.sendable().filter(pk=delivery.pk).exists():
        raise JobFailedError(
            ErrorCode.WITHHELD,
            "The webhook was turned off, or the account was suspended or closed, before it was sent.",
        )


def _send(delivery: Delivery) -> int:
    body = json.dumps(events.payload(delivery.event)).encode()
    keys = [secret for secret in _secrets(delivery.webhook) if secret]
    if not keys:
        raise JobFailedError(
            ErrorCode.SECRET_LOST, "The secret of the webhook cannot be read: make a new one."
        )
    signatures = signing.headers(keys, str(delivery.event_id), int(time.time()), body)
    return client.post(delivery.webhook.target_url, body, {**_headers(), **signatures})


def _headers() -> dict[str, str]:
    return {"Content-Type": "application/json", "User-Agent": f"Tintype ({settings.SITE_URL})"}


def _secrets(webhook: Webhook) -> list[str]:
    return [webhook.secret, *([webhook.previous_secret] if webhook.has_two_secrets else [])]


def _check(status: int) -> None:
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise JobFailedError(
            ErrorCode.BAD_STATUS,
            "The address answered with status %(status)s, not with one of success.",
            status=status,
        )
