"""What is known of photos: taken from their files, changed one by one or together, found by a search."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from gallery import dates, details, labels, search_text, services
from gallery.details import NameChanges
from gallery.models import Person, Photo, Tag
from jobs.errors import GoneError
from tests.factories import make_album, make_photo, make_user, picture_bytes

pytestmark = pytest.mark.django_db


def names(photo: Photo) -> tuple[list[str], list[str]]:
    return labels.names_of(photo.people.all()), labels.names_of(photo.tags.all())


def people_of(owner: User) -> list[str]:
    return labels.names_of(Person.objects.filter(owner=owner))


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><rdf:Description rdf:about=""
  photoshop:City="Trieste" photoshop:DateCreated="{date}"><dc:title>Grandmother</dc:title>
  <dc:description>On the pier</dc:description>
  <dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>Sea, summer</rdf:li></rdf:Bag></dc:subject>
  <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>{person}</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
  </rdf:Description></rdf:RDF></x:xmpmeta>"""


def described(date: str = "1932-05", person: str = "Anna") -> bytes:
    return picture_bytes(xmp=XMP.format(date=date, person=person).encode())


def test_an_upload_has_what_its_file_says() -> None:
    photo = Photo.objects.get(pk=make_photo(content=described()).pk)
    assert (photo.title, photo.caption, photo.place) == ("Grandmother", "On the pier", "Trieste")
    taken = dates.of_photo(photo)
    assert taken
    assert dates.edtf(taken) == "1932-05"
    assert names(photo) == (["Anna"], ["sea", "summer"])
    assert "may 1932" in photo.search_text


@pytest.mark.parametrize("date", ["3000-01-01", "1932-13-40", "0000", "1700"])
def test_a_date_that_cannot_be_is_left_out(date: str) -> None:
    photo = make_photo(content=described(date))
    assert (photo.title, photo.date_precision, photo.taken_from) == ("Grandmother", "", None)


def test_a_name_with_a_comma_is_one_person() -> None:
    photo = make_photo(content=described(person="Berger, Anna"))
    assert names(photo)[0] == ["Berger Anna"]


def test_the_same_people_are_one_row_of_their_owner() -> None:
    album = make_album()
    for _ in range(2):
        make_photo(album, described())
    make_photo(content=described())
    assert people_of(album.owner) == ["Anna"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Anna, Otto", ["Anna", "Otto"]),
        ("Anna\nOtto\r\n", ["Anna", "Otto"]),
        ("安娜，奥托、贝塔；卡尔", ["安娜", "奥托", "贝塔", "卡尔"]),  # noqa: RUF001
        (" anna ,Anna, ANNA ", ["anna"]),
        ("Anna \t Berger\0", ["Anna Berger"]),
        (", ,", []),
        ("", []),
    ],
)
def test_names_as_people_type_them(typed: str, read: list[str]) -> None:
    assert labels.split(typed) == read


@pytest.mark.parametrize("typed", ["x" * 101, ",".join(map(str, range(101)))])
def test_too_many_names_and_too_long_ones_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        labels.split(typed)


def test_one_photo_is_edited() -> None:
    photo = make_photo(name="IMG_7.jpg")
    fields = {"title": "Grandmother", **dates.fields_of(dates.parse("about 1932"))}
    details.edit_photo(photo, fields, people=["Anna"], tags=["sea"])
    assert str(photo) == "Grandmother"
    assert names(photo) == (["Anna"], ["sea"])
    for words in ("grandmother", "anna", "sea", "about 1932", "1932", "img_7.jpg", "img 7"):
        assert words in photo.search_text.splitlines()


def test_upper_and_lower_case_make_no_other_person() -> None:
    photo = make_photo()
    details.edit_photo(photo, {}, people=["Änne"])
    details.edit_photo(make_photo(photo.album), {}, people=["ÄNNE"])
    assert people_of(photo.album.owner) == ["Änne"]


def test_what_is_not_given_stays() -> None:
    photo = make_photo(content=described())
    details.edit_photo(photo, {"caption": ""})
    assert (photo.title, photo.caption) == ("Grandmother", "")
    assert names(photo) == (["Anna"], ["sea", "summer"])


def test_a_person_in_no_photo_is_gone() -> None:
    photo = make_photo(content=described())
    other = make_photo(photo.album, described())
    details.edit_photo(photo, {}, people=[])
    assert people_of(photo.album.owner) == ["Anna"]
    services.delete_photo(other)
    assert people_of(photo.album.owner) == []
    assert Tag.objects.count() == 2


def test_deleting_an_album_takes_its_names_along() -> None:
    photo = make_photo(content=described())
    services.delete_album(photo.album)
    assert not Person.objects.exists()
    assert not Tag.objects.exists()


def test_a_deleted_photo_is_not_edited() -> None:
    photo = make_photo()
    again = Photo.objects.get(pk=photo.pk)
    services.delete_photo(photo)
    with pytest.raises(GoneError):
        details.edit_photo(again, {"title": "x"}, people=["Anna"])
    assert not Person.objects.exists()


def test_several_photos_are_edited_alike() -> None:
    album = make_album()
    photos = [make_photo(album, described()), make_photo(album)]
    anna = Person.objects.get()
    details.edit_photos(
        photos, {"place": "Vienna"}, NameChanges(["Otto"], [anna]), NameChanges(["winter"])
    )
    changed = [Photo.objects.get(pk=photo.pk) for photo in photos]
    assert [photo.place for photo in changed] == ["Vienna", "Vienna"]
    assert [photo.title for photo in changed] == ["Grandmother", ""]
    assert [names(photo)[0] for photo in changed] == [["Otto"], ["Otto"]]
    assert names(changed[0])[1] == ["sea", "summer", "winter"]
    assert not Person.objects.filter(pk=anna.pk).exists()
    assert all("otto" in photo.search_text for photo in changed)
    assert "anna" not in changed[0].search_text


def test_photos_that_are_gone_keep_nobody_from_the_others() -> None:
    album = make_album()
    photos = [make_photo(album), make_photo(album)]
    services.delete_photo(Photo.objects.get(pk=photos[0].pk))
    details.edit_photos(photos, {}, NameChanges(["Otto"]), NameChanges())
    assert names(photos[1])[0] == ["Otto"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("12 May 1932", ["12 may 1932", "1932年5月12日", "1932-05-12", "1932"]),
        ("1930s", ["1930s", "193x", "1930", "1939"]),
        ("1914-1918", ["between 1914 and 1918", "1914", "1915", "1918"]),
    ],
)
def test_dates_are_found_in_words_and_years(typed: str, found: list[str]) -> None:
    photo = make_photo()
    details.edit_photo(photo, dates.fields_of(dates.parse(typed)))
    lines = photo.search_text.splitlines()
    assert [each for each in found if each not in lines] == []


def test_the_years_of_a_long_time_are_not_listed() -> None:
    photo = make_photo()
    details.edit_photo(photo, dates.fields_of(dates.parse("1850-1900")))
    assert "1875" not in photo.search_text


def test_widths_and_case_are_folded() -> None:
    assert search_text.fold("  ＧＲＯＳＳ Straße\n Ｘ ") == "gross strasse x"  # noqa: RUF001


def test_names_belong_to_their_owner() -> None:
    details.edit_photo(make_photo(), {}, people=["Anna"])
    photo = make_photo(make_album(make_user()))
    details.edit_photo(photo, {}, people=["Anna"])
    assert Person.objects.filter(name="Anna").count() == 2
