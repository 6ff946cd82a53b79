"""Files that are made to be downloaded: zip files of photos, exports, and single ones."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.models.albums import Album, Viewer
from gallery.models.photos import Photo
from jobs.models import Job


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, user: Viewer) -> ArchiveQuerySet:
        """Archives hold originals: they are for the owner and staff, however public an album is."""
        return self.unexpired() if user.is_staff else self.editable_by(user)

    def editable_by(self, user: Viewer) -> ArchiveQuerySet:
        if user.is_anonymous:
            return self.none()
        return self.unexpired().filter(owner=user, album__trashed_at=None)

    def with_parts(self) -> ArchiveQuerySet:
        """And their files, joined: a thousand of them cannot be prefetched on SQLite."""
        return self.prefetch_related(
            models.Prefetch("parts", ArchivePart.objects.select_related("file"))
        )

    def unexpired(self) -> ArchiveQuerySet:
        """Those that are being made, too."""
        return self.exclude(expires_at__lte=Now())

    def expired(self) -> ArchiveQuerySet:
        return self.filter(expires_at__lte=Now())


class Archive(models.Model):
    """Zip files of an album, of selected photos or of all that a person has: made by a job, kept for a while."""

    class Content(models.TextChoices):
        ALBUM = "album", _("Album")
        SELECTION = "selection", _("Selected photos")
        EVERYTHING = "everything", _("Everything")

    class Holds(models.TextChoices):
        BOTH = "both", _("Originals and colored photos")
        ORIGINALS = "originals", _("Originals only")
        RESULTS = "results", _("Colored photos only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="archives")
    content = models.CharField(max_length=10, choices=Content.choices, default=Content.ALBUM)
    album = models.ForeignKey(
        Album, on_delete=models.CASCADE, related_name="archives", null=True, blank=True
    )
    photos = models.ManyToManyField(Photo, blank=True, related_name="+")
    photo_count = models.PositiveIntegerField(default=0, editable=False)
    title = models.CharField(
        max_length=120, blank=True, help_text="Of the album that the photos are in, if it is one."
    )
    holds = models.CharField(max_length=9, choices=Holds.choices, default=Holds.BOTH)
    with_details = models.BooleanField(
        _("Write titles, dates, places and names into the files"), default=False
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="archive")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, editable=False)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["album", "-created_at"]),
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="archive_of_an_album_has_it",
                condition=Q(content="album", album__isnull=False)
                | (Q(content__in=["selection", "everything"]) & Q(album=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("gallery:archive", args=[self.pk])

    @property
    def name(self) -> str:
        """What a person reads, such as 12 photos of “Family”."""
        if self.content == self.Content.EVERYTHING:
            return gettext("Everything")
        if self.content == self.Content.ALBUM:
            return gettext("“%(album)s”") % {"album": self.title}
        photos = ngettext("%(count)s photo", "%(count)s photos", self.photo_count) % {
            "count": self.photo_count
        }
        if not self.title:
            return photos
        return gettext("%(photos)s of “%(album)s”") % {"photos": photos, "album": self.title}

    @property
    def is_export(self) -> bool:
        return self.content == self.Content.EVERYTHING

    @property
    def is_expired(self) -> bool:
        """It is deleted within the hour, and nobody sees it until then."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def bytes(self) -> int | None:
        """Of all parts. None until they are made. Needs no query after `with_parts`."""
        return sum(part.file.bytes for part in self.parts.all()) if self.expires_at else None


class ArchivePart(models.Model):
    """One zip file of an archive. It can be opened without the others."""

    archive = models.ForeignKey(
        Archive, on_delete=models.CASCADE, related_name="parts", editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    file = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, related_name="archive_part", editable=False
    )

    class Meta:
        ordering = ["archive", "number"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "number"], name="archivepart_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.archive_id} {self.number}"


class DownloadQuerySet(models.QuerySet["Download"]):
    def editable_by(self, user: Viewer) -> DownloadQuerySet:
        """For whoever asked for it, as long as the version is there."""
        if user.is_anonymous:
            return self.none()
        kept = self.filter(
            colorization__trashed_at=None, colorization__source__photo__trashed_at=None
        )
        return kept.unexpired().filter(owner=user, colorization__isnull=False)

    def visible_to(self, user: Viewer) -> DownloadQuerySet:
        return self.editable_by(user)

    def unexpired(self) -> DownloadQuerySet:
        return self.exclude(expires_at__lte=Now())

    def expired(self) -> DownloadQuerySet:
        return self.filter(Q(expires_at__lte=Now()) | Q(colorization=None))


class Download(models.Model):
    """A version in another format or size, in one picture with its original, or as a film; kept for a day."""

    class Form(models.TextChoices):
        JPEG = "jpeg", _("JPEG")
        PNG = "png", _("PNG")
        TIFF = "tiff", _("TIFF")
        WEBP = "webp", _("WebP")
        JOINED = "joined", _("Before and after, one picture")
        CLIP = "clip", _("Before and after, 3-second film")

    class Side(models.IntegerChoices):
        FULL = 0, _("Full size")
        LARGE = 2048, _("2048 pixels")
        MEDIUM = 1080, _("1080 pixels")
        SMALL = 640, _("640 pixels")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="downloads")
    # What is left of a version that was deleted is swept, and shown to nobody.
    colorization = models.ForeignKey(
        Colorization, on_delete=models.SET_NULL, related_name="downloads", null=True
    )
    of_result = models.UUIDField(editable=False, help_text="Of which file it is made.")
    form = models.CharField(max_length=6, choices=Form.choices)
    side = models.PositiveSmallIntegerField(
        choices=Side.choices, default=Side.FULL, help_text="The longer one at most."
    )
    has_mark = models.BooleanField(
        default=False, help_text="A small mark in a corner shows that the colors are made."
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="download")
    file = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, related_name="download", null=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, editable=False)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="download_expires_iff_made",
                condition=Q(file=None, expires_at=None)
                | Q(file__isnull=False, expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_form_display())

    def get_absolute_url(self) -> str:
        return reverse("gallery:download", args=[self.pk])
