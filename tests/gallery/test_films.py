"""Films beside photos: uploaded, tried, listed, copied and deleted; bad ones refused. No worker."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from colorizer.errors import UploadError
from colorizer.models import Colorization, Film
from colorizer.services import enqueue
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import copying, films, notices, services, uploads
from gallery.models import Notice, Photo
from jobs.models import Job, Queue
from tests.api import assert_problem, client_of
from tests.factories import (
    begin_upload,
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
    store_result,
    stored_files,
)
from tests.film_files import film_bytes, sound_bytes
from tests.pictures import animated

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "name", "kind", "content_type"),
    [
        (film_bytes(sound=True), "a.mp4", "MP4", "video/mp4"),
        (film_bytes(container="mov"), "a.mp4", "MOV", "video/quicktime"),
        (film_bytes(container="matroska"), "a.mkv", "Matroska", "video/x-matroska"),
        (film_bytes(container="avi", codec="mpeg4"), "a.jpg", "AVI", "video/x-msvideo"),
        (animated("GIF"), "a.gif", "GIF", "image/gif"),
        (animated("WEBP"), "a.webp", "WebP", "image/webp"),
        (film_bytes(frames=1), "one frame.mp4", "MP4", "video/mp4"),
        (film_bytes(width=66, height=50), "a.mp4", "MP4", "video/mp4"),
    ],
    ids=["sound", "mov", "mkv", "wrong name", "gif", "webp", "one frame", "sizes"],
)
def test_film_is_taken_by_its_content(
    content: bytes, name: str, kind: str, content_type: str
) -> None:
    photo = make_photo(content=content, name=name)
    film = photo.film
    assert film
    assert (photo.format, photo.original.content_type) == (kind, content_type)
    assert film.frame_count > 0
    assert film.frame_rate > 0
    assert film.seconds == photo.film_seconds
    assert filestore.open(photo.original).read() == content
    shown = photo.original.derivatives.values_list("purpose", flat=True)
    assert set(shown) == {"display", "thumbnail", "small"}


LARGE = film_bytes(frames=60, width=320, height=240)
REFUSED = {
    "nothing but sound": (sound_bytes(), "no_video", 400),
    "truncated": (LARGE[:3000], "unsupported_format", 415),
    "head alone": (film_bytes()[:40], "unsupported_format", 415),
    "text": (b"RIFF of a film", "unsupported_format", 415),
    "playlist": (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "unsupported_format", 415),
    "concatenation": (b"ffconcat version 1.0\nfile /etc/passwd\n", "unsupported_format", 415),
    "too narrow": (film_bytes(width=64, height=8), "too_small", 400),
}


@pytest.mark.parametrize(("content", "code", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_film_is_refused_and_nothing_is_stored(content: bytes, code: str, status: int) -> None:
    with pytest.raises(UploadError) as refusal:
        make_photo(content=content, name="film.mp4")
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert refusal.value.message.endswith(".")
    assert stored_files() == []
    assert not StoredFile.objects.exists()
    assert not Film.objects.exists()


def test_film_without_a_picture_is_refused_by_the_api_as_its_schema_says() -> None:
    image = make_upload(sound_bytes(), "film.mp4")
    response = client_of(make_user()).post(reverse("api:photo-list"), {"image": image})
    assert_problem(response, 400, "no_video")


def test_limits_of_films_are_their_own(settings: Settings) -> None:
    owner = make_user()
    settings.MAX_FILM_SECONDS = 1
    assert_refused(film_bytes(), "film_too_long")
    settings.MAX_FILM_SECONDS = 3600
    settings.MAX_FILM_BYTES = 2000
    assert_refused(film_bytes(), "file_too_large")
    settings.MAX_FILM_BYTES, settings.MAX_UPLOAD_BYTES = 100_000, 2000
    assert_refused(film_bytes(), "file_too_large")
    assert_refused(picture_bytes(400, 400, "BMP"), "file_too_large")
    # In parts it may be larger; the name says how large until its content is there.
    api = client_of(owner)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "50000"}
    for name, status in (("YS5tcDQ=", 201), ("YS5qcGc=", 413)):
        reply = api.post(
            reverse("api:upload-list"),
            headers={**headers, "Upload-Metadata": f"filename {name}"},
            content_type="application/offset+octet-stream",
        )
        assert reply.status_code == status
    upload = begin_upload(owner, film_bytes(), filename="a.mp4")
    photos, _ = uploads.add_upload(upload)
    assert [photo.is_film for photo in photos] == [True]


def assert_refused(content: bytes, code: str) -> None:
    with pytest.raises(UploadError) as refusal:
        make_photo(content=content)
    assert refusal.value.code == code


def test_five_seconds_are_tried_with_each_variant_before_other_films() -> None:
    photo = make_photo(content=film_bytes(frames=100))
    whole = services.colorize_photo(photo, "video", 8, goes_first=True)
    trials = films.try_film(photo, 2.0, 8)
    assert [trial.variant for trial in trials] == ["video", "artistic", "stable"]
    assert {(trial.start, trial.seconds) for trial in trials} == {(2.0, 5.0)}
    assert films.try_film(photo, 2.0, 8) == trials
    queue = Job.objects.filter(queue=Queue.VIDEOS).order_by("-goes_first", "queued_at")
    assert [job.colorization for job in queue] == [*trials, whole]
    films.try_film(photo, 3.0, 8)
    assert films.trials_of(photo).count() == 3
    assert services.colorize_photo(photo, "video", 8) == whole
    assert Photo.objects.get(pk=photo.pk).shown_version == whole


def test_a_trial_that_came_to_nothing_makes_way_for_the_next() -> None:
    photo = make_photo(content=film_bytes(frames=100))
    failed, cancelled, waiting = films.try_film(photo, 2.0, 8)
    bring_to(failed.job, Job.State.FAILED)
    bring_to(cancelled.job, Job.State.CANCELLED)
    again = films.try_film(photo, 2.0, 8)
    assert set(films.trials_of(photo)) == set(again)
    assert [trial.variant for trial in again] == ["video", "artistic", "stable"]
    assert waiting in again


@pytest.mark.parametrize(("start", "seconds"), [(10, 5), (-1, 5), (0, 31), (0, 0)])
def test_part_that_is_not_there_is_refused(start: float, seconds: float) -> None:
    photo = make_photo(content=film_bytes())
    client = client_of(photo.album.owner)
    address = reverse("api:photo-colorizations", args=[photo.pk])
    reply = client.post(address, {"variant": "video", "start": start, "seconds": seconds})
    assert reply.status_code == 400
    assert not Colorization.objects.exists()


def test_photos_have_no_parts() -> None:
    photo = make_photo()
    reply = client_of(photo.album.owner).post(
        reverse("api:photo-colorizations", args=[photo.pk]), {"seconds": 5}
    )
    assert reply.status_code == 400
    with pytest.raises(ValidationError):
        films.try_film(photo, 0, 20)


def test_film_and_photo_are_told_apart_by_pages_and_api(client: Client) -> None:
    album = make_album()
    film = make_photo(album, film_bytes(frames=100, sound=True), "boat.mp4")
    picture = make_photo(album)
    client.force_login(album.owner)
    of_film = client.get(film.get_absolute_url()).content.decode()
    of_photo = client.get(picture.get_absolute_url()).content.decode()
    assert "Try five seconds" in of_film
    assert of_film.index('value="video"') < of_film.index('value="artistic"')
    assert 'value="video"' not in of_photo
    assert "Try five seconds" not in of_photo
    sheet = client.get(album.get_absolute_url()).content.decode()
    assert sheet.count("film-mark") == 1
    assert "0:10" in sheet
    shown = {photo["id"]: photo for photo in client.get("/api/v1/photos/").json()["results"]}
    assert shown[str(picture.pk)]["media_kind"] == "photo"
    assert shown[str(picture.pk)]["film"] is None
    assert shown[str(film.pk)]["media_kind"] == "film"
    assert shown[str(film.pk)]["film"]["audio_tracks"] == 1
    tried = client.post(reverse("gallery:photo-try", args=[film.pk]), {"start": "1.5"})
    assert tried.status_code == 302
    assert (
        client.post(reverse("gallery:photo-try", args=[film.pk]), {"start": "x"}).status_code == 400
    )
    assert (
        client.post(reverse("gallery:photo-try", args=[film.pk]), {"start": 99}).status_code == 400
    )
    assert client.get(film.get_absolute_url()).content.decode().count('class="trial"') == 3


def test_film_in_color_is_played_by_whoever_may_see_it_and_its_files_are_its_owners() -> None:
    photo = make_photo(content=film_bytes(), name="boat.mp4")
    owner, version = photo.album.owner, make_colorization(photo, variant="video")
    trial = films.try_film(photo, 0.0, 8)[0]
    bring_to(trial.job, Job.State.SUCCEEDED, lambda: store_result(trial))
    visitors = [client_of(owner), client_of(make_user()), Client()]

    def statuses(name: str, of: Colorization) -> list[int]:
        address = reverse(name, args=[of.pk])
        return [visitor.get(address).status_code for visitor in visitors]

    film, image = "api:colorization-film", "api:colorization-image"
    assert statuses(film, version) == [200, 404, 404]
    services.publish(photo.album)
    for name in (film, "gallery:colorization-film"):
        assert statuses(name, version)[1:] == [200, 200]
        assert statuses(name, trial)[1:] == [404, 404]
    assert statuses(image, version) == [200, 404, 401]
    shown = visitors[0].get(reverse("api:colorization-detail", args=[version.pk])).json()
    assert shown["film_url"].endswith(reverse(film, args=[version.pk]))
    part = visitors[0].get(shown["film_url"], headers={"Range": "bytes=2-5"})
    assert (part.status_code, part["Content-Type"], part["Content-Length"]) == (
        206,
        "video/mp4",
        "4",
    )


def test_what_is_otherwise_in_the_result_is_told_in_the_language_of_its_owner(
    client: Client,
) -> None:
    photo = make_photo(content=film_bytes())
    version = make_colorization(photo, variant="video")
    Film.objects.update(notes=["Interlaced: it will be deinterlaced."])
    Colorization.objects.update(notes=["Subtitles that are pictures were left out."])
    client.force_login(photo.album.owner)
    chinese = {"Accept-Language": "zh-Hans"}
    of_film = reverse("api:photo-detail", args=[photo.pk])
    of_version = reverse("api:colorization-detail", args=[version.pk])
    for language, film_note, note in (
        ({}, "it will be deinterlaced", "Subtitles that are pictures were left out."),
        (chinese, "隔行扫描", "图片形式的字幕"),
    ):
        page = client.get(photo.get_absolute_url(), headers=language).content.decode()
        assert film_note in page
        assert note in page
        assert film_note in client.get(of_film, headers=language).json()["film"]["notes"][0]
        assert note in client.get(of_version, headers=language).json()["notes"][0]


def test_film_uploaded_by_a_form_waits_to_be_tried(client: Client) -> None:
    album = make_album()
    client.force_login(album.owner)
    files = [make_upload(film_bytes(), "a.mp4"), make_upload()]
    data = {"variant": "stable", "render_factor": 20, "photos": files}
    client.post(reverse("gallery:album-upload", args=[album.pk]), data)
    assert album.photos.count() == 2
    assert [each.source.photo.is_film for each in Colorization.objects.all()] == [False]


def test_copy_has_the_facts_and_deletion_leaves_nothing() -> None:
    photo = make_photo(content=film_bytes())
    films.try_film(photo, 0.0, 8)
    copies = copying.copy_photos([photo], make_album(photo.album.owner))
    copy = Photo.objects.get(pk=copies[photo.pk])
    assert copy.film
    assert photo.film
    assert copy.film.frame_count == photo.film.frame_count
    services.delete_photos([photo, copy])
    assert not Film.objects.exists()
    assert not Job.objects.exists()


def test_end_of_a_film_is_told_and_that_of_a_trial_is_not() -> None:
    photo = make_photo(content=film_bytes())
    part_of_it = films.try_film(photo, 0.0, 8)[0]
    bring_to(part_of_it.job, Job.State.FAILED)
    bring_to(enqueue(photo.original, "video", 8).job, Job.State.FAILED)
    notices.tell()
    assert [notice.kind for notice in Notice.objects.all()] == [Notice.Kind.FILM]


def test_the_last_start_of_a_trial_that_is_offered_is_in_the_film() -> None:
    photo = make_photo(content=film_bytes(10, rate=1), name="a.mp4")
    film = photo.film
    assert film
    assert film.seconds == 10
    last = films.context_of(photo, [])["last_start"]
    assert last == 9
    assert films.try_film(photo, last, 8)
