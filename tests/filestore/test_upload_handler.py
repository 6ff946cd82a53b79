"""What of an upload is written to disk, before any view is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import User
from tests.factories import make_upload

CONTENT = bytes(300_000)


def request_of(user: User | AnonymousUser, name: str = "photo.jpg") -> HttpRequest:
    request = RequestFactory().post("/upload/", {"photos": make_upload(CONTENT, name)})
    request.user = user
    return request


def test_a_members_file_is_on_disk() -> None:
    file = request_of(User()).FILES["photos"]
    assert isinstance(file, TemporaryUploadedFile)
    assert Path(file.temporary_file_path()).read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["a." + "x" * 250, "\u4e16" * 255, "a.\u4e16\u754c" * 60])
def test_a_name_may_be_longer_than_a_disk_allows(name: str) -> None:
    file = request_of(User(), name).FILES["photos"]
    assert isinstance(file, TemporaryUploadedFile)
    assert Path(file.temporary_file_path()).exists()
    assert str(file.name)[:2] == name[:2]


def test_a_visitors_file_is_not_stored() -> None:
    assert not request_of(AnonymousUser()).FILES


def test_no_more_is_stored_than_shows_that_a_file_is_too_large(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 100_000
    file = request_of(User()).FILES["photos"]
    assert isinstance(file, TemporaryUploadedFile)
    assert file.size == len(CONTENT)
    assert Path(file.temporary_file_path()).stat().st_size < 200_000
