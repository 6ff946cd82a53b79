"""What is done with many photos at once. Each has an outcome of its own, and none keeps another from its."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.errors import NotForFilmsError, UploadError
from colorizer.models import Colorization
from filestore.services import in_batches
from gallery import arranging, copying, dates, details, services
from gallery.details import NameChanges
from gallery.models import Album, Photo, PhotoQuerySet, Section
from gallery.search_text import fold
from gallery.trash import restoring
from gallery.trash.contents import Trash
from gallery.versions import shown_of
from jobs import services as jobs
from jobs.errors import GoneError, TooManyJobsError


class Status(models.TextChoices):
    DONE = "done", "Done"
    UNCHANGED = "unchanged", "It was so already"
    NOT_FOUND = "not_found", "It is not there, or not yours"
    REFUSED = "refused", "See code"


@dataclass(frozen=True)
class Outcome:
    """
    Attributes:
        code, detail: why it was refused, for programs and for people.
        colorization: what was queued, or was there.
        copy: the photo that was made of it.
    """

    status: Status
    code: str = ""
    detail: str = ""
    colorization: UUID | None = None
    copy: UUID | None = None


P = ParamSpec("P")
DONE: Final = Outcome(Status.DONE)
UNCHANGED: Final = Outcome(Status.UNCHANGED)
NO_CHANGES: Final = NameChanges()


@dataclass(frozen=True)
class Outcomes:
    """
    Attributes:
        of: by photo; what is not named was not found.
        retry_after: seconds until those that were refused may be asked for again.
    """

    of: Mapping[UUID, Outcome] = field(default_factory=dict)
    retry_after: int | None = None

    def __getitem__(self, key: UUID) -> Outcome:
        return self.of.get(key) or Outcome(
            Status.NOT_FOUND, "not_found", _("There is no such photo of yours.")
        )


def own_photos(owner: User, keys: Collection[UUID]) -> PhotoQuerySet:
    own = Photo.objects.editable_by(owner).filter(pk__in=keys)
    return own.select_related("album__owner", "original__owner")


def of_own_photos(
    act: Callable[Concatenate[Sequence[Photo], P], Outcomes],
) -> Callable[Concatenate[User, Collection[UUID], P], Outcomes]:
    """For those of the named photos that are the owner's, who deletes none of them meanwhile."""

    @wraps(act)
    def perform(
        owner: User, keys: Collection[UUID], /, *args: P.args, **choices: P.kwargs
    ) -> Outcomes:
        with transaction.atomic():
            jobs.lock_owner(owner.pk)
            photos = list(own_photos(owner, keys).prefetch_related("tags"))
            return act(photos, *args, **choices) if photos else Outcomes()

    return perform


def _changing(
    photos: Sequence[Photo], changed: Sequence[Photo], change: Callable[[Sequence[Photo]], object]
) -> Outcomes:
    """Args: changed: those of the photos that will be different."""
    if changed:
        change(changed)
    return Outcomes(_each(photos, UNCHANGED) | _each(changed, DONE))


def _each(photos: Iterable[Photo], outcome: Outcome) -> dict[UUID, Outcome]:
    return {photo.pk: outcome for photo in photos}


@of_own_photos
def move(photos: Sequence[Photo], album: Album, section: Section | None) -> Outcomes:
    """Without a section they come before all sections."""

    def change(moved: Sequence[Photo]) -> None:
        services.move_photos(moved, album)
        arranging.put_into_section(moved, album, section)

    place = (album.pk, section and section.pk)
    elsewhere = [photo for photo in photos if (photo.album_id, photo.section_id) != place]
    return _changing(photos, elsewhere, change)


@of_own_photos
def color(photos: Sequence[Photo], variant: str, render_factor: int) -> Outcomes:
    queued = services.color_photos(photos, variant, render_factor)
    refused = _too_many(queued.full) if queued.full else UNCHANGED
    outcomes = _each(photos, refused)
    for status, versions in ((Status.DONE, queued.made), (Status.UNCHANGED, queued.existing)):
        outcomes |= {
            photo.pk: Outcome(status, colorization=versions[photo.original_id].pk)
            for photo in photos
            if photo.original_id in versions
        }
    return Outcomes(outcomes, queued.full.retry_after if queued.full else None)


@of_own_photos
def adjust(photos: Sequence[Photo], adjustments: Adjustments) -> Outcomes:
    """The version that stands for each photo. Films are refused."""
    shown = {
        photo.pk: version
        for photo in photos
        if not photo.is_film and (version := colored_version(photo))
    }
    changed, full = adjusting.save_for_all(list(shown.values()), adjustments)
    return Outcomes(
        {
            photo.pk: _film_refused()
            if photo.is_film
            else _adjusted(shown.get(photo.pk), adjustments, changed, full)
            for photo in photos
        },
        full.retry_after if full else None,
    )


