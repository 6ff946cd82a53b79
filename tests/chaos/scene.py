"""Users with photos and the jobs that they have asked for."""

from __future__ import annotations

from itertools import cycle, islice

from django.db import transaction

from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import services
from tests.factories import make_album, make_upload, picture_bytes

VARIANTS = ("artistic", "stable", "video")
PHOTOS_PER_USER = 4


def make_jobs(number: int, users: int) -> Colorization:
    """All but one are small; returns the one, whose picture will kill workers."""
    photos = [
        services.add_photo(album, make_upload(picture_bytes(64 + 16 * size, 64 + user)))
        for user, album in enumerate([make_album() for _ in range(users)])
        for size in range(PHOTOS_PER_USER)
    ]
    choices = zip(cycle(photos), cycle(VARIANTS), cycle(range(8, 21)), strict=False)
    with transaction.atomic():
        for photo, variant, render_factor in islice(choices, number):
            enqueue(photo, variant, render_factor)
        large = services.add_photo(make_album(), make_upload(picture_bytes(3000, 2000)))
        return enqueue(large, "stable", 20)
