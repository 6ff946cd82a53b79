"""Correcting colors by hints and a reference photo: the page, what it asks for, and what it refuses."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from colorizer.engine.hints import MAX_HINTS, Hint
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery.models import Photo
from gallery.services import publish, trash_photos
from gallery.versions import guided_in_words
from jobs.models import Job
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_guided,
    make_photo,
    store_result,
)

pytestmark = pytest.mark.django_db

State = Job.State
HINT = {"x": 20, "y": 30.5, "color": "#a03040", "radius": 4}
CHOICES = {"variant": "artistic", "render_factor": 20, "reference": ""}


@pytest.fixture
def photo(owner: User) -> Photo:
    return make_photo(make_album(owner))


def picture(color: str = "orange", side: int = 48) -> bytes:
    """Half of it white, since a single color is no palette."""
    content = BytesIO()
    made = Image.new("RGB", (side, side), "white")
    made.paste(color, (0, 0, side, side // 2))
    made.save(content, "PNG")
    return content.getvalue()


def as_text(png: bytes) -> str:
    return base64.b64encode(png).decode()


def address(photo: Photo, part: str = "") -> str:
    return reverse(f"gallery:photo-hints{part and f'-{part}'}", args=[photo.pk])


def save(client: Client, photo: Photo, **choices: Any) -> Any:
    hints = choices.pop("hints", [HINT])
    text = hints if isinstance(hints, str) else json.dumps(hints)
    return client.post(address(photo), {**CHOICES, "hints": text, **choices})


def ask(client: Client, photo: Photo, part: str, **body: Any) -> Any:
    content = {**CHOICES, "hints": [HINT], **body}
    return client.post(address(photo, part), content, content_type="application/json")


def test_the_page_takes_up_the_version_that_is_shown(client: Client, photo: Photo) -> None:
    plain = client.get(address(photo))
    assert plain.context["form"]["variant"].value() == "stable"
    assertNotContains(plain, 'data-part="made"')
    version = make_colorization(photo, variant="artistic", render_factor=25)
    page = client.get(address(photo))
    assert page.context["form"]["variant"].value() == "artistic"
    assert page.context["form"]["render_factor"].value() == 25
    assertContains(page, reverse("gallery:colorization-unadjusted", args=[version.pk]))
    other = make_colorization(photo, variant="stable")
    page = client.get(address(photo), {"version": str(version.pk)})
    assert page.context["version"] == version != other


def test_without_scripts_the_page_says_that_it_needs_them(client: Client, photo: Photo) -> None:
    assertContains(client.get(address(photo)), "<noscript>")
    assertContains(client.get(address(photo)), "This page needs scripts")


@pytest.mark.parametrize("asked", ["x", "6c9b0a9f-06d6-4279-a422-ee2ee421e11f"])
def test_a_version_that_is_gone_is_404(client: Client, photo: Photo, asked: str) -> None:
    assert client.get(address(photo), {"version": asked}).status_code == 404


def test_saving_queues_a_version_that_keeps_the_hints(client: Client, photo: Photo) -> None:
    saved = save(client, photo)
    version = Colorization.objects.get()
    assert saved.status_code == 302
    assert saved["Location"] == f"{photo.get_absolute_url()}?version={version.pk}"
    assert (version.variant, version.job.state) == ("artistic", State.QUEUED)
    [hint] = guide_of(version).hints
    assert (hint.x, hint.y, hint.radius, tuple(hint.color)) == (20, 30.5, 4, (160, 48, 64))
    again = client.get(address(photo), {"version": str(version.pk)})
    assert json.loads(again.context["form"]["hints"].value()) == [HINT]
    # The script is sent to the same place.
    by_script = client.post(
        address(photo), {**CHOICES, "hints": json.dumps([HINT])}, headers={"HX-Request": "true"}
    )
    assert by_script["HX-Redirect"] == saved["Location"]
    assert Colorization.objects.get() == version


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_one_that_is_tried_again_keeps_its_hints(
    client: Client, photo: Photo, state: Job.State
) -> None:
    save(client, photo)
    version = Colorization.objects.get()
    bring_to(version.job, state)
    for page in (photo.get_absolute_url(), photo.album.get_absolute_url()):
        assertContains(client.get(page), f'name="again" value="{version.pk}"')
    place = reverse("gallery:photo-colorize", args=[photo.pk])
    choices = {"variant": version.variant, "render_factor": version.render_factor}
    assert client.post(place, {**choices, "again": "gone"}).status_code == 404
    client.post(place, {**choices, "again": str(version.pk)})
    again = Colorization.objects.exclude(pk=version.pk).get()
    assert guide_of(again) == guide_of(version)


def test_what_made_a_version_names_its_hints(client: Client, photo: Photo) -> None:
    save(client, photo, hints=[HINT, HINT | {"x": 5}])
    version = Colorization.objects.get()
    bring_to(version.job, State.SUCCEEDED, lambda: store_result(version))
    page = client.get(photo.get_absolute_url())
    assertContains(page, "Artistic, medium color, 2 hints")
    assertContains(page, "<dt>Corrected by</dt><dd>2 hints</dd>")
    assertContains(page, f"{address(photo)}?version={version.pk}")
    make_colorization(photo)
    assertContains(client.get(photo.get_absolute_url()), "<span>Corrected</span>")


def test_photos_link_to_the_page(client: Client, photo: Photo) -> None:
    assertContains(client.get(photo.get_absolute_url()), address(photo))
    publish(photo.album)
    make_colorization(photo)
    assertNotContains(Client().get(photo.get_absolute_url()), address(photo))


BAD_CHOICES = [
    pytest.param({"hints": [HINT | {"x": 65}]}, "outside of the picture", id="outside"),
    pytest.param({"hints": [HINT] * (MAX_HINTS + 1)}, "501 hints", id="too many"),
    pytest.param({"hints": [HINT | {"color": "red"}]}, "color", id="no color"),
    pytest.param({"hints": {"x": 1}}, "list", id="no list"),
    pytest.param({"variant": "video"}, "The style has to be one of", id="variant"),
    pytest.param({"render_factor": 99}, "less than or equal to", id="render factor"),
    pytest.param({"reference": "%%%"}, "not sent as it was received", id="no base64"),
]


@pytest.mark.parametrize(("choices", "words"), BAD_CHOICES)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(
    client: Client, photo: Photo, choices: dict[str, Any], words: str
) -> None:
    sent = {"hints": [HINT], **choices}
    refused = save(client, photo, **sent)
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert refused.context["form"]["hints"].value() == json.dumps(sent["hints"])
    assertContains(refused, "data-unsaved", status_code=400)
    for part, place in (("preview", {}), ("colors", {"x": 1, "y": 1})):
        told = ask(client, photo, part, **place, **choices)
        assert told.status_code == 400
        assert words in told.json()["detail"]
    assert not Colorization.objects.exists()


@pytest.mark.parametrize("hints", ["[{]", "[" * 5000, "1" * 5000, "[NaN]", "null"])
def test_hints_that_are_no_json_are_refused(client: Client, photo: Photo, hints: str) -> None:
    assert save(client, photo, hints=hints).status_code == 400
    body = f'{{"variant": "stable", "render_factor": 20, "hints": {hints}}}'
    told = client.post(address(photo, "preview"), body, content_type="application/json")
    assert told.status_code == 400
    assert told.json()["detail"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"hints": []}'])
def test_bodies_that_are_no_choices_are_refused(client: Client, photo: Photo, body: str) -> None:
    for part in ("preview", "colors"):
        told = client.post(address(photo, part), body, content_type="application/json")
        assert told.status_code == 400
        assert told.json()["detail"]


@pytest.mark.parametrize("place", [{}, {"x": 1}, {"x": 65, "y": 1}, {"x": "left", "y": 1}])
def test_colors_of_no_place_are_refused(
    client: Client, photo: Photo, place: dict[str, Any]
) -> None:
    told = ask(client, photo, "colors", **place)
    assert told.status_code == 400
    assert "Place" in told.json()["detail"]


def test_a_full_queue_has_its_words(client: Client, photo: Photo, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    make_colorization(make_photo(photo.album), State.QUEUED)
    full = save(client, photo)
    assert (full.status_code, "Retry-After" in full) == (429, True)
    assert json.loads(full.context["form"]["hints"].value()) == [HINT]


def test_too_many_previews_are_told_as_json(
    client: Client, photo: Photo, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "preview": "1/m/user"}
    ask(client, photo, "preview", variant="none")
    told = ask(client, photo, "preview", variant="none")
    assert (told.status_code, told["Retry-After"]) == (429, "60")
    assert "Too many requests" in told.json()["detail"]


def test_photos_of_others_and_deleted_ones(client: Client, photo: Photo) -> None:
    other = make_photo()
    publish(other.album)
    gone = make_photo(photo.album)
    trash_photos([gone])
    for refused in (other, gone):
        assert client.get(address(refused)).status_code == 404
        assert save(client, refused).status_code == 404
        for part in ("preview", "colors", "reference"):
            told = ask(client, refused, part, x=1, y=1)
            assert told.status_code == 404
            assert told.json()["detail"]


def test_photos_in_color_are_offered_to_take_colors_from(client: Client, photo: Photo) -> None:
    assertContains(client.get(address(photo), {"part": "references"}), "None of your other photos")
    make_colorization(photo)
    make_colorization(make_photo())
    make_photo(photo.album)
    colored = make_colorization(make_photo(photo.album))
    make_colorization(make_photo(photo.album), State.FAILED)
    offered = client.get(address(photo), {"part": "references"})
    assert [each.pk for each in offered.context["photos"]] == [colored.source.photo.pk]
    assertContains(offered, reverse("gallery:colorization-preview", args=[colored.pk]))


@pytest.mark.parametrize("key", ["", "x", "6c9b0a9f-06d6-4279-a422-ee2ee421e11f"])
def test_a_reference_that_is_none(client: Client, photo: Photo, key: str) -> None:
    told = client.post(address(photo, "reference"), {"photo": key})
    assert told.status_code == (404 if key else 400)
    assert told.json()["detail"]


def test_photos_of_others_are_no_reference(client: Client, photo: Photo) -> None:
    other = make_photo()
    publish(other.album)
    make_colorization(other)
    told = client.post(address(photo, "reference"), {"photo": other.pk})
    assert told.status_code == 404


def test_a_file_that_is_too_large_is_no_reference(
    client: Client, photo: Photo, settings: Settings
) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    file = SimpleUploadedFile("red.png", picture())
    told = client.post(address(photo, "reference"), {"file": file})
    assert told.status_code == 413
    assert "larger than" in told.json()["detail"]


@pytest.mark.slow
class TestPreviews:
    """With the process that makes them."""

    def test_a_preview_is_a_picture_in_these_colors(self, client: Client, photo: Photo) -> None:
        red = ask(client, photo, "preview", hints=[HINT | {"color": "#c01010", "radius": 30}])
        assert (red.status_code, red["Content-Type"]) == (200, "image/jpeg")
        assert red["Cache-Control"] == "private, no-store"
        shown = Image.open(BytesIO(red.content))
        assert shown.size == (photo.width, photo.height)
        r, g, b = shown.convert("RGB").getpixel((20, 30))  # type: ignore[misc]
        assert r > max(g, b) + 20

    def test_colors_of_a_place(self, client: Client, photo: Photo) -> None:
        colors = ask(client, photo, "colors", hints=[], x=20, y=30).json()["colors"]
        assert 1 <= len(colors) <= 8
        assert all(len(color) == 7 and color.startswith("#") for color in colors)

    def test_a_file_or_a_photo_of_theirs_becomes_a_reference(
        self, client: Client, photo: Photo
    ) -> None:
        file = SimpleUploadedFile("red.png", picture("red"))
        told = client.post(address(photo, "reference"), {"file": file})
        assert told.status_code == 200, told.content
        reference = told.json()["reference"]
        assert max(Image.open(BytesIO(base64.b64decode(reference))).size) <= 64
        assert ask(client, photo, "preview", hints=[], reference=reference).status_code == 200
        save(client, photo, hints=[], reference=reference)
        version = Colorization.objects.get()
        assert guide_of(version).reference == base64.b64decode(reference)
        bring_to(version.job, State.SUCCEEDED, lambda: store_result(version))
        page = client.get(photo.get_absolute_url())
        assertContains(page, "medium color, colors of another photo")
        colored = make_photo(photo.album, picture("blue", 64), "blue.png")
        own = client.post(address(photo, "reference"), {"photo": colored.pk})
        assert own.status_code == 200, own.content

    def test_gray_and_damaged_references_are_refused(self, client: Client, photo: Photo) -> None:
        gray = SimpleUploadedFile("gray.png", picture("gray"))
        told = client.post(address(photo, "reference"), {"file": gray})
        assert told.status_code == 400
        assert "gray" in told.json()["detail"]
        broken = SimpleUploadedFile("broken.png", b"no picture")
        told = client.post(address(photo, "reference"), {"file": broken})
        assert told.status_code == 415
        assert told.json()["detail"]
        for reference in (picture("gray"), b"no picture"):
            sent = as_text(reference)
            told = ask(client, photo, "preview", reference=sent)
            assert told.status_code == 400
            refused = save(client, photo, reference=sent)
            assert refused.status_code == 400
            assert refused.context["form"]["reference"].value() == sent


def test_what_guided_a_version_is_told_without_its_reference_being_loaded(
    photo: Photo, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make_guided(make_colorization(photo), [Hint(20, 30, (160, 48, 64), 4)], b"PNG")
    with django_assert_num_queries(0):
        assert guided_in_words(made) == ["1 hint", "colors of another photo"]


def test_a_reference_for_one_scene_is_told_with_its_moment(photo: Photo) -> None:
    made = make_guided(make_colorization(photo), [], b"PNG", 3.5)
    assert guided_in_words(made) == ["colors of another photo for the scene at 0:03"]
