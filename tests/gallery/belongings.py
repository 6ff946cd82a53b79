"""Somebody who has rows in all tables, for tests of what is exported, and of what is deleted."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from accounts import api_keys
from accounts.models import User
from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.engine.hints import Hint
from gallery import sharing
from gallery.models import Album, Notice, Person, Photo, Section, Tag
from jobs.models import Job
from moderation import services as moderation
from moderation.models import Report
from tests.factories import (
    begin_upload,
    make_album,
    make_archive,
    make_colorization,
    make_guided,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
)
from webhooks import services as webhooks


def make_person(name: str) -> User:
    """With an album, photos in all states, what is known of them, zip files, notices, reports, a link and a webhook."""
    user = make_user(f"{name.lower()}@example.org", name=name)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
    album = make_album(user, f"Attic of {name}", public=True)
    photo = make_photo(album, picture_bytes(60 + user.pk % 50, 48), f"{name}.jpg")
    section = Section.objects.create(album=album, title=f"Wedding of {name}")
    Photo.objects.filter(pk=photo.pk).update(
        title=f"={name}", caption=f"Caption by {name}", section=section
    )
    photo.people.add(Person.objects.create(owner=user, name=f"Aunt of {name}"))
    photo.tags.add(Tag.objects.create(owner=user, name=f"sea of {name}"))
    colorization = make_colorization(photo)
    adjusting.save(colorization, Adjustments(tint=5))
    make_guided(colorization, [Hint(30, 20, (200, 30, 30), 12)], b"Reference")
    moderation.report(colorization, user, Report.Reason.OTHER)
    make_colorization(photo, Job.State.FAILED)
    make_colorization(photo, Job.State.QUEUED, "artistic")
    Album.objects.filter(pk=album.pk).update(cover=photo)
    archive = make_archive(album)
    Notice.objects.create(owner=user, kind="archive", succeeded=1, archive=archive)
    Notice.objects.create(owner=user, kind="photos", succeeded=1, album=album, title=album.title)
    begin_upload(user, picture_bytes())
    sharing.create(user, album, title=f"For the cousins of {name}")
    webhooks.ping(webhooks.create(user, target_url=f"https://example.org/{name}"))
    api_keys.create(user, f"Script of {name}", "read", None)
    Authenticator.objects.create(user=user, type="totp", data={"secret": f"secret of {name}"})
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.create(user=user, ip="::1", session_key=key, user_agent=f"Of {name}")
    return user


def suspend_and_hide(user: User) -> User:
    """What staff did with the person is in their log."""
    staff = make_staff()
    photo = Photo.objects.filter(album__owner=user)[0]
    moderation.hide(photo, staff, "Under review")
    for record in (user, photo, photo.album):
        LogEntry.objects.create(
            user=staff,
            content_type=ContentType.objects.get_for_model(record),
            object_id=str(record.pk),
            object_repr=str(record),
            action_flag=CHANGE,
            change_message="Hidden: Under review",
        )
    return staff
