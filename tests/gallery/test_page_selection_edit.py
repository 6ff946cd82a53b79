"""Editing several photos together: only what is filled in is changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.asserts import assertContains, assertNotContains

from gallery import dates, details, labels
from gallery.models import Person, Photo, Tag
from tests.bulk import add_photos
from tests.factories import make_album, make_photo

pytestmark = pytest.mark.django_db
ADDRESS = "/selection/edit/"


@pytest.fixture
def photos(client: Client) -> list[Photo]:
    album = make_album()
    client.force_login(album.owner)
    photos = [make_photo(album) for _ in range(3)]
    details.edit_photo(photos[0], {"title": "Grandmother"}, people=["Anna"], tags=["sea"])
    return photos


def send(client: Client, photos: list[Photo], **fields: Any) -> Any:
    keys = [photo.pk for photo in photos]
    return client.post(ADDRESS, {"photos": keys, **fields}, follow=True)


def save(client: Client, photos: list[Photo], **fields: Any) -> Any:
    return send(client, photos, confirmed="yes", **fields)


def again(photos: list[Photo]) -> list[Photo]:
    return [Photo.objects.get(pk=photo.pk) for photo in photos]


def test_the_page_asks(client: Client, photos: list[Photo]) -> None:
    page = send(client, photos)
    assertContains(page, "<h1>Edit 3 photos</h1>")
    assertContains(page, "Only what you fill in or clear is changed")
    assertContains(page, '<option value="Anna">')
    assertContains(page, "Remove people")


def test_names_that_none_has_cannot_be_removed(client: Client, photos: list[Photo]) -> None:
    assertNotContains(send(client, photos[1:]), "Remove people")


def test_only_what_is_filled_in_is_changed(client: Client, photos: list[Photo]) -> None:
    page = save(client, photos[:2], date="1930s", place="Trieste", people="Otto")
    assertContains(page, "Edited: 2 photos.")
    first, second, third = again(photos)
    assert (first.title, second.title) == ("Grandmother", "")
    assert [photo.place for photo in (first, second, third)] == ["Trieste", "Trieste", ""]
    assert [dates.of_photo(photo) == dates.parse("1930s") for photo in (first, second)] == [
        True
    ] * 2
    assert labels.names_of(first.people.all()) == ["Anna", "Otto"]
    assert labels.names_of(second.people.all()) == ["Otto"]


def test_people_and_tags_are_removed(client: Client, photos: list[Photo]) -> None:
    anna, sea = Person.objects.get(), Tag.objects.get()
    save(client, photos, removed_people=anna.pk, removed_tags=sea.pk)
    assert not Person.objects.exists()
    assert not Tag.objects.exists()
    assert "anna" not in again(photos)[0].search_text


def test_fields_are_cleared_or_replaced(client: Client, photos: list[Photo]) -> None:
    fields = {"caption": "Sea", "place": "Trieste", **dates.fields_of(dates.parse("1930s"))}
    Photo.objects.update(**fields)
    save(client, photos, cleared=["title", "caption", "date", "people", "place"], place="Grado")
    first, second, _ = again(photos)
    assert (first.title, first.caption, first.place) == ("", "", "Grado")
    assert dates.of_photo(second) is None
    assert labels.names_of(first.people.all()) == []
    assert labels.names_of(first.tags.all()) == ["sea"]
    save(client, photos, cleared="tags", tags="winter")
    assert labels.names_of(again(photos)[0].tags.all()) == ["winter"]


def test_names_of_others_cannot_be_removed(client: Client, photos: list[Photo]) -> None:
    theirs = make_photo()
    details.edit_photo(theirs, {}, people=["Berta"])
    page = save(client, photos, removed_people=Person.objects.get(name="Berta").pk)
    assert "removed_people" in page.context["form"].errors
    assert theirs.people.count() == 1


def test_a_wrong_date_is_named_and_changes_nothing(client: Client, photos: list[Photo]) -> None:
    page = save(client, photos, date="1918-1914", place="Trieste")
    assertContains(page, "1918 is after 1914")
    assert [photo.place for photo in again(photos)] == ["", "", ""]


def test_all_photos_of_an_album_are_edited_however_many(
    client: Client, photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.selection.AT_ONCE", 2)
    album = photos[0].album
    order = {"all_of": album.pk, "confirmed": "yes", "place": "Trieste", "people": "Otto"}
    page = client.post(ADDRESS, order, follow=True)
    assertContains(page, "Edited: 3 photos.")
    assert album.photos.filter(place="Trieste", people__name="Otto").count() == 3


def test_five_hundred_are_edited_in_few_queries(
    client: Client, photos: list[Photo], django_assert_max_num_queries: Any
) -> None:
    add_photos(photos[0].album, 497)
    many = list(photos[0].album.photos.all())
    with django_assert_max_num_queries(60):
        page = save(client, many, people="Otto", tags="winter", place="Trieste")
    assertContains(page, "Edited: 500 photos.")
    assert Photo.objects.filter(people__name="Otto", search_text__contains="winter").count() == 500


@pytest.mark.parametrize("number", [3, 60])
def test_clearing_and_adding_names_costs_the_same_however_many(
    client: Client,
    photos: list[Photo],
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    old = [f"Anna {each}" for each in range(number)]
    new = ",".join(f"Otto {each}" for each in range(number))
    for photo in photos:
        details.edit_photo(photo, {}, people=old, tags=old)
    with django_assert_num_queries(42):  # the page of the album, which follows, included
        save(client, photos, cleared=["people", "tags"], people=new, tags=new)
    assert {photo.people.count() for photo in photos} == {number}
    assert Person.objects.count() == number
    assert not Tag.objects.filter(name__in=old).exists()


def test_an_edit_counts_as_often_as_there_are_photos(
    client: Client, photos: list[Photo], settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "job": "5/m/user"}
    save(client, photos, place="Trieste")
    assert save(client, photos, place="Vienna").status_code == 429
    assert [photo.place for photo in again(photos)] == ["Trieste"] * 3
