"""Packs: tiles of a picture, and previews of the styles it could have. Asked for by whoever looks, made by a job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from colorizer.engine.variants import DEFAULT_RENDER_FACTOR
from colorizer.models import PicturePack, PicturePackQuerySet, Variant
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Job, Queue

KEPT_FOR: Final = timedelta(days=1)
# What could not be made is not tried again with every look at it.
TRIED_AGAIN_AFTER: Final = timedelta(minutes=10)

TILE_SIDE: Final = 512
TILE_OVERLAP: Final = 1


@dataclass(frozen=True)
class Style:
    """A choice that is previewed."""

    variant: str
    render_factor: int

    @property
    def name(self) -> str:
        return f"{self.variant}-{self.render_factor}"


STYLES: Final = [
    Style(variant, factor)
    for variant in (Variant.ARTISTIC, Variant.STABLE)
    for factor in (12, DEFAULT_RENDER_FACTOR, 28)
]
"""For photos: the third variant is for films."""


def make_tiles(lease: Lease) -> None:
    from colorizer.pack_job import run_tiles  # noqa: PLC0415  (loads libvips: only workers may)

    run_tiles(lease)


def make_styles(lease: Lease) -> None:
    from colorizer.pack_job import run_styles  # noqa: PLC0415  (loads torch: only workers may)

    run_styles(lease)


TILES_KIND: Final = JobKind(
    name="picture_tiles",
    label=gettext_lazy("Tiles of a picture"),
    queue=Queue.PHOTOS,
    run=make_tiles,
    is_background=True,
)
STYLES_KIND: Final = JobKind(
    name="style_previews",
    label=gettext_lazy("Previews of styles"),
    queue=Queue.PHOTOS,
    run=make_styles,
    is_background=True,
)
KINDS: Final = {
    PicturePack.Content.TILES: TILES_KIND,
    PicturePack.Content.STYLES: STYLES_KIND,
}


def request(picture: StoredFile, content: PicturePack.Content) -> PicturePack:
    """The pack that is there or being made, or a new one.

    Raises:
        GoneError: the picture was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(picture.owner_id)
        jobs.require(StoredFile.objects.filter(pk=picture.pk))
        delete(PicturePack.objects.expired().filter(picture=picture))
        found = find(picture, content)
        if found:
            return found
        job = jobs.enqueue(picture.owner, KINDS[content].name, goes_first=True)
        return PicturePack.objects.create(
            job=job, picture=picture, content=content, expires_at=Now() + KEPT_FOR
        )


def find(picture: StoredFile, content: PicturePack.Content) -> PicturePack | None:
    packs = PicturePack.objects.filter(picture=picture, content=content)
    return packs.select_related("job").first()


def delete(packs: PicturePackQuerySet) -> None:
    """Delete packs with their jobs and files. A worker that makes one finds its job gone."""
    with transaction.atomic():
        found = list(packs.order_by().values_list("pk", "job_id"))
        # Locked: one that is finished meanwhile would leave a file without a record.
        made = Job.objects.filter(pk__in=[job for _, job in found])
        jobs.stop(made)
        locked = PicturePack.objects.filter(pk__in=[pk for pk, _ in found])
        files = list(StoredFile.objects.filter(pack__in=locked.order_by()))
        locked.delete()
        jobs.delete(made)
        filestore.delete(files)


def delete_of(pictures: Iterable[UUID]) -> None:
    """Before the pictures themselves are deleted."""
    delete(PicturePack.objects.filter(picture__in=pictures))


def delete_expired() -> None:
    """And those that could not be made, after a while: they are tried again when somebody looks."""
    given_up = Q(
        job__state__in=[Job.State.FAILED, Job.State.CANCELLED],
        job__finished_at__lte=Now() - TRIED_AGAIN_AFTER,
    )
    delete(PicturePack.objects.filter(Q(expires_at__lte=Now()) | given_up))
