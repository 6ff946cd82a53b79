"""Adjusting colors by the pages, without a script: one version, or all that are selected."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from colorizer import adjusting
from colorizer.adjusting import adjustments_of, seen_in
from colorizer.engine.adjustments import Adjustments, Levels
from colorizer.models import Colorization
from colorizer.services import trash
from gallery.moments import database_time
from tests.factories import make_colorization, make_photo, photo_of

pytestmark = pytest.mark.django_db

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
    now = seen_in(Colorization.objects.get(pk=version.pk))
    full = send(client, version, warmth=12, seen=now)
    assert (full.status_code, "Retry-After" in full) == (429, True)
    assert saved(version) == Adjustments(warmth=9)
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
