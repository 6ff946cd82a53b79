"""What the run looks for is found: results that are missing, doubled, damaged or not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.archives import request_archive
from gallery.models import Archive
from jobs import transitions, worker
from jobs.models import Queue
from tests.chaos import results
from tests.factories import damage, make_archive, make_colorization
from tests.filestore.files import Purpose, store, write

# The lease of the archive's job is renewed through a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colorization() -> Colorization:
    return make_colorization()


@pytest.fixture
def archive(colorization: Colorization) -> Archive:
    """Made by the real handler."""
    archive = request_archive(colorization.source.photo.album)
    job = transitions.claim_next(Queue.FILES)
    assert job
    worker.run(job)
    archive.refresh_from_db()
    return archive


def test_all_is_well(archive: Archive) -> None:
    assert results.incomplete_colorizations() == []
    assert results.incomplete_archives() == []
    assert results.damaged_files() == []
    assert results.doubled_results() == 0
    assert results.rows_without_use() == 0
    assert results.files_without_rows() == 0


@pytest.mark.parametrize("purpose", [Purpose.PREVIEW, Purpose.THUMBNAIL])
def test_a_missing_derivative_is_found(colorization: Colorization, purpose: str) -> None:
    StoredFile.objects.get(purpose=purpose, derived_from=colorization.result).delete()
    assert results.incomplete_colorizations() == [str(colorization.pk)]


def test_a_second_result_is_found(colorization: Colorization) -> None:
    store(colorization.source.owner, purpose=Purpose.RESULT)
    assert results.doubled_results() == 1
    assert results.rows_without_use() == 1


def test_damaged_and_missing_files_are_found(colorization: Colorization) -> None:
    damage(colorization.source)
    assert colorization.result
    Path(colorization.result.name.path).unlink()
    names = [str(colorization.source.name), str(colorization.result.name)]
    assert sorted(results.damaged_files()) == sorted(names)


def test_a_file_without_a_row_is_found(colorization: Colorization) -> None:
    write("files/result/left.jpg")
    write("temporary/left/result.jpg")
    assert results.files_without_rows() == 2


def test_an_archive_of_nothing_is_found(colorization: Colorization) -> None:
    make_archive(colorization.source.photo.album)
    [fault] = results.incomplete_archives()
    assert "[] for at least ['photo.jpg']" in fault


def test_damaged_archives_are_found(archive: Archive) -> None:
    path = Path(archive.parts.get().file.name.path)
    content = bytearray(path.read_bytes())
    content[100] ^= 255
    path.write_bytes(content)
    assert results.incomplete_archives() == [f"{archive.pk}: photo.jpg is damaged"]
    path.write_bytes(content[:-30])
    assert results.incomplete_archives() == [f"{archive.pk}: it is no zip file"]
