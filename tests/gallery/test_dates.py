"""Dates of photos: what people type, what is kept, and what is shown."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gallery import dates
from gallery.dates import TakenDate, edtf, parse, words
from gallery.models import Photo

Precision = Photo.DatePrecision

READ = {
    "12 May 1932": "1932-05-12",
    "12th May, 1932": "1932-05-12",
    "May 12, 1932": "1932-05-12",
    "may 12th 1932": "1932-05-12",
    "1932-05-12": "1932-05-12",
    "12.5.1932": "1932-05-12",
    "25/12/1932": "1932-12-25",
    "12/25/1932": "1932-12-25",
    "5/5/1932": "1932-05-05",
    "29 February 1904": "1904-02-29",
    "May 1932": "1932-05",
    "Sept. 1932": "1932-09",
    "1932-05": "1932-05",
    "5/1932": "1932-05",
    "05.1932": "1932-05",
    "1932": "1932",
    " 1932. ": "1932",
    "about 1932": "1932~",
    "c. 1932": "1932~",
    "ca. 1932": "1932~",
    "ca 1932": "1932~",
    "circa 1932": "1932~",
    "1932?": "1932~",
    "1932~": "1932~",
    "1930s": "193X",
    "the 1930's": "193X",
    "193X": "193X",
    "between 1914 and 1918": "1914/1918",
    "from 1914 to 1918": "1914/1918",
    "1914-1918": "1914/1918",
    "1914 \N{EN DASH} 1918": "1914/1918",
    "1914/1918": "1914/1918",
    "1914-18": "1914/1918",
    "1914 \N{EN DASH} 18": "1914/1918",
    "1905\N{EN DASH}10": "1905/1910",
    "1914-1914": "1914",
    "1932年5月12日": "1932-05-12",
    "1932年5月": "1932-05",
    "1932年": "1932",
    "１９３２年": "1932",
    "约1932年": "1932~",
    "大约 1932 年": "1932~",
    "1932年左右": "1932~",
    "1930年代": "193X",
    "20世纪30年代": "193X",
    "1914年至1918年": "1914/1918",
    "1914年到1918年之间": "1914/1918",
    "1914年—1918年": "1914/1918",
}

REFUSED = {
    "30 February 1932": "February 1932 has no day 30.",
    "29 February 1900": "February 1900 has no day 29.",
    "1932-05-00": "May 1932 has no day 0.",
    "1932-13": "There is no month 13.",
    "13/1932": "There is no month 13.",
    "1914\N{EN DASH}12": "1914 is after 1912",
    "1932年13月": "There is no month 13.",
    "1918-1914": "1918 is after 1914: write the earlier year first.",
    "3000": "This date is in the future.",
    "between 1990 and 3000": "This date is in the future.",
    "1700": "The year 1700 is too early for a photo.",
    "0000": "There is no year 0.",
    "000X": "There is no year 0.",
    "5/6/1932": "It is not clear which number is the month.",
    "30 February": "This date cannot be read.",
    "long ago": "This date cannot be read.",
    "1932 or 1933": "This date cannot be read.",
}


@pytest.mark.parametrize(("typed", "meant"), READ.items(), ids=READ)
def test_what_people_type_is_understood(typed: str, meant: str) -> None:
    taken = parse(typed)
    assert taken is not None
    assert edtf(taken) == meant


@pytest.mark.parametrize(("typed", "reason"), REFUSED.items(), ids=REFUSED)
def test_what_is_wrong_is_named(typed: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(typed)
    assert refused.value.messages[0].startswith(reason)


@pytest.mark.parametrize("typed", ["", "  ", "\n"])
def test_nothing_is_no_date(typed: str) -> None:
    assert parse(typed) is None


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("12 May 1932", date(1932, 5, 12), date(1932, 5, 12)),
        ("February 1904", date(1904, 2, 1), date(1904, 2, 29)),
        ("about 1932", date(1932, 1, 1), date(1932, 12, 31)),
        ("1930s", date(1930, 1, 1), date(1939, 12, 31)),
        ("1914-1918", date(1914, 1, 1), date(1918, 12, 31)),
    ],
)
def test_the_days_it_may_have_been(typed: str, first: date, last: date) -> None:
    taken = parse(typed)
    assert taken is not None
    assert (taken.first, taken.last) == (first, last)


def test_words_are_those_of_the_reader() -> None:
    shown = ["1932-05-12", "1932-05", "1932", "1932~", "193X", "1914/1918"]
    taken = [parse(each) for each in shown]
    assert [words(each) for each in taken if each] == [
        "12 May 1932",
        "May 1932",
        "1932",
        "about 1932",
        "1930s",
        "between 1914 and 1918",
    ]


years = st.integers(dates.FIRST_YEAR, 2020)


@st.composite
def taken_dates(draw: st.DrawFn) -> TakenDate:
    form = draw(st.sampled_from(["{0}", "{0}~", "{1}X", "{0}/{2}", "{0}-{3:02}", "{4}"]))
    year, later = draw(years), draw(years)
    day = draw(st.dates(date(dates.FIRST_YEAR, 1, 1), date(2020, 12, 31)))
    month = draw(st.integers(1, 12))
    first, last = sorted((year, later))
    found = parse(form.format(first, str(first)[:3], last, month, day.isoformat()))
    assert found is not None
    return found


@given(taken_dates())
def test_edtf_is_read_as_it_was_meant(taken: TakenDate) -> None:
    assert parse(edtf(taken)) == taken


@pytest.mark.parametrize("language", dates.LANGUAGES)
@given(taken=taken_dates())
def test_words_are_read_as_they_were_meant(language: str, taken: TakenDate) -> None:
    with translation.override(language):
        assert parse(words(taken)) == taken


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(ValidationError):
        parse(text)
