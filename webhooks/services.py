"""What owners do with their webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.moments import database_time
from jobs import services as jobs
from jobs.models import Job
from webhooks import deliveries, signing
from webhooks.models import Delivery, Event, Webhook

MAX_WEBHOOKS: Final = 10
DOUBLE_SUBMIT: Final = timedelta(minutes=1)
"""Within this time nobody means to make the same webhook once more."""


class TurnedOffError(Exception):
    """Nothing is sent to a webhook that is off."""


class SecretChangedError(Exception):
    """The secret that was to be replaced has been replaced already."""


def create(owner: User, **fields: Any) -> Webhook:
    """
    Raises:
        ValidationError: the owner has as many as one may have, or made the same one a moment ago.
        GoneError: the owner's account was deleted.
    """
    webhook = Webhook(owner=owner, **fields)
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        if _was_made_lately(webhook):
            message = _(
                "You made this webhook a moment ago. Open it and make a new secret if you didn't copy the first one."
            )
            raise ValidationError(message, "webhook_exists")
        if Webhook.objects.filter(owner=owner).count() >= MAX_WEBHOOKS:
            message = _("You have %(number)s webhooks. Delete one first.")
            raise ValidationError(message % {"number": MAX_WEBHOOKS}, "too_many_webhooks")
        webhook.save(force_insert=True)
    webhook.refresh_from_db()
    return webhook


def _was_made_lately(webhook: Webhook) -> bool:
    return Webhook.objects.filter(
        owner=webhook.owner,
        target_url=webhook.target_url,
        description=webhook.description,
        events=webhook.events,
        created_at__gte=database_time() - DOUBLE_SUBMIT,
    ).exists()


@contextmanager
def _locked(webhook: Webhook) -> Iterator[None]:
    """As it is now, which stays so meanwhile.

    Raises:
        GoneError: it was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(webhook.owner_id)
        jobs.require(Webhook.objects.filter(pk=webhook.pk))
        webhook.refresh_from_db()
        yield


def edit(webhook: Webhook, *, is_active: bool | None = None, **fields: Any) -> None:
    """
    Raises:
        GoneError: it was deleted.
    """
    with _locked(webhook):
        if is_active is False:
            deliveries.turn_off(webhook)
        if is_active:
            fields |= {"is_active": True, "disabled_reason": "", "failing_since": None}
        if fields:
            Webhook.objects.filter(pk=webhook.pk).update(**fields)
        webhook.refresh_from_db()


def delete(webhook: Webhook) -> None:
    """With all deliveries. A worker that sends one finds its job gone."""
    with transaction.atomic():
        jobs.lock_owner(webhook.owner_id)
        jobs.delete(Job.objects.filter(webhook_delivery__webhook=webhook))
        Webhook.objects.filter(pk=webhook.pk).delete()


def rotate_secret(webhook: Webhook, overlap: timedelta, replaces: str | None = None) -> None:
    """Sign with a new secret, and for so long with the present one, too.

    Args:
        replaces: the fingerprint of the present one; without it, whichever it is.

    Raises:
        SecretChangedError: it is another one by now.
        GoneError: it was deleted.
    """
    with _locked(webhook):
        if replaces not in (None, webhook.secret_fingerprint):
            raise SecretChangedError
        # Empty, too, when it cannot be read: the SECRET_KEY is another one.
        previous = webhook.secret if overlap else ""
        Webhook.objects.filter(pk=webhook.pk).update(
            secret=signing.new_secret(),
            previous_secret=previous,
            previous_secret_expires_at=Now() + overlap if previous else None,
        )
        webhook.refresh_from_db()


def ping(webhook: Webhook) -> Delivery:
    """Send something, so that its owner sees whether it comes.

    Raises:
        TurnedOffError
        GoneError: it was deleted.
    """
    with _locked(webhook):
        _require_active(webhook)
        event = Event.objects.create(owner=webhook.owner, type=Event.Type.PING)
        return _fresh(Delivery(webhook=webhook, event=event))


def resend(delivery: Delivery) -> Delivery:
    """Send the same event once more: with the same id, by which the receiver knows it.

    Raises:
        TurnedOffError
        GoneError: the webhook was deleted.
    """
    with _locked(delivery.webhook):
        _require_active(delivery.webhook)
        return _fresh(Delivery(webhook=delivery.webhook, event=delivery.event, is_resent=True))


def _require_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise TurnedOffError


def _fresh(delivery: Delivery) -> Delivery:
    delivery.save(force_insert=True)
    delivery.refresh_from_db()
    return delivery
