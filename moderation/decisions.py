"""What staff decide, each with its entry in their log. Staff pages and API call these, and ask before who may.

Each returns the entry, or None when there is nothing to decide anymore: a colleague was faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.db import transaction
from django.db.models import Model

from accounts import services as accounts
from accounts.models import User
from gallery.closing import deletion_note
from gallery.models import Album, Photo
from jobs import services as jobs
from jobs.models import Job
from moderation import services
from moderation.models import Report

Record = TypeVar("Record", bound=Model)


@transaction.atomic
def hide(obj: Album | Photo, by: User, reason: str) -> LogEntry | None:
    now = _locked(obj)
    if now.is_hidden:
        return None
    services.hide(now, by, reason)
    return _log(by, now, f"Hidden: {reason}")


@transaction.atomic
def restore(obj: Album | Photo, by: User) -> LogEntry | None:
    now = _locked(obj)
    if not now.is_hidden:
        return None
    services.restore(now)
    return _log(by, now, "Restored.")


@transaction.atomic
def hide_reported(report: Report, by: User, reason: str) -> LogEntry | None:
    """Hide the photo that the report is about, which is decided with it."""
    if not services.resolve_report(report, by, Report.Outcome.HIDDEN):
        return None
    photo = report.colorization.source.photo
    services.hide(photo, by, reason)
    _log(by, photo, f"Hidden: {reason}")
    return _log(by, report, f"Photo hidden: {reason}")


@transaction.atomic
def dismiss(report: Report, by: User) -> LogEntry | None:
    if not services.resolve_report(report, by, Report.Outcome.DISMISSED):
        return None
    return _log(by, report, "Dismissed.")


def log_deletion(record: Model, by: User) -> LogEntry:
    """Before it goes, with whose it was."""
    return _log(by, record, deletion_note(_owner_of(record).pk), DELETION)


def _owner_of(record: Any) -> User:
    """Of what staff may delete."""
    match record:
        case User():
            owner: User = record
        case EmailAddress():
            owner = record.user
        case Photo():
            owner = record.album.owner
        case Report():
            owner = record.colorization.source.owner
        case _:
            owner = record.owner
    return owner


def may_manage(staff: User, user: User | None) -> bool:
    """Staff who are not superusers manage members, not each other."""
    is_member = user is None or not (user.is_staff or user.is_superuser)
    return staff.is_superuser or is_member


@transaction.atomic
def suspend(user: User, by: User, reason: str) -> LogEntry | None:
    now = _locked(user)
    if not now.is_active:
        return None
    accounts.suspend(now, reason, by)
    return _log(by, now, f"Suspended: {reason}")


@transaction.atomic
def reinstate(user: User, by: User) -> LogEntry | None:
    now = _locked(user)
    if now.is_active:
        return None
    accounts.reinstate(now)
    return _log(by, now, "Reinstated.")


@transaction.atomic
def reset_second_factor(user: User, by: User, reason: str) -> LogEntry:
    """For somebody who has lost them all: the password alone opens the account then."""
    accounts.reset_second_factor(user)
    return _log(by, user, f"Two-factor authentication reset: {reason}")


def retry_job(job: Job, by: User) -> LogEntry | None:
    return _change_job(job, by, jobs.retry, "Queued again.")


def cancel_job(job: Job, by: User) -> LogEntry | None:
    return _change_job(job, by, jobs.cancel, "Cancelled.")


def put_job_first(job: Job, by: User) -> LogEntry | None:
    return _change_job(job, by, jobs.make_urgent, "Put first.")


@transaction.atomic
def _change_job(job: Job, by: User, change: Callable[[Job], bool], done: str) -> LogEntry | None:
    return _log(by, job, done) if change(job) else None


def _locked(record: Record) -> Record:
    """As it is now, and stays: a colleague may decide at the same time.

    Raises:
        GoneError: it was deleted.
    """
    objects: Any = type(record)._default_manager  # noqa: SLF001  (documented)
    now: Record | None = objects.select_for_update(no_key=True).filter(pk=record.pk).first()
    if now is None:
        raise jobs.gone(type(record))
    return now


def _log(by: User, record: Model, message: str, flag: int = CHANGE) -> LogEntry:
    entry: LogEntry = LogEntry.objects.log_actions(
        by.pk, [record], flag, message, single_object=True
    )
    return entry
