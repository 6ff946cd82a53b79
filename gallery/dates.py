"""When a photo was taken, as exactly as it is known: from words, to words, and as EDTF (ISO 8601-2)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gallery.models import Photo

Precision = Photo.DatePrecision

FIRST_YEAR: Final = 1800
"""A little older than photography: who types less has made a mistake."""
LANGUAGES: Final = ("en", "zh-hans")
"""In which dates are understood, and found by a search."""
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class TakenDate:
    """A date with its precision, as `Photo` keeps it.

    Attributes:
        first, last: the days between which the photo was taken. "About 1932" is kept as that year.
    """

    precision: Photo.DatePrecision
    first: date
    last: date

    def fields(self) -> dict[str, object]:
        """Those of a photo, by name."""
        return fields_of(self)


def fields_of(taken: TakenDate | None) -> dict[str, object]:
    if taken is None:
        return {"date_precision": "", "taken_from": None, "taken_to": None}
    return {
        "date_precision": taken.precision.value,
        "taken_from": taken.first,
        "taken_to": taken.last,
    }


def of_photo(photo: Photo) -> TakenDate | None:
    if not (photo.date_precision and photo.taken_from and photo.taken_to):
        return None
    return TakenDate(Precision(photo.date_precision), photo.taken_from, photo.taken_to)


# From words


def parse(text: str) -> TakenDate | None:
    """What people type, in English or Chinese, or EDTF; None for nothing.

    Raises:
        ValidationError: it is no date, or one that no photo can have.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split()).strip(" .")
    if not plain:
        return None
    for pattern, read in FORMS:
        if found := pattern.fullmatch(plain):
            taken = read(**found.groupdict())
            _check(taken)
            return taken
    raise _refused(
        _(
            "This date cannot be read. Write it like 12 May 1932, May 1932, 1932, about 1932, "
            "1930s or between 1914 and 1918."
        )
    )


def _refused(message: str) -> ValidationError:
    return ValidationError(message, code="invalid_date")


def _check(taken: TakenDate) -> None:
    if taken.first.year < FIRST_YEAR:
        raise _refused(
            _("The year %(year)d is too early for a photo.") % {"year": taken.first.year}
        )
    # It is already tomorrow where some people are.
    tomorrow = timezone.now().date() + timedelta(days=1)
    last_year = taken.last.year if taken.precision == Precision.BETWEEN else taken.first.year
    if taken.first > tomorrow or last_year > tomorrow.year:
        raise _refused(_("This date is in the future."))


def _day(year: str, month: str, day: str) -> TakenDate:
    whole = _month(year, month)
    if not 1 <= int(day) <= whole.last.day:
        raise _refused(
            _("%(month)s has no day %(day)d.") % {"month": words(whole), "day": int(day)}
        )
    taken = whole.first.replace(day=int(day))
    return TakenDate(Precision.DAY, taken, taken)


def _month(year: str, month: str) -> TakenDate:
    first = _first_of(year, month)
    return TakenDate(
        Precision.MONTH, first, first.replace(day=monthrange(first.year, first.month)[1])
    )


def _first_of(year: str, month: str) -> date:
    number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
    if not 1 <= number <= len(MONTHS):
        raise _refused(_("There is no month %(month)d.") % {"month": number})
    return date(_year_number(year), number, 1)


def _year_number(year: str) -> int:
    if not int(year):
        raise _refused(_("There is no year 0."))
    return int(year)


def _years(precision: Photo.DatePrecision, first: str, last: str) -> TakenDate:
    return TakenDate(precision, date(_year_number(first), 1, 1), date(_year_number(last), 12, 31))


def _year(year: str) -> TakenDate:
    return _years(Precision.YEAR, year, year)


def _about(year: str) -> TakenDate:
    return _years(Precision.ABOUT, year, year)


def _decade(decade: str) -> TakenDate:
    return _years(Precision.DECADE, f"{decade}0", f"{decade}9")


def _decade_of_century(century: str, decade: str) -> TakenDate:
    return _decade(f"{int(century) - 1}{decade}")


def _between(year: str, other: str) -> TakenDate:
    if int(other) < int(year):
        raise _refused(
            _("%(first)s is after %(last)s: write the earlier year first.")
            % {"first": year, "last": other}
        )
    return _year(year) if year == other else _years(Precision.BETWEEN, year, other)


def _years_of_century(year: str, end: str) -> TakenDate:
    """1914-18: the end without its century."""
    return _between(year, f"{year[:2]}{end}")


def _month_or_years(year: str, number: str) -> TakenDate:
    """1914-05 is a month. 1914-18 is none, and people write years like this."""
    is_end = int(number) > max(len(MONTHS), int(year) % 100)
    return _years_of_century(year, number) if is_end else _month(year, number)


def _numbers(a: str, b: str, year: str) -> TakenDate:
    """12/5/1932: which is the month, is another matter in Europe than in America."""
    if int(a) > len(MONTHS) or a.lstrip("0") == b.lstrip("0"):
        return _day(year, b, a)
    if int(b) > len(MONTHS):
        return _day(year, a, b)
    raise _refused(
        _("It is not clear which number is the month. Write it in words, like 12 May 1932.")
    )


