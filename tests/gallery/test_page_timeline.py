"""The timeline: photos by decade and year, those without a date at the end."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from gallery import timeline
from gallery.models import Album, Photo
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db

ADDRESS = reverse("gallery:timeline")


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user())
    client.force_login(album.owner)
    return album


def make(album: Album, title: str, precision: str = "", years: tuple[int, int] = (0, 0)) -> None:
    (photo,) = add_bare_photos(album, 1)
    photo.title, photo.date_precision = title, precision
    if precision:
        photo.taken_from, photo.taken_to = date(years[0], 1, 1), date(years[1], 12, 31)
    photo.save()


def shown(client: Client, page: int = 1) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Headings and titles, as they stand on the page."""
    response = client.get(ADDRESS, {"page": page})
    assert response.status_code == 200
    return [
        (
            decade.label,
            [(group.anchor, [photo.title for photo in group.photos]) for group in decade.groups],
        )
        for decade in response.context["decades"]
    ]


def test_photos_are_in_decades_and_years(client: Client, album: Album) -> None:
    make(album, "undated")
    make(album, "1945", "year", (1945, 1945))
    make(album, "about 1932", "about", (1932, 1932))
    make(album, "1930s", "decade", (1930, 1939))
    make(album, "1931", "year", (1931, 1931))
    make(album, "1938-1945", "between", (1938, 1945))
    assert shown(client) == [
        (
            "1930s",
            [
                ("decade-1930", ["1930s", "1938-1945"]),
                ("year-1931", ["1931"]),
                ("year-1932", ["about 1932"]),
            ],
        ),
        ("1940s", [("year-1945", ["1945"])]),
        ("Without a date", [("without-date", ["undated"])]),
    ]


def test_days_of_a_year_are_in_order(client: Client, album: Album) -> None:
    for day in (date(1932, 12, 24), date(1932, 5, 12)):
        (photo,) = add_bare_photos(album, 1)
        photo.title, photo.date_precision = day.isoformat(), "day"
        photo.taken_from = photo.taken_to = day
        photo.save()
    assert shown(client) == [("1930s", [("year-1932", ["1932-05-12", "1932-12-24"])])]


def test_only_ones_own_photos_that_are_kept(client: Client, album: Album) -> None:
    make(make_album(), "theirs", "year", (1931, 1931))
    make(album, "trashed", "year", (1931, 1931))
    Photo.objects.filter(album=album).update(trashed_at=timezone.now())
    assertContains(client.get(ADDRESS), "No photos yet")


def test_those_without_a_date_are_told_how_to_get_one(client: Client, album: Album) -> None:
    make(album, "dated", "year", (1931, 1931))
    assertNotContains(client.get(ADDRESS), "add when it was taken")
    make(album, "undated")
    assertContains(client.get(ADDRESS), "add when it was taken")


class TestPages:
    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timeline, "PHOTOS_PER_PAGE", 3)

    @pytest.fixture(autouse=True)
    def _photos(self, album: Album) -> None:
        for number in range(4):
            make(album, f"a{number}", "year", (1931, 1931))
        for number in range(4):
            make(album, f"b{number}", "year", (1952, 1952))
        make(album, "c")

    def test_every_photo_is_on_one_page(self, client: Client) -> None:
        pages = [shown(client, number) for number in (1, 2, 3)]
        titles = [
            title for page in pages for _, groups in page for _, some in groups for title in some
        ]
        assert titles == ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3", "c"]
        assert [decade for decade, _ in pages[1]] == ["1930s", "1950s"]

    def test_jumps_lead_to_the_page_where_a_time_begins(self, client: Client) -> None:
        page = client.get(ADDRESS)
        assertContains(page, 'href="?page=1#year-1931"')
        assertContains(page, 'href="?page=2#year-1952"')
        assertContains(page, 'href="?page=3#without-date"')
        assertContains(client.get(ADDRESS, {"page": 2}), 'id="year-1952"')

    def test_one_that_is_not_there_is_the_nearest(self, client: Client) -> None:
        assert shown(client, 99) == shown(client, 3)
