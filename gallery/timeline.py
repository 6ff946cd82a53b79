"""A person's photos by the date they were taken: decades, their years, and last those without a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, When
from django.db.models.functions import ExtractYear

from accounts.models import User
from gallery import queries
from gallery.models import Photo, PhotoQuerySet

PHOTOS_PER_PAGE: Final = 60
# Of such a photo, not even the year is known.
SPANS: Final = (Photo.DatePrecision.DECADE, Photo.DatePrecision.BETWEEN)


class Year(ExtractYear):
    """SQLite keeps dates as text: cutting the year off is ten times faster than asking Python for it."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({sql}, 1, 4) AS INTEGER)", params


@dataclass(frozen=True)
class Group:
    """Photos of a year, of a decade whose year is not known, or without a date.

    Attributes:
        decade: its first year; None without a date.
        year: None where only the decade is known.
        offset: how many photos come before it in the whole timeline.
    """

    decade: int | None
    year: int | None
    number: int
    offset: int
    photos: Sequence[Photo] = ()

    @property
    def page(self) -> int:
        """On which its first photo is."""
        return self.offset // PHOTOS_PER_PAGE + 1

    @property
    def anchor(self) -> str:
        if self.decade is None:
            return "no-date"
        return f"decade-{self.decade}" if self.year is None else f"year-{self.year}"
