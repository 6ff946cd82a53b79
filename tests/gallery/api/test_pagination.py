"""Each record is on one page, on both databases, whatever the clock of the database stores of a moment."""

from __future__ import annotations

import pytest

from accounts.models import User
from gallery.models import Notice
from jobs import services
from jobs.models import Job
from tests.api import address, client_of
from tests.factories import make_album, make_archive, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    owner = make_user()
    for number in range(5):
        album = make_album(owner, title=f"Album {number}")
        make_colorization(make_photo(album))
        make_archive(album)
        Notice.objects.create(owner=owner, kind=Notice.Kind.PHOTOS, album=album, succeeded=1)
    return owner


@pytest.mark.parametrize(
    "name",
    ["album-list", "photo-list", "colorization-list", "archive-list", "job-list", "notice-list"],
)
def test_no_record_is_on_two_pages_and_none_is_left_out(owner: User, name: str) -> None:
    client, page, found = client_of(owner), address(name) + "?page_size=2", []
    while page:
        answer = client.get(page).json()
        found += [record["id"] for record in answer["results"]]
        page = answer["next"]
    assert len(found) == len(set(found)) == (10 if name == "job-list" else 5)


def test_jobs_that_are_tried_again_are_on_one_page_each(owner: User) -> None:
    for job in Job.objects.all():
        services.cancel(job)
        services.retry(job)
    test_no_record_is_on_two_pages_and_none_is_left_out(owner, "job-list")
