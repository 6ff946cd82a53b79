"""API keys: made and ended by their owner, looked up by what a program sends."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import security_notices
from accounts.models import ApiKey, User

MARK: Final = "tt_"
"""How each key begins: programs that look for leaked secrets know it by that."""
PREFIX_LENGTH: Final = len(MARK) + 6
MAX_KEYS: Final = 50
USED_EVERY: Final = timedelta(minutes=1)


def create(owner: User, name: str, scope: str, expires_at: datetime | None) -> tuple[ApiKey, str]:
    """Returns the record and the key itself, which is not to be had again.

    Raises:
        ValidationError: the owner has as many as one may have.
    """
    key = MARK + secrets.token_urlsafe(32)
    record = ApiKey(
        owner=owner,
        name=name,
        scope=scope,
        digest=_digest(key),
        prefix=key[:PREFIX_LENGTH],
        session_hash=owner.get_session_auth_hash(),
        expires_at=expires_at,
    )
    with transaction.atomic():
        # Two at the same time would both be the last.
        list(User.objects.locked(owner.pk))
        _make_room(owner)
        record.save()
    security_notices.send(security_notices.API_KEY_MADE, owner, name=name)
    return record, key


def _make_room(owner: User) -> None:
    # What ended with all sessions never opens anything again.
    ApiKey.objects.filter(owner=owner).exclude(session_hash__in=owner.session_hashes).delete()
    if ApiKey.objects.editable_by(owner).count() >= MAX_KEYS:
        message = _("You have %(number)s API keys. Delete one first.") % {"number": MAX_KEYS}
        raise ValidationError(message, code="too_many_keys")


def find(key: str) -> ApiKey | None:
    """The record of a key that is good now. That it was used is written down."""
    record = ApiKey.objects.select_related("owner").filter(digest=_digest(key)).first()
    if record is None or not record.owner.is_active or not _is_good(record):
        return None
    unused = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USED_EVERY)
    # With the secret key of now: the earlier ones are not named forever.
    session_hash = record.owner.get_session_auth_hash()
    used = ApiKey.objects.filter(unused, pk=record.pk)
    used.update(last_used_at=Now(), session_hash=session_hash)
    return record


def delete_ended() -> None:
    """Those that expired. Those that ended with the sessions of their owners go when the next one is made."""
    ApiKey.objects.filter(expires_at__lte=Now()).delete()


def _is_good(record: ApiKey) -> bool:
    is_current = record.session_hash in record.owner.session_hashes
    return is_current and (record.expires_at is None or record.expires_at > timezone.now())


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
