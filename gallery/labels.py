"""People and tags by their names: made on first use, gone when no photo has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from filestore.services import in_batches
from gallery.models import Label, Person, Photo, Tag
from gallery.search_text import PHOTOS_PER_QUERY, fold

L = TypeVar("L", Person, Tag)

MAX_NAMES: Final = 100
MAX_LENGTH: Final = 100
SEPARATORS: Final = re.compile(r"[,;\r\n\uff0c\uff1b\u3001]+")


def split(text: str) -> list[str]:
    """Names as people type them: with commas or line breaks in between, Chinese commas, too.

    Raises:
        ValidationError: too many, or one is too long.
    """
    return _checked(SEPARATORS.split(text))


def clean(names: Sequence[str]) -> list[str]:
    """Names that came one by one.

    Raises:
        ValidationError: as `split`; or there are several in one.
    """
    if several := next(filter(SEPARATORS.search, names), None):
        message = _("“%(name)s” has a comma in it: send several names one by one.")
        raise ValidationError(message % {"name": several[:MAX_LENGTH]}, code="invalid")
    return _checked(names)


def _checked(names: Iterable[str]) -> list[str]:
    """Each name once, the first way that it is written."""
    plain = (" ".join(_printable(name).split()) for name in names)
    once = list({fold(name): name for name in reversed([*filter(None, plain)])}.values())[::-1]
    if len(once) > MAX_NAMES:
        message = ngettext(
            "Enter at most %(number)d name.", "Enter at most %(number)d names.", MAX_NAMES
        )
        raise ValidationError(message % {"number": MAX_NAMES}, code="too_many")
    if too_long := next((name for name in once if len(name) > MAX_LENGTH), None):
        message = _("“%(name)s…” is too long: a name has at most %(number)d characters.")
        raise ValidationError(
            message % {"name": too_long[:20], "number": MAX_LENGTH}, code="max_length"
        )
    return once


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else " " for character in name)


def named(model: type[L], owner: User, names: Sequence[str]) -> list[L]:
    """The owner's labels with these names; what is not there is made. The owner must be locked."""
    # Compared here: SQLite knows upper and lower case of ASCII only.
    known = {fold(label.name): label for label in model.objects.filter(owner=owner)}
    new = {fold(name): model(owner=owner, name=name) for name in names if fold(name) not in known}
    model.objects.bulk_create(new.values())
    return [known.get(fold(name)) or new[fold(name)] for name in names]


def of_photos(model: type[L], photos: Iterable[Photo]) -> QuerySet[L]:
    """Those that any of the photos has."""
    keys: set[UUID] = set()
    for some in in_batches(photos, PHOTOS_PER_QUERY):
        keys.update(model.objects.filter(photos__in=some).order_by().values_list("pk", flat=True))
    return model.objects.filter(pk__in=keys)


def delete_unused(owner_id: int) -> None:
    """Delete the people and tags of an owner that no photo has; the owner must be locked."""
    for model in (Person, Tag):
        model.objects.filter(owner=owner_id, photos=None).delete()


def names_of(labels: Iterable[Label]) -> list[str]:
    return [label.name for label in labels]
