"""The pages of people, tags and places; another name for a person or a tag, and two that become one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from gallery import details
from gallery.models import Album, Person, Photo, Tag
from gallery.search import Wanted
from jobs.models import Job
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user())
    client.force_login(album.owner)
    return album


def make(album: Album, place: str = "", **names: Any) -> Photo:
    (photo,) = add_bare_photos(album, 1)
    details.edit_photo(photo, {"place": place}, **names)
    return photo


def entries(client: Client, page: str) -> list[tuple[str, int, Any]]:
    response = client.get(reverse(f"gallery:{page}"))
    return [(entry.name, entry.number, entry.cover_photo) for entry in response.context["entries"]]


def test_people_and_tags_have_counts_and_a_cover(client: Client, album: Album) -> None:
    make(album, people=["Otto", "Anna"], tags=["sea"])
    last = make(album, people=["Anna"], tags=["sea"])
    make(make_album(), people=["Stranger"], tags=["else"])
    assert [(name, number) for name, number, _ in entries(client, "people")] == [
        ("Anna", 2),
        ("Otto", 1),
    ]
    assert entries(client, "tags") == [("sea", 2, last.pk)]


@pytest.mark.parametrize("page", ["people", "tags", "places"])
def test_a_cover_is_in_color_when_its_photo_is(client: Client, album: Album, page: str) -> None:
    photo = make_photo(album)
    details.edit_photo(photo, {"place": "Lyon"}, people=["Anna"], tags=["sea"])
    make_colorization(photo, Job.State.FAILED)
    gray = reverse("gallery:photo-thumbnail", args=[photo.pk])
    assertContains(client.get(reverse(f"gallery:{page}")), f'src="{gray}"')
    version = make_colorization(photo)
    colored = reverse("gallery:colorization-thumbnail", args=[version.pk])
    assertContains(client.get(reverse(f"gallery:{page}")), f'src="{colored}"')


def test_places_have_counts_and_a_cover(client: Client, album: Album) -> None:
    make(album, "Rhodes")
    last = make(album, "Rhodes")
    make(album, "Athens & more")
    make(album)
    make(make_album(), "Secret")
    assert [(name, number) for name, number, _ in entries(client, "places")] == [
        ("Athens & more", 1),
        ("Rhodes", 2),
    ]
    assert entries(client, "places")[1] == ("Rhodes", 2, last.pk)
    assertContains(client.get("/places/"), "?place=Athens%20%26%20more")


@pytest.mark.parametrize("page", ["people", "tags", "places"])
def test_they_lead_to_the_search(client: Client, album: Album, page: str) -> None:
    photo = make(album, "Rhodes", people=["Anna"], tags=["sea"])
    make(album)
    key = {"people": "person", "tags": "tag", "places": "place"}[page]
    names: dict[str, Any] = {"people": Person.objects, "tags": Tag.objects}
    wanted = names[page].get().pk if page in names else "Rhodes"
    address = f"/search/?{key}={wanted}"
    assertContains(client.get(f"/{page}/"), f'href="{address}"')
    assert client.get(address).context["photos"] == [photo]


@pytest.mark.parametrize("page", ["people", "tags", "places"])
def test_photos_in_the_trash_do_not_count(client: Client, album: Album, page: str) -> None:
    make(album, "Rhodes", people=["Anna"], tags=["sea"])
    assert len(entries(client, page)) == 1
    Photo.objects.update(trashed_at=timezone.now())
    assert entries(client, page) == []
    assertContains(client.get(f"/{page}/"), f"No {page} yet")


class TestRenaming:
    def edit(self, client: Client, label: Person | Tag, **data: str) -> Any:
        kind = "person" if isinstance(label, Person) else "tag"
        return client.post(reverse(f"gallery:{kind}-edit", args=[label.pk]), data)

    @pytest.mark.parametrize(("kind", "page"), [("people", "/people/"), ("tags", "/tags/")])
    def test_a_new_name_is_found(self, client: Client, album: Album, kind: str, page: str) -> None:
        names: dict[str, Any] = {kind: ["Ana"]}
        photo = make(album, **names)
        label = getattr(photo, kind).get()
        assertRedirects(self.edit(client, label, name="  Anna \t Berg "), page)
        assert getattr(photo, kind).get().name == "Anna Berg"
        assert set(Wanted(words="berg").of(album.owner)) == {photo}
        assertContains(client.get(page), "Anna Berg")

    def test_case_can_be_changed(self, client: Client, album: Album) -> None:
        person = make(album, people=["anna"]).people.get()
        self.edit(client, person, name="Anna")
        assert Person.objects.get().name == "Anna"

    def test_a_name_that_is_taken_is_asked_about(self, client: Client, album: Album) -> None:
        make(album, people=["Ärger"])
        other = make(album, people=["Anna"]).people.get()
        response = self.edit(client, other, name="ärger")
        assertContains(response, "There is “Ärger” already.")
        assert Person.objects.count() == 2

    def test_two_become_one(self, client: Client, album: Album) -> None:
        photos = [
            make(album, people=["Anna"]),
            make(album, people=["Anna", "Ana"]),
            make(album, people=["Ana"]),
        ]
        anna, ana = Person.objects.get(name="Anna"), Person.objects.get(name="Ana")
        self.edit(client, ana, name="anna", merge="yes")
        assert list(Person.objects.all()) == [anna]
        assert set(anna.photos.all()) == set(photos)
        assert set(Wanted(words="anna").of(album.owner)) == set(photos)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Berg, Anna", "\u200b"])
    def test_a_name_that_is_none_is_refused(self, client: Client, album: Album, name: str) -> None:
        person = make(album, people=["Anna"]).people.get()
        assertContains(self.edit(client, person, name=name), "errorlist", status_code=400)
        assert Person.objects.get().name == "Anna"

    def test_names_of_others_do_not_matter(self, client: Client, album: Album) -> None:
        make(make_album(), people=["Anna"])
        person = make(album, people=["Ana"]).people.get()
        self.edit(client, person, name="Anna")
        assert Person.objects.filter(name="Anna").count() == 2

    def test_people_of_others_are_not_there(self, client: Client, album: Album) -> None:
        person = make(make_album(), people=["Anna"]).people.get()
        assert self.edit(client, person, name="X").status_code == 404
        page = client.get(reverse("gallery:person-edit", args=[person.pk]))
        assertNotContains(page, "Anna", status_code=404)
