"""Films that are colored, and the segments that workers keep of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from colorizer.models.colorizations import Colorization
from filestore.models import StoredFile


class Film(models.Model):
    """What is known of a source that is a film. It goes with its file."""

    source = models.OneToOneField(
        StoredFile, on_delete=models.CASCADE, related_name="film", editable=False
    )
    seconds = models.FloatField(help_text="How long it is.")
    frame_rate = models.FloatField(help_text="Frames a second, on average.")
    frame_count = models.PositiveIntegerField()
    codec = models.CharField(max_length=40)
    audio_tracks = models.PositiveSmallIntegerField()
    subtitle_tracks = models.PositiveSmallIntegerField()
    notes = models.JSONField(
        default=list, blank=True, help_text="What the result will have otherwise than the film."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="film_has_frames", condition=Q(frame_count__gt=0)),
            models.CheckConstraint(name="film_lasts", condition=Q(seconds__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.seconds:.1f} s"


class FilmSegment(models.Model):
    """A part of a film, kept until all of it is in color: what a worker makes, and then a checkpoint.

    It is of use as long as the same part would be made by the same weights and release.
    """

    colorization = models.ForeignKey(
        Colorization, on_delete=models.CASCADE, related_name="segments", editable=False
    )
    index = models.PositiveIntegerField(editable=False)
    plan = models.JSONField(
        editable=False, help_text="The part of the film, as the engine planned it."
    )
    weights_sha256 = models.CharField(max_length=64, editable=False)
    lease_token = models.UUIDField(
        null=True,
        editable=False,
        help_text="Of the job that makes it. It is free again when no running job has that lease.",
    )
    frames_done = models.PositiveIntegerField(default=0, editable=False)
    is_made = models.BooleanField(default=False, editable=False)
    file = models.OneToOneField(
        StoredFile,
        null=True,
        on_delete=models.RESTRICT,
        related_name="film_segment",
        editable=False,
        help_text="None of a part in which nothing can be decoded.",
    )

    class Meta:
        ordering = ["colorization", "index"]
        constraints = [
            models.UniqueConstraint(fields=["colorization", "index"], name="filmsegment_once"),
            models.CheckConstraint(
                name="filmsegment_with_file_is_made", condition=Q(file=None) | Q(is_made=True)
            ),
            models.CheckConstraint(
                name="filmsegment_made_is_nobodys",
                condition=Q(is_made=False) | Q(lease_token=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.colorization_id} {self.index}"
