"""People and tags: what there is, another name, two that become one, and an end."""

from __future__ import annotations

from typing import Any

import pytest

from gallery.details import edit_photo
from gallery.models import Album, Person, Photo, Tag
from gallery.search import Wanted
from gallery.services import trash_photos
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db

KINDS: list[tuple[str, str, type[Person | Tag]]] = [
    ("person", "people", Person),
    ("tag", "tags", Tag),
]
both = pytest.mark.parametrize(("kind", "names", "model"), KINDS)


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


def make(album: Album, **names: Any) -> Photo:
    (photo,) = add_bare_photos(album, 1)
    edit_photo(photo, {}, **names)
    return photo


@both
def test_a_cover_is_in_color_when_its_photo_is(
    album: Album, kind: str, names: str, model: Any
) -> None:
    photo = make_photo(album)
    edit_photo(photo, {}, **{names: ["Anna"]})
    version = make_colorization(photo)
    (found,) = client_of(album.owner).get(address(f"{kind}-list")).json()["results"]
    assert found["cover_url"] == absolute("colorization-thumbnail", version)


@both
def test_the_list_has_counts_and_leads_to_the_photos(
    album: Album, kind: str, names: str, model: Any
) -> None:
    make(album, **{names: ["Otto", "Anna"]})
    last = make(album, **{names: ["Anna"]})
    make(make_album(), **{names: ["Stranger"]})
    client = client_of(album.owner)
    found = client.get(address(f"{kind}-list")).json()["results"]
    anna = model.objects.get(name="Anna")
    assert [(entry["name"], entry["photo_count"]) for entry in found] == [("Anna", 2), ("Otto", 1)]
    assert (found[0]["id"], found[0]["url"]) == (
        str(anna.pk),
        absolute(f"{kind}-detail", anna),
    )
    assert found[0]["cover_url"] == absolute("photo-thumbnail", last)
    assert len(client.get(found[0]["photos_url"]).json()["results"]) == 2
    assert client.get(found[0]["url"]).json() == found[0]


@both
def test_what_is_in_the_trash_does_not_count(
    album: Album, kind: str, names: str, model: Any
) -> None:
    photo = make(album, **{names: ["Anna"]})
    trash_photos([photo])
    client = client_of(album.owner)
    assert client.get(address(f"{kind}-list")).json()["results"] == []
    gone = client.get(address(f"{kind}-detail", model.objects.get()))
    assert_problem(gone, 404, "not_found")


@both
def test_another_name_is_found_by_the_search(
    album: Album, kind: str, names: str, model: Any
) -> None:
    photo = make(album, **{names: ["Ana"]})
    url = address(f"{kind}-detail", model.objects.get())
    response = client_of(album.owner).patch(url, {"name": " Anna  K. "})
    assert (response.status_code, response.json()["name"]) == (200, "Anna K.")
    assert list(Wanted(words="anna k.").of(album.owner)) == [photo]


@both
def test_the_other_case_is_no_other_name(album: Album, kind: str, names: str, model: Any) -> None:
    make(album, **{names: ["anna"]})
    url = address(f"{kind}-detail", model.objects.get())
    assert client_of(album.owner).patch(url, {"name": "Anna"}).json()["name"] == "Anna"


@both
def test_two_become_one_only_when_it_is_asked_for(
    album: Album, kind: str, names: str, model: Any
) -> None:
    make(album, **{names: ["Ana"]})
    make(album, **{names: ["Anna"]})
    client, url = client_of(album.owner), address(f"{kind}-detail", model.objects.get(name="Ana"))
    assert_problem(client.patch(url, {"name": "ANNA"}), 409, "name_taken")
    assert model.objects.count() == 2
    one = client.patch(url, {"name": "ANNA", "merge": True}).json()
    assert (one["name"], one["photo_count"]) == ("Anna", 2)
    assert one["url"] == absolute(f"{kind}-detail", model.objects.get())


@both
def test_a_name_that_changed_meanwhile_is_not_overwritten(
    album: Album, kind: str, names: str, model: Any
) -> None:
    make(album, **{names: ["Ana"]})
    client, url = client_of(album.owner), address(f"{kind}-detail", model.objects.get())
    seen = {"If-Match": client.get(url)["ETag"]}
    assert client.patch(url, {"name": "Anna"}, headers=seen).status_code == 200
    late = client.patch(url, {"name": "Anne"}, headers=seen)
    assert_problem(late, 412, "precondition_failed")
    assert model.objects.get().name == "Anna"


@both
def test_a_deleted_one_leaves_the_photos(album: Album, kind: str, names: str, model: Any) -> None:
    photo = make(album, **{names: ["Anna"]})
    url = address(f"{kind}-detail", model.objects.get())
    assert client_of(album.owner).delete(url).status_code == 204
    photo.refresh_from_db()
    assert not model.objects.exists()
    assert "anna" not in photo.search_text


@both
@pytest.mark.parametrize(
    ("name", "code"),
    [("", "blank"), ("\u200b", "blank"), ("Anna, Otto", "invalid"), ("x" * 101, "max_length")],
)
def test_what_is_no_name_is_refused(
    album: Album, kind: str, names: str, model: Any, name: str, code: str
) -> None:
    make(album, **{names: ["Anna"]})
    url = address(f"{kind}-detail", model.objects.get())
    response = client_of(album.owner).patch(url, {"name": name})
    assert invalid_fields(response) == {"name": code}
