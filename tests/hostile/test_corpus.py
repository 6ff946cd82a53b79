"""Each hostile file gets its answer and nothing else: no decoder lost, no file left, no other upload hurt."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from colorizer.decoding.pool import ProcessPool
from colorizer.engine.errors import PictureTooComplexError
from colorizer.engine.imageio.reading import read_picture
from colorizer.errors import UploadError
from colorizer.uploads import decoded_upload
from tests.factories import make_upload, stored_files
from tests.hostile import corpus
from tests.hostile.corpus import ACCEPTED

pytestmark = pytest.mark.slow

EXPECTED = corpus.expected()
AT_THE_TIME_LIMIT = {"of_62_megapixels_of_rle4.bmp"}
TOO_COMPLEX = [
    name for name, outcome in EXPECTED.items() if outcome == "too_complex" and name.endswith(".jpg")
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    corpus.write(folder)
    return folder


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the decoders of this module put what they need for a while."""
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        decoders = ProcessPool("colorizer.decoding.process", size=1, max_requests=200)
        patch.setattr("colorizer.uploads.DECODERS", decoders)
        yield temporary


def outcome_of(content: bytes) -> str:
    try:
        with decoded_upload(SimpleUploadedFile("hostile", content)):
            return ACCEPTED
    except UploadError as refusal:
        return refusal.code


def test_there_are_many_and_each_has_an_outcome(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(EXPECTED)
    assert len(EXPECTED) > 300


@pytest.mark.parametrize("name", EXPECTED)
def test_each_gets_its_answer(
    name: str,
    folder: Path,
    temporary: Path,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.DECODE_SECONDS = 1 if name in AT_THE_TIME_LIMIT else 60
    with caplog.at_level(logging.ERROR):
        assert outcome_of((folder / name).read_bytes()) == EXPECTED[name]
    lost = [record.getMessage() for record in caplog.records]
    assert lost == ["An upload could not be decoded"] * (name in AT_THE_TIME_LIMIT)
    assert list(temporary.iterdir()) == stored_files() == []


@pytest.mark.usefixtures("temporary")
def test_an_ordinary_photo_is_taken_after_all_of_them() -> None:
    with decoded_upload(make_upload()) as upload:
        assert (upload.width, upload.height) == (64, 48)


@pytest.mark.parametrize("name", sorted({*TOO_COMPLEX} - AT_THE_TIME_LIMIT))
def test_the_engine_refuses_alike(name: str, folder: Path) -> None:
    with pytest.raises(PictureTooComplexError):
        read_picture(folder / name)
