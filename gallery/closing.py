"""The end of an account: closed at once by its owner, who has a week to change their mind, then deleted wholly."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from filestore.services import in_batches
from gallery import services
from gallery.models import Album, Photo
from jobs import services as jobs
from jobs.errors import GoneError
from jobs.models import Job

logger = logging.getLogger(__name__)
GRACE: Final = timedelta(days=7)
# At a time: who looks after the workers has other things to do as well.
PHOTOS_AT_ONCE: Final = 100
ADMINS_STAY: Final = _(
    "You are the only administrator of this site. Make somebody else an administrator first."
)
LOG_STAYS: Final = _(
    "Your decisions as a member of the staff are in a log that the site keeps. "
    "Ask another administrator to take your privileges and suspend the account."
)


FORGOTTEN: Final = "(deleted)"
KEYS_PER_QUERY: Final = 500


def deletion_note(owner_id: int) -> str:
    """In the log, of what staff delete: its name is forgotten with its owner."""
    return f"Deleted. The owner was user {owner_id}."


class CannotCloseError(Exception):
    """Why an account has to stay.

    Attributes:
        message: for its owner, with the remedy.
    """

    def __init__(self, message: Any) -> None:
        self.message = str(message)
        super().__init__(self.message)


@dataclass(frozen=True)
class Belongings:
    """What goes with an account."""

    albums: int
    photos: int
    versions: int
    bytes: int


def belongings_of(owner: User) -> Belongings:
    return Belongings(
        albums=Album.objects.filter(owner=owner).count(),
        photos=Photo.objects.filter(album__owner=owner).count(),
        versions=Colorization.objects.succeeded().filter(owner=owner).count(),
        bytes=StoredFile.objects.of(owner).total_bytes(),
    )


def close(user: User) -> bool:
    """Log the person out everywhere, take what is public off the site, stop what runs. False when it was closed.

    Raises:
        CannotCloseError: the site needs the account.
        GoneError: it was deleted.
    """
    with transaction.atomic():
        # In one order: of two administrators who go at the same time, the second stays.
        list(User.objects.select_for_update(no_key=True).filter(is_superuser=True).order_by("pk"))
        jobs.lock_owner(user.pk)
        if User.objects.get(pk=user.pk).deletion_due_at is not None:
            return False
        _check_may_go(user)
        jobs.cancel_all(Job.objects.filter(owner=user))
        User.objects.filter(pk=user.pk).update(
            deletion_due_at=Now() + GRACE, sessions_ended=F("sessions_ended") + 1
        )
        UserSession.objects.filter(user=user).delete()
        user.refresh_from_db()
        transaction.on_commit(partial(_tell, "gallery/email/account_closed", user), robust=True)
    return True


def why_not(user: User) -> str | None:
    """Why the account has to stay; None when it may go."""
    try:
        _check_may_go(user)
    except CannotCloseError as error:
        return error.message
    return None


def _check_may_go(user: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True, deletion_due_at=None)
    if user.is_superuser and not others.exclude(pk=user.pk).exists():
        raise CannotCloseError(ADMINS_STAY)
    if LogEntry.objects.filter(user=user).exists():
        raise CannotCloseError(LOG_STAYS)


def keep(user: User) -> bool:
    """The person has changed their mind. False when the week is over, or the account was not closed."""
    closed = User.objects.filter(pk=user.pk, deletion_due_at__gt=Now())
    return closed.update(deletion_due_at=None) == 1


def delete_due() -> None:
    """Delete a part of each account whose week is over, and then its last.

    Staff may want to look at what somebody did who was suspended: those accounts wait.
    """
    for user in User.objects.filter(deletion_due_at__lte=Now(), is_active=True):
        # Another host may be faster.
        with suppress(GoneError):
            _delete_part(user)


def _delete_part(user: User) -> None:
    photos = Photo.objects.filter(album__owner=user).select_related("album")
    if some := list(photos.order_by("pk")[:PHOTOS_AT_ONCE]):
        _delete_photos(some)
    else:
        _delete_last(user)


def _delete_photos(photos: Collection[Photo]) -> None:
    with transaction.atomic():
        services.delete_photos(list(photos))


def _delete_last(user: User) -> None:
    address = mail.proved_address(user)
    with transaction.atomic():
        jobs.lock_owner(user.pk)
        _end_sessions(user)
        key = user.pk
        services.delete_person(user)
        _forget_in_log(key)
    logger.info("The account %s was deleted, as its owner had asked", key)
    _send("gallery/email/account_deleted", address, user)


def _forget_in_log(user_id: int) -> None:
    """What staff did stays in their log; names and addresses of who and what is gone do not.

    Also those of what went before its owner. What staff deleted themselves has its name until then.
    """
    named = LogEntry.objects.exclude(object_repr=FORGOTTEN)
    deletions, others = named.filter(action_flag=DELETION), named.exclude(action_flag=DELETION)
    deletions.filter(change_message=deletion_note(user_id)).update(object_repr=FORGOTTEN)
    for kind in ContentType.objects.filter(pk__in=others.order_by().values("content_type")):
        for about in in_batches(set(_keys(others.filter(content_type=kind))), KEYS_PER_QUERY):
            gone = set(about).difference(map(str, _those_there(kind, about)))
            others.filter(content_type=kind, object_id__in=gone).update(object_repr=FORGOTTEN)


def _those_there(kind: ContentType, keys: Collection[str]) -> Collection[Any]:
    """None of a kind that only an earlier release knew."""
    if kind.model_class() is None:
        return []
    return kind.get_all_objects_for_this_type(pk__in=keys).values_list("pk", flat=True)


def _keys(entries: QuerySet[LogEntry]) -> QuerySet[LogEntry, Any]:
    return entries.order_by().values_list("object_id", flat=True).distinct()


def _end_sessions(user: User) -> None:
    """Those that nobody used again: who they are of is inside of them."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def _tell(template: str, user: User) -> None:
    _send(template, mail.proved_address(user), user)


def _send(template: str, address: str | None, user: User) -> None:
    if address is None:
        return
    try:
        mail.send(template, address, user.language, due=user.deletion_due_at)
    except OSError:
        logger.exception("No mail server takes the message about an account that ends")
