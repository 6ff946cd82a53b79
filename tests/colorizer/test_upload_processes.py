"""Uploads are opened by processes of their own, with limits of time, memory and waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from django.core.files.base import File
from PIL import Image
from pytest_django import Settings

from colorizer.decoding import DecodingTask
from colorizer.decoding.pool import ProcessPool
from colorizer.engine.imageio.formats import FORMATS, FormatName
from colorizer.uploads import DECODERS
from filestore.storages import FolderStorage
from gallery import services
from tests import ROOT
from tests.colorizer.decoders import busy_decoders
from tests.colorizer.uploads import PILLOW_NAMES, accepted_size, refusal_of
from tests.factories import make_album, make_upload, picture_bytes
from tests.hostile import jpegs
from tests.pictures import encoded

pytestmark = pytest.mark.slow


def test_pictures_are_opened_by_other_processes(tmp_path: Path) -> None:
    script = """
import sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from colorizer.uploads import decoded_pages
with decoded_pages(SimpleUploadedFile("a.jpg", sys.stdin.buffer.read())) as pictures:
    print(next(pictures).width, sorted({"PIL", "pillow_heif", "pyvips", "torch"} & set(sys.modules)))
"""
    folders = {"DATA_DIR": str(tmp_path), "MEDIA_STORAGE": str(tmp_path / "media")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **folders, "DJANGO_SETTINGS_MODULE": "colorsite.settings"},
        input=picture_bytes(),
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"64 []\n"


def test_pictures_wait_until_there_is_memory_for_them() -> None:
    with ThreadPoolExecutor(max_workers=1) as requests:
        with busy_decoders(patience=60):
            upload = requests.submit(accepted_size, make_upload())
            with pytest.raises(TimeoutError):
                upload.result(timeout=0.3)
        assert upload.result() == (64, 48)


def test_pictures_do_not_wait_forever() -> None:
    with busy_decoders(patience=0.1):
        refusal = refusal_of(make_upload())
    assert (refusal.code, refusal.status, refusal.retry_after) == ("busy", 503, 5)
    assert accepted_size(make_upload()) == (64, 48)


class WatchfulStorage(FolderStorage):
    def _save(self, name: str, content: File[bytes]) -> str:
        assert DECODERS._places.qsize() == DECODERS._size
        return super()._save(name, content)


@pytest.mark.django_db
def test_no_decoder_is_held_while_a_photo_is_stored(settings: Settings) -> None:
    settings.STORAGES = {"default": {"BACKEND": f"{__name__}.WatchfulStorage"}}
    assert services.add_photo(make_album(), make_upload()).width == 64


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("name", FORMATS)
def test_picture_that_wants_too_much_memory_is_too_complex(
    name: FormatName, monkeypatch: pytest.MonkeyPatch
) -> None:
    frugal = ProcessPool("tests.colorizer.frugal_decoder", size=1, max_requests=10)
    monkeypatch.setattr("colorizer.uploads.DECODERS", frugal)
    large = encoded(Image.new("RGB", (3000, 2000), (9, 9, 99)), PILLOW_NAMES[name])
    assert refusal_of(make_upload(large)).code == "too_complex"


@pytest.fixture
def stopped_decoder(monkeypatch: pytest.MonkeyPatch) -> subprocess.Popen[bytes]:
    """The only one; it will take a task and do nothing about it."""
    decoders = ProcessPool("colorizer.decoding.process", size=1, max_requests=10)
    monkeypatch.setattr("colorizer.uploads.DECODERS", decoders)
    accepted_size(make_upload())
    (place,) = decoders._places.queue
    assert place
    place._process.send_signal(signal.SIGSTOP)
    return place._process


def test_decoder_that_dies_is_a_refusal_and_the_next_upload_goes_on(
    stopped_decoder: subprocess.Popen[bytes],
) -> None:
    with ThreadPoolExecutor(max_workers=1) as requests:
        request = requests.submit(refusal_of, make_upload())
        with pytest.raises(TimeoutError):
            request.result(timeout=0.3)
        stopped_decoder.send_signal(signal.SIGSEGV)
        stopped_decoder.send_signal(signal.SIGCONT)
        assert (request.result().code, request.result().status) == ("damaged_picture", 400)
    assert accepted_size(make_upload()) == (64, 48)


def test_picture_that_takes_too_long_is_refused(
    settings: Settings, stopped_decoder: subprocess.Popen[bytes]
) -> None:
    settings.DECODE_SECONDS = 0.3
    refusal = refusal_of(make_upload())
    assert (refusal.code, refusal.status) == ("too_complex", 400)
    assert "takes too long to read" in refusal.message
    stopped_decoder.kill()
    settings.DECODE_SECONDS = 60
    assert accepted_size(make_upload()) == (64, 48)


def test_decoder_that_is_killed_at_its_work_leaves_no_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    decoders = ProcessPool("colorizer.decoding.process", size=1, max_requests=10)
    monkeypatch.setattr("colorizer.uploads.DECODERS", decoders)
    settings.DECODE_SECONDS = 0.2
    assert refusal_of(make_upload(jpegs.scanned(6000, 24))).code == "too_complex"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_disk_that_is_full_is_no_fault_of_the_picture(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(picture_bytes())
    nowhere = str(tmp_path / "missing" / "display.jpg")
    paths = (str(source), nowhere, nowhere, nowhere)
    task = DecodingTask(*paths, min_side=16, max_pixels=10**6, max_film_seconds=60)
    assert "No such file" in DECODERS.ask(asdict(task), 60, 60)["failed"]
