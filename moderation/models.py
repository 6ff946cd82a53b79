"""Reports: what people complain about, and what staff decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.models import Colorization


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        return self.filter(resolved_at=None)


class Report(models.Model):
    """Somebody's complaint about a published colorization."""

    class Reason(models.TextChoices):
        PRIVACY = "privacy", _("It shows me or my family without consent")
        COPYRIGHT = "copyright", _("It infringes a copyright")
        OFFENSIVE = "offensive", _("It is violent, hateful or sexual")
        MISLEADING = "misleading", _("It is used to mislead")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", "Photo hidden"
        DISMISSED = "dismissed", "Dismissed"

    colorization = models.ForeignKey(Colorization, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    reason = models.CharField(max_length=12, choices=Reason.choices)
    details = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = [F("resolved_at").asc(nulls_first=True), "-created_at"]
        constraints = [
            models.CheckConstraint(
                name="report_outcome_iff_resolved",
                condition=Q(outcome="", resolved_at__isnull=True)
                | (~Q(outcome="") & Q(resolved_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="report_once_per_reporter_while_open",
                fields=["colorization", "reporter"],
                condition=Q(resolved_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
