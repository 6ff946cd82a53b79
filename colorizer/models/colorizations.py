"""The record of a colorization, how it is adjusted, and what a person wanted of its colors."""

from __future__ import annotations

import math
import uuid
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext, gettext_noop
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


LOWEST_RATING = 1


HIGHEST_RATING = 5


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

    def whole(self) -> ColorizationQuerySet:
        """Without the trials of films, which show a few seconds."""
        return self.filter(seconds=None)

    def succeeded(self) -> ColorizationQuerySet:
        return self.filter(job__state=Job.State.SUCCEEDED)


BaseManager = models.Manager.from_queryset(ColorizationQuerySet)


class ColorizationManager(BaseManager["Colorization"]):
    def get_queryset(self) -> ColorizationQuerySet:
        """With its jobs: hardly anything can be said about a colorization without the state. And with its hints."""
        found = ColorizationQuerySet(self.model, using=self._db)
        related = found.select_related("job", "adjustment__job", "guidance")
        return related.defer("guidance__reference")


class Colorization(models.Model):
    """A source file, the choices made for it, the job that colorizes it and what came out."""

    deleted_text: Final = gettext_noop("This version was deleted.")

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
    start = models.FloatField(
        null=True,
        blank=True,
        editable=False,
        help_text="Of a trial of a film: second it begins at.",
    )
    seconds = models.FloatField(
        null=True, blank=True, editable=False, help_text="Of a trial of a film: how long it is."
    )
    frames = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="Of a film, when it is known."
    )
    frames_done = models.PositiveIntegerField(null=True, blank=True, editable=False)
    frames_per_second = models.FloatField(
        null=True, blank=True, editable=False, help_text="How fast a worker colorizes."
    )
    notes = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="What sound and subtitles of a film became when it was joined, in English sentences.",
    )
    helpers = models.ManyToManyField(
        Job,
        related_name="helped_films",
        editable=False,
        help_text="Jobs that make segments of a film, beside its own.",
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
    is_kept_when_done = models.BooleanField(
        default=False,
        editable=False,
        help_text="The owner chose it from previews: it is kept as soon as it has a result.",
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
            # With `seconds`, since most ask for whole ones: the index tells, without a look at the rows.
            models.Index(
                fields=["source", "seconds"],
                condition=Q(result__isnull=False, trashed_at=None),
                name="colorization_result",
            ),
            # Searches for what is in color read nothing else.
            models.Index(
                fields=["owner", "source", "variant"],
                condition=Q(result__isnull=False, seconds=None, trashed_at=None),
                name="colorization_result_of_owner",
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
            models.Index(
                fields=["owner", "trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="colorization_trash_of_owner",
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
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(is_kept_when_done=True),
                name="colorization_one_kept_when_done",
            ),
            models.CheckConstraint(
                name="colorization_part_has_start_and_length",
                condition=Q(start=None, seconds=None) | Q(start__gte=0, seconds__gt=0),
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
    def is_trial(self) -> bool:
        """Whether it shows some seconds of a film only."""
        return self.seconds is not None

    @property
    def seconds_left(self) -> int | None:
        """About how long the worker still takes for a film."""
        if self.job.state != Job.State.RUNNING or not self.frames_per_second or not self.frames:
            return None
        return math.ceil((self.frames - (self.frames_done or 0)) / self.frames_per_second)

    @property
    def last_change(self) -> datetime:
        """When something became different of it: its state, or what the owner made of it."""
        times = (self.job.queued_at, self.job.started_at, self.job.finished_at, self.changed_at)
        return max(time for time in times if time)

    @property
    def adjusted(self) -> Adjustment | None:
        """How it is adjusted, if it is."""
        found: Adjustment | None = getattr(self, "adjustment", None)
        return found

    @property
    def guided(self) -> Guidance | None:
        """What a person wanted of its colors, if anything."""
        found: Guidance | None = getattr(self, "guidance", None)
        return found

    @property
    def is_less_detailed_than_asked(self) -> bool:
        """Whether memory ran out at the render factor asked for."""
        used = self.used_render_factor
        return used is not None and used < self.render_factor


class Adjustment(models.Model):
    """How a colorization is adjusted, as was saved last, and the job that brings it into its files.

    Until that job has succeeded, the result is what it was before. Saving again makes another job, whose key says
    which of several savings a person has seen.
    """

    colorization = models.OneToOneField(
        Colorization, on_delete=models.CASCADE, related_name="adjustment", primary_key=True
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="adjustment")
    choices = models.JSONField(help_text="As in colorizer.engine.adjustments.")
    unadjusted = models.OneToOneField(
        StoredFile,
        on_delete=models.RESTRICT,
        related_name="adjustment_of_unadjusted",
        null=True,
        editable=False,
        help_text="The result as the network made it. Null while the colorization's own is that.",
    )

    def __str__(self) -> str:
        return gettext("Adjustments of %(version)s") % {"version": self.colorization}

    @property
    def is_in_the_files(self) -> bool:
        return self.job.state == Job.State.SUCCEEDED


class Guidance(models.Model):
    """What a version was, or is to be, colored by beside its photo: hints, and the colors of another photo."""

    colorization = models.OneToOneField(
        Colorization, on_delete=models.CASCADE, related_name="guidance", primary_key=True
    )
    hints = models.JSONField(default=list, blank=True, help_text="As in colorizer.guiding.")
    reference = models.BinaryField(
        default=b"", blank=True, help_text="A small PNG of the photo whose colors were taken."
    )
    has_reference = models.GeneratedField(
        expression=ExpressionWrapper(~Q(reference=b""), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Known without loading it.",
    )
    reference_seconds = models.FloatField(
        null=True,
        blank=True,
        help_text="Of a film: the moment whose scene alone has the colors of the reference. Null is all of the film.",
    )
    digest = models.CharField(
        max_length=64, help_text="Equal for those that a picture comes out the same with."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guidance_is_not_empty", condition=~Q(hints=[]) | ~Q(reference=b"")
            ),
            models.CheckConstraint(
                name="guidance_moment_is_of_a_reference",
                condition=Q(reference_seconds=None)
                | (Q(reference_seconds__gte=0) & ~Q(reference=b"")),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Hints of %(version)s") % {"version": self.colorization}


def version_of(job: Job) -> Colorization | None:
    """What a job colors or adjusts."""
    adjustment: Adjustment | None = getattr(job, "adjustment", None)
    found: Colorization | None = getattr(job, "colorization", None)
    return adjustment.colorization if adjustment else found