YEAR: Final = r"(?P<year>\d{4})"
OTHER: Final = r"(?P<other>\d{4})"
MONTH_NAME: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
MONTH: Final = r"(?P<month>\d{1,2})"
DAY: Final = r"(?P<day>\d{1,2})"
DASH: Final = r" ?[-\u2010-\u2015~\u301c] ?"
ABOUT: Final = r"(?:about|around|circa|ca\.?|c\.?|approx(?:imately|\.)?|abt\.?|~)"
ABOUT_CHINESE: Final = "(?:大约|大概|约)"

Reader = Callable[..., TakenDate]

# The first that fits the whole text. Full-width digits and signs have become plain ones.
FORMS: Final[list[tuple[re.Pattern[str], Reader]]] = [
    (re.compile(pattern, re.ASCII), read)
    for pattern, read in (
        (rf"{YEAR}", _year),
        (rf"{YEAR} ?年", _year),
        (rf"{YEAR}[-/.]{MONTH}[-/.]{DAY}", _day),
        (rf"{YEAR}[-/](?P<number>\d{{1,2}})", _month_or_years),
        (rf"{YEAR}\.{MONTH}", _month),
        (rf"{MONTH}[-/.]{YEAR}", _month),
        (rf"{DAY}(?:st|nd|rd|th)?(?: of)?[ .-]{MONTH_NAME},?[ -]{YEAR}", _day),
        (rf"{MONTH_NAME} {DAY}(?:st|nd|rd|th)?,? {YEAR}", _day),
        (rf"{MONTH_NAME},? {YEAR}", _month),
        (rf"{DAY}\. ?{MONTH}\. ?{YEAR}", _day),
        (rf"(?P<a>\d{{1,2}})[/-](?P<b>\d{{1,2}})[/-]{YEAR}", _numbers),
        (rf"{YEAR} ?年 ?{MONTH} ?月 ?{DAY} ?[日号]", _day),
        (rf"{YEAR} ?年 ?{MONTH} ?月", _month),
        (rf"{ABOUT} ?{YEAR}", _about),
        (rf"{YEAR} ?[?~]", _about),
        (rf"{ABOUT_CHINESE} ?{YEAR} ?年?", _about),
        (rf"{YEAR} ?年? ?(?:左右|前后|前後)", _about),
        (r"(?:the )?(?P<decade>\d{3})0'?s", _decade),
        (r"(?P<decade>\d{3})x", _decade),
        (r"(?P<decade>\d{3})0 ?年代", _decade),
        (r"(?P<century>[12]\d) ?世纪 ?(?P<decade>\d)0 ?年代", _decade_of_century),
        (rf"{YEAR}(?: to |/|{DASH}){OTHER}", _between),
        (rf"{YEAR}{DASH}(?P<end>\d{{2}})", _years_of_century),
        (rf"between {YEAR} and {OTHER}", _between),
        (rf"from {YEAR} to {OTHER}", _between),
        (rf"{YEAR} ?年? ?(?:至|到|和|与|{DASH}) ?{OTHER} ?年? ?(?:之?间)?", _between),
    )
]


# To words


def words(taken: TakenDate) -> str:
    """In the language of the reader; `parse` understands them."""
    first, last = taken.first, taken.last
    match taken.precision:
        case Precision.DAY:
            return _formatted(first, "j F Y", "DATE_FORMAT")
        case Precision.MONTH:
            return _formatted(first, "F Y", "YEAR_MONTH_FORMAT")
        case Precision.YEAR:
            return pgettext("a year", "%(year)s") % {"year": f"{first.year:04}"}
        case Precision.ABOUT:
            return _("about %(year)s") % {"year": f"{first.year:04}"}
        case Precision.DECADE:
            return _("%(decade)ss") % {"decade": f"{first.year:04}"}
        case Precision.BETWEEN:
            years = {"first": f"{first.year:04}", "last": f"{last.year:04}"}
            return _("between %(first)s and %(last)s") % years


def _formatted(day: date, in_english: str, elsewhere: str) -> str:
    """As the site writes dates in English, and as Django knows that other languages do."""
    is_english = (get_language() or "en").startswith("en")
    return date_format(day, in_english if is_english else elsewhere)


def edtf(taken: TakenDate) -> str:
    """Extended Date/Time Format, level 1: 1932-05-12, 1932-05, 1932, 1932~, 193X or 1914/1918."""
    year = f"{taken.first.year:04}"
    match taken.precision:
        case Precision.DAY:
            return taken.first.isoformat()
        case Precision.MONTH:
            return taken.first.isoformat()[:7]
        case Precision.YEAR:
            return year
        case Precision.ABOUT:
            return f"{year}~"
        case Precision.DECADE:
            return f"{year[:3]}X"
        case Precision.BETWEEN:
            return f"{year}/{taken.last.year:04}"
