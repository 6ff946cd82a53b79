"""What people do with films, beside what they do with any photo."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from colorizer import services as colorizer
from colorizer.models import Colorization, ColorizationQuerySet, Variant
from gallery.models import Photo
from jobs import services as jobs

TRIAL_SECONDS: Final = 5.0
FILM_VARIANTS: Final = (Variant.VIDEO, Variant.ARTISTIC, Variant.STABLE)
"""In the order in which they are offered. Photos have no use for the first."""
PHOTO_VARIANTS: Final = (Variant.ARTISTIC, Variant.STABLE)


def try_film(photo: Photo, start: float, render_factor: int) -> list[Colorization]:
    """Queue five seconds with each variant, before the owner's other films; trials of other seconds are deleted.

    Raises:
        GoneError: the film was deleted.
        ValidationError: it is no film, or has no such second.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    part = colorizer.Part(start, TRIAL_SECONDS)
    with transaction.atomic():
        jobs.lock_owner(photo.original.owner_id)
        jobs.require(Photo.objects.kept().filter(pk=photo.pk))
        colorizer.delete(trials_of(photo).exclude(start=start, render_factor=render_factor))
        trials = [
            colorizer.enqueue(photo.original, variant, render_factor, goes_first=True, part=part)
            for variant in FILM_VARIANTS
        ]
        # What failed, was cancelled or is of other weights has been replaced. Hints are somebody's work.
        colorizer.delete(
            trials_of(photo).filter(guidance=None).exclude(pk__in=[trial.pk for trial in trials])
        )
        return trials


def context_of(photo: Photo, versions: Iterable[Colorization]) -> dict[str, Any]:
    """For its page."""
    order = {variant: place for place, variant in enumerate(FILM_VARIANTS)}
    trials = [version for version in versions if version.is_trial]
    trials.sort(key=lambda trial: order[Variant(trial.variant)])
    film = photo.film
    seconds = film.seconds if film else 0.0
    usual = seconds / 3 if seconds > 2 * TRIAL_SECONDS else 0.0
    return {
        "film": film,
        "trials": trials,
        "has_open_trials": any(not trial.job.is_finished for trial in trials),
        "trial_start": trials[0].start if trials else round(usual),
        "last_start": max(0, math.ceil(seconds) - 1),
    }


def trials_of(photo: Photo) -> ColorizationQuerySet:
    """Also those in the trash."""
    trials: ColorizationQuerySet = Colorization.objects.filter(
        source=photo.original_id, seconds__isnull=False
    )
    return trials
