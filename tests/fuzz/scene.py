"""Who asks, and what there is to be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import User
from gallery import sharing
from gallery.models import Notice
from jobs.models import Job
from moderation import services as moderation
from moderation.models import Report
from tests.factories import (
    begin_upload,
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
)
from webhooks import services as webhooks

VISITORS: Final = ("anonymous", "member", "staff")


@dataclass(frozen=True)
class Scene:
    """
    Attributes:
        sessions: keys, by visitor.
        keys: of objects, by a word in the addresses that lead to them; the token of a link.
        email: the member's.
    """

    sessions: dict[str, str]
    keys: dict[str, str]
    email: str


def make_scene() -> Scene:
    member, staff = make_user(), make_staff()
    photo = make_photo(make_album(member, public=True))
    done = make_colorization(photo)
    make_colorization(photo, Job.State.QUEUED)
    report = moderation.report(done, staff, Report.Reason.OTHER)
    archive = make_archive(photo.album)
    webhook = webhooks.create(member, target_url="https://example.org/hook")
    share = sharing.create(member, photo.album, allows_downloads=True)
    keys = {
        "album": photo.album_id,
        "archive": archive.pk,
        "colorization": done.pk,
        "delivery": webhooks.ping(webhook).pk,
        "group": Group.objects.get_or_create(name="Moderators")[0].pk,
        "job": done.job_id,
        "notice": Notice.objects.create(owner=member, kind="photos", failed=1).pk,
        "photo": photo.pk,
        "report": report.pk,
        "share": share.pk,
        "storedfile": photo.original_id,
        "token": share.token,
        "upload": begin_upload(member, picture_bytes()).pk,
        "user": member.pk,
        "webhook": webhook.pk,
    }
    return Scene(
        sessions={"member": _session_of(member), "staff": _session_of(staff)},
        keys={name: str(key) for name, key in keys.items()},
        email=member.email,
    )


def _session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
