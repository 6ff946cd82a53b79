"""The small picture that stands for a photo on a page: in color where there is a version."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from gallery.addresses import address_of
from gallery.queries import results_of


def thumbnail_addresses(photos: Collection[UUID]) -> dict[UUID, str]:
    """By the keys of photos that somebody may see all of."""
    results = results_of(photos)
    return {photo: thumbnail_address(photo, results.get(photo)) for photo in photos}


def thumbnail_address(photo: UUID, result: UUID | None) -> str:
    """Args: result: the key of the version in color that is shown."""
    if result:
        return address_of("gallery:colorization-thumbnail", result)
    return address_of("gallery:photo-thumbnail", photo)
