"""Correcting colors of films: the page at a moment, its frames and previews, what is kept, and what is refused."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from colorizer.engine.hints import MAX_MOMENTS, FilmHint
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery import films
from gallery.models import Photo
from gallery.services import publish, trash_photos
from jobs.models import Job
from tests.factories import (
    bring_to,
    damage,
    make_album,
    make_colorization,
    make_guided,
    make_photo,
    store_result,
)
from tests.film_files import film_bytes
from tests.gallery.test_page_hints import address, as_text, picture

pytestmark = pytest.mark.django_db

HINT = {"x": 20, "y": 30.5, "color": "#a03040", "radius": 4, "seconds": 0.75}
LATER = HINT | {"seconds": 1.5}
CHOICES = {"variant": "video", "render_factor": 20, "reference": "", "seconds": 0.75}


@pytest.fixture(scope="module")
def content() -> bytes:
    return film_bytes()


@pytest.fixture
def film(owner: User, content: bytes) -> Photo:
    return make_photo(make_album(owner), content, "boat.mp4")


def save(client: Client, film: Photo, **choices: Any) -> Any:
    hints = json.dumps(choices.pop("hints", [HINT]))
    return client.post(address(film), {**CHOICES, "hints": hints, **choices})


def ask(client: Client, film: Photo, part: str, **body: Any) -> Any:
    sent = {**CHOICES, "hints": [HINT], **body}
    return client.post(address(film, part), sent, content_type="application/json")


def test_a_film_leads_to_the_page_at_the_moment_of_its_player(client: Client, film: Photo) -> None:
    assertContains(client.get(film.get_absolute_url()), address(film))
    version = make_colorization(film, variant="video")
    page = client.get(film.get_absolute_url())
    assertContains(page, f'href="{address(film)}?version={version.pk}" data-at-moment')
    assertContains(page, 'data-last="2.0"')
    publish(film.album)
    assertNotContains(Client().get(film.get_absolute_url()), address(film))


def test_the_page_begins_at_the_moment_of_the_address(client: Client, film: Photo) -> None:
    page = client.get(address(film), {"seconds": "1.25"})
    assertContains(page, 'data-moment="1.25"')
    assertContains(page, "followed through its scene, for 30 seconds at most")
    assert page.context["form"]["variant"].value() == "video"
    offered = [value for value, _name in page.context["form"].fields["variant"].choices]
    assert offered == ["video", "artistic", "stable"]
    assertContains(client.get(address(film)), 'data-moment="0.0"')


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ("2.5", "The film lasts 2.0 seconds: there is no frame at 2.5."),
        ("-1", "0 or more"),
        ("nan", "0 or more"),
        ("soon", "The moment has to be a number of seconds."),
    ],
)
def test_a_moment_outside_of_the_film_is_refused(
    client: Client, film: Photo, seconds: str, words: str
) -> None:
    assertContains(client.get(address(film), {"seconds": seconds}), words, status_code=400)
    told = client.get(address(film, "frame"), {"seconds": seconds})
    assert (told.status_code, words in told.json()["detail"]) == (400, True)


def test_saving_queues_a_film_that_keeps_hints_at_several_moments(
    client: Client, film: Photo
) -> None:
    saved = save(client, film, hints=[LATER, HINT])
    version = Colorization.objects.get()
    assert saved["Location"] == f"{film.get_absolute_url()}?version={version.pk}"
    assert (version.variant, version.job.kind) == ("video", "colorize_film")
    assert [hint.seconds for hint in guide_of(version).hints if isinstance(hint, FilmHint)] == [
        1.5,
        0.75,
    ]
    again = client.get(address(film), {"version": str(version.pk)})
    assert json.loads(again.context["form"]["hints"].value()) == [LATER, HINT]
    assertContains(again, 'data-moment="0.75"')  # the first that has hints
    assert save(client, film, hints=[LATER, HINT])["Location"] == saved["Location"]
    assert Colorization.objects.count() == 1


def test_a_version_with_a_reference_for_one_scene_is_taken_up_again(
    client: Client, film: Photo
) -> None:
    version = make_guided(make_colorization(film, variant="video"), [], b"PNG", 1.5)
    page = client.get(address(film), {"version": str(version.pk)})
    assert page.context["form"]["reference_seconds"].value() == 1.5
    assertContains(client.get(film.get_absolute_url()), "photo for the scene at 0:01")


BAD_CHOICES = [
    pytest.param({"hints": [HINT | {"seconds": 2.5}]}, "no frame at 2.5", id="hint too late"),
    pytest.param({"hints": [{**HINT, "x": 65}]}, "outside of the picture", id="outside"),
    pytest.param(
        {"hints": [HINT | {"seconds": n / 20} for n in range(MAX_MOMENTS + 1)]},
        "21 moments",
        id="too many moments",
    ),
    pytest.param({"hints": [{"x": 1, "y": 1}]}, "seconds, and nothing else", id="no hint"),
    pytest.param({"seconds": 2.5}, "no frame at 2.5", id="moment too late"),
    pytest.param({"seconds": ""}, "Moment: ", id="no moment"),
    pytest.param({"reference_seconds": 1}, "no reference photo", id="no reference"),
    pytest.param(
        {"reference": as_text(picture()), "reference_seconds": 9}, "no frame at 9", id="scene"
    ),
]


@pytest.mark.parametrize(("choices", "words"), BAD_CHOICES)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(
    client: Client, film: Photo, choices: dict[str, Any], words: str
) -> None:
    refused = save(client, film, **choices)
    assertContains(refused, words, status_code=400)
    assertContains(refused, "data-unsaved", status_code=400)
    for part, place in (("preview", {}), ("colors", {"x": 1, "y": 1})):
        told = ask(client, film, part, **place, **choices)
        assert (told.status_code, words in told.json()["detail"]) == (400, True)
    assert not Colorization.objects.exists()


def test_photos_have_no_frames(client: Client, film: Photo) -> None:
    told = client.get(address(make_photo(film.album), "frame"), {"seconds": 0})
    assert (told.status_code, told.json()["detail"]) == (400, "Only films have moments.")


def test_frames_of_others_and_of_deleted_films_are_not_there(
    client: Client, film: Photo, content: bytes
) -> None:
    other = make_photo(content=content, name="boat.mp4")
    publish(other.album)
    trash_photos([film])
    for refused in (film, other):
        told = client.get(address(refused, "frame"), {"seconds": 0})
        assert told.status_code == 404
        assert told.json()["detail"]


def test_frames_have_the_rate_of_previews(client: Client, film: Photo, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "preview": "1/m/user"}
    ask(client, film, "preview", variant="none")
    told = client.get(address(film, "frame"), {"seconds": 0})
    assert (told.status_code, told["Retry-After"]) == (429, "60")


def test_the_frame_of_a_moment_is_shown_gray(client: Client, film: Photo) -> None:
    first, last = (client.get(address(film, "frame"), {"seconds": at}) for at in (0, 2))
    assert (first.status_code, first["Content-Type"]) == (200, "image/jpeg")
    assert first["Cache-Control"] == "private, no-store"
    with Image.open(BytesIO(first.content)) as shown:
        assert (shown.mode, shown.size) == ("L", (film.width, film.height))
    assert first.content != last.content


def test_a_film_that_cannot_be_read_anymore_says_so(client: Client, film: Photo) -> None:
    damage(film.original)
    told = client.get(address(film, "frame"), {"seconds": 0})
    assert told.status_code == 400
    assert "the film is damaged there" in told.json()["detail"]


@pytest.mark.slow
def test_previews_and_colors_are_of_the_frame(client: Client, film: Photo) -> None:
    made = ask(client, film, "preview")
    assert (made.status_code, made["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(made.content)) as shown:
        assert shown.size == (film.width, film.height)
    assert ask(client, film, "colors", x=20, y=30).json()["colors"]


def test_while_a_film_is_being_colored_its_page_does_not_lead_there(
    client: Client, film: Photo
) -> None:
    version = make_colorization(film, Job.State.QUEUED, variant="video")
    page = client.get(film.get_absolute_url())
    assertNotContains(page, address(film))
    assertContains(client.get(address(film), {"version": str(version.pk)}), "Correct colors")
    assertContains(client.get(address(film)), reverse("gallery:photo-hints-frame", args=[film.pk]))


def test_what_was_tried_with_hints_is_colored_as_a_whole_with_them(
    client: Client, film: Photo
) -> None:
    trial = make_guided(films.try_film(film, 0.0, 20)[0], [FilmHint(20, 30, (160, 48, 64), 4, 0.5)])
    bring_to(trial.job, Job.State.SUCCEEDED, lambda: store_result(trial))
    page = client.get(film.get_absolute_url())
    assertContains(page, f'name="again" value="{trial.pk}"', count=1)
    choices = {"variant": trial.variant, "render_factor": 20, "again": str(trial.pk)}
    client.post(reverse("gallery:photo-colorize", args=[film.pk]), choices)
    whole = Colorization.objects.get(source=film.original, seconds=None)
    assert guide_of(whole) == guide_of(trial)
