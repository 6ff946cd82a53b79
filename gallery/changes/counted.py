"""Whose rows are counted, and whom they belong to: all that `owner_path` of a view of the API may show."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Model

from accounts.models import User
from colorizer.models import Adjustment, Colorization, Film, Guidance
from filestore.models import StoredFile
from gallery.models import Album, Archive, Download, Notice, Person, Photo, Section, Tag
from jobs.models import Attempt, Job

COUNTED: Final[dict[type[Model], str]] = {
    User: "",
    Album: "owner",
    Section: "album__owner",
    Photo: "album__owner",
    Photo.people.through: "photo__album__owner",
    Photo.tags.through: "photo__album__owner",
    Person: "owner",
    Tag: "owner",
    Notice: "owner",
    Archive: "owner",
    Download: "owner",
    StoredFile: "owner",
    Film: "source__owner",
    Colorization: "owner",
    Adjustment: "colorization__owner",
    Guidance: "colorization__owner",
    Job: "owner",
    Attempt: "job__owner",
}
"""The way from a row to its owner, as in a lookup."""


def owner_of(model: type[Model], row: str) -> str:
    """SQL.

    Args:
        row: what SQL calls the row, such as NEW.
    """
    way = COUNTED[model].split("__") if COUNTED[model] else ["pk"]
    value, at = row, model
    for number, name in enumerate(way):
        field: Any = at._meta.pk if name == "pk" else at._meta.get_field(name)
        column = f'"{field.column}"'
        value = f"{value}.{column}" if not number else _looked_up(at, column, value)
        at = field.related_model or at
    return value


def _looked_up(model: type[Model], column: str, key: str) -> str:
    meta: Any = model._meta
    return f'(SELECT {column} FROM "{meta.db_table}" WHERE "{meta.pk.column}" = {key})'
