"""Addresses that are told when jobs end, what has happened, and how telling it went."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from gallery.moments import database_time
from jobs.models import Job
from webhooks import signing
from webhooks.encryption import SecretField

URL_LENGTH = 2000
Viewer = User | AnonymousUser


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: Viewer) -> WebhookQuerySet:
        """The owner alone: addresses often have a password of their own in them."""
        return self.editable_by(user)

    def editable_by(self, user: Viewer) -> WebhookQuerySet:
        return self.filter(owner_id=user.pk)

    def active(self) -> WebhookQuerySet:
        return self.filter(is_active=True)


class Webhook(models.Model):
    """An address that somebody wants to be told at."""

    deleted_text: Final = gettext_noop("The webhook was deleted.")

    class DisabledReason(models.TextChoices):
        FAILING = "failing", _("Nothing could be delivered for three days")
        GONE = "gone", _("The address answered that it is gone for good")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhooks")
    target_url = models.CharField(max_length=URL_LENGTH)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(
        default=list, blank=True, help_text="The types that are sent; an empty list means all."
    )
    # Each message is signed with it.
    secret = SecretField(max_length=250, default=signing.new_secret, editable=False)
    previous_secret = SecretField(max_length=250, blank=True, editable=False)
    previous_secret_expires_at = models.DateTimeField(
        null=True, editable=False, help_text="Until then messages are signed with it, too."
    )
    is_active = models.BooleanField(default=True)
    disabled_reason = models.CharField(
        max_length=7,
        choices=DisabledReason.choices,
        blank=True,
        editable=False,
        help_text="Why the site has turned it off.",
    )
    failing_since = models.DateTimeField(
        null=True, editable=False, help_text="Since when nothing has been delivered."
    )
    # Lists go by it: as Python writes times, with all their digits, which SQLite compares.
    created_at = models.DateTimeField(default=database_time, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="webhook_reason_only_when_off",
                condition=Q(disabled_reason="", is_active=True) | Q(is_active=False),
            ),
            models.CheckConstraint(
                name="webhook_previous_secret_ends",
                condition=Q(previous_secret="", previous_secret_expires_at=None)
                | (~Q(previous_secret="") & Q(previous_secret_expires_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.target_url

    @property
    def has_two_secrets(self) -> bool:
        """Whether the one before is still good."""
        expires_at = self.previous_secret_expires_at
        return expires_at is not None and expires_at >= timezone.now()

    @property
    def secret_fingerprint(self) -> str:
        """By which a form says which secret it knows of."""
        return signing.fingerprint(self.secret)

    def wants(self, event: Event) -> bool:
        """Of what happened since it was made."""
        is_wanted = not self.events or event.type in self.events
        return is_wanted and self.created_at <= event.created_at


class Event(models.Model):
    """Something happened that webhooks are told: written in its transaction, delivered a moment later."""

    class Type(models.TextChoices):
        SUCCEEDED = "job.succeeded", _("A job has succeeded")
        FAILED = "job.failed", _("A job has failed")
        CANCELLED = "job.cancelled", _("A job was cancelled")
        PING = "ping", _("Somebody tries the webhook")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhook_events")
    type = models.CharField(max_length=20, choices=Type.choices)
    data = models.JSONField(default=dict, blank=True, help_text="What is told of the job.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    awaits_deliveries = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["created_at"], name="webhookevent_by_age"),
            models.Index(
                fields=["owner"],
                condition=Q(awaits_deliveries=True),
                name="webhookevent_awaits_deliveries",
            ),
        ]

    def __str__(self) -> str:
        return self.get_type_display()


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Viewer) -> DeliveryQuerySet:
        return self.editable_by(user)

    def editable_by(self, user: Viewer) -> DeliveryQuerySet:
        return self.filter(webhook__owner_id=user.pk)

    def pending(self) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.PENDING)

    def sendable(self) -> DeliveryQuerySet:
        """Nothing is sent for who is suspended, or has closed the account."""
        return self.pending().filter(
            webhook__owner__is_active=True, webhook__owner__deletion_due_at=None
        )

    def due(self) -> DeliveryQuerySet:
        in_work = Q(job__state__in=Job.OPEN_STATES)
        return self.sendable().filter(next_attempt_at__lte=Now()).exclude(in_work)


class Delivery(models.Model):
    """One event for one webhook. Each try is an attempt at its job; when the next is due is said here."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    job = models.OneToOneField(
        Job, on_delete=models.CASCADE, null=True, related_name="webhook_delivery"
    )
    is_resent = models.BooleanField(default=False, help_text="Its owner had it sent once more.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, db_default=Now())
    response_status = models.PositiveSmallIntegerField(
        null=True, help_text="What the address answered last."
    )
    created_at = models.DateTimeField(default=database_time, editable=False)  # as above
    delivered_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["webhook", "-created_at"], name="webhookdelivery_list"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="pending"),
                name="webhookdelivery_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="webhookdelivery_once",
                fields=["webhook", "event"],
                condition=Q(is_resent=False),
            ),
            models.CheckConstraint(
                name="webhookdelivery_known_state",
                condition=Q(state__in=["pending", "delivered", "failed"]),
            ),
            models.CheckConstraint(
                name="webhookdelivery_due_iff_pending",
                condition=Q(state="pending", next_attempt_at__isnull=False)
                | (~Q(state="pending") & Q(next_attempt_at=None)),
            ),
            models.CheckConstraint(
                name="webhookdelivery_time_iff_delivered",
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.get_state_display()})"

    @property
    def error_message(self) -> str:
        """Why the last try failed, in the language of who reads it."""
        return self.job.error_message if self.job else ""
