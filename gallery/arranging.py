"""The sections of an album, and its photos in the order that their owner gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import transaction
from django.db.models import F, Max

from filestore.services import in_batches
from gallery.models import Album, Photo, PhotoQuerySet, Section
from gallery.queries import in_album_order
from gallery.services import PHOTOS_A_STATEMENT
from jobs import services as jobs

FIRST: Final = 1


@contextmanager
def _locked(album: Album) -> Iterator[None]:
    """Nobody else arranges anything of this owner meanwhile.

    Raises:
        GoneError: the album was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        jobs.require(Album.objects.kept().filter(pk=album.pk))
        album.refresh_from_db(fields=["photo_order"])
        yield


def add_section(album: Album, title: str) -> Section:
    """After the others. A double click finds the one that is there."""
    section = Section(album=album, title=title)
    section.clean_fields(exclude={"album"})
    with _locked(album):
        if same := album.sections.filter(title=title).first():
            return same
        last = album.sections.aggregate(last=Max("position"))["last"]
        section.position = 0 if last is None else last + 1
        section.save(force_insert=True)
    return section


def rename_section(section: Section, title: str) -> None:
    section.title = title
    section.clean_fields(exclude={"album"})
    with _locked(section.album):
        jobs.require(section.album.sections.filter(pk=section.pk))
        section.save(update_fields=["title"])


def move_section(section: Section, steps: int) -> None:
    """Up by a negative number, down by a positive one; not beyond the others."""
    with _locked(section.album):
        place = section.album.sections.filter(position__lt=section.position).count()
        place_section(section, max(0, place + steps))


def place_section(section: Section, place: int) -> None:
    """Among the others of its album, from 0."""
    with _locked(section.album):
        jobs.require(section.album.sections.filter(pk=section.pk))
        sections = list(section.album.sections.exclude(pk=section.pk))
        sections.insert(min(place, len(sections)), section)
        for position, each in enumerate(sections):
            each.position = position
        Section.objects.bulk_update(sections, ["position"])


def delete_section(section: Section) -> None:
    """Its photos stay in the album, before all sections."""
    with _locked(section.album):
        Section.objects.filter(pk=section.pk).delete()


def put_into_section(photos: Sequence[Photo], album: Album, section: Section | None) -> None:
    """Of the album; None is no section."""
    with _locked(album):
        _require_section(section, album)
        for batch in in_batches((photo.pk for photo in photos), PHOTOS_A_STATEMENT):
            album.photos.filter(pk__in=batch).update(section=section)


def _require_section(section: Section | None, album: Album) -> None:
    """
    Raises:
        GoneError: it was deleted.
    """
    if section:
        jobs.require(album.sections.filter(pk=section.pk))


def put_into_new_section(photos: Sequence[Photo], album: Album, title: str) -> None:
    with transaction.atomic():
        put_into_section(photos, album, add_section(album, title))


def move_to_front(photos: Sequence[Photo], album: Album) -> None:
    """Before all others of their sections. From then on the album is in its owner's order."""
    with _locked(album):
        _number(album)
        _insert(photos, album, FIRST)


def move_to_back(photos: Sequence[Photo], album: Album) -> None:
    with _locked(album):
        _number(album)
        _insert(photos, album, _after_the_last(album))


def place(photos: Sequence[Photo], album: Album, before: Photo | None) -> None:
    """In this order, before another photo of the album; None is the end."""
    with _locked(album):
        _number(album)
        there = album.photos.filter(pk=before.pk).first() if before else None
        position = there.position if there else _after_the_last(album)
        # One that was moved to another album meanwhile has no place here.
        here = album.photos.in_bulk([photo.pk for photo in photos])
        moved = [here[photo.pk] for photo in photos if photo.pk in here]
        _make_room(album, position, len(moved))
        _give_positions(moved, position)


def place_in_section(
    photos: Sequence[Photo], album: Album, section: Section | None, before: Photo | None
) -> None:
    with transaction.atomic():
        put_into_section(photos, album, section)
        place(photos, album, before)


def _after_the_last(album: Album) -> int:
    last: int = album.photos.aggregate(last=Max("position", default=0))["last"]
    return last + 1


def _insert(photos: Sequence[Photo], album: Album, position: int) -> None:
    """In the order that they have."""
    _make_room(album, position, len(photos))
    moved = in_album_order(album.photos.all(), album, by_section=True)
    chosen = {photo.pk for photo in photos}
    _give_positions([photo for photo in moved.only("pk") if photo.pk in chosen], position)


def _make_room(album: Album, position: int, number: int) -> None:
    """One statement, however many photos there are; gaps matter to nobody."""
    album.photos.filter(position__gte=position).update(position=F("position") + number)


def _number(album: Album) -> None:
    """Give every photo a position of its own: what is new comes first, as it is shown."""
    if album.photo_order != Album.PhotoOrder.BY_HAND:
        _number_all(album)
        return
    new = list(_in_order(album).filter(position=0))
    if new:
        album.photos.exclude(position=0).update(position=F("position") + len(new))
        _give_positions(new, FIRST)


def _number_all(album: Album) -> None:
    _give_positions(list(_in_order(album)), FIRST)
    Album.objects.filter(pk=album.pk).update(photo_order=Album.PhotoOrder.BY_HAND)
    album.photo_order = Album.PhotoOrder.BY_HAND


def _in_order(album: Album) -> PhotoQuerySet:
    return in_album_order(album.photos.all(), album, by_section=False).only("pk")


def _give_positions(photos: Sequence[Photo], first: int) -> None:
    for position, photo in enumerate(photos, start=first):
        photo.position = position
    Photo.objects.bulk_update(photos, ["position"], batch_size=PHOTOS_A_STATEMENT)
