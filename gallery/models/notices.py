"""What people are told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.albums import Album, Viewer
from gallery.models.archives import Archive


class NoticeQuerySet(models.QuerySet["Notice"]):
    def editable_by(self, user: Viewer) -> NoticeQuerySet:
        """They are for nobody but the person."""
        return self.none() if user.is_anonymous else self.filter(owner=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something is done that a person asked for. Its words are made when it is read, in the reader's language."""

    class Kind(models.TextChoices):
        PHOTOS = "photos", _("Photos were colored")
        ARCHIVE = "archive", _("A zip file was made")
        EXPORT = "export", _("An export was made")
        FILM = "film", _("A film was colored")
        FILE = "file", _("A file was made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    title = models.CharField(
        max_length=120, blank=True, help_text="Of the album or the photo that it is about."
    )
    album = models.ForeignKey(
        Album, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archive = models.ForeignKey(
        Archive, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    awaits_mail = models.BooleanField(default=False, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["owner"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["created_at"], condition=Q(awaits_mail=True), name="notice_awaits_mail"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_is_about_something", condition=Q(succeeded__gt=0) | Q(failed__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("gallery:notice", args=[self.pk])

    @property
    def kept_album(self) -> Album | None:
        """Nobody sees one that lies in the trash."""
        return None if self.album and self.album.is_trashed else self.album

    @property
    def kept_archive(self) -> Archive | None:
        """Nobody sees one that has expired."""
        return None if self.archive and self.archive.is_expired else self.archive

    @property
    def target(self) -> str:
        """The page where what it is about can be seen."""
        is_of_album = self.kind in (self.Kind.PHOTOS, self.Kind.FILM)
        about = self.kept_album if is_of_album else self.kept_archive
        # A file has none: it is kept for a day, and is fetched from the page of all work.
        return (
            about.get_absolute_url() if about and not self.failed else reverse("gallery:activity")
        )

    @property
    def is_about_a_failure(self) -> bool:
        return self.failed > 0

    @property
    def text(self) -> str:
        """What a person reads, such as "300 photos are in color, 2 failed"."""
        if self.kind == self.Kind.PHOTOS:
            return self._text_of_photos()
        if self.kind == self.Kind.FILM:
            return gettext("The film failed") if self.failed else gettext("Your film is in color")
        if self.kind == self.Kind.EXPORT:
            return gettext("The export failed") if self.failed else gettext("Your export is ready")
        if self.kind == self.Kind.FILE:
            words = (
                gettext("The file of “%(photo)s” failed")
                if self.failed
                else gettext("Your file of “%(photo)s” is ready")
            )
            return words % {"photo": self.title}
        if self.title:
            words = (
                gettext("The zip file of “%(album)s” failed")
                if self.failed
                else gettext("The zip file of “%(album)s” is ready")
            )
            return words % {"album": self.title}
        return gettext("The zip file failed") if self.failed else gettext("The zip file is ready")

    def _text_of_photos(self) -> str:
        done = ngettext(
            "%(count)s photo is in color", "%(count)s photos are in color", self.succeeded
        ) % {"count": self.succeeded}
        failed = ngettext("%(count)s photo failed", "%(count)s photos failed", self.failed) % {
            "count": self.failed
        }
        if not self.failed:
            return done
        if not self.succeeded:
            return failed
        return gettext("%(done)s, %(failed)s failed") % {"done": done, "failed": self.failed}
