"""Adjusting colors by the pages, without a script: one version, or all that are selected."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from colorizer import adjusting
from colorizer.adjusting import adjustments_of, seen_in
from colorizer.engine.adjustments import Adjustments, Levels, Stroke
from colorizer.models import Colorization
from colorizer.services import trash
from gallery.moments import database_time
from jobs.models import Job
from tests.factories import bring_to, make_colorization, make_photo, photo_of
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db

State = Job.State
SLIDERS = {"intensity": 0, "saturation": 0, "warmth": 0, "tint": 0}


@pytest.fixture
def version(client: Client) -> Colorization:
    made = make_colorization()
    client.force_login(made.owner)
    return made


def send(client: Client, version: Colorization, **choices: Any) -> Any:
    return client.post(reverse("gallery:colorization-adjust", args=[version.pk]), SLIDERS | choices)


def saved(version: Colorization) -> Adjustments:
    return adjustments_of(Colorization.objects.get(pk=version.pk))


def test_sliders_are_saved_and_shown_again(client: Client, version: Colorization) -> None:
    page = send(client, version, warmth=30, restores="on")
    assert saved(version) == Adjustments(warmth=30, levels="auto")
    shown = client.get(page["Location"])
    assert b"Saved. Making the full-size file." in shown.content
    assert shown.context["form"]["warmth"].value() == 30
    levels = {"black": 10, "white": 240, "gamma": 110}
    send(client, version, restores="on", seen=shown.context["seen"], **levels)
    assert saved(version).levels == Levels(10, 240, 110)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"warmth": 101}, "less than or equal to 100"),
        ({"warmth": "hot"}, "Enter a whole number"),
        ({"gray": "[{]"}, "“gray” has to be a list."),
        ({"gray": '[{"points": [[1, 1]], "radius": 1}]'}, "20 to 5000"),
        ({"restores": "on", "black": 240, "white": 250, "gamma": 100}, "at least 32 above black"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(
    client: Client, version: Colorization, choices: dict[str, Any], words: str
) -> None:
    refused = send(client, version, **{"tint": 7, **choices})
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert refused.context["form"]["tint"].value() == "7"
    assert saved(version) == Adjustments()


def test_another_tab_a_full_queue_and_a_deleted_version_have_their_words(
    client: Client, version: Colorization, settings: Settings
) -> None:
    adjusting.save(version, Adjustments(tint=3))
    conflict = send(client, version, warmth=9)
    assert conflict.status_code == 409
    assert "in another tab or on another device" in conflict.content.decode()
    assert saved(version) == Adjustments(tint=3)
    again = send(client, version, warmth=9, seen=conflict.context["seen"])
    assert again.status_code == 302
    settings.MAX_OPEN_JOBS = 1
    # Its own job makes room for the next one; that of another photo does not.
    adjusting.save(version, Adjustments())
    make_colorization(make_photo(photo_of(version).album), State.QUEUED)
    now = seen_in(Colorization.objects.get(pk=version.pk))
    full = send(client, version, warmth=12, seen=now)
    assert (full.status_code, "Retry-After" in full) == (429, True)
    assert saved(version) == Adjustments()
    trash(Colorization.objects.filter(pk=version.pk), database_time())
    assert send(client, version, warmth=8).status_code == 404


def test_the_same_for_all_that_are_selected(client: Client, version: Colorization) -> None:
    photo = photo_of(version)
    gray = make_photo(photo.album)
    address = reverse("gallery:selection-adjust")
    keys = {"photos": [photo.pk, gray.pk]}
    adjusting.save(version, Adjustments(warmth=40))
    asked = client.post(address, keys)
    assert asked.context["form"]["warmth"].value() == 40
    chosen = SLIDERS | {"saturation": -20, "restores": "on", "confirmed": "yes"}
    done = client.post(address, keys | chosen, follow=True)
    assert "Adjusted: 1 photo." in done.content.decode()
    assert "1 photo is not in color yet." in done.content.decode()
    assert saved(version) == Adjustments(saturation=-20, levels="auto")


def test_films_among_those_that_are_selected_stay_as_they_are(
    client: Client, version: Colorization
) -> None:
    film = make_photo(photo_of(version).album, film_bytes(), "boat.mp4")
    address = reverse("gallery:selection-adjust")
    both = {"photos": [photo_of(version).pk, film.pk]}
    assert "1 film is among them and stays as it is" in client.post(address, both).content.decode()
    chosen = SLIDERS | {"tint": 5, "confirmed": "yes"}
    done = client.post(address, both | chosen, follow=True).content.decode()
    assert "Adjusted: 1 photo." in done
    assert "1 film was left as it is" in done
    alone = client.post(address, {"photos": [film.pk]} | chosen, follow=True).content.decode()
    assert "1 film was left as it is" in alone
    assert "Adjusted: 0" not in alone


def test_each_keeps_what_was_left_gray_in_it_and_others_jobs_go_first(
    client: Client, version: Colorization
) -> None:
    gray = (Stroke(((1000, 5000),), 500),)
    adjusting.save(version, Adjustments(warmth=40, gray=gray))
    keys = {"photos": [photo_of(version).pk]}
    address = reverse("gallery:selection-adjust")
    assert "What you left gray" in client.post(address, keys).content.decode()
    client.post(address, keys | SLIDERS | {"tint": 5, "confirmed": "yes"})
    assert saved(version) == Adjustments(tint=5, gray=gray)
    assert not Job.objects.get(kind="adjust_photo").goes_first


def test_what_another_tab_saves_is_not_taken_for_what_this_one_saved(
    client: Client, version: Colorization
) -> None:
    send(client, version, warmth=9)
    seen = seen_in(Colorization.objects.get(pk=version.pk))
    state = reverse("gallery:colorization-adjust", args=[version.pk])
    query = {"part": "state", "seen": seen}
    own = client.get(state, query).content.decode()
    assert f"seen={seen}" in own
    adjusting.save(version, Adjustments(tint=3), seen)
    for now in (State.QUEUED, State.SUCCEEDED):
        if now == State.SUCCEEDED:
            bring_to(Job.objects.get(kind="adjust_photo"), now)
        polled = client.get(state, query)
        assert polled.context["seen"] == seen
        assert "in another tab or on another device" in polled.content.decode()
        assert "Saved" not in polled.content.decode()
        assert "hx-get" not in polled.content.decode()
    assert send(client, version, warmth=9, seen=seen).status_code == 409


def test_films_are_not_adjusted(client: Client) -> None:
    film = make_photo(content=film_bytes(), name="boat.mp4")
    client.force_login(film.album.owner)
    version = make_colorization(film, variant="video")
    words = "only photos can be adjusted"
    page = client.get(reverse("gallery:colorization-adjust", args=[version.pk]))
    for refused in (page, send(client, version, warmth=9)):
        assert refused.status_code == 400
        assert words in refused.content.decode()
    download = reverse("gallery:colorization-downloads", args=[version.pk])
    refused = client.post(download, {"form": "png", "side": "0"})
    assert refused.status_code == 400
    assert words in refused.content.decode()
    chosen = SLIDERS | {"photos": [film.pk], "warmth": 9, "confirmed": "yes"}
    client.post(reverse("gallery:selection-adjust"), chosen)
    assert not Job.objects.exclude(kind="colorize_film").exists()
