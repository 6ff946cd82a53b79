"""Records for tests: real rows with real files, by the services that the site uses."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from colorizer import bells, jobs
from colorizer.models import Colorization, preview_path, result_path, thumbnail_path
from gallery import services
from gallery.models import Album, Photo

PASSWORD = "a long enough password"
State = Colorization.State
RESULT = jobs.Result(
    result="results/a.jpg",
    result_bytes=9,
    preview="previews/a.jpg",
    thumbnail="result-thumbnails/a.jpg",
    weights_name="compact-stable",
    weights_sha256="0" * 64,
    used_render_factor=12,
)


def make_user(email: str = "", **fields: Any) -> User:
    return User.objects.create_user(email or f"{uuid.uuid4().hex}@example.org", PASSWORD, **fields)


def make_staff(email: str = "") -> User:
    return make_user(email, is_staff=True, is_superuser=True)


def make_album(owner: User | None = None, title: str = "Family", *, public: bool = False) -> Album:
    album = services.create_album(owner or make_user(), title)
    if public:
        services.publish(album)
    return album


def picture_bytes(width: int = 64, height: int = 48, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    """A gray gradient, as a file."""
    content = BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(content, format, **options)
    return content.getvalue()


def make_upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if content is None else content)


def make_photo(
    album: Album | None = None, content: bytes | None = None, name: str = "photo.jpg"
) -> Photo:
    return services.add_photo(album or make_album(), make_upload(content, name))


def make_colorization(
    photo: Photo | None = None,
    state: Colorization.State = State.SUCCEEDED,
    variant: str = "stable",
    render_factor: int = 20,
) -> Colorization:
    """A pair in the state asked for. A result is a plain picture: the engine is not run."""
    pair = Colorization.objects.create(
        photo=photo or make_photo(), variant=variant, render_factor=render_factor
    )
    bells.ring(pair.queue)
    now = timezone.now()
    if state != State.QUEUED:
        pair.state = state
        pair.attempt = 1
        pair.started_at = now
    if state == State.RUNNING:
        pair.progress = 40
        pair.lease_token = uuid.uuid4()
        pair.lease_expires_at = now + timedelta(minutes=1)
    if state in (State.SUCCEEDED, State.FAILED, State.CANCELLED):
        pair.finished_at = now
        pair.duration = timedelta(seconds=1)
    if state == State.FAILED:
        pair.error_code = Colorization.ErrorCode.UNREADABLE
        pair.error_text = "The picture is damaged."
    if state == State.SUCCEEDED:
        _store_result(pair)
    pair.save()
    return pair


def _store_result(pair: Colorization) -> None:
    content = picture_bytes(pair.photo.width, pair.photo.height)
    storage = pair.result.storage
    pair.result = storage.save(result_path(pair, "result.jpg"), ContentFile(content))
    pair.preview = storage.save(preview_path(pair, "preview.jpg"), ContentFile(content))
    pair.thumbnail = storage.save(thumbnail_path(pair, "thumbnail.jpg"), ContentFile(content))
    pair.result_bytes = len(content)
    pair.weights_name = f"compact-{pair.variant}"
    pair.weights_sha256 = "0" * 64
    pair.used_render_factor = pair.render_factor
    pair.progress = 100
