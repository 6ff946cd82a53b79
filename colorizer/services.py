"""What the site, the API and the admin ask of the colorizer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from accounts.models import User
from colorizer import bells, jobs, waits
from colorizer.engine.errors import WeightsError
from colorizer.engine.variants import Variant
from colorizer.errors import TooManyJobsError
from colorizer.models import Colorization, ColorizationQuerySet
from colorizer.weights_store.choice import sha256_of, weights_for

if TYPE_CHECKING:
    from gallery.models import Photo


def enqueue(photo: Photo, variant: str, render_factor: int) -> Colorization:
    """Queue a colorization, or find the one that is open or would come out the same.

    Raises:
        ValidationError: names an unknown variant or a factor out of range.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    colorization = Colorization(photo=photo, variant=variant, render_factor=render_factor)
    colorization.full_clean()
    with transaction.atomic():
        # Locked: who asks twice at the same time gets one job, and nobody gets past the limit.
        owner = User.objects.select_for_update().get(pk=photo.album.owner_id)
        if existing := _same(colorization):
            return existing
        _check_limit(owner)
        colorization.save(force_insert=True)
        bells.ring(colorization.queue)
    return colorization


def _same(asked: Colorization) -> Colorization | None:
    """Of the same photo, with the same choices."""
    pairs = Colorization.objects.filter(
        photo=asked.photo, variant=asked.variant, render_factor=asked.render_factor
    )
    return pairs.open().first() or next(filter(is_current, pairs.succeeded()), None)


def is_current(pair: Colorization) -> bool:
    """Whether the same picture would come out again."""
    try:
        weights = weights_for(cast("Variant", pair.variant))
        is_same = pair.weights_sha256 == sha256_of(weights)
    except WeightsError:
        return False  # The job, not who asks for it, tells what is wrong with the weights.
    return is_same and not pair.is_less_detailed_than_asked


def _check_limit(owner: User) -> None:
    open_jobs = Colorization.objects.open().filter(photo__album__owner=owner)
    if open_jobs.count() >= settings.MAX_OPEN_JOBS:
        raise TooManyJobsError(settings.MAX_OPEN_JOBS, _seconds_until_one_ends(open_jobs))


def _seconds_until_one_ends(open_jobs: ColorizationQuerySet) -> int:
    oldest = open_jobs.order_by("queued_at")[0]
    wait = waits.wait_of(oldest)
    usual = waits.usual_duration()
    seconds = wait.seconds if wait else usual and usual.total_seconds()
    return max(1, round(seconds or settings.JOB_LEASE_SECONDS))


def check_choices(variant: str, render_factor: int) -> None:
    """Raise the ValidationError that `enqueue` would, before there is a photo."""
    Colorization(variant=variant, render_factor=render_factor).clean_fields(exclude=["photo"])


def cancel(colorization: Colorization) -> bool:
    """Stop a queued or running job; False when it had finished."""
    return jobs.cancel(colorization)


def cancel_all(colorizations: ColorizationQuerySet) -> int:
    """Stop those that are open; returns how many that were."""
    return jobs.cancel_all(colorizations)


def make_urgent(colorization: Colorization) -> bool:
    """Let it be next; False when it does not wait."""
    return jobs.make_urgent(colorization)


def retry(colorization: Colorization) -> bool:
    """Queue a failed or cancelled job again; False when it is in another state."""
    return jobs.retry(colorization)


def delete(colorizations: ColorizationQuerySet) -> None:
    """Delete pairs with their files. A runner at work finds its job gone and discards what it made."""
    with transaction.atomic():
        # Locked: a job that succeeds meanwhile would leave files that nobody knows of.
        locked = list(colorizations.select_for_update(of=("self",)))
        colorizations.delete()
        for pair in locked:
            delete_files_on_commit([pair.result, pair.preview, pair.thumbnail])


def delete_files_on_commit(files: Iterable[FieldFile]) -> None:
    for file in files:
        if file.name:
            _delete_on_commit(file.storage, file.name)


def _delete_on_commit(storage: Storage, name: str) -> None:
    # Robust: a file that cannot be deleted is logged, and does not keep the others.
    transaction.on_commit(lambda: storage.delete(name), robust=True)
