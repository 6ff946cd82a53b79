"""What owners do with the links that they share, and the count of visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.models import Album, Photo
from gallery.models.shares import Share
from jobs import services as jobs

MAX_SHARES: Final = 500
MAX_PASSWORD: Final = 128


def create(owner: User, shared: Album | Photo, *, password: str = "", **choices: Any) -> Share:
    """
    Args:
        password: that visitors have to type; "" is none.
        choices: other fields of the share.

    Raises:
        ValidationError: the owner has as many links as one may have, or a choice is wrong.
        GoneError: what is to be shared was deleted.
    """
    of = {"album": shared} if isinstance(shared, Album) else {"photo": shared}
    share = Share(owner=owner, password=_hashed(password), **of, **choices)
    share.clean_fields()
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        jobs.require(type(shared).objects.editable_by(owner).filter(pk=shared.pk))
        if Share.objects.editable_by(owner).count() >= MAX_SHARES:
            message = _("You have %(number)s links. Delete one first.")
            raise ValidationError(message % {"number": MAX_SHARES}, "too_many_shares")
        share.save(force_insert=True)
    share.refresh_from_db(fields=["created_at"])
    return share


def change(share: Share, *, password: str | None = None, **choices: Any) -> None:
    """Whoever has the link sees from now on what it opens now. The link itself stays.

    Args:
        password: None leaves it as it is, "" takes it away. Another one locks out who typed the old one.

    Raises:
        ValidationError: a choice is wrong.
        GoneError: it was deleted.
    """
    if password is not None:
        choices["password"] = _hashed(password)
    for name, value in choices.items():
        setattr(share, name, value)
    share.clean_fields()
    # Visits are counted at the same time: only what is changed is written.
    if choices and not Share.objects.filter(pk=share.pk).update(**choices):
        raise jobs.gone(Share)


def revoke(share: Share) -> None:
    """From the next request on the link opens nothing, and nothing is left of it."""
    Share.objects.filter(pk=share.pk).delete()


def count_visit(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(view_count=F("view_count") + 1)


def check_end(moment: datetime | None) -> datetime | None:
    """
    Raises:
        ValidationError: it has passed.
    """
    if moment and moment <= timezone.now():
        raise ValidationError(_("This moment has passed."), "min_value")
    return moment


def _hashed(password: str) -> str:
    return make_password(password) if password else ""
