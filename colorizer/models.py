"""The record of a colorization, and which weights the workers use now."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    VARIANTS,
)
from filestore.models import StoredFile
from jobs.models import Job

WEIGHTS_NAME_LENGTH = 100
LOWEST_RATING, HIGHEST_RATING = 1, 5


class Variant(models.TextChoices):
    ARTISTIC = "artistic", _("Artistic")
    STABLE = "stable", _("Stable")
    VIDEO = "video", _("Video")


class ColorizationQuerySet(models.QuerySet["Colorization"]):
    """Owners and staff; whether something is published, the apps above know."""

    def kept(self) -> ColorizationQuerySet:
        """Not in the trash."""
        return self.filter(trashed_at=None)

    def visible_to(self, user: User | AnonymousUser) -> ColorizationQuerySet:
        return self.kept() if user.is_active and user.is_staff else self.editable_by(user)

    def editable_by(self, user: User | AnonymousUser) -> ColorizationQuerySet:
        return self.kept().filter(owner_id=user.pk) if user.is_active else self.none()

    def open(self) -> ColorizationQuerySet:
        return self.filter(job__state__in=Job.OPEN_STATES)

    def succeeded(self) -> ColorizationQuerySet:
        return self.filter(job__state=Job.State.SUCCEEDED)


BaseManager = models.Manager.from_queryset(ColorizationQuerySet)


class ColorizationManager(BaseManager["Colorization"]):
    def get_queryset(self) -> ColorizationQuerySet:
        """With its job: hardly anything can be said about a colorization without the state."""
        return ColorizationQuerySet(self.model, using=self._db).select_related("job")


class Colorization(models.Model):
    """A source file, the choices made for it, the job that colorizes it and what came out."""

    Variant = Variant

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # That of the source and of the job: by it an index finds a person's colorizations in their order.
    owner = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="colorizations",
        editable=False,
        db_index=False,
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="colorization")
    source = models.ForeignKey(StoredFile, on_delete=models.RESTRICT, related_name="colorizations")
    variant = models.CharField(max_length=8, choices=Variant.choices, default=DEFAULT_VARIANT)
    render_factor = models.PositiveSmallIntegerField(
        default=DEFAULT_RENDER_FACTOR,
        validators=[MinValueValidator(MIN_RENDER_FACTOR), MaxValueValidator(MAX_RENDER_FACTOR)],
    )
    created_at = models.DateTimeField(auto_now_add=True)
    result = models.OneToOneField(
        StoredFile,
        on_delete=models.RESTRICT,
        related_name="colorization_of_result",
        null=True,
        editable=False,
    )
    weights_name = models.CharField(max_length=WEIGHTS_NAME_LENGTH, blank=True, editable=False)
    weights_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    used_render_factor = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Less than asked for when memory ran out."
    )
    is_kept = models.BooleanField(
        default=False, help_text="The one of its source that the owner likes best."
    )
    rating = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(LOWEST_RATING), MaxValueValidator(HIGHEST_RATING)],
        help_text="What the owner thinks of it.",
    )
    changed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When it was copied, restored, kept or rated last. Of the rest its job knows.",
    )
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ColorizationManager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["source", "-created_at"]),
            models.Index(fields=["owner", "-created_at", "id"], name="colorization_of_owner"),
            models.Index(
                fields=["source"],
                condition=Q(result__isnull=False, trashed_at=None),
                name="colorization_result",
            ),
            models.Index(
                fields=["owner", "changed_at"],
                condition=Q(changed_at__isnull=False),
                name="colorization_changed",
            ),
            models.Index(
                fields=["trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="colorization_trash",
            ),
        ]
        constraints = [
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
                name="colorization_result_iff_weights",
                condition=(
                    Q(result__isnull=False, used_render_factor__isnull=False)
                    & ~Q(weights_name="")
                    & ~Q(weights_sha256="")
                )
                | Q(result=None, weights_name="", weights_sha256="", used_render_factor=None),
            ),
            models.CheckConstraint(
                name="colorization_used_render_factor_within_asked",
                condition=Q(used_render_factor=None)
                | Q(
                    used_render_factor__gte=MIN_RENDER_FACTOR,
                    used_render_factor__lte=F("render_factor"),
                ),
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(is_kept=True), name="colorization_one_kept"
            ),
            models.CheckConstraint(
                name="colorization_kept_has_a_result",
                condition=Q(is_kept=False) | Q(result__isnull=False),
            ),
            models.CheckConstraint(
                name="colorization_rating_in_range",
                condition=Q(rating=None) | Q(rating__gte=LOWEST_RATING, rating__lte=HIGHEST_RATING),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(variant)s, render factor %(factor)d") % {
            "variant": self.get_variant_display(),
            "factor": self.render_factor,
        }

    @property
    def last_change(self) -> datetime:
        """When something became different of it: its state, or what the owner made of it."""
        times = (self.job.queued_at, self.job.started_at, self.job.finished_at, self.changed_at)
        return max(time for time in times if time)

    @property
    def is_less_detailed_than_asked(self) -> bool:
        """Whether memory ran out at the render factor asked for."""
        used = self.used_render_factor
        return used is not None and used < self.render_factor


class CurrentWeights(models.Model):
    """The weights that workers use for a variant: web servers may not have the files."""

    variant = models.CharField(max_length=8, choices=Variant.choices, primary_key=True)
    name = models.CharField(max_length=WEIGHTS_NAME_LENGTH)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "current weights"
        constraints = [
            models.CheckConstraint(
                name="currentweights_known_variant", condition=Q(variant__in=list(VARIANTS))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_variant_display()}: {self.name}"
