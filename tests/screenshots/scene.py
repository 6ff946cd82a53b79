"""A small library in all states that pages show: photos, versions, a film, a trash, what failed, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import skimage
from django.utils import timezone
from PIL import Image

from accounts import api_keys
from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery import archives, dates, details, services, sharing
from gallery.arranging import add_section
from gallery.models import Album, Notice, Photo, Share
from jobs.models import Job
from tests.accounts.factors import add_app, add_recovery_codes
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_photo,
    make_user,
)
from tests.film_files import film_bytes
from webhooks import services as webhooks

PICTURES = Path(skimage.__file__).parent / "data"
COLORED = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")
GRAY = ("camera.png", "coins.png", "moon.png", "page.png")
SIDE = 900
State = Job.State


@dataclass(frozen=True)
class Scene:
    """
    Attributes:
        cautious: somebody with an authenticator app and recovery codes.
        keys: of objects, by the names of the routes that lead to them.
        shared, locked: links to an album, the second with a password.
    """

    member: User
    cautious: User
    newcomer: User
    keys: dict[str, object]
    photos: list[Photo]
    gone: Photo
    shared: Share
    locked: Share


def make_scene() -> Scene:
    member = make_user("anna@example.org", name="Anna Moretti")
    harbor, attic = (
        make_album(member, "Trieste, the harbor", public=True),
        make_album(member, "Attic"),
    )
    photos = [_colored_photo(harbor, name) for name in COLORED]
    photos += [make_photo(attic, _file(PICTURES / name, "L"), name) for name in GRAY]
    _describe(photos)
    add_section(harbor, "1932")
    make_colorization(photos[5], State.QUEUED)
    make_colorization(photos[6], State.RUNNING)
    make_colorization(photos[7], State.FAILED)
    film = make_photo(attic, film_bytes(40, 320, 240), "regatta.mp4")
    make_photo(attic, _file(PICTURES / GRAY[0], "L"), "camera again.png")
    version = Colorization.objects.get(source=photos[0].original)
    for variant in ("artistic", "video"):
        _color(photos[0], COLORED[0], variant)
    gone, album = _trash(member, attic)
    webhook = webhooks.create(member, target_url="https://example.org/hooks/tintype")
    webhooks.ping(webhook)
    archive = make_archive(harbor)
    archives.request_export(member)
    api_keys.create(member, "Script on the NAS", "read", timezone.now() + timedelta(days=30))
    _notices(member, harbor)
    cautious = make_user("otto@example.org", name="Otto")
    add_app(cautious)
    add_recovery_codes(cautious)
    shared = sharing.create(
        member, harbor, title="Summer in Trieste", message="For Otto.", allows_downloads=True
    )
    locked = sharing.create(member, attic, password="lighthouse")
    keys: dict[str, object] = {
        "album": harbor.pk,
        "photo": photos[0].pk,
        "film": film.pk,
        "colorization": version.pk,
        "archive": archive.pk,
        "download": make_download(version).pk,
        "person": photos[0].people.get().pk,
        "tag": photos[0].tags.get().pk,
        "album in trash": album.pk,
        "webhook": webhook.pk,
        "share": shared.pk,
    }
    newcomer = make_user("new@example.org")
    return Scene(member, cautious, newcomer, keys, photos, gone, shared, locked)


def _file(path: Path, mode: str) -> bytes:
    content = BytesIO()
    with Image.open(path) as picture:
        picture.thumbnail((SIDE, SIDE))
        picture.convert(mode).save(content, "JPEG", quality=88)
    return content.getvalue()


def _colored_photo(album: Album, name: str) -> Photo:
    photo = make_photo(album, _file(PICTURES / name, "L"), name)
    _color(photo, name, "stable")
    return photo


def _color(photo: Photo, name: str, variant: str) -> None:
    """The picture's own colors stand for the network's: nothing is computed."""
    result = make_colorization(photo, variant=variant).result
    assert result
    content = _file(PICTURES / name, "RGB")
    for file in (result, *result.derivatives.all()):
        Path(file.name.path).write_bytes(content)
        StoredFile.objects.filter(pk=file.pk).update(bytes=len(content))


def _describe(photos: list[Photo]) -> None:
    for number, photo in enumerate(photos[:5]):
        year = 1929 + number
        fields: dict[str, object] = {"place": "Trieste", "title": f"By the sea, {year}"}
        fields |= dates.fields_of(dates.parse(str(year)))
        details.edit_photo(photo, fields, people=["Anna"], tags=["sea"])
        services.set_favorite(photo, number % 2 == 0)


def _trash(member: User, attic: Album) -> tuple[Photo, Album]:
    album, photo = make_album(member, "Copies"), make_photo(attic, name="blurred.jpg")
    make_photo(album)
    services.trash_album(album)
    services.trash_photos([photo])
    return photo, album


def _notices(member: User, album: Album) -> None:
    Kind = Notice.Kind  # noqa: N806  (a class)
    Notice.objects.create(owner=member, kind=Kind.PHOTOS, succeeded=5, album=album)
    Notice.objects.create(owner=member, kind=Kind.EXPORT, failed=1)
