"""Requests of the API that must not be done twice."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models import User


class IdempotentRequest(models.Model):
    """A POST of the API that was sent with an Idempotency-Key, and how it was answered.

    Without a status it is still being worked on.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_is_used_once")
        ]

    def __str__(self) -> str:
        return self.key
