"""The small picture that stands for a photo on a page: in color where there is a version."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from gallery.addresses import address_of
from gallery.queries import results_of


def thumbnail_addresses(photos: Collection[UUID]) -> dict[UUID, str]:
    """By the keys of photos that somebody may see all of."""
    results = results_of(photos)
    return {photo: _address(photo, results.get(photo)) for photo in photos}


def thumbnail_address(photo: UUID) -> str:
    return thumbnail_addresses([photo])[photo]


def _address(photo: UUID, version: UUID | None) -> str:
    if version:
        return address_of("gallery:colorization-thumbnail", version)
    return address_of("gallery:photo-thumbnail", photo)
