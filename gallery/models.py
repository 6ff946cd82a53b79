"""Albums, photos and reports: what people bring, share and complain about."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

if TYPE_CHECKING:
    from accounts.models import User
    from colorizer.models import Colorization

Viewer: TypeAlias = "User | AnonymousUser"


class Hideable(models.Model):
    """Moderation: a hidden object stays with its owner and staff, and vanishes for everybody else."""

    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    hidden_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_hidden_with_reason",
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                violation_error_message="Give a reason for hiding it.",
            ),
        ]

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class AlbumQuerySet(models.QuerySet["Album"]):
    def published(self) -> AlbumQuerySet:
        """What anybody may see: published, not hidden, the owner not suspended."""
        return self.filter(
            visibility=Album.Visibility.PUBLIC, hidden_at=None, owner__is_active=True
        )

    def visible_to(self, user: Viewer) -> AlbumQuerySet:
        if user.is_staff:
            return self.all()
        if user.is_anonymous:
            return self.published()
        return self.filter(Q(pk__in=Album.objects.published().values("pk")) | Q(owner=user))

    def editable_by(self, user: Viewer) -> AlbumQuerySet:
        return self.none() if user.is_anonymous else self.filter(owner=user)


class Album(Hideable):
    class Visibility(models.TextChoices):
        PRIVATE = "private", "Private"
        PUBLIC = "public", "Public"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="albums"
    )
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["visibility", "-published_at"])]
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(
                name="album_published_at_iff_public",
                condition=Q(visibility="public", published_at__isnull=False)
                | Q(visibility="private", published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gallery:album", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC


def original_path(photo: Photo, filename: str) -> str:
    return f"originals/{photo.pk}{PurePosixPath(filename).suffix}"


def display_path(photo: Photo, filename: str) -> str:
    return f"displays/{photo.pk}{PurePosixPath(filename).suffix}"


def thumbnail_path(photo: Photo, filename: str) -> str:
    return f"thumbnails/{photo.pk}{PurePosixPath(filename).suffix}"


class PhotoQuerySet(models.QuerySet["Photo"]):
    def visible_to(self, user: Viewer) -> PhotoQuerySet:
        """Photos whose display size and pairs the user may look at."""
        if user.is_staff:
            return self.all()
        public = Q(album__in=Album.objects.published(), hidden_at=None)
        if user.is_anonymous:
            return self.filter(public)
        return self.filter(public | Q(album__owner=user))

    def editable_by(self, user: Viewer) -> PhotoQuerySet:
        return self.none() if user.is_anonymous else self.filter(album__owner=user)

    def downloadable_by(self, user: Viewer) -> PhotoQuerySet:
        """Photos whose original and full-resolution results the user may fetch."""
        return self.all() if user.is_staff else self.editable_by(user)


class Photo(Hideable):
    class Format(models.TextChoices):
        """Pillow's names of the formats that are taken in."""

        JPEG = "JPEG", "JPEG"
        PNG = "PNG", "PNG"
        WEBP = "WEBP", "WebP"
        TIFF = "TIFF", "TIFF"
        BMP = "BMP", "BMP"
        GIF = "GIF", "GIF (one frame)"
        HEIC = "HEIF", "HEIC"
        AVIF = "AVIF", "AVIF"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="photos")
    original_name = models.CharField(max_length=255)
    format = models.CharField(max_length=8, choices=Format.choices)
    original = models.FileField(upload_to=original_path, max_length=200)
    display = models.FileField(upload_to=display_path, max_length=200)
    thumbnail = models.FileField(upload_to=thumbnail_path, max_length=200)
    width = models.PositiveIntegerField(help_text="Pixels, upright.")
    height = models.PositiveIntegerField(help_text="Pixels, upright.")
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(
                name="photo_has_pixels", condition=Q(width__gt=0, height__gt=0, bytes__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("gallery:photo", args=[self.pk])

    @property
    def latest(self) -> Colorization | None:
        """The newest pair. Asks no database where `colorizations` are prefetched."""
        return next(iter(self.colorizations.all()), None)


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        return self.filter(resolved_at=None)


class Report(models.Model):
    """Somebody's complaint about a published pair."""

    class Reason(models.TextChoices):
        PRIVACY = "privacy", "It shows me or my family without consent"
        COPYRIGHT = "copyright", "It infringes a copyright"
        OFFENSIVE = "offensive", "It is violent, hateful or sexual"
        MISLEADING = "misleading", "It is used to mislead"
        OTHER = "other", "Something else"

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", "Photo hidden"
        DISMISSED = "dismissed", "Dismissed"

    colorization = models.ForeignKey(
        "colorizer.Colorization", on_delete=models.CASCADE, related_name="reports"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    reason = models.CharField(max_length=12, choices=Reason.choices)
    details = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = [F("resolved_at").asc(nulls_first=True), "-created_at"]
        constraints = [
            models.CheckConstraint(
                name="report_outcome_iff_resolved",
                condition=Q(outcome="", resolved_at__isnull=True)
                | (~Q(outcome="") & Q(resolved_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="report_once_per_reporter_while_open",
                fields=["colorization", "reporter"],
                condition=Q(resolved_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
