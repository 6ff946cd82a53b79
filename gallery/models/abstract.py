"""What models have in common: they can be hidden by staff, and lie in the trash."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User


class Hideable(models.Model):
    """Moderation: a hidden object is visible to its owner and staff only."""

    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    hidden_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_hidden_with_reason",
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                violation_error_message="Give a reason for hiding it.",
            ),
        ]

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class Trashable(models.Model):
    """What was deleted lies in the trash for a while: nobody sees it, only its owner, there."""

    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_trashed(self) -> bool:
        return self.trashed_at is not None
