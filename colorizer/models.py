"""The Colorization record: one before/after pair and the state of the job that makes it."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    VARIANTS,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MAX_ATTEMPTS = 3
WEIGHTS_NAME_LENGTH = 100


class ColorizationQuerySet(models.QuerySet["Colorization"]):
    """Rights are those of the photo: asked of its own querysets, by relation, not by import."""

    def _of_photos(self, right: str, user: User | AnonymousUser) -> ColorizationQuerySet:
        photos: Any = Colorization.photo.field.related_model
        return self.filter(photo__in=getattr(photos.objects, right)(user))

    def visible_to(self, user: User | AnonymousUser) -> ColorizationQuerySet:
        """Owner and staff follow every job; visitors see what came out."""
        return self._of_photos("visible_to", user).succeeded() | self.downloadable_by(user)

    def editable_by(self, user: User | AnonymousUser) -> ColorizationQuerySet:
        return self._of_photos("editable_by", user)

    def downloadable_by(self, user: User | AnonymousUser) -> ColorizationQuerySet:
        return self._of_photos("downloadable_by", user)

    def open(self) -> ColorizationQuerySet:
        return self.filter(state__in=[Colorization.State.QUEUED, Colorization.State.RUNNING])

    def succeeded(self) -> ColorizationQuerySet:
        return self.filter(state=Colorization.State.SUCCEEDED)


def result_path(colorization: Colorization, filename: str) -> str:
    return _new_path("results", colorization, filename)


def preview_path(colorization: Colorization, filename: str) -> str:
    return _new_path("previews", colorization, filename)


def thumbnail_path(colorization: Colorization, filename: str) -> str:
    return _new_path("result-thumbnails", colorization, filename)


def _new_path(folder: str, colorization: Colorization, filename: str) -> str:
    """Another one for each attempt: a late worker must not touch the files of the next."""
    suffix = PurePosixPath(filename).suffix
    return f"{folder}/{colorization.pk}-{uuid.uuid4().hex}{suffix}"


class Queue(models.TextChoices):
    """Films keep a worker for hours: they have clusters of their own."""

    PHOTOS = "photos", "Photos"
    VIDEOS = "videos", "Videos"


class WorkerCluster(models.Model):
    """A running django-q2 cluster; its id is the name of the broker's queue that it listens to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.CharField(max_length=6, choices=Queue.choices, default=Queue.PHOTOS)
    host = models.CharField(max_length=255)
    workers = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    watched_at = models.DateTimeField(help_text="When its supervisor last looked after it.")
    canary_at = models.DateTimeField(null=True, help_text="When a worker last answered a canary.")
    alive_at = models.DateTimeField(
        help_text="Last sign of life: a canary's answer or a heartbeat."
    )
    is_draining = models.BooleanField(default=False, help_text="It ends and begins no new jobs.")
    model_loads = models.PositiveIntegerField(default=0)
    lease_losses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["queue", "host", "started_at"]
        constraints = [
            models.CheckConstraint(
                name="workercluster_known_queue", condition=Q(queue__in=["photos", "videos"])
            ),
            models.CheckConstraint(name="workercluster_has_workers", condition=Q(workers__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_queue_display()} on {self.host}"


class Colorization(models.Model):
    class Variant(models.TextChoices):
        ARTISTIC = "artistic", "Artistic"
        STABLE = "stable", "Stable"
        VIDEO = "video", "Video"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Priority(models.IntegerChoices):
        NORMAL = 0, "Normal"
        URGENT = 1, "Urgent"

    class ErrorCode(models.TextChoices):
        UNREADABLE = "unreadable_photo", "The photo could not be read"
        OUT_OF_MEMORY = "out_of_memory", "There was not enough memory"
        WEIGHTS = "weights_unavailable", "The trained weights are missing or damaged"
        STORAGE = "storage_failed", "The result could not be stored"
        WORKER_LOST = "worker_lost", "The worker died while it was at work"
        INTERNAL = "internal_error", "Something unexpected went wrong"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(
        "gallery.Photo", on_delete=models.CASCADE, related_name="colorizations"
    )
    variant = models.CharField(max_length=8, choices=Variant.choices, default=DEFAULT_VARIANT)
    render_factor = models.PositiveSmallIntegerField(
        default=DEFAULT_RENDER_FACTOR,
        validators=[MinValueValidator(MIN_RENDER_FACTOR), MaxValueValidator(MAX_RENDER_FACTOR)],
    )
    queue = models.CharField(
        max_length=6, choices=Queue.choices, default=Queue.PHOTOS, editable=False
    )
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.NORMAL, editable=False
    )
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.QUEUED, editable=False
    )
    progress = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Percent.")
    attempt = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    cluster = models.ForeignKey(
        WorkerCluster,
        null=True,
        on_delete=models.SET_NULL,
        related_name="running",
        editable=False,
        help_text="Whose worker runs it.",
    )
    error_code = models.CharField(
        max_length=24, choices=ErrorCode.choices, blank=True, editable=False
    )
    error_text = models.CharField(max_length=500, blank=True, editable=False)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    duration = models.DurationField(
        null=True, editable=False, help_text="From start to finish of the last attempt."
    )
    weights_name = models.CharField(max_length=WEIGHTS_NAME_LENGTH, blank=True, editable=False)
    weights_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    used_render_factor = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Less than asked for when memory ran out."
    )
    result = models.FileField(upload_to=result_path, max_length=200, blank=True, editable=False)
    result_bytes = models.PositiveBigIntegerField(null=True, editable=False)
    preview = models.FileField(upload_to=preview_path, max_length=200, blank=True, editable=False)
    thumbnail = models.FileField(
        upload_to=thumbnail_path, max_length=200, blank=True, editable=False
    )

    objects = ColorizationQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "id"]
        indexes = [
            models.Index(fields=["state", "queued_at"]),
            models.Index(fields=["photo", "-queued_at"]),
            models.Index(fields=["queue", "started_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="colorization_known_state",
                condition=Q(state__in=["queued", "running", "succeeded", "failed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="colorization_known_variant", condition=Q(variant__in=list(VARIANTS))
            ),
            models.CheckConstraint(
                name="colorization_render_factor_in_range",
                condition=Q(
                    render_factor__gte=MIN_RENDER_FACTOR, render_factor__lte=MAX_RENDER_FACTOR
                ),
            ),
            models.CheckConstraint(
                name="colorization_progress_is_percent", condition=Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="colorization_attempts_bounded", condition=Q(attempt__lte=MAX_ATTEMPTS)
            ),
            models.CheckConstraint(
                name="colorization_queued_has_attempts_left",
                condition=~Q(state="queued") | Q(attempt__lt=MAX_ATTEMPTS),
            ),
            models.CheckConstraint(
                name="colorization_running_is_an_attempt",
                condition=~Q(state="running") | Q(attempt__gte=1, started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="colorization_cluster_only_while_running",
                condition=Q(cluster=None) | Q(state="running"),
            ),
            models.CheckConstraint(
                name="colorization_known_queue", condition=Q(queue__in=["photos", "videos"])
            ),
            models.CheckConstraint(
                name="colorization_known_priority", condition=Q(priority__in=[0, 1])
            ),
            models.CheckConstraint(
                name="colorization_lease_iff_running",
                condition=Q(
                    state="running", lease_token__isnull=False, lease_expires_at__isnull=False
                )
                | (~Q(state="running") & Q(lease_token=None, lease_expires_at=None)),
            ),
            models.CheckConstraint(
                name="colorization_result_iff_succeeded",
                condition=(
                    Q(state="succeeded", result_bytes__gt=0, progress=100)
                    & ~Q(result="")
                    & ~Q(preview="")
                    & ~Q(thumbnail="")
                )
                | (
                    ~Q(state="succeeded")
                    & Q(result="", preview="", thumbnail="", result_bytes=None)
                ),
            ),
            models.CheckConstraint(
                name="colorization_maker_iff_succeeded",
                condition=(
                    Q(state="succeeded", used_render_factor__isnull=False)
                    & ~Q(weights_name="")
                    & ~Q(weights_sha256="")
                )
                | (
                    ~Q(state="succeeded")
                    & Q(weights_name="", weights_sha256="", used_render_factor=None)
                ),
            ),
            models.CheckConstraint(
                name="colorization_used_render_factor_within_asked",
                condition=Q(used_render_factor=None)
                | Q(
                    used_render_factor__gte=MIN_RENDER_FACTOR,
                    used_render_factor__lte=F("render_factor"),
                ),
            ),
            models.CheckConstraint(
                name="colorization_error_iff_failed",
                condition=(Q(state="failed") & ~Q(error_code=""))
                | (~Q(state="failed") & Q(error_code="")),
            ),
            models.CheckConstraint(
                name="colorization_finished_iff_terminal",
                condition=Q(
                    state__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False
                )
                | Q(state__in=["queued", "running"], finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_variant_display()} of {self.photo}"

    def get_absolute_url(self) -> str:
        return reverse("gallery:colorization", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def is_less_detailed_than_asked(self) -> bool:
        """Whether memory ran out at the render factor asked for."""
        used = self.used_render_factor
        return used is not None and used < self.render_factor
