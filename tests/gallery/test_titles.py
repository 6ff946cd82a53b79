"""What a photo is called: by its title, or by its file's name as people read it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.models import Photo
from gallery.titles import readable
from tests.factories import make_album, make_photo, make_staff, make_user

NAMES = {
    "IMG_1234.JPG": "IMG 1234",
    "St.John.jpg": "St.John",
    "1932-05-12__Oma.tiff": "1932-05-12 Oma",
    "scan.jpg.png": "scan",
    "program.php": "program",
    "letter.pdf": "letter",
    "Mr. Smith": "Mr. Smith",
    "photo": "photo",
    ".jpg": "",
    "": "",
}


@pytest.mark.parametrize(("file_name", "shown"), NAMES.items(), ids=NAMES)
def test_file_names_as_people_read_them(file_name: str, shown: str) -> None:
    assert readable(file_name) == shown


def test_the_title_comes_first() -> None:
    assert str(Photo(title="Grandmother", original_name="IMG_1.jpg")) == "Grandmother"


def test_no_photo_is_without_a_name() -> None:
    assert str(Photo(original_name=".jpg")) == "Photo"


@pytest.mark.django_db
@pytest.mark.parametrize("shows_details", [False, True])
def test_others_learn_the_title_only_where_the_album_shows_it(shows_details: bool) -> None:
    album = make_album(public=True)
    album.shows_details = shows_details
    photo = make_photo(album, name="Aunt Berta.jpg")
    photo.title = "Grandmother"
    assert photo.name_for(album.owner) == photo.name_for(make_staff()) == "Grandmother"
    for other in (AnonymousUser(), make_user()):
        assert photo.name_for(other) == ("Grandmother" if shows_details else "Photo")


@pytest.mark.django_db
def test_file_names_are_the_owners_affair() -> None:
    album = make_album(public=True)
    album.shows_details = True
    photo = make_photo(album, name="Aunt Berta.jpg")
    assert photo.name_for(album.owner) == "Aunt Berta"
    assert photo.name_for(make_user()) == "Photo"
