"""The page of a photo: the colorization on the stage, its versions, and what the viewer may do."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments, Stroke
from colorizer.models import Colorization, CurrentWeights
from gallery.models import Photo
from gallery.services import publish
from jobs.models import Job
from moderation import services as moderation
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
)
from tests.film_files import film_bytes
from tests.pictures import without_end

pytestmark = pytest.mark.django_db
State = Job.State


def log_in_owner(client: Client, photo: Photo) -> None:
    client.force_login(photo.album.owner)


def test_before_and_after_are_compared(client: Client) -> None:
    colorization = make_colorization()
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, 'class="viewer__divider"')
    assertContains(response, f"/photos/{colorization.source.photo.pk}/display/")
    assertContains(response, f"/colorizations/{colorization.pk}/preview/")
    assertContains(response, 'alt="photo: In color"')


def test_the_facts_name_the_weights(client: Client) -> None:
    colorization = make_colorization(variant="artistic")
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, "compact-artistic</dd>")
    assertContains(response, f"SHA-256 {colorization.weights_sha256}")
    assertNotContains(response, "not enough memory")


@pytest.mark.parametrize("is_film", [False, True], ids=["photo", "film"])
def test_its_owner_may_color_again_what_older_weights_made(client: Client, is_film: bool) -> None:
    photo = make_photo(content=film_bytes() if is_film else None)
    colorization = make_colorization(photo)
    CurrentWeights.objects.create(variant="stable", sha256=colorization.weights_sha256)
    publish(photo.album)
    log_in_owner(client, photo)
    offer = "Color again with the newest model"
    assertNotContains(client.get(photo.get_absolute_url()), offer)
    CurrentWeights.objects.update(sha256="f" * 64)
    assertContains(client.get(photo.get_absolute_url()), offer, count=1)
    client.force_login(make_user())
    assertNotContains(client.get(photo.get_absolute_url()), offer)


@pytest.mark.parametrize("is_film", [False, True], ids=["photo", "film"])
def test_everybody_reads_that_colors_are_guessed(client: Client, is_film: bool) -> None:
    photo = make_photo(content=film_bytes() if is_film else None)
    publish(photo.album)
    sentence = "The colors are a plausible guess, not historical truth.</p>"
    assertNotContains(client.get(photo.get_absolute_url()), sentence)
    make_colorization(photo)
    assertContains(client.get(photo.get_absolute_url()), sentence)


def test_the_facts_tell_of_detail_that_memory_did_not_allow(client: Client) -> None:
    colorization = make_colorization(render_factor=30)
    Colorization.objects.filter(pk=colorization.pk).update(used_render_factor=18)
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, "There was not enough memory for all the detail that you asked for.")
    assertContains(response, "<span>Detail 18</span>")
    assertContains(response, "18 instead of 30")


def test_a_flaw_of_the_file_is_told_to_its_owner(client: Client) -> None:
    photo = make_photo(content=without_end(picture_bytes()))
    publish(photo.album)
    sentence = "The end of the file is missing, but the whole picture is there."
    assertNotContains(client.get(photo.get_absolute_url()), sentence)
    log_in_owner(client, photo)
    assertContains(client.get(photo.get_absolute_url()), sentence)


def test_a_whole_file_is_shown_without_remarks(client: Client) -> None:
    photo = make_photo()
    log_in_owner(client, photo)
    assertNotContains(client.get(photo.get_absolute_url()), 'class="notices"')


def test_the_detail_slider_offers_what_the_engine_takes(client: Client) -> None:
    photo = make_photo()
    log_in_owner(client, photo)
    response = client.get(photo.get_absolute_url())
    assertContains(response, 'type="range" name="render_factor" value="20" min="8" max="40"')


def test_usual_detail_is_only_in_the_details(client: Client) -> None:
    colorization = make_colorization()
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, "<summary>Details</summary>")
    assertContains(response, "<dt>Detail</dt><dd>20</dd>")
    assertNotContains(response, "Detail 20")


def test_the_newest_version_is_shown(client: Client) -> None:
    photo = make_photo()
    make_colorization(photo, variant="stable")
    newest = make_colorization(photo, variant="artistic")
    log_in_owner(client, photo)
    assert client.get(photo.get_absolute_url()).context["version"] == newest


def test_another_version_can_be_asked_for(client: Client) -> None:
    photo = make_photo()
    older = make_colorization(photo, variant="stable")
    make_colorization(photo, variant="artistic")
    log_in_owner(client, photo)
    response = client.get(f"/colorizations/{older.pk}/", follow=True)
    assert response.context["version"] == older


@pytest.mark.parametrize(
    "colorization", [str(uuid.uuid4()), "nonsense"], ids=["unknown", "nonsense"]
)
def test_a_version_that_does_not_exist(client: Client, colorization: str) -> None:
    photo = make_colorization().source.photo
    log_in_owner(client, photo)
    assert client.get(photo.get_absolute_url(), {"version": colorization}).status_code == 404


def test_a_version_of_another_photo_is_not_shown(client: Client) -> None:
    photo, other = make_photo(), make_colorization()
    log_in_owner(client, photo)
    assert client.get(photo.get_absolute_url(), {"version": str(other.pk)}).status_code == 404


def test_the_owner_can_download_in_full_resolution(client: Client) -> None:
    colorization = make_colorization()
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, f'href="/colorizations/{colorization.pk}/image/" download')
    assertContains(response, f'href="/photos/{colorization.source.photo.pk}/original/" download')


def test_visitors_can_report_but_not_download_or_change(client: Client) -> None:
    colorization = make_colorization(make_photo(make_album(public=True)))
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, f"/colorizations/{colorization.pk}/report/")
    for forbidden in ("/image/", "/original/", "/delete/"):
        assertNotContains(response, forbidden)
    # But for the language, in the footer.
    assertContains(response, "<form", count=1)


def test_staff_can_download(client: Client) -> None:
    colorization = make_colorization()
    client.force_login(make_staff())
    assertContains(
        client.get(colorization.source.photo.get_absolute_url()),
        f"/colorizations/{colorization.pk}/image/",
    )


def test_a_failed_job_shows_its_reason_and_a_retry(client: Client) -> None:
    colorization = make_colorization(state=State.FAILED)
    log_in_owner(client, colorization.source.photo)
    response = client.get(colorization.source.photo.get_absolute_url())
    assertContains(response, "The picture is damaged.")
    assertContains(response, "Try again")


def test_the_owner_reads_why_a_photo_is_hidden(client: Client) -> None:
    photo = make_photo()
    moderation.hide(photo, make_user(), "Somebody complained")
    log_in_owner(client, photo)
    assertContains(client.get(photo.get_absolute_url()), "Somebody complained")


@pytest.mark.parametrize("part", ["stage", "versions", "progress"])
def test_a_fragment_polls_while_the_job_is_open(client: Client, part: str) -> None:
    colorization = make_colorization(state=State.RUNNING)
    log_in_owner(client, colorization.source.photo)
    response = client.get(f"/photos/{colorization.source.photo.pk}/status/", {"part": part})
    assertContains(response, "hx-trigger")
    assertNotContains(response, "<html")


@pytest.mark.parametrize("part", ["stage", "versions"])
def test_a_fragment_stops_polling_when_the_job_is_done(client: Client, part: str) -> None:
    colorization = make_colorization()
    log_in_owner(client, colorization.source.photo)
    response = client.get(f"/photos/{colorization.source.photo.pk}/status/", {"part": part})
    assertContains(response, f"/colorizations/{colorization.pk}/")
    assertNotContains(response, "hx-trigger")


def test_a_running_job_shows_its_progress(client: Client) -> None:
    colorization = make_colorization(state=State.RUNNING)
    log_in_owner(client, colorization.source.photo)
    response = client.get(f"/photos/{colorization.source.photo.pk}/status/", {"part": "stage"})
    assertContains(response, '<progress max="100" value="40"')


def test_an_unknown_fragment(client: Client) -> None:
    photo = make_photo()
    log_in_owner(client, photo)
    response = client.get(f"/photos/{photo.pk}/status/", {"part": "everything"})
    assert response.status_code == 400


ADJUSTED = Adjustments(warmth=20, intensity=-10, levels="auto", gray=(Stroke(((1, 1),), 500),))


def test_the_facts_tell_in_words_how_it_was_adjusted(client: Client) -> None:
    version = make_colorization()
    log_in_owner(client, version.source.photo)
    page = version.source.photo.get_absolute_url()
    adjusting.save(version, ADJUSTED)
    assertNotContains(client.get(page), "Adjusted:")
    bring_to(Job.objects.get(kind="adjust_photo"), State.SUCCEEDED)
    assertContains(
        client.get(page), "Adjusted: warmer, less intense, print restored, part left gray"
    )
    adjusting.save(version, Adjustments(gray=(Stroke(((1, 1),), 500, erases=True),)))
    bring_to(Job.objects.get(kind="adjust_photo"), State.SUCCEEDED)
    assertNotContains(client.get(page), "Adjusted:")


def test_the_page_says_that_adjustments_are_being_made_until_they_are(client: Client) -> None:
    version = make_colorization()
    photo = version.source.photo
    adjusting.save(version, ADJUSTED)
    job = Job.objects.get(kind="adjust_photo")
    assertNotContains(client.get(photo.get_absolute_url()), "adjust", status_code=404)
    log_in_owner(client, photo)
    page = client.get(photo.get_absolute_url())
    assertContains(page, "Making your adjustments…")
    assertContains(page, "Download unadjusted")
    assertContains(page, "?part=adjusting&amp;version=")
    poll = {"part": "adjusting", "version": str(version.pk)}
    status = f"/photos/{photo.pk}/status/"
    assert client.get(status, poll).status_code == 204
    bring_to(job, State.SUCCEEDED)
    stage = client.get(status, poll, headers={"HX-Request": "true"})
    assert stage["HX-Retarget"] == "#stage"
    assertContains(stage, "Download (")
    assertNotContains(stage, "hx-trigger")
    assertContains(stage, f"/preview/?of={version.result_id}")


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_adjustments_that_were_not_made_are_told_to_the_owner(
    client: Client, state: Job.State
) -> None:
    version = make_colorization(make_photo(make_album(public=True)))
    page = version.source.photo.get_absolute_url()
    adjusting.save(version, ADJUSTED)
    bring_to(Job.objects.get(kind="adjust_photo"), state)
    words = "The photo and its download are as they were before."
    assertNotContains(client.get(page), words)
    log_in_owner(client, version.source.photo)
    shown = client.get(page)
    assertContains(shown, words)
    assertContains(shown, f"/colorizations/{version.pk}/adjust/")
    assertNotContains(shown, "hx-trigger")
    if state == State.FAILED:
        assertContains(shown, "The picture is damaged.")
