"""What a zip file has: which files, by which names, in which order, in how many parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from colorizer.models import Colorization
from filestore.services import usage_of
from gallery import archives, details, services
from gallery.archive_contents import entries_of
from gallery.archives import Choices
from gallery.file_names import LONGEST_NAME, safe_name
from gallery.models import Album, Archive, ArchivePart, Photo, Section
from jobs import transitions, worker
from jobs.models import Queue
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_user,
    picture_bytes,
    stored_files,
)
from tests.gallery import zips

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

Order = Album.PhotoOrder


@pytest.fixture
def album() -> Album:
    album = make_album(title="Family")
    for name in ("b.jpg", "a.jpg", "c.jpg"):
        make_photo(album, name=name)
    return album


def archive_of(album: Album, **choices: Any) -> Archive:
    return zips.make(archives.request_archive(album, Choices(**choices)))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(Order.NEWEST, ["c.jpg", "a.jpg", "b.jpg"], id="newest"),
        pytest.param(Order.OLDEST, ["b.jpg", "a.jpg", "c.jpg"], id="oldest"),
        pytest.param(Order.TAKEN, ["c.jpg", "b.jpg", "a.jpg"], id="taken"),
        pytest.param(Order.BY_HAND, ["a.jpg", "b.jpg", "c.jpg"], id="by hand"),
    ],
)
def test_files_stand_in_the_order_of_the_album(
    album: Album, order: str, expected: list[str]
) -> None:
    Album.objects.filter(pk=album.pk).update(photo_order=order)
    album.photos.filter(original_name="c.jpg").update(
        date_precision="day", taken_from="1932-05-01", taken_to="1932-05-01"
    )
    for position, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
        album.photos.filter(original_name=name).update(position=position)
    assert zips.names(archive_of(album)) == expected


def test_sections_come_after_what_is_in_none(album: Album) -> None:
    section = Section.objects.create(album=album, title="Wedding")
    album.photos.filter(original_name="c.jpg").update(section=section)
    assert zips.names(archive_of(album)) == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_title_is_the_name(album: Album) -> None:
    photo = album.photos.get(original_name="a.jpg")
    Photo.objects.filter(pk=photo.pk).update(title="Oma am See: 1932?")
    make_colorization(photo)
    found = zips.names(archive_of(album))
    assert found == ["c.jpg", "Oma am See- 1932.jpg", "Oma am See- 1932-stable.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CON", "CON_"),
        ("a/b\\c", "a-b-c"),
        ("..", "-"),
        ("ends. ", "ends"),
        ("奶奶 1932", "奶奶 1932"),
        ("new\nline", "new-line"),
        pytest.param("ä" * 300, "ä" * LONGEST_NAME, id="long"),
        pytest.param("照" * 120, "照" * 66, id="many bytes"),
        pytest.param("a" * 99 + "e\u0301" + "b", "a" * 99, id="an accent at the end"),
    ],
)
def test_names_are_good_on_every_system(text: str, expected: str) -> None:
    assert safe_name(text) == expected


def test_every_name_can_be_unpacked_however_long_the_titles_are(
    album: Album, tmp_path: Path
) -> None:
    album.photos.update(title="照" * 85)
    for photo in album.photos.all():
        make_colorization(photo, variant="artistic")
    with zips.opened(archive_of(album)) as file:
        file.extractall(tmp_path / "unpacked")
    assert len(list((tmp_path / "unpacked").iterdir())) == 6


def test_accents_in_two_encodings_are_one_name(album: Album) -> None:
    encodings = [unicodedata.normalize("NFC", "Café"), unicodedata.normalize("NFD", "Café")]
    for photo, title in zip(album.photos.order_by("original_name"), encodings, strict=False):
        Photo.objects.filter(pk=photo.pk).update(title=title)
    names = [unicodedata.normalize("NFC", name) for name in zips.names(archive_of(album))]
    assert names == ["c.jpg", "Café.jpg", "Café (2).jpg"]


def test_albums_have_folders_beside_what_an_export_writes_itself(tmp_path: Path) -> None:
    owner = make_user()
    for title in ("readme.TXT", "data", "Trash"):
        make_photo(make_album(owner, title))
    with zips.opened(zips.make(archives.request_export(owner))) as file:
        file.extractall(tmp_path / "unpacked")
        names = file.namelist()
    of_albums = {name for name in names if name.endswith(".jpg")}
    assert of_albums == {"readme.TXT (2)/photo.jpg", "data (2)/photo.jpg", "Trash (2)/photo.jpg"}


def test_names_in_other_scripts_are_utf8(album: Album) -> None:
    album.photos.update(title="奶奶")
    archive = archive_of(album)
    assert zips.names(archive) == ["奶奶.jpg", "奶奶 (2).jpg", "奶奶 (3).jpg"]
    with zips.opened(archive) as file:
        assert all(entry.flag_bits & 0x800 for entry in file.infolist())


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("both", ["c.jpg", "a.jpg", "a-stable.jpg", "b.jpg"]),
        ("originals", ["c.jpg", "a.jpg", "b.jpg"]),
        ("results", ["a-stable.jpg"]),
    ],
)
def test_originals_or_results_are_chosen(album: Album, holds: str, expected: list[str]) -> None:
    make_colorization(album.photos.get(original_name="a.jpg"))
    assert zips.names(archive_of(album, holds=holds)) == expected


def test_details_are_written_into_the_files(album: Album) -> None:
    photo = album.photos.get(original_name="a.jpg")
    details.edit_photo(photo, {"title": "Grandmother"}, people=["Anna"])
    make_colorization(photo)
    gif = make_photo(album, picture_bytes(format="GIF"), name="pier.gif")
    details.edit_photo(gif, {"place": "Trieste"})
    archive = archive_of(album, with_details=True)
    assert zips.names(archive) == [
        "pier.xmp",
        "pier.gif",
        "c.jpg",
        "Grandmother.jpg",
        "Grandmother-stable.jpg",
        "b.jpg",
    ]
    with zips.opened(archive) as file:
        for name in ("Grandmother.jpg", "Grandmother-stable.jpg"):
            assert b"Anna" in file.read(name)
        assert b"algorithmicallyEnhanced" in file.read("Grandmother-stable.jpg")
        assert b"Trieste" in file.read("pier.xmp")
        # Of which nothing is known: as they came.
        assert file.read("b.jpg") == picture_bytes()


def test_details_that_are_too_long_for_the_file_lie_beside_it(album: Album) -> None:
    photo = album.photos.get(original_name="a.jpg")
    people = [f"{number:03}{'照' * 97}" for number in range(100)]
    details.edit_photo(photo, {"title": "Oma", "caption": "照" * 2000}, people=people, tags=people)
    archive = archive_of(album, with_details=True)
    assert zips.names(archive) == ["c.jpg", "Oma.xmp", "Oma.jpg", "b.jpg"]
    with zips.opened(archive) as file:
        assert people[-1] in file.read("Oma.xmp").decode()


def trash_photo(album: Album) -> None:
    album.photos.filter(original_name="a.jpg").update(trashed_at=timezone.now())


def trash_version(album: Album) -> None:
    Colorization.objects.update(trashed_at=timezone.now())


@pytest.mark.parametrize(
    ("trash", "left"),
    [
        (trash_photo, ["c.jpg", "b.jpg"]),
        (trash_version, ["c.jpg", "a.jpg", "b.jpg"]),
    ],
)
def test_what_is_in_the_trash_is_left_out(
    album: Album, trash: Callable[[Album], None], left: list[str]
) -> None:
    make_colorization(album.photos.get(original_name="a.jpg"))
    archive = archives.request_archive(album)
    trash(album)
    assert zips.names(zips.make(archive)) == left


def test_a_selection_is_of_any_albums(album: Album) -> None:
    other = make_photo(make_album(album.owner, "Trip"), name="beach.jpg")
    chosen = [album.photos.get(original_name="a.jpg"), other]
    archive = zips.make(archives.request_selection(chosen))
    assert zips.names(archive) == ["a.jpg", "beach.jpg"]
    assert archive.name == "2 photos"


def test_details_beside_the_files_of_several_albums_have_names_of_their_own() -> None:
    album = make_album(title="Farm")
    chosen = [
        make_photo(album, picture_bytes(format="BMP"), "barn.bmp"),
        make_photo(make_album(album.owner), picture_bytes(format="GIF"), "barn.gif"),
    ]
    for photo in chosen:
        details.edit_photo(photo, {"title": "Barn", "caption": photo.format})
    archive = zips.make(archives.request_selection(chosen, Choices(with_details=True)))
    assert sorted(zips.names(archive)) == ["Barn (2).gif", "Barn (2).xmp", "Barn.bmp", "Barn.xmp"]


def test_details_beside_a_version_are_not_those_beside_a_photo(album: Album) -> None:
    make_colorization(album.photos.get(original_name="a.jpg"))
    make_photo(album, picture_bytes(format="GIF"), name="a-stable.gif")
    names = [entry.name for entry in entries_of(archives.request_archive(album))]
    stems = [PurePosixPath(name).stem for name in names]
    assert len(stems) == len(set(stems)) == 5


def test_a_selection_of_one_album_is_named_after_it(album: Album) -> None:
    archive = archives.request_selection(list(album.photos.all()[:2]))
    assert archive.name == "2 photos of “Family”"


def test_the_same_selection_asked_for_twice_is_made_once(album: Album) -> None:
    photos = list(album.photos.all())
    first = archives.request_selection(photos[:2])
    assert archives.request_selection(photos[1::-1]) == first
    assert archives.request_selection(photos[1:]) != first


def test_large_ones_come_in_parts(album: Album, settings: Settings) -> None:
    settings.ARCHIVE_PART_BYTES = 2 * album.photos.all()[0].original.bytes
    archive = archive_of(album)
    assert [part.number for part in archive.parts.all()] == [1, 2]
    assert zips.names(archive) == ["c.jpg", "a.jpg", "b.jpg"]
    assert archive.bytes == sum(part.file.bytes for part in archive.parts.all())
    with zips.opened(archive, 2) as file:
        assert file.namelist() == ["b.jpg"]


def test_parts_that_a_killed_worker_left_are_made_anew(album: Album, settings: Settings) -> None:
    settings.ARCHIVE_PART_BYTES = 1
    of_photos = len(stored_files())
    archive_of(album)
    again = archives.request_selection(list(album.photos.all()))
    ArchivePart.objects.update(archive=again)
    assert len(zips.names(zips.make(again))) == 3
    assert len(stored_files()) == of_photos + 3


def test_one_that_fails_at_its_last_part_leaves_nothing(album: Album, settings: Settings) -> None:
    settings.ARCHIVE_PART_BYTES = 1
    of_photos = len(stored_files())
    archive = archives.request_archive(album)
    job = transitions.claim_next(Queue.FILES)
    assert job
    last = album.photos.get(original_name="b.jpg").original
    Path(last.name.path).unlink()
    worker.run(job)
    assert not ArchivePart.objects.exists()
    assert not list(archive.parts.all())
    assert len(stored_files()) == of_photos - 1


def test_parts_of_one_that_was_given_up_are_deleted_from_time_to_time(album: Album) -> None:
    of_photos = len(stored_files())
    archive = archive_of(album)
    Archive.objects.update(expires_at=None)
    transitions.cancel(archive.job)
    archives.delete_expired()
    assert not ArchivePart.objects.exists()
    assert len(stored_files()) == of_photos


def test_zip_files_do_not_count_to_the_quota(album: Album, settings: Settings) -> None:
    before = usage_of(album.owner)
    settings.QUOTA_BYTES = before
    archive_of(album)
    assert usage_of(album.owner) == before


def test_the_oldest_goes_when_there_are_many(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVES", 2)
    photos = list(album.photos.all())
    made = [zips.make(archives.request_selection([photo])) for photo in photos]
    assert set(Archive.objects.all()) == set(made[1:])


def test_an_entry_deleted_for_good_meanwhile_is_left_out(album: Album) -> None:
    archive = archives.request_archive(album)
    services.delete_photo(album.photos.get(original_name="a.jpg"))
    assert zips.names(zips.make(archive)) == ["c.jpg", "b.jpg"]
