"""What the site, the API and the admin ask of the colorizer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from colorizer import jobs
from colorizer.models import Colorization, ColorizationQuerySet

if TYPE_CHECKING:
    from gallery.models import Photo


def enqueue(photo: Photo, variant: str, render_factor: int) -> Colorization:
    """Queue a colorization; ValidationError names an unknown variant or a factor out of range."""
    colorization = Colorization(photo=photo, variant=variant, render_factor=render_factor)
    colorization.full_clean()
    with transaction.atomic():
        colorization.save(force_insert=True)
        jobs.ring_bell()
    return colorization


def check_choices(variant: str, render_factor: int) -> None:
    """Raise the ValidationError that `enqueue` would, before there is a photo."""
    Colorization(variant=variant, render_factor=render_factor).clean_fields(exclude=["photo"])


def cancel(colorization: Colorization) -> bool:
    """Stop a queued or running job; False when it had finished."""
    return jobs.cancel(colorization)


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
