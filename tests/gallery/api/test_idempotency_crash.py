"""The web process is killed, and the request is sent again with its Idempotency-Key: it is done once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db.models import F

from accounts.models import User
from colorizer.models import Colorization
from gallery.api import idempotency
from gallery.models import Album, IdempotentRequest, Photo
from tests.api import address, assert_problem, client_of, token_of
from tests.factories import make_upload, make_user, picture_bytes
from tests.worker import worker_environment

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KEY = {"Idempotency-Key": "a-key"}
CONTENT = picture_bytes(64, 48)


@dataclass(frozen=True)
class Sent:
    """A request that makes something."""

    made: Any
    name: str
    body: dict[str, Any]
    file: bytes | None = None

    def on_the_line(self, site: str, headers: dict[str, str]) -> None:
        files = {"image": ("a.png", self.file)} if self.file else None
        body = {"data": self.body, "files": files} if files else {"json": self.body}
        httpx.post(site + address(self.name), headers=headers, timeout=60, **body)  # type: ignore[arg-type]

    def here(self, user: User) -> Any:
        client = client_of(user)
        if self.file is None:
            return client.post(address(self.name), self.body, format="json", headers=KEY)
        body = {**self.body, "image": make_upload(self.file, "a.png")}
        return client.post(address(self.name), body, headers=KEY)


ALBUM = Sent(Album, "album-list", {"title": "Trip"})
PHOTO = Sent(Photo, "photo-list", {}, CONTENT)
COLORIZE = Sent(Colorization, "colorize", {"variant": "stable"}, CONTENT)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gallery.api.dying_server"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **worker_environment(tmp_path), "LOG_LEVEL": "ERROR"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.kill()
    process.communicate()


def killed(site: str, user: User, sent: Sent, where: str) -> None:
    headers = {**KEY, "X-Session-Token": token_of(user), "Die-At": where}
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        sent.on_the_line(site, headers)


def test_what_was_not_kept_was_not_done_and_what_was_done_is_answered(site: str) -> None:
    for sent in (ALBUM, PHOTO, COLORIZE):
        user = make_user(f"{sent.name}@example.org")
        killed(site, user, sent, "keeping")
        assert not sent.made.objects.exists()
        assert_problem(sent.here(user), 409, "idempotency_in_progress")
        a_while_later()
        killed(site, user, sent, "answering")
        made = sent.made.objects.get()
        response = sent.here(user)
        assert response["Idempotency-Replayed"] == "true"
        assert response.json()["id"] == str(made.pk)
        assert sent.made.objects.get() == made
        made.delete()


def a_while_later() -> None:
    earlier = F("created_at") - idempotency.ABANDONED_AFTER
    IdempotentRequest.objects.update(created_at=earlier)
