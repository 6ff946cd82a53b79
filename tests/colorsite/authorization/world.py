"""One of everything, whose owner and other visitors ask for it."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any, NamedTuple, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts import api_keys
from accounts.models import ApiKey, User
from colorizer.models import Colorization
from filestore.models import StoredFile, Upload
from gallery import sharing
from gallery.arranging import add_section
from gallery.details import edit_photo
from gallery.models import Album, Archive, Download, Notice, Person, Photo, Section, Tag
from gallery.models.shares import Share
from gallery.services import trash_album, trash_colorization, trash_photos
from jobs.models import Job
from moderation.decisions import dismiss
from moderation.models import Report
from moderation.services import report
from tests.colorsite.authorization.routes import ROUTES, is_under_the_link, kind_of
from tests.colorsite.authorization.rows import LOGIN, VISITORS, Row
from tests.factories import (
    begin_upload,
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_guided,
    make_pack,
    make_photo,
    make_user,
    picture_bytes,
)
from webhooks import services as webhooks
from webhooks.models import Delivery, Webhook


def send(client: Client, row: Row, address: str) -> Any:
    method = getattr(client, row.method.lower())
    if row.content_type:
        return method(address, b"", content_type=row.content_type, headers=row.headers)
    if row.method in ("PATCH", "PUT") or row.route == "api:photos-bulk":
        return method(address, row.data(), content_type="application/json")
    return method(address, row.data(), headers=row.headers)


def logged_in(user: User | AnonymousUser) -> SimpleCookie:
    client = Client()
    if isinstance(user, User):
        client.force_login(user)
    return client.cookies


VISITING = Client()


def client_with(cookies: SimpleCookie) -> Client:
    """One for all requests: each that is made anew loads all middleware."""
    VISITING.cookies = SimpleCookie(cookies)
    return VISITING


class World(NamedTuple):
    session: UserSession
    key: ApiKey
    album: Album
    photo: Photo
    colorization: Colorization
    archive: Archive
    download: Download
    upload: Upload
    section: Section
    notice: Notice
    person: Person
    tag: Tag
    report: Report
    decision: LogEntry
    webhook: Webhook
    delivery: Delivery
    share: Share
    visitors: dict[str, User | AnonymousUser]
    cookies: dict[str, SimpleCookie]

    @property
    def job(self) -> Job:
        return self.colorization.job

    @property
    def moderated_photo(self) -> Photo:
        return self.photo

    @property
    def moderated_job(self) -> Job:
        return self.job

    @property
    def moderated_album(self) -> Album:
        return self.album

    @property
    def member(self) -> User:
        return self.album.owner

    def address(self, row: Row) -> str:
        """A route named album-*, photo-*, session-*, ... is about that object, one under a link about the photo."""
        if not ROUTES[row.route].takes_an_object:
            return reverse(row.route)
        if is_under_the_link(row):
            return reverse(row.route, kwargs=self._under_the_link(row))
        return reverse(row.route, args=[getattr(self, kind_of(row)).pk])

    def _under_the_link(self, row: Row) -> dict[str, Any]:
        known = {"token": self.share.token, "pk": self.photo.pk, "name": "color", "of": "original"}
        return {name: known[name] for name in ROUTES[row.route].pattern.pattern.converters}

    def delete(self, kind: str) -> None:
        """As its owner does: into the trash."""
        if kind == "album":
            trash_album(self.album)
        elif kind == "photo":
            trash_photos([self.photo])
        else:
            trash_colorization(self.colorization)

    def statuses_for(self, row: Row) -> tuple[int | str, ...]:
        """Owner, stranger, anonymous and staff, each as if the others had not been there."""
        return tuple(self._status_alone(row, visitor) for visitor in VISITORS)

    def _status_alone(self, row: Row, visitor: str) -> int | str:
        with transaction.atomic():
            status = self._status_for(row, visitor)
            transaction.set_rollback(True)
        return status

    def _status_for(self, row: Row, visitor: str) -> int | str:
        response = send(client_with(self.cookies[visitor]), row, self.address(row))
        to_login = response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
        return LOGIN if to_login else response.status_code


def make_world() -> World:
    album = make_album(make_user())
    photo = make_photo(album)
    visitors: dict[str, User | AnonymousUser] = {
        "owner": album.owner,
        "stranger": make_user(),
        "anonymous": AnonymousUser(),
        "staff": make_user(is_staff=True),
    }
    edit_photo(photo, {}, people=["Anna"], tags=["sea"])
    key, _secret = api_keys.create(album.owner, "Script", "read", None)
    colorization = make_guided(make_colorization(photo), reference=b"PNG")
    make_pack(photo.original, "tiles", ["0/0_0"])
    make_pack(photo.original, "styles", ["stable-20"])
    make_pack(cast("StoredFile", colorization.result), "tiles", ["0/0_0"])
    complaint = report(colorization, make_user(), Report.Reason.PRIVACY)
    dismiss(report(colorization, make_user(), Report.Reason.OTHER), make_user(is_staff=True))
    webhook = webhooks.create(album.owner, target_url="https://example.org/other")
    return World(
        session=UserSession.objects.create(user=album.owner, ip="::1", session_key="x"),
        key=key,
        album=album,
        photo=photo,
        colorization=colorization,
        archive=make_archive(album),
        download=make_download(colorization),
        upload=begin_upload(album.owner, picture_bytes()),
        notice=Notice.objects.create(owner=album.owner, kind="photos", succeeded=2, album=album),
        section=add_section(album, "Summer"),
        person=photo.people.get(),
        tag=photo.tags.get(),
        report=complaint,
        decision=LogEntry.objects.get(),
        webhook=webhook,
        delivery=webhooks.ping(webhook),
        share=sharing.create(album.owner, album),
        visitors=visitors,
        cookies={name: logged_in(user) for name, user in visitors.items()},
    )
