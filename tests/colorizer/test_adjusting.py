"""Adjustments of a version: saved, brought into its files by a worker, taken back without loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytest_django import Settings

from colorizer import adjusting, adjusting_handler, packs
from colorizer.adjusting import AdjustedMeanwhileError, adjustments_of, save, seen_in
from colorizer.copies import copy_finished
from colorizer.engine.adjustments import Adjustments, Levels, Stroke
from colorizer.engine.imageio.provenance import DIGITAL_SOURCE_TYPE
from colorizer.models import Adjustment, Colorization, PicturePack
from colorizer.services import delete
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs import transitions, worker
from jobs.errors import GoneError, JobLostError
from jobs.lease import Lease
from jobs.models import Job, Queue
from tests.factories import damage, make_colorization, make_photo, picture_bytes, stored_files

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State
ORANGE = Adjustments(warmth=80, gray=(Stroke(((1000, 5000),), 500),))


def version() -> Colorization:
    return make_colorization(make_photo(content=picture_bytes(300, 200)))


def claim() -> Job:
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    return job


def work(colorization: Colorization) -> Colorization:
    worker.run(claim())
    return again(colorization)


def again(colorization: Colorization) -> Colorization:
    return Colorization.objects.select_related("result").get(pk=colorization.pk)


def pixels(colorization: Colorization) -> NDArray[Any]:
    return np.asarray(Image.open(cast("StoredFile", colorization.result).name.path).convert("RGB"))


def warmth_of(colorization: Colorization) -> float:
    middle = pixels(colorization)[80:120].astype(int)
    return float((middle[..., 0] - middle[..., 2]).mean())


def names() -> set[str]:
    return set(StoredFile.objects.values_list("name", flat=True))


def test_a_worker_brings_them_into_the_files_and_taking_back_loses_nothing() -> None:
    made = again(version())
    before, files = pixels(made), names()
    saved = save(made, ORANGE, "")
    assert again(made).result == made.result, "what is there is shown until the job is done"
    assert saved.adjusted
    assert not saved.adjusted.is_in_the_files
    orange = work(made)
    assert orange.adjusted
    assert orange.adjusted.job.state == State.SUCCEEDED, orange.adjusted.job.error_message
    assert orange.job == made.job, "the version is the one that it was"
    assert warmth_of(orange) > 20
    assert names() > files
    assert len(names()) == len(files) + 4, "the file of the network is kept"
    assert orange.result
    derived = orange.result.derivatives.values_list("purpose", flat=True)
    assert set(derived) == {"preview", "thumbnail", "small"}
    assert DIGITAL_SOURCE_TYPE.encode() in Path(orange.result.name.path).read_bytes()

    save(orange, Adjustments(warmth=-80), seen_in(orange))
    cold = work(made)
    assert warmth_of(cold) < -20, (
        "they are applied to what the network made, not on top of each other"
    )
    assert len(names()) == len(files) + 4
    plain = save(cold, Adjustments(), seen_in(cold))
    assert (pixels(again(plain)) == before).all()
    assert (names(), plain.adjusted) == (files, None)
    assert not Job.objects.filter(kind="adjust_photo").exists()
    assert len(stored_files()) == len(files)


def zoom_into(colorization: Colorization) -> None:
    """Tiles of what is shown now."""
    packs.request(cast("StoredFile", again(colorization).result), PicturePack.Content.TILES)
    worker.run(claim())


def test_one_that_somebody_has_zoomed_into_is_adjusted_again_and_taken_back() -> None:
    made = version()
    files = names()
    save(made, ORANGE)
    work(made)
    zoom_into(made)
    save(made, Adjustments(warmth=-80))
    cold = work(made)
    assert cold.adjusted
    assert cold.adjusted.job.state == State.SUCCEEDED, cold.adjusted.job.error_message
    zoom_into(made)
    save(made, Adjustments())
    assert names() == files
    assert not PicturePack.objects.exists()
    assert not Job.objects.filter(kind=packs.TILES_KIND.name).exists()


def test_levels_are_found_by_the_worker_and_kept() -> None:
    made = version()
    save(made, Adjustments(levels="auto"))
    assert isinstance(adjustments_of(work(made)).levels, Levels)


def test_two_tabs_do_not_overwrite_each_other_unnoticed() -> None:
    made = version()
    seen = seen_in(made)
    save(made, ORANGE, seen)
    with pytest.raises(AdjustedMeanwhileError):
        save(made, Adjustments(warmth=1), seen)
    assert adjustments_of(again(made)) == ORANGE
    first = again(made)
    save(first, ORANGE, seen_in(first))
    assert again(made).adjusted == first.adjusted, "the same again is no new job"
    assert Job.objects.open().count() == 1


def test_a_worker_that_was_overtaken_leaves_nothing() -> None:
    made = version()
    files = names()
    save(made, ORANGE)
    late = claim()
    Job.objects.filter(pk=late.pk).update(lease_token=uuid4())
    with pytest.raises(JobLostError):
        adjusting_handler.run(Lease(late))
    assert names() == files
    assert len(stored_files()) == len(files)
    save(made, Adjustments(tint=-40))
    done = work(made)
    assert adjustments_of(done) == Adjustments(tint=-40)
    assert len(names()) == len(files) + 4


def test_what_failed_is_said_and_can_be_tried_again() -> None:
    made = again(version())
    content = picture_bytes(300, 200)
    assert made.result
    damage(made.result)
    save(made, ORANGE)
    failed = work(made)
    assert failed.adjusted
    assert failed.adjusted.job.state == State.FAILED
    assert failed.result == made.result
    assert failed.adjusted.job.error_code == "unreadable_photo"
    Path(made.result.name.path).write_bytes(content)
    save(failed, ORANGE, seen_in(failed))
    done = work(made)
    assert done.adjusted
    assert done.adjusted.is_in_the_files


def test_deleting_a_version_takes_all_of_it_along_also_while_it_is_adjusted() -> None:
    made = version()
    photo_files = names() - {
        str(file.name) for file in StoredFile.objects.filter(purpose__in=["result", "preview"])
    }
    save(made, ORANGE)
    work(made)
    save(made, Adjustments(tint=9))
    late = claim()
    delete(Colorization.objects.filter(pk=made.pk))
    with pytest.raises(Adjustment.DoesNotExist):
        adjusting_handler.run(Lease(late))
    assert not Job.objects.exists()
    assert not StoredFile.objects.filter(purpose__in=["result", "preview"]).exists()
    assert names() < photo_files
    with pytest.raises(GoneError):
        save(made, ORANGE)


def test_copies_of_a_version_are_adjusted_as_it_is_and_can_be_taken_back() -> None:
    made = version()
    save(made, ORANGE)
    work(made)
    other = make_photo(content=picture_bytes(300, 200)).original
    with filestore.new_files() as files:
        copies = copy_finished(made.source, other, files)
        files.save()
        copies.save()
    copy = Colorization.objects.select_related("result").get(source=other)
    assert adjustments_of(copy) == ORANGE
    assert warmth_of(copy) > 20
    plain = again(save(copy, Adjustments()))
    assert abs(warmth_of(plain)) < 1
    assert warmth_of(again(made)) > 20


def test_the_same_for_many_as_far_as_there_is_room(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    first = version()
    second = make_colorization(make_photo(first.source.photo.album, picture_bytes(40, 40)))
    changed, full = adjusting.save_for_all([first, second], ORANGE)
    assert changed == {first.pk}
    assert full
    assert adjusting.save_for_all([again(first)], ORANGE) == (set(), None)
    jobs.cancel_all(Job.objects.open())


def test_a_file_that_is_coded_again_is_coded_finely() -> None:
    made = version()
    save(made, ORANGE)
    orange = work(made)
    assert orange.result
    with Image.open(orange.result.name.path) as picture:
        assert picture.quantization[0][0] == 1, "quality 97; at 92 it would be 3"  # type: ignore[attr-defined]
