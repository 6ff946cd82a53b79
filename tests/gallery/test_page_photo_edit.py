"""Editing what is known of a photo: on a page of its own, and on the photo's by htmx."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from gallery import dates, details, labels
from gallery.models import Person, Photo, Tag
from tests.factories import make_photo

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FILLED = {
    "title": "Grandmother",
    "caption": "On the pier\nin Trieste",
    "date": "between 1914 and 1918",
    "place": "Trieste",
    "people": "Anna, Otto",
    "tags": "sea，summer",  # noqa: RUF001
}


@pytest.fixture
def photo(client: Client) -> Photo:
    photo = make_photo(name="IMG_7.jpg")
    client.force_login(photo.album.owner)
    return photo


def page_of(photo: Photo) -> str:
    return f"{photo.get_absolute_url()}edit/"


def test_what_is_filled_in_is_kept_and_shown(client: Client, photo: Photo) -> None:
    assertRedirects(client.post(page_of(photo), FILLED), photo.get_absolute_url())
    page = client.get(photo.get_absolute_url())
    for text in ("Grandmother", "On the pier<br>in Trieste", "between 1914 and 1918", "Trieste"):
        assertContains(page, text)
    for label in (*Person.objects.all(), *Tag.objects.all()):
        address = f"/search/?{type(label).__name__.lower()}={label.pk}"
        assertContains(page, f'<li><a href="{address}">{label}</a></li>')
        assertContains(client.get(address), f"card-{photo.pk}")


def test_the_form_shows_what_is_known(client: Client, photo: Photo) -> None:
    fields = {"title": "Grandmother", **dates.fields_of(dates.parse("1932~"))}
    details.edit_photo(photo, fields, people=["Anna", "Otto"])
    page = client.get(page_of(photo))
    assertContains(page, 'value="Grandmother"')
    assertContains(page, 'value="about 1932"')
    assertContains(page, 'value="Anna, Otto"')
    assertContains(page, '<option value="Anna">')


def test_emptied_fields_are_emptied(client: Client, photo: Photo) -> None:
    client.post(page_of(photo), FILLED)
    client.post(page_of(photo), {})
    photo.refresh_from_db()
    assert str(photo) == "IMG 7"
    assert (photo.caption, photo.date_precision, photo.taken_from) == ("", "", None)
    assert not Person.objects.exists()


def test_a_wrong_date_is_named_and_nothing_is_lost(client: Client, photo: Photo) -> None:
    page = client.post(page_of(photo), {**FILLED, "date": "30 February 1932"})
    assertContains(page, "February 1932 has no day 30.")
    assertContains(page, 'value="30 February 1932"')
    assertContains(page, 'value="Anna, Otto"')
    photo.refresh_from_db()
    assert photo.title == ""


@pytest.mark.parametrize(
    ("field", "value"), [("title", "x" * 201), ("people", "x" * 101), ("place", "x" * 201)]
)
def test_what_is_too_long_is_refused(client: Client, photo: Photo, field: str, value: str) -> None:
    page = client.post(page_of(photo), {**FILLED, field: value})
    assert field in page.context["form"].errors


def test_empty_details_are_not_listed(client: Client, photo: Photo) -> None:
    client.post(page_of(photo), {"place": "Trieste"})
    page = client.get(photo.get_absolute_url())
    assertContains(page, "<dt>Place</dt>")
    assertNotContains(page, "<dt>People</dt>")
    assertNotContains(page, "<dt>Date</dt>")


def test_a_photo_of_which_nothing_is_known_invites(client: Client, photo: Photo) -> None:
    assertContains(client.get(photo.get_absolute_url()), "Add details")


def test_on_the_page_of_the_photo_the_form_takes_the_place_of_the_details(
    client: Client, photo: Photo
) -> None:
    form = client.get(page_of(photo), headers=HTMX)
    assertNotContains(form, "<html")
    assertContains(form, f'hx-post="{page_of(photo)}"')
    saved = client.post(page_of(photo), FILLED, headers=HTMX)
    assertContains(saved, '<h1 id="photo-name" hx-swap-oob="true">Grandmother</h1>')
    assertContains(saved, "<title>Grandmother")
    assertContains(saved, 'id="details"')


def test_the_page_of_its_own_is_left_when_the_details_are_saved(
    client: Client, photo: Photo
) -> None:
    """By htmx the answer would be put into a page that has no name to renew."""
    assertNotContains(client.get(page_of(photo)), "hx-post")
    assertContains(client.get(page_of(photo), headers=HTMX), "hx-post")


def test_markup_is_text(client: Client, photo: Photo) -> None:
    client.post(page_of(photo), dict.fromkeys(FILLED, "<b>1932</b>") | {"date": ""})
    assertNotContains(client.get(photo.get_absolute_url()), "<b>1932</b>")


def test_names_are_known_whatever_their_case(client: Client, photo: Photo) -> None:
    client.post(page_of(photo), {"people": "Anna"})
    client.post(page_of(make_photo(photo.album)), {"people": "ANNA, anna"})
    assert labels.names_of(Person.objects.all()) == ["Anna"]
