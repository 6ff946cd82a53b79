"""Which version stands for a photo: chosen from previews, kept, rated; and what happens when it is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from colorizer import packs
from colorizer.models import Colorization, PicturePack
from colorizer.services import keep_if_wanted
from filestore.models import StoredFile
from gallery import films, services
from gallery.archive_contents import entries_of
from gallery.archives import bytes_of, request_selection
from gallery.models import Archive, Photo
from jobs.models import Job
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_pack,
    make_photo,
    photo_of,
    store_result,
)
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def photo(client: Client) -> Photo:
    photo = make_photo()
    client.force_login(photo.album.owner)
    return photo


def judge(client: Client, version: Colorization, **opinion: object) -> Any:
    photo = photo_of(version)
    return client.post(f"/photos/{photo.pk}/judge/", {"version": str(version.pk), **opinion})


def test_the_kept_version_is_what_is_shown_and_taken_home(client: Client, photo: Photo) -> None:
    older = make_colorization(photo, variant="stable")
    newer = make_colorization(photo, variant="artistic")
    judge(client, older, is_kept="true")
    for page in (photo.get_absolute_url(), photo.album.get_absolute_url(), "/"):
        assertContains(client.get(page), f"/colorizations/{older.pk}/thumbnail/")
    assert client.get(photo.get_absolute_url()).context["version"] == older
    assertNotContains(client.get(photo.album.get_absolute_url()), f"/colorizations/{newer.pk}/")
    archive = request_selection([photo])
    results = [entry for entry in entries_of(archive) if entry.record == older.pk]
    assert len(list(entries_of(archive))) == 2
    sizes = bytes_of(Photo.objects.filter(pk=photo.pk))
    assert sizes[Archive.Holds.RESULTS] == results[0].bytes

    judge(client, older, is_kept="false")
    assert client.get(photo.get_absolute_url()).context["version"] == newer


def test_a_failed_version_is_no_card_when_another_succeeded(client: Client, photo: Photo) -> None:
    good = make_colorization(photo, variant="stable")
    failed = make_colorization(photo, State.FAILED, variant="artistic")
    assert client.get(photo.get_absolute_url()).context["version"] == good
    assertNotContains(client.get(photo.album.get_absolute_url()), "photo-card__reason")
    page = client.get(photo.get_absolute_url(), {"version": str(failed.pk)})
    assertContains(page, "The picture is damaged.")


def test_a_rating_is_given_and_taken_back(client: Client, photo: Photo) -> None:
    version = make_colorization(photo)
    judge(client, version, rating=4)
    version.refresh_from_db()
    assert version.rating == 4
    page = client.get(photo.get_absolute_url())
    assertContains(page, "Stable, medium color")
    assertContains(page, 'class="version__rating"')
    judge(client, version, rating="")
    version.refresh_from_db()
    assert version.rating is None
    response = client.post(f"/photos/{photo.pk}/judge/", {"version": str(version.pk), "rating": 6})
    assert response.status_code == 400


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_neither_yes_nor_no_is_refused_and_keeps_nothing(
    client: Client, photo: Photo, answer: str
) -> None:
    version = make_colorization(photo)
    page = judge(client, version, is_kept=answer, rating="4")
    assertContains(page, "The request cannot be read.", status_code=400)
    version.refresh_from_db()
    assert (version.is_kept, version.rating) == (False, None)


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED, State.CANCELLED])
def test_what_has_no_result_is_not_kept(client: Client, photo: Photo, state: Job.State) -> None:
    kept = make_colorization(photo)
    judge(client, kept, is_kept="true")
    version = make_colorization(photo, state, variant="artistic")
    page = judge(client, version, is_kept="true")
    assertContains(page, "The request cannot be read.", status_code=400)
    kept.refresh_from_db()
    assert kept.is_kept


def test_a_judgment_renews_all_that_shows_it(client: Client, photo: Photo) -> None:
    older = make_colorization(photo, variant="stable")
    newer = make_colorization(photo, variant="artistic")
    response = client.post(
        f"/photos/{photo.pk}/judge/?against={newer.pk}",
        {"version": str(older.pk), "is_kept": "true"},
        headers={"HX-Request": "true"},
    )
    assertContains(response, 'id="version-list" hx-swap-oob="true"')
    assertContains(response, 'id="photo-state" hx-swap-oob="true"')
    assertContains(response, f'id="version-{older.pk}"')
    assertContains(response, "Shown in album")
    assert response.context["version"] == older
    assert response.context["against"] == newer
    assertNotContains(client.get(photo.get_absolute_url()), "hx-swap-oob")


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED, State.RUNNING])
@pytest.mark.parametrize("is_film", [False, True], ids=["photo", "film"])
def test_a_version_that_ended_can_be_deleted(client: Client, state: State, is_film: bool) -> None:
    photo = make_photo(content=film_bytes()) if is_film else make_photo()
    client.force_login(photo.album.owner)
    version = make_colorization(photo, state)
    page = client.get(photo.get_absolute_url())
    address = f"/colorizations/{version.pk}/delete/"
    assertContains(page, address, count=0 if state == State.RUNNING else 1)
    assertNotContains(page, "Keep this one")
    client.post(address)
    assertNotContains(client.get(photo.get_absolute_url()), f"version-{version.pk}")


def test_a_film_in_color_is_kept_rated_and_deleted_and_a_trial_is_not(client: Client) -> None:
    photo = make_photo(content=film_bytes())
    client.force_login(photo.album.owner)
    version = make_colorization(photo, variant="video")
    page = client.get(photo.get_absolute_url())
    for part in ("Keep this one", "5 stars", f"/colorizations/{version.pk}/delete/"):
        assertContains(page, part)
    judge(client, version, is_kept="true")
    version.refresh_from_db()
    assert version.is_kept
    trial = films.try_film(photo, 0.0, 8)[0]
    bring_to(trial.job, State.SUCCEEDED, lambda: store_result(trial))
    page = client.get(photo.get_absolute_url(), {"version": str(trial.pk)})
    assert page.context["version"] == trial
    assertNotContains(page, "Keep this one")
    refused = judge(client, trial, is_kept="true")
    assertContains(refused, "Color the whole film, then keep that version.", status_code=400)
    version.refresh_from_db()
    assert version.is_kept


def test_a_preview_that_is_kept_becomes_a_version(client: Client, photo: Photo) -> None:
    make_colorization(photo, variant="artistic")
    choice = {"variant": "stable", "render_factor": 28, "keep": "yes"}
    client.post(f"/photos/{photo.pk}/colorize/", choice)
    made = Colorization.objects.get(render_factor=28)
    assert (made.is_kept, made.is_kept_when_done) == (False, True)

    def record() -> None:
        store_result(made)
        keep_if_wanted(made)

    bring_to(made.job, State.SUCCEEDED, record)
    made.refresh_from_db()
    assert made.is_kept


def test_what_is_kept_later_wins_over_what_is_being_made(client: Client, photo: Photo) -> None:
    ready = make_colorization(photo, variant="artistic")
    client.post(
        f"/photos/{photo.pk}/colorize/", {"variant": "stable", "render_factor": 12, "keep": "yes"}
    )
    judge(client, ready, is_kept="true")
    assert not Colorization.objects.filter(is_kept_when_done=True).exists()


def test_an_untried_style_is_preselected_and_video_is_not_for_photos(
    client: Client, photo: Photo
) -> None:
    for variant, offered in ((None, "artistic"), ("artistic", "stable")):
        if variant:
            make_colorization(photo, variant=variant)
        page = client.get(photo.get_absolute_url())
        assert page.context["form"]["variant"].value() == offered
        assertNotContains(page, 'value="video"')


def test_a_version_that_was_deleted_meanwhile(client: Client, photo: Photo) -> None:
    version, other = make_colorization(photo), make_colorization(photo, variant="artistic")
    services.trash_colorization(version)
    page = client.get(photo.get_absolute_url(), {"version": str(version.pk)})
    assert page.status_code == 404
    assertContains(page, "This version was deleted.", status_code=404)
    assert page.context["version"] == other
    response = client.post(
        f"/photos/{photo.pk}/judge/", {"version": str(version.pk), "is_kept": "true"}, follow=True
    )
    assertContains(response, "This version was deleted.")
    status = client.get(
        f"/photos/{photo.pk}/status/", {"part": "progress", "version": str(version.pk)}
    )
    assert status.status_code == 404


def test_two_versions_are_compared(client: Client, photo: Photo) -> None:
    one, other = make_colorization(photo, variant="artistic"), make_colorization(photo)
    page = client.get(photo.get_absolute_url(), {"version": str(one.pk), "against": str(other.pk)})
    assertContains(page, "Artistic, medium color")
    assertContains(page, f'src="/colorizations/{other.pk}/preview/"')
    assertNotContains(page, f'src="/photos/{photo.pk}/display/"')


def test_the_way_of_comparing_is_remembered(client: Client, photo: Photo) -> None:
    make_colorization(photo)
    for cookie, mode in (("side", "side"), ("upside-down", "slider")):
        client.cookies["viewer_mode"] = cookie
        assertContains(client.get(photo.get_absolute_url()), f'data-mode="{mode}"')


def test_neighbors_are_those_of_the_album(client: Client) -> None:
    album = make_album()
    first, second, third = (make_photo(album, name=f"{name}.jpg") for name in "abc")
    client.force_login(album.owner)
    page = client.get(second.get_absolute_url())
    assertContains(page, "2 of 3")
    assertContains(page, f'rel="prev" href="/photos/{third.pk}/"')
    assertContains(page, f'rel="next" href="/photos/{first.pk}/"')
    assertContains(page, f'rel="prefetch" as="image" href="/photos/{first.pk}/display/"')
    services.trash_photos([first])
    assertNotContains(client.get(second.get_absolute_url()), 'rel="next"')


def test_previews_are_made_once_and_deleted_with_the_photo(client: Client, photo: Photo) -> None:
    address = f"/photos/{photo.pk}/styles/"
    assertContains(client.get(address, headers={"HX-Request": "true"}), "Compare styles")
    for _ in range(2):
        assertContains(client.post(address, headers={"HX-Request": "true"}), "Making previews")
    pack = PicturePack.objects.get()
    packs.delete(PicturePack.objects.all())
    assert not Job.objects.filter(pk=pack.job_id).exists()
    make_pack(photo.original, "styles", [style.name for style in packs.STYLES])
    grid = client.get(address, headers={"HX-Request": "true"})
    assertContains(grid, "Keep this one", count=6)
    assert client.get(f"{address}preview/", {"name": "stable-20"})["Content-Type"] == "image/webp"
    assert client.get(f"{address}preview/", {"name": "stable-21"}).status_code == 404
    services.delete_photos([photo])
    assert not PicturePack.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Job.objects.exists()


def test_tiles_are_asked_for_and_expire(client: Client, photo: Photo) -> None:
    assert client.get(f"/photos/{photo.pk}/tiles/").json() == {"state": "queued"}
    packs.delete(PicturePack.objects.all())
    pack = make_pack(photo.original, "tiles", ["6/0_0", "7/0_0"])
    response = client.get(f"/photos/{photo.pk}/tiles/").json()
    assert response == {"state": "succeeded", "side": 512, "overlap": 1, "highest": 7}
    tile = client.get(f"/photos/{photo.pk}/tiles/tile/", {"name": "7/0_0"})
    again = client.get(
        f"/photos/{photo.pk}/tiles/tile/",
        {"name": "7/0_0"},
        headers={"If-None-Match": tile["ETag"]},
    )
    assert (tile.status_code, again.status_code) == (200, 304)
    PicturePack.objects.filter(pk=pack.pk).update(expires_at=pack.created_at)
    packs.delete_expired()
    assert not PicturePack.objects.exists()
    assert not StoredFile.objects.filter(purpose="pack").exists()
