"""The search page: words, filters that can be taken away again, pages, and what an address keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from gallery import details, services
from gallery.models import Album, Person, Photo, Tag
from gallery.views import search
from tests.bulk import add_bare_photos
from tests.factories import make_album

pytestmark = pytest.mark.django_db

ADDRESS = reverse("gallery:search")


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, "Attic")


def make(album: Album, title: str, **names: Any) -> Photo:
    (photo,) = add_bare_photos(album, 1)
    details.edit_photo(photo, {"title": title}, **names)
    return photo


def found(client: Client, **asked: Any) -> list[str]:
    response = client.get(ADDRESS, asked)
    assert response.status_code == 200
    return [photo.title for photo in response.context["photos"]]


def test_words_are_found_and_stay_in_the_field(client: Client, album: Album) -> None:
    make(album, "Fish market")
    make(album, "Beach")
    assert found(client, q="market") == ["Fish market"]
    page = client.get(ADDRESS, {"q": "market"})
    assertContains(page, 'value="market"')
    assertContains(page, "1 photo<")


def test_without_anything_all_photos_are_there(client: Client, album: Album) -> None:
    make(album, "First")
    make(album, "Second")
    assert found(client) == ["Second", "First"]
    assert found(client, order="oldest") == ["First", "Second"]


def test_a_place_with_two_spaces_in_its_name_is_chosen_as_it_is(
    client: Client, album: Album
) -> None:
    (photo,) = add_bare_photos(album, 1)
    details.edit_photo(photo, {"title": "Bridge", "place": "New  York"})
    page = client.get(ADDRESS, {"place": "New  York"})
    # Without a value browsers send the text, with single spaces.
    assertContains(page, '<option value="New  York" selected>New  York</option>')
    assert found(client, place="New  York") == ["Bridge"]


def test_every_filter_has_a_chip_that_takes_it_away(client: Client, album: Album) -> None:
    make(album, "Beach", people=["Anna", "Otto"], tags=["sea"])
    anna, otto = Person.objects.order_by("name")
    asked: dict[str, Any] = {
        "q": "beach",
        "album": str(album.pk),
        "person": [str(anna.pk), str(otto.pk)],
        "tag": str(Tag.objects.get().pk),
    }
    response = client.get(ADDRESS, asked)
    chips = {chip.text: chip.query for chip in response.context["chips"]}
    assert list(chips) == ["“beach”", "Album: Attic", "With Anna", "With Otto", "Tag: sea"]
    assertContains(response, f'href="?{chips["With Otto"]}"'.replace("&", "&amp;"))
    without = client.get(f"{ADDRESS}?{chips['With Otto']}")
    assert [chip.text for chip in without.context["chips"]] == [
        "“beach”",
        "Album: Attic",
        "With Anna",
        "Tag: sea",
    ]


@pytest.mark.parametrize(
    ("asked", "chip"),
    [
        ({"place": "Rhodes"}, "Place: Rhodes"),
        ({"taken_from": "1914"}, "Taken in 1914 or later"),
        ({"taken_to": "1918"}, "Taken in 1918 or before"),
        ({"undated": "true"}, "Without a date"),
        ({"variant": "stable"}, "Stable"),
        ({"state": "failed"}, "Failed"),
        ({"favorite": "true"}, "Favorites"),
    ],
)
def test_chips_say_what_is_chosen(
    client: Client, owner: User, asked: dict[str, str], chip: str
) -> None:
    response = client.get(ADDRESS, asked)
    assert [(each.text, each.query) for each in response.context["chips"]] == [(chip, "")]


def test_a_further_person_is_added_to_those_chosen(client: Client, album: Album) -> None:
    make(album, "Both", people=["Anna", "Otto"])
    make(album, "One", people=["Anna"])
    anna, otto = Person.objects.order_by("name")
    page = client.get(ADDRESS, {"person": str(anna.pk)})
    assertContains(
        page, f'<input type="hidden" name="person" value="{anna.pk}">', html=True, count=1
    )
    # The list from which nothing was chosen sends a blank.
    assert found(client, person=[anna.pk, ""]) == ["One", "Both"]
    assert found(client, person=[anna.pk, otto.pk]) == ["Both"]


def test_one_can_only_filter_by_what_is_ones_own(client: Client, owner: User) -> None:
    stranger = make_album(title="Theirs")
    make(stranger, "Beach", people=["Secret"])
    page = client.get(ADDRESS)
    assertNotContains(page, "Theirs")
    assertNotContains(page, "Secret")
    for asked in ({"album": str(stranger.pk)}, {"person": str(Person.objects.get().pk)}):
        assert client.get(ADDRESS, asked).status_code == 400


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"taken_from": "x"}, "Enter a whole number."),
        ({"taken_from": "0"}, "greater than or equal to 1"),
        ({"taken_from": "1950", "taken_to": "1940"}, "The last year is before the first one."),
        ({"album": "x"}, "is not a valid UUID"),
        ({"state": "x"}, "Select a valid choice."),
        ({"q": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_meant_is_told(
    client: Client, owner: User, asked: dict[str, str], message: str
) -> None:
    assertContains(client.get(ADDRESS, asked), message, status_code=400)


def test_more_tags_than_a_database_joins_are_refused(client: Client, album: Album) -> None:
    make(album, "Beach", tags=[f"tag {number}" for number in range(21)])
    asked = {"tag": [str(pk) for pk in Tag.objects.values_list("pk", flat=True)]}
    assertContains(client.get(ADDRESS, asked), "Enter at most 20 names.", status_code=400)


def test_nothing_found_says_what_to_do(client: Client, album: Album) -> None:
    assertContains(client.get(ADDRESS), "You have no photos yet.")
    make(album, "Beach")
    assertContains(client.get(ADDRESS, {"q": "xyzzy"}), "Try fewer words or filters.")


class TestPages:
    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "PHOTOS_PER_PAGE", 2)

    def test_they_have_numbers_and_keep_the_search(self, client: Client, album: Album) -> None:
        for number in range(5):
            make(album, f"Beach {number}")
        page = client.get(ADDRESS, {"q": "beach", "page": "2"})
        assert [photo.title for photo in page.context["photos"]] == ["Beach 2", "Beach 1"]
        assertContains(page, "5 photos<")
        assertContains(page, 'href="?q=beach&amp;page=3"')

    @pytest.mark.parametrize(
        ("page", "title"),
        [("9", "0"), ("x", "2"), ("-1", "0"), ("0", "0"), ("²", "2"), ("1" * 5000, "2")],
    )
    def test_one_that_is_not_there_is_the_nearest(
        self, client: Client, album: Album, page: str, title: str
    ) -> None:
        for number in range(3):
            make(album, str(number))
        assert found(client, page=page)[0] == title


def test_photos_can_be_selected_and_liked(client: Client, album: Album) -> None:
    photo = make(album, "Beach")
    page = client.get(ADDRESS)
    assertContains(page, 'id="selection"')
    assertContains(page, reverse("gallery:photo-favorite", args=[photo.pk]))


def test_what_only_photos_in_the_trash_have_is_not_offered(client: Client, album: Album) -> None:
    photo = make(album, "Beach", people=["Wilhelmina"], tags=["seaside"])
    page = client.get(ADDRESS)
    assertContains(page, "Wilhelmina")
    assertContains(page, "seaside")
    services.trash_photos([photo])
    page = client.get(ADDRESS)
    assertNotContains(page, "Wilhelmina")
    assertNotContains(page, "seaside")
