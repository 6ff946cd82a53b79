"""Which photos are found: by words, by what is known of them, by what became of them."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from colorizer.models import Colorization
from gallery import details, films
from gallery.models import Photo, Tag
from gallery.search import ORDERINGS, PhotoOrder, PhotoState, Wanted
from jobs.models import Job
from tests.bulk import add_bare_photos
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_user,
    store_result,
)
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user()


def make(owner: User, title: str = "", **known: Any) -> Photo:
    """A photo, without a file, of which this is known."""
    album = known.pop("album", None) or owner.albums.first() or make_album(owner)
    people, tags = known.pop("people", ()), known.pop("tags", ())
    (photo,) = add_bare_photos(album, 1)
    details.edit_photo(photo, {"title": title, **known}, people, tags)
    return photo


def taken(precision: str, first: date, last: date) -> dict[str, Any]:
    return {"date_precision": precision, "taken_from": first, "taken_to": last}


def found(owner: User, **wanted: Any) -> set[Photo]:
    return set(Wanted(**wanted).of(owner))


def test_all_words_have_to_be_there_in_any_order(owner: User) -> None:
    market = make(owner, "Fish market", caption="Anna sells herring")
    make(owner, "Fish dinner")
    assert found(owner, words="herring FISH") == {market}


@pytest.mark.parametrize(
    "words",
    ["straße", "STRASSE", "Stra", "\uff41\uff4e\uff4e\uff41", "婚礼", "婚", "1932", "paris"],
)
def test_case_width_and_parts_of_words_make_no_difference(owner: User, words: str) -> None:
    photo = make(
        owner,
        "Alte Straße 婚礼",
        people=["Anna"],
        place="Paris",
        **taken("about", date(1932, 1, 1), date(1932, 12, 31)),
    )
    make(owner, "Else")
    assert found(owner, words=words) == {photo}


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("muller", "Frau Müller"),
        ("Müller", "Frau Muller"),
        ("sorensen", "Sørensen"),
        ("lodz", "Łódź"),
        ("βολος", "Βόλος"),
        ("еж", "Ёж"),
        ("nguyen", "Nguyễn"),
    ],
)
def test_accents_make_no_difference(owner: User, words: str, title: str) -> None:
    photo = make(owner, title)
    assert found(owner, words=words) == {photo}


def test_what_was_written_before_is_found_without_accents_too(owner: User) -> None:
    photos = [make(owner, title) for title in ("Frau Müller", "Else")]
    Photo.objects.filter(pk=photos[0].pk).update(search_text="frau müller")
    import_module("gallery.migrations.0002_search_without_accents").strip_accents(apps, None)
    assert found(owner, words="muller") == {photos[0]}


@pytest.mark.parametrize(("words", "title"), [("か", "が"), ("ハ", "パ"), ("하", "한")])
def test_marks_that_make_another_letter_do(owner: User, words: str, title: str) -> None:
    make(owner, title)
    assert found(owner, words=words) == set()
    assert len(found(owner, words=title)) == 1


@pytest.mark.parametrize("words", ["%", "_", "\\", "a%b"])
def test_signs_of_the_database_are_taken_as_they_are(owner: User, words: str) -> None:
    make(owner, "aXb")
    photo = make(owner, r"a%b _ \ ")
    assert found(owner, words=words) == {photo}


def test_everybody_finds_their_own_only(owner: User) -> None:
    make(make_user(), "Market")
    assert found(owner, words="market") == set()
    assert found(owner) == set()


def test_photos_in_the_trash_are_not_found(owner: User) -> None:
    photo = make(owner, "Market")
    Photo.objects.filter(pk=photo.pk).update(trashed_at=timezone.now())
    assert found(owner) == set()


def test_filters_are_combined(owner: User) -> None:
    trip = make_album(owner, "Trip")
    photo = make(owner, "Beach", album=trip, place="Rhodes", people=["Anna", "Otto"], tags=["sea"])
    make(owner, "Beach", album=trip, place="Rhodes", people=["Anna"], tags=["sea"])
    make(owner, "Beach", album=make_album(owner), place="Rhodes", people=["Anna", "Otto"])
    people = [person.pk for person in photo.people.all()]
    tags = [Tag.objects.get().pk]
    assert found(owner, words="beach", album=trip.pk, people=people, tags=tags) == {photo}
    assert len(found(owner, place="Rhodes")) == 3
    assert found(owner, place="Rhode") == set()


@pytest.mark.parametrize(
    ("first", "last", "is_found"),
    [
        (date(1918, 1, 1), None, True),
        (None, date(1914, 12, 31), True),
        (date(1916, 1, 1), date(1916, 12, 31), True),
        (date(1919, 1, 1), None, False),
        (None, date(1913, 12, 31), False),
    ],
)
def test_a_span_is_found_wherever_it_overlaps(
    owner: User, first: date | None, last: date | None, is_found: bool
) -> None:
    photo = make(owner, **taken("between", date(1914, 1, 1), date(1918, 12, 31)))
    make(owner, "Without a date")
    assert found(owner, taken_from=first, taken_to=last) == ({photo} if is_found else set())


def test_photos_without_a_date_are_found(owner: User) -> None:
    make(owner, **taken("day", date(1932, 5, 12), date(1932, 5, 12)))
    undated = make(owner)
    assert found(owner, is_undated=True) == {undated}


def test_favorites(owner: User) -> None:
    make(owner)
    favorite = make(owner, is_favorite=True)
    assert found(owner, is_favorite=True) == {favorite}


class TestWhatBecameOfThem:
    @pytest.fixture
    def photos(self, owner: User) -> dict[str, Photo]:
        album = make_album(owner)
        photos = {"none": make_photo(album)}
        for state in Job.State:
            photos[state.value] = make_photo(album)
            make_colorization(photos[state.value], state, variant="stable")
        return photos

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            (PhotoState.NOT_COLORED, {"none", "failed", "cancelled"}),
            (PhotoState.IN_PROGRESS, {"queued", "running"}),
            (PhotoState.COLORED, {"succeeded"}),
            (PhotoState.FAILED, {"failed"}),
        ],
    )
    def test_state(
        self, owner: User, photos: dict[str, Photo], state: str, expected: set[str]
    ) -> None:
        assert found(owner, state=state) == {photos[name] for name in expected}

    def test_variant_means_a_result(self, owner: User, photos: dict[str, Photo]) -> None:
        assert found(owner, variant="stable") == {photos["succeeded"]}
        assert found(owner, variant="artistic") == set()

    def test_a_version_in_the_trash_is_none(self, owner: User, photos: dict[str, Photo]) -> None:
        versions = photos["succeeded"].original.colorizations
        versions.update(trashed_at=timezone.now())
        assert found(owner, variant="stable") == set()
        assert photos["succeeded"] in found(owner, state=PhotoState.NOT_COLORED)


def test_a_film_that_was_only_tried_is_not_in_color(owner: User) -> None:
    film = make_photo(make_album(owner), film_bytes(), "boat.mp4")
    trial = films.try_film(film, 0.0, 8)[0]
    Colorization.objects.exclude(pk=trial.pk).delete()
    bring_to(trial.job, Job.State.SUCCEEDED, lambda: store_result(trial))
    assert found(owner, state=PhotoState.COLORED) == set()
    assert found(owner, variant=trial.variant) == set()
    assert found(owner, state=PhotoState.NOT_COLORED) == {film}
    make_colorization(film, variant="video")
    assert found(owner, state=PhotoState.COLORED) == {film}


def test_the_order_is_by_upload_or_by_date(owner: User) -> None:
    late = make(owner, **taken("year", date(1950, 1, 1), date(1950, 12, 31)))
    undated = make(owner)
    early = make(owner, **taken("year", date(1900, 1, 1), date(1900, 12, 31)))
    orders = {order: list(Wanted().of(owner).order_by(*ORDERINGS[order])) for order in PhotoOrder}
    assert orders[PhotoOrder.NEWEST] == [early, undated, late]
    assert orders[PhotoOrder.OLDEST] == [late, undated, early]
    assert orders[PhotoOrder.TAKEN] == [early, late, undated]
