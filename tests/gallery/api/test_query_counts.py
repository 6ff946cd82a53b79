"""A list of the API costs the same number of queries, however long it is."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from colorizer.models import Colorization
from colorizer.tasks import COLORIZE
from filestore.models import StoredFile
from gallery.models import Album, Photo
from jobs.models import Job
from tests.api import address, client_of
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db
Purpose = StoredFile.Purpose


def stored_files(owner: User, purpose: StoredFile.Purpose, number: int) -> list[StoredFile]:
    """Rows without bytes: nobody asks for them."""
    return StoredFile.objects.bulk_create(
        StoredFile(
            owner=owner,
            purpose=purpose,
            name=f"files/{uuid.uuid4().hex}.jpg",
            bytes=1,
            sha256="0" * 64,
            content_type="image/jpeg",
        )
        for _ in range(number)
    )


def add_albums(owner: User, number: int) -> None:
    Album.objects.bulk_create(Album(owner=owner, title="Family") for _ in range(number))


def add_photos(album: Album, number: int) -> None:
    """Each with a result."""
    originals = stored_files(album.owner, Purpose.ORIGINAL, number)
    Photo.objects.bulk_create(
        Photo(
            album=album, original=original, original_name="a.jpg", format="JPEG", width=1, height=1
        )
        for original in originals
    )
    add_results(originals)


def add_results(sources: list[StoredFile]) -> None:
    owner, now = sources[0].owner, timezone.now()
    jobs = Job.objects.bulk_create(
        Job(
            owner=owner,
            kind=COLORIZE.name,
            queue=COLORIZE.queue,
            state=Job.State.SUCCEEDED,
            progress=100,
            attempts_made=1,
            queued_at=now,
            started_at=now,
            finished_at=now,
            duration=timedelta(seconds=1),
        )
        for _ in sources
    )
    results = stored_files(owner, Purpose.RESULT, len(sources))
    Colorization.objects.bulk_create(
        Colorization(
            job=job,
            source=source,
            result=result,
            used_render_factor=20,
            weights_name="compact-artistic",
            weights_sha256="0" * 64,
        )
        for job, source, result in zip(jobs, sources, results, strict=True)
    )


@pytest.mark.parametrize("rows", [10, 1000])
class TestQueries:
    def test_albums(self, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        owner = make_user()
        add_albums(owner, rows)
        client = client_of(owner)
        with django_assert_num_queries(3):  # session, user, albums
            body = client.get(address("album-list"), {"page_size": 200}).json()
        assert len(body["results"]) == min(rows, 200)

    def test_photos(self, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        album = make_album()
        add_photos(album, rows)
        client = client_of(album.owner)
        with django_assert_num_queries(4):  # session, user, photos, colorizations
            body = client.get(address("photo-list"), {"page_size": 200}).json()
        assert [len(photo["colorizations"]) for photo in body["results"]] == [1] * min(rows, 200)

    @pytest.mark.parametrize("is_owner", [True, False])
    def test_photos_of_an_album(
        self, rows: int, is_owner: bool, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        album = make_album(public=True)
        add_photos(album, rows)
        client = client_of(album.owner if is_owner else make_user())
        with django_assert_num_queries(5):  # session, user, album, photos, colorizations
            body = client.get(address("album-photos", album), {"page_size": 200}).json()
        assert [len(photo["colorizations"]) for photo in body["results"]] == [1] * min(rows, 200)

    def test_colorizations_of_a_photo(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        photo = make_photo()
        add_results([photo.original] * rows)
        client = client_of(photo.album.owner)
        with django_assert_num_queries(4):  # session, user, photo, colorizations
            body = client.get(address("photo-colorizations", photo), {"page_size": 200}).json()
        assert len(body["results"]) == min(rows, 200)

    def test_a_photo_with_its_colorizations(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        photo = make_photo()
        add_results([photo.original] * rows)
        client = client_of(photo.album.owner)
        with django_assert_num_queries(4):  # session, user, photo, colorizations
            body = client.get(address("photo-detail", photo)).json()
        assert len(body["colorizations"]) == rows
