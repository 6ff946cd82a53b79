"""Each hostile file gets its answer and nothing else: no decoder lost, no file left, no other upload hurt."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from colorizer.decoding.pool import ProcessPool
from colorizer.engine.errors import PictureTooComplexError
from colorizer.engine.imageio.reading import read_picture
from colorizer.errors import UploadError
from tests.colorizer.uploads import decoded_upload
from tests.factories import make_upload, stored_files
from tests.hostile import corpus, pdfs
from tests.hostile.corpus import ACCEPTED

pytestmark = pytest.mark.slow

EXPECTED = corpus.expected()
TOO_COMPLEX = [name for name, outcome in EXPECTED.items() if outcome == "too_complex"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    corpus.write(folder)
    return folder


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the decoders of this module put what they need for a while."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def decoder(temporary: Path) -> Iterator[ProcessPool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        alone = ProcessPool("colorizer.decoding.process", size=1, max_requests=10_000)
        patch.setattr("colorizer.uploads.DECODERS", alone)
        yield alone


def seconds_of(decoder: ProcessPool) -> float:
    """Of a processor, so far: what others do on this machine does not count."""
    [process] = decoder._places.queue
    times = psutil.Process(process._process.pid).cpu_times() if process else None
    return times.user + times.system if times else 0


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
    decoder: ProcessPool,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    limit, settings.DECODE_SECONDS = settings.DECODE_SECONDS, 60
    before = seconds_of(decoder)
    with caplog.at_level(logging.ERROR):
        assert outcome_of((folder / name).read_bytes()) == EXPECTED[name]
    assert caplog.records == []
    assert seconds_of(decoder) - before < limit
    assert list(temporary.iterdir()) == stored_files() == []


@pytest.mark.usefixtures("decoder")
def test_an_ordinary_photo_is_taken_after_all_of_them() -> None:
    with decoded_upload(make_upload()) as upload:
        assert (upload.width, upload.height) == (64, 48)


@pytest.mark.parametrize("name", TOO_COMPLEX)
def test_the_engine_refuses_alike(name: str, folder: Path) -> None:
    with pytest.raises(PictureTooComplexError):
        read_picture(folder / name)


@pytest.mark.parametrize("content", [pytest.param(c, id=name) for name, c in pdfs.endless()])
@pytest.mark.usefixtures("decoder")
def test_a_document_without_end_is_ended(content: bytes, settings: Settings) -> None:
    settings.DECODE_SECONDS = 2
    assert outcome_of(content) == "too_complex"
