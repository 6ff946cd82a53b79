"""The devices that somebody is logged in on: browsers with a session, apps with a token."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import (
    HASH_SESSION_KEY,
    SESSION_KEY,
    logout,
    update_session_auth_hash,
)
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN_KEY: Final = "seen_at"
# Each request would write otherwise, pictures included.
SEEN_SECONDS: Final = 300


@dataclass(frozen=True)
class Device:
    key: int
    name: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def remember_last_seen(get_response: GetResponse) -> GetResponse:
    """Middleware; after that which knows the user."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not note(request, request.user, request.session):
            logout(request)
        return get_response(request)

    return respond


def note(request: HttpRequest, user: User, session: SessionBase) -> bool:
    """The device of this session is in use. False when another request has ended the session meanwhile.

    Args:
        session: that of the browser, or the one behind an app's token.
    """
    # allauth has written down where somebody logs in.
    login = user.last_login.timestamp() if user.last_login else 0
    if time.time() - max(session.get(SEEN_KEY, 0), login) <= SEEN_SECONDS:
        return True
    try:
        _write_down(request, user, session)
    except UpdateError:
        return False
    return True


def _write_down(request: HttpRequest, user: User, session: SessionBase) -> None:
    session[SEEN_KEY] = time.time()
    session.save()
    seen = {
        "user": user,
        "ip": get_adapter().get_client_ip(request),
        "user_agent": request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
        "last_seen_at": timezone.now(),
    }
    UserSession.objects.update_or_create(session_key=session.session_key, defaults=seen)


def of(user: User, this: str | None) -> list[Device]:
    """This device first, then those that were used last.

    Args:
        this: the key of the session that asks.
    """
    devices = [_describe(session, this) for session in _still_open(user)]
    return sorted(devices, key=lambda device: (device.is_this, device.seen), reverse=True)


def _still_open(user: User) -> list[UserSession]:
    """The others are forgotten. As allauth's `purge_and_list`, which takes three queries for each."""
    own = list(UserSession.objects.filter(user=user))
    keys = _keys_that_open(user, [session.session_key for session in own])
    ended = [session.pk for session in own if session.session_key not in keys]
    UserSession.objects.filter(pk__in=ended).delete()
    return [session for session in own if session.session_key in keys]


def _keys_that_open(user: User, keys: Sequence[str]) -> set[str]:
    """Those of sessions in which this user is logged in now."""
    proofs = [(str(user.pk), session_hash) for session_hash in user.session_hashes]
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=Now())
    contents = {each.pk: each.get_decoded() for each in found}
    return {
        key
        for key, content in contents.items()
        if (content.get(SESSION_KEY), content.get(HASH_SESSION_KEY)) in proofs
    }


def editable_by(user: User) -> QuerySet[UserSession]:
    sessions: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return sessions


def log_out(session: UserSession) -> None:
    """End the session of one device, and nothing else."""
    session.end()


def forget_expired() -> None:
    """Network addresses are kept no longer than the sessions that they tell of."""
    before = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(last_seen_at__lt=before).delete()


def log_out_others(request: HttpRequest, user: User) -> None:
    """End all sessions, tokens and API keys but the session of this request."""
    services.end_sessions(user)
    update_session_auth_hash(request, user)
    UserSession.objects.filter(user=user).delete()
    _write_down(request, user, request.session)


def _describe(session: UserSession, this: str | None) -> Device:
    return Device(
        key=session.pk,
        name=_name(session.user_agent),
        address=session.ip,
        since=session.created_at,
        seen=session.last_seen_at,
        is_this=session.session_key == this,
    )


def _name(user_agent: str) -> str:
    """What the browser says of itself, in words that its owner knows."""
    from ua_parser import parse_os, parse_user_agent  # noqa: PLC0415  (a thousand patterns)

    browser, system = parse_user_agent(user_agent), parse_os(user_agent)
    if browser and system:
        names = {"browser": browser.family, "system": system.family}
        return _("%(browser)s on %(system)s") % names
    known = browser or system
    return known.family if known else user_agent[:60] or _("Unknown device")
