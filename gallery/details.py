"""Changing what is known of photos: title, caption, place, date, people and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction

from colorizer.engine.imageio.description import Description
from gallery import dates, labels
from gallery.models import Person, Photo, Tag
from gallery.search_text import refresh, search_text
from jobs import services as jobs


@dataclass(frozen=True)
class NameChanges:
    """Of the people or the tags of several photos: names to give them, labels to take away."""

    added: Sequence[str] = ()
    removed: Iterable[Person | Tag] = ()


def edit_photo(
    photo: Photo,
    fields: Mapping[str, Any],
    people: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
) -> None:
    """Change one photo. Names that are None stay as they are.

    Args:
        fields: of the photo's row, by name; for its date see `dates.fields_of`.

    Raises:
        GoneError: the photo was deleted.
    """
    owner = photo.album.owner
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        jobs.require(Photo.objects.kept().filter(pk=photo.pk))
        _write([photo], fields)
        if people is not None:
            photo.people.set(labels.named(Person, owner, people))
        if tags is not None:
            photo.tags.set(labels.named(Tag, owner, tags))
        labels.delete_unused(owner.pk)
        refresh([photo])
    photo.refresh_from_db()


def edit_photos(
    photos: Sequence[Photo], fields: Mapping[str, Any], people: NameChanges, tags: NameChanges
) -> int:
    """Change photos of one owner, `fields` of each alike; returns how many. Deleted ones are left out.

    Raises:
        GoneError: all of them were deleted.
    """
    owner = photos[0].album.owner
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        there = Photo.objects.kept().filter(pk__in=[photo.pk for photo in photos])
        jobs.require(there)
        kept = list(there)
        _write(kept, fields)
        _change_names(kept, "people", people, labels.named(Person, owner, people.added))
        _change_names(kept, "tags", tags, labels.named(Tag, owner, tags.added))
        labels.delete_unused(owner.pk)
        refresh(kept)
    return len(kept)


def _write(photos: Sequence[Photo], fields: Mapping[str, Any]) -> None:
    # Only what is changed: staff may hide the photo at the same time.
    if fields:
        Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(**fields)


def _change_names(
    photos: Sequence[Photo],
    names: Literal["people", "tags"],
    changes: NameChanges,
    added: Sequence[Person | Tag],
) -> None:
    """All at once: a large library has hundreds of people."""
    through = getattr(Photo, names).through
    label = "person" if names == "people" else "tag"
    removed = {f"{label}__in": changes.removed}
    through.objects.filter(photo__in=photos, **removed).delete()
    rows = [through(photo=photo, **{label: each}) for photo in photos for each in added]
    through.objects.bulk_create(rows, ignore_conflicts=True)


def describe(photo: Photo, description: Description) -> None:
    """Let a photo that is about to be saved have what its file says of it."""
    for name, value in {**_known(description), **_date(description)}.items():
        setattr(photo, name, value)
    names = [*_people(description), *_tags(description)]
    photo.search_text = search_text(photo, names)


def add_names(photo: Photo, description: Description) -> None:
    """The people and tags of the same, once it is saved; the owner must be locked."""
    owner = photo.album.owner
    if people := _people(description):
        photo.people.set(labels.named(Person, owner, people))
    if tags := _tags(description):
        photo.tags.set(labels.named(Tag, owner, tags))


def _known(description: Description) -> dict[str, str]:
    texts = {
        "title": description.title,
        "caption": "" if description.caption == description.title else description.caption,
        "place": description.place,
    }
    return {name: text for name, text in texts.items() if text}


def _date(description: Description) -> dict[str, object]:
    """Nothing where a camera's clock or a program wrote what cannot be."""
    try:
        return dates.fields_of(dates.parse(description.date))
    except ValidationError:
        return {}


def _people(description: Description) -> list[str]:
    """“Berger, Anna” is one person, and is written without a comma here."""
    return _names(labels.SEPARATORS.sub(" ", name) for name in description.people)


def _tags(description: Description) -> list[str]:
    """What programs call one keyword may be several."""
    return _names(description.tags)


def _names(names: Iterable[str]) -> list[str]:
    try:
        return labels.split(",".join(names))
    except ValidationError:
        return []