def _film_refused() -> Outcome:
    error = NotForFilmsError()
    return Outcome(Status.REFUSED, error.code, str(error))


def _adjusted(
    version: Colorization | None,
    adjustments: Adjustments,
    changed: Collection[UUID],
    full: TooManyJobsError | None,
) -> Outcome:
    if version is None:
        return Outcome(Status.REFUSED, "not_colored", _("It has no version in color yet."))
    if version.pk in changed:
        return Outcome(Status.DONE, colorization=version.pk)
    wanted = adjusting.wanted_of(version, adjustments)
    if full and adjusting.is_new(version, wanted):
        return _too_many(full)
    return Outcome(Status.UNCHANGED, colorization=version.pk)


def colored_version(photo: Photo) -> Colorization | None:
    """The one that stands for the photo, among those that have a result."""
    return shown_of(photo.colorizations.succeeded().kept())


def _too_many(error: TooManyJobsError) -> Outcome:
    return Outcome(Status.REFUSED, error.code, error.message)


@of_own_photos
def tag(photos: Sequence[Photo], tags: Sequence[str]) -> Outcomes:
    wanted = set(map(fold, tags))
    lacking = [photo for photo in photos if not wanted <= _tags_of(photo)]
    return _changing(photos, lacking, _edit({}, NameChanges(added=tags)))


@of_own_photos
def untag(photos: Sequence[Photo], tags: Sequence[str]) -> Outcomes:
    unwanted = set(map(fold, tags))
    having = [photo for photo in photos if unwanted & _tags_of(photo)]
    labels = {tag for photo in having for tag in photo.tags.all() if fold(tag.name) in unwanted}
    return _changing(photos, having, _edit({}, NameChanges(removed=labels)))


def _tags_of(photo: Photo) -> set[str]:
    return {fold(tag.name) for tag in photo.tags.all()}


@of_own_photos
def date(photos: Sequence[Photo], date_taken: dates.TakenDate | None) -> Outcomes:
    others = [photo for photo in photos if dates.of_photo(photo) != (date_taken or None)]
    return _changing(photos, others, _edit(dates.fields_of(date_taken or None), NO_CHANGES))


@of_own_photos
def favorite(photos: Sequence[Photo], *, is_favorite: bool) -> Outcomes:
    others = [photo for photo in photos if photo.is_favorite != is_favorite]
    return _changing(photos, others, _edit({"is_favorite": is_favorite}, NO_CHANGES))


def _edit(fields: Mapping[str, object], tags: NameChanges) -> Callable[[Sequence[Photo]], int]:
    return lambda photos: details.edit_photos(photos, fields, NO_CHANGES, tags)


@of_own_photos
def delete(photos: Sequence[Photo]) -> Outcomes:
    """Into the trash."""
    return _changing(photos, photos, services.trash_photos)


def restore(owner: User, keys: Collection[UUID]) -> Outcomes:
    """Out of the trash."""
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        trash = Trash.of(owner).only({"photo": keys})
        lying_there = list(trash.photos)
        unchanged = _each(own_photos(owner, keys), UNCHANGED)
        restoring.restore(owner, trash)
    return Outcomes(unchanged | _each(lying_there, DONE))


def copy(owner: User, keys: Collection[UUID], album: Album) -> Outcomes:
    """With files and finished versions, some at a time: the owner need not wait for the rest.

    The copies are shown in the order in which their photos are named, among what is new in the album.
    """
    place = {key: number for number, key in enumerate(keys)}
    photos = sorted(own_photos(owner, keys), key=lambda photo: place[photo.pk])
    outcomes: dict[UUID, Outcome] = {}
    for batch in in_batches(reversed(photos), copying.PHOTOS_A_TRANSACTION):
        outcomes |= _copy_batch(batch[::-1], album)
    return Outcomes(outcomes)


def _copy_batch(photos: Sequence[Photo], album: Album) -> dict[UUID, Outcome]:
    try:
        copying.check_room(copying.without_copy(photos, album), album.owner)
        copies = copying.copy_photos(photos, album)
    except UploadError as error:
        return _each(photos, Outcome(Status.REFUSED, error.code, error.message))
    except GoneError as error:
        if len(photos) > 1:  # one of them is: the others are copied one by one
            apart = [_copy_batch([photo], album) for photo in reversed(photos)]
            return {key: outcome for one in apart for key, outcome in one.items()}
        return _each(photos, Outcome(Status.NOT_FOUND, "not_found", str(error)))
    made = {key: Outcome(Status.DONE, copy=other) for key, other in copies.items()}
    return _each(photos, UNCHANGED) | made


ACTIONS: Final[Mapping[str, Callable[..., Outcomes]]] = {
    act.__name__: act
    for act in (move, copy, color, adjust, tag, untag, favorite, date, delete, restore)
}
"""By name; each takes the owner, the keys of photos, and choices."""
