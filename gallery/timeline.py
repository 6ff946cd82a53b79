"""A person's photos by the date they were taken: decades, their years, and last those without a date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _

from accounts.models import User
from gallery import queries
from gallery.models import Photo

PHOTOS_PER_PAGE: Final = 60
# Of such a photo not even the year is known.
SPANS: Final = (Photo.DatePrecision.DECADE, Photo.DatePrecision.BETWEEN)
WITH_MONTH: Final = (Photo.DatePrecision.DAY, Photo.DatePrecision.MONTH)

ORDERING: Final[tuple[OrderBy | str, ...]] = (
    F("decade").asc(nulls_last=True),
    F("year").asc(nulls_first=True),
    "taken_from",
    "taken_to",
    "created_at",
    "pk",
)


class Year(ExtractYear):
    """SQLite keeps dates as text: it cuts the year off by itself, instead of calling Python for each row."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({sql}, 1, 4) AS INTEGER)", params


@dataclass(frozen=True)
class Group:
    """Photos of a year, of a decade while their year is not known, or without a date.

    Attributes:
        decade: its first year; None without a date.
        year: None where only the decade is known.
        offset: how many photos of the timeline come before it.
        photos: those on a page.
    """

    decade: int | None
    year: int | None
    number: int
    offset: int
    photos: Sequence[Photo] = ()

    @property
    def end(self) -> int:
        return self.offset + self.number

    @property
    def page(self) -> int:
        """Where its first photo is."""
        return self.offset // PHOTOS_PER_PAGE + 1

    @property
    def anchor(self) -> str:
        if self.decade is None:
            return "without-date"
        return f"decade-{self.decade}" if self.year is None else f"year-{self.year}"


@dataclass(frozen=True)
class Decade:
    """A decade's groups, or the only one without a date."""

    first_year: int | None
    groups: Sequence[Group]

    @property
    def number(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def label(self) -> str:
        if self.first_year is None:
            return _("Without a date")
        return _("%(decade)ss") % {"decade": self.first_year}


def decades(groups: Iterable[Group]) -> list[Decade]:
    return [
        Decade(first_year, list(some))
        for first_year, some in groupby(groups, key=lambda group: group.decade)
    ]


def dated(owner: User) -> QuerySet[Any, Any]:
    """The owner's photos with `decade` and `year`."""
    year = Year("taken_from")
    return Photo.objects.editable_by(owner).annotate(
        decade=year - year % 10,
        year=Case(When(date_precision__in=SPANS, then=None), default=year),
    )


def groups(owner: User) -> list[Group]:
    """All of them in order, without their photos."""
    counts = dated(owner).order_by().values_list("decade", "year").annotate(number=Count("pk"))
    found, offset = [], 0
    for decade, year, number in counts.order_by(*ORDERING[:2]):
        found.append(Group(decade, year, number, offset))
        offset += number
    return found


def months(owner: User) -> dict[int, dict[int, int]]:
    """For each year the months that are known, in order, and how many photos each has."""
    known = (
        dated(owner)
        .filter(date_precision__in=WITH_MONTH)
        .annotate(month=ExtractMonth("taken_from"))
    )
    rows = known.order_by("year", "month").values_list("year", "month")
    found: dict[int, dict[int, int]] = {}
    for year, month, number in rows.annotate(number=Count("pk")):
        found.setdefault(year, {})[month] = number
    return found


def page(owner: User, groups: Sequence[Group], begin: int, end: int) -> list[Group]:
    """The groups of a page with their photos: those from `begin` up to, not including, `end`."""
    shown = [group for group in groups if group.offset < end and group.end > begin]
    if not shown:
        return []
    # Only their decades are sorted, which begin with the first group of one.
    known = {group.decade for group in shown}
    start = min(group.offset for group in groups if group.decade in known)
    of_decades = dated(owner).filter(_in_decades(known)).order_by(*ORDERING)
    keys = of_decades.values_list("pk", flat=True)[begin - start : end - start]
    photos = queries.in_order(list(keys))
    return [
        replace(group, photos=photos[max(0, group.offset - begin) : max(0, group.end - begin)])
        for group in shown
    ]


def _in_decades(first_years: Iterable[int | None]) -> Q:
    found = Q()
    for first in first_years:
        found |= Q(taken_from=None) if first is None else _in_decade(first)
    return found


def _in_decade(first: int) -> Q:
    return Q(taken_from__gte=date(max(first, 1), 1, 1), taken_from__lte=date(first + 9, 12, 31))
