"""Users with albums of photos, the jobs that they ask for, and one picture that will kill workers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import cycle, islice, product
from uuid import UUID

from django.db import transaction

from colorizer.engine.variants import VARIANTS
from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import services
from gallery.archives import request_archive
from gallery.models import Album, Photo
from tests.factories import make_album, make_upload, make_user, picture_bytes

PHOTOS_PER_ALBUM = 3
RENDER_FACTORS = range(8, 21)


@dataclass(frozen=True)
class Scene:
    """What was asked for.

    Attributes:
        jobs: ids, also the poison picture's.
        albums: those whose zip file nobody has asked for yet.
    """

    poison: Colorization
    jobs: set[UUID]
    albums: deque[Album]

    def request_next_archive(self) -> None:
        if self.albums:
            self.jobs.add(request_archive(self.albums.popleft()).job_id)


def make_scene(colorizations: int, archives: int, users: int) -> Scene:
    """All colorizations are queued, each another version; archives are asked for one by one."""
    owners = [make_user() for _ in range(users)]
    albums = [make_album(owner) for owner in islice(cycle(owners), archives)]
    photos = [photo for number, album in enumerate(albums) for photo in _add_photos(album, number)]
    # Of a photo one of each variant: so an archive has an entry for each that succeeded.
    versions = list(product(VARIANTS, photos))[:colorizations]
    if len(versions) < colorizations:
        raise SystemExit(
            f"At most {len(versions)} jobs can be colorizations: ask for more archives."
        )
    with transaction.atomic():
        queued = [
            enqueue(photo.original, variant, render_factor).job_id
            for (variant, photo), render_factor in zip(
                versions, cycle(RENDER_FACTORS), strict=False
            )
        ]
    poison = _enqueue_poison()
    return Scene(poison, {*queued, poison.job_id}, deque(albums))


def _add_photos(album: Album, number: int) -> list[Photo]:
    """No two of the whole scene have the same content: a copy of a result would be no work."""
    return [
        services.add_photo(
            album, make_upload(picture_bytes(64 + 16 * place, 64 + number), f"photo-{place}.jpg")
        )
        for place in range(PHOTOS_PER_ALBUM)
    ]


def _enqueue_poison() -> Colorization:
    large = services.add_photo(make_album(), make_upload(picture_bytes(3000, 2000)))
    return enqueue(large.original, "stable", 20)
