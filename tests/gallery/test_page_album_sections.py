"""The sections of an album: a page to change them, headings among the photos, and photos put into them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from gallery import arranging
from gallery.models import Album, Photo, Section
from moderation import services as moderation
from tests.factories import make_album, make_photo, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, "Farm")


def address(album: Album) -> str:
    return reverse("gallery:album-sections", args=[album.pk])


def change(client: Client, section: Section, action: str, title: str = "") -> None:
    client.post(reverse("gallery:section", args=[section.pk]), {"action": action, "title": title})


def titles(album: Album) -> list[str]:
    return [section.title for section in album.sections.all()]


def test_a_section_is_added_after_the_others(client: Client, album: Album) -> None:
    for title in ("1932", "1931", "1931"):
        client.post(address(album), {"title": title})
    assert titles(album) == ["1932", "1931"]  # a double click adds one


def test_a_section_needs_a_title(client: Client, album: Album) -> None:
    assertContains(client.post(address(album), {"title": " "}), "This field is required.")
    assert titles(album) == []


def test_sections_are_renamed_moved_and_deleted(client: Client, album: Album) -> None:
    first, second, third = (arranging.add_section(album, title) for title in "abc")
    change(client, second, "rename", "B")
    change(client, third, "up")
    change(client, first, "up")  # it is the first already
    change(client, first, "down")
    assert titles(album) == ["c", "a", "B"]
    change(client, first, "delete")
    assert titles(album) == ["c", "B"]


def test_a_blank_title_changes_nothing(client: Client, album: Album) -> None:
    section = arranging.add_section(album, "1932")
    change(client, section, "rename", "")
    assert titles(album) == ["1932"]


def test_photos_of_a_deleted_section_stay_in_the_album(client: Client, album: Album) -> None:
    photo, section = make_photo(album), arranging.add_section(album, "1932")
    arranging.put_into_section([photo], album, section)
    change(client, section, "delete")
    photo.refresh_from_db()
    assert (photo.album, photo.section) == (album, None)


def test_everybody_who_sees_the_album_sees_its_headings(client: Client) -> None:
    album = make_album(public=True)
    shown, hidden = make_photo(album, name="a.jpg"), make_photo(album, name="b.jpg")
    arranging.put_into_new_section([shown], album, "The quay")
    arranging.put_into_new_section([hidden], album, "The inn")
    moderation.hide(hidden, make_staff(), "Not nice")
    response = client.get(album.get_absolute_url())
    assertContains(response, "The quay</h2>")
    assertNotContains(response, "The inn")


def test_photos_stand_below_their_headings(client: Client, album: Album) -> None:
    photos = [make_photo(album, name=f"{number}.jpg") for number in range(3)]
    arranging.put_into_new_section(photos[:2], album, "1932")
    arranging.put_into_new_section(photos[:1], album, "1931")
    arranging.move_section(album.sections.get(title="1931"), -1)
    groups = client.get(album.get_absolute_url()).context["groups"]
    shown = [
        (str(section or ""), [photo.original_name for photo in found]) for section, found in groups
    ]
    assert shown == [("", ["2.jpg"]), ("1931", ["0.jpg"]), ("1932", ["1.jpg"])]


def test_a_link_leads_to_the_page_on_which_a_section_begins(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.albums.PHOTOS_PER_PAGE", 2)
    photos = [make_photo(album) for _ in range(5)]
    arranging.put_into_new_section(photos[:3], album, "1932")
    section = album.sections.get()
    assertContains(client.get(album.get_absolute_url()), f'href="?page=2#section-{section.pk}"')


def post(client: Client, photos: list[Photo], **answers: str) -> None:
    keys = [str(photo.pk) for photo in photos]
    client.post(
        reverse("gallery:selection-section"), {"photos": keys, "confirmed": "yes", **answers}
    )


def test_a_selection_is_put_into_a_section_a_new_one_or_none(client: Client, album: Album) -> None:
    photos = [make_photo(album) for _ in range(2)]
    section = arranging.add_section(album, "1932")
    post(client, photos, section=str(section.pk))
    assert section.photos.count() == 2
    post(client, photos[:1], title="1933")
    assert album.sections.get(title="1933").photos.get() == photos[0]
    post(client, photos)
    assert not album.photos.exclude(section=None).exists()


def test_the_section_of_another_album_is_no_choice(client: Client, album: Album) -> None:
    photo = make_photo(album)
    other = arranging.add_section(make_album(album.owner), "Elsewhere")
    post(client, [photo], section=str(other.pk))
    photo.refresh_from_db()
    assert photo.section is None


def test_photos_of_several_albums_have_no_section_in_common(client: Client, album: Album) -> None:
    photos = [make_photo(album), make_photo(make_album(album.owner))]
    keys = [photo.pk for photo in photos]
    response = client.post(reverse("gallery:selection-section"), {"photos": keys})
    assertContains(response, "Select photos of one album.", status_code=400)
