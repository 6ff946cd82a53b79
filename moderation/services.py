"""Reporting, hiding and deciding. Pages, API and staff pages call these."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from colorizer.models import Colorization
from gallery.models import Album, Photo
from jobs import services as jobs
from jobs.models import Job
from moderation.models import Report

HIDING_FIELDS = ["hidden_at", "hidden_by", "hidden_reason"]


def hide(obj: Album | Photo, by: User, reason: str) -> None:
    """From the next request on only the owner, who reads the reason, and staff see it."""
    obj.hidden_at = timezone.now()
    obj.hidden_by = by
    obj.hidden_reason = reason.strip()
    obj.validate_constraints()
    _save_hiding(obj)


def restore(obj: Album | Photo) -> None:
    obj.hidden_at = None
    obj.hidden_by = None
    obj.hidden_reason = ""
    _save_hiding(obj)


def _save_hiding(obj: Album | Photo) -> None:
    """
    Raises:
        GoneError: the owner deleted it.
    """
    fields = {name: getattr(obj, name) for name in HIDING_FIELDS}
    if not type(obj).objects.filter(pk=obj.pk).update(**fields):
        raise jobs.gone(type(obj))


def report(
    colorization: Colorization, reporter: User | None, reason: str, details: str = ""
) -> Report:
    """Tell staff about a colorization. Who complains again, before staff decided, keeps one report.

    Raises:
        GoneError: the colorization was deleted.
    """
    complaint = Report(
        colorization=colorization, reporter=reporter, reason=reason, details=details.strip()
    )
    complaint.clean_fields()
    with transaction.atomic():
        if reporter:
            jobs.lock_owner(reporter.pk)
        # Locked as by whoever deletes it: no report is left behind.
        jobs.require(Job.objects.filter(pk=colorization.job_id).lock())
        kept = Colorization.objects.kept().filter(pk=colorization.pk)
        jobs.require(kept.select_for_update(of=("self",)))
        return _record(complaint)


def _record(complaint: Report) -> Report:
    if complaint.reporter is None:
        complaint.save()
        return complaint
    return Report.objects.update_or_create(
        colorization=complaint.colorization,
        reporter=complaint.reporter,
        resolved_at=None,
        defaults={"reason": complaint.reason, "details": complaint.details},
    )[0]


def resolve_report(report: Report, by: User, outcome: Report.Outcome) -> bool:
    """Close a report; False when a colleague has closed it before."""
    changed = (
        Report.objects.open()
        .filter(pk=report.pk)
        .update(outcome=outcome, resolved_at=timezone.now(), resolved_by=by)
    )
    return changed == 1
