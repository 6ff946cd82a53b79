"""What a link opens, for whoever has it, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.services import suspend
from colorizer.models import Colorization
from gallery import services, sharing
from gallery.closing import close
from gallery.details import edit_photo
from gallery.models import Album, Photo
from gallery.models.shares import Share
from gallery.trash.restoring import undo
from jobs.models import Job
from moderation import services as moderation
from tests.factories import (
    make_album,
    make_colorization,
    make_pack,
    make_photo,
    make_staff,
    make_user,
    photo_of,
)
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db
SHOWN = ("thumbnail", "display", "color-thumbnail", "color")


@pytest.fixture
def photo() -> Photo:
    """In color, in an album of its own."""
    return photo_of(make_colorization(make_photo(make_album(title="Summer"))))


@pytest.fixture
def share(photo: Photo) -> Share:
    return sharing.create(photo.album.owner, photo.album)


def page(share: Share) -> str:
    return share.get_absolute_url()


def file(share: Share, photo: Photo, name: str) -> str:
    return reverse("shared:file", args=[share.token, photo.pk, name])


def everything(share: Share, photo: Photo) -> list[str]:
    """All addresses of a photo under a link that give something."""
    token = share.token
    tiles = [reverse("shared:tiles", args=[token, photo.pk, of]) for of in ("original", "color")]
    own = reverse("shared:photo", args=[token, photo.pk])
    return [page(share), own, *(file(share, photo, name) for name in SHOWN), *tiles]


def statuses(client: Client, addresses: list[str]) -> set[int]:
    return {client.get(address).status_code for address in addresses}


def test_everything_of_the_album_is_there_without_an_account(
    client: Client, share: Share, photo: Photo
) -> None:
    assert statuses(client, everything(share, photo)) == {200}
    response = client.get(page(share))
    assertContains(response, "Summer")
    assertContains(response, file(share, photo, "color-thumbnail"))


def test_of_a_photo_there_is_that_photo(client: Client, photo: Photo) -> None:
    neighbor = make_photo(photo.album)
    share = sharing.create(photo.album.owner, photo)
    assert statuses(client, everything(share, photo)) == {200}
    assert statuses(client, everything(share, neighbor)[1:]) == {404}
    assertNotContains(client.get(page(share)), "Summer")


def test_another_album_is_not_there(client: Client, share: Share) -> None:
    other = photo_of(make_colorization(make_photo(make_album(share.owner))))
    assert statuses(client, everything(share, other)[1:]) == {404}
    # Nor under its own address.
    assert client.get(f"/photos/{other.pk}/").status_code == 404
    assert client.get(f"/albums/{share.album_id}/").status_code == 404


def test_only_the_kept_version_is_shown(client: Client, share: Share, photo: Photo) -> None:
    kept = photo.colorizations.get()
    Colorization.objects.filter(pk=kept.pk).update(is_kept=True)
    other = make_colorization(photo, variant="artistic")
    make_colorization(photo, Job.State.FAILED)
    response = client.get(reverse("shared:photo", args=[share.token, photo.pk]))
    assertContains(response, f"?of={kept.result_id}")
    for stranger in (other.pk, other.result_id, kept.pk):
        assertNotContains(response, str(stranger))


def hide_photo(photo: Photo) -> None:
    moderation.hide(photo, make_user(), "Not nice")


def trash_photo(photo: Photo) -> None:
    services.trash_photos([photo])


def move_photo(photo: Photo) -> None:
    services.move_photos([photo], make_album(photo.album.owner))


@pytest.mark.parametrize("end", [hide_photo, trash_photo, move_photo])
def test_a_photo_that_is_gone_is_gone_from_the_link(
    client: Client, share: Share, photo: Photo, end: Callable[[Photo], None]
) -> None:
    end(photo)
    assert statuses(client, everything(share, photo)[1:]) == {404}
    response = client.get(page(share))
    assertNotContains(response, str(photo.pk))


def album_of(share: Share) -> Album:
    return Album.objects.get(shares=share)


def expire(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(expires_at=timezone.now())


def trash(share: Share) -> None:
    services.trash_album(album_of(share))


def hide(share: Share) -> None:
    moderation.hide(album_of(share), make_user(), "Not nice")


def close_account(share: Share) -> None:
    close(share.owner)


def suspend_owner(share: Share) -> None:
    suspend(share.owner, "Spam", make_staff())


ENDS = [sharing.revoke, expire, trash, hide, close_account, suspend_owner]


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_ended_is_as_unknown_as_any(
    client: Client, share: Share, photo: Photo, end: Callable[[Share], None]
) -> None:
    addresses = everything(share, photo)
    end(share)
    assert statuses(client, addresses) == {404}
    unknown = client.get("/s/never-there/")
    ended = client.get(page(share))
    assertContains(unknown, "This link no longer works", status_code=404)
    assert ended.content == unknown.content


def test_an_album_out_of_the_trash_is_shared_again(
    client: Client, share: Share, photo: Photo
) -> None:
    addresses = everything(share, photo)
    moment = services.trash_album(photo.album)
    assert statuses(client, addresses) == {404}
    undo(share.owner, moment)
    assert statuses(client, addresses) == {200}


def test_neither_robots_nor_other_sites_nor_caches_keep_it(
    client: Client, share: Share, photo: Photo
) -> None:
    for address in [*everything(share, photo), "/s/never-there/"]:
        response = client.get(address)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "private" in response["Cache-Control"]


def test_who_looks_is_a_guest_even_the_owner(client: Client, share: Share) -> None:
    client.force_login(share.owner)
    response = client.get(page(share))
    assertNotContains(response, share.owner.email)
    assertNotContains(response, "/settings/")
    assertNotContains(response, "<form")


def test_what_is_known_of_photos_is_told_only_where_the_owner_says_so(
    client: Client, share: Share, photo: Photo
) -> None:
    edit_photo(photo, {"title": "Ada at the pier", "place": "Rhodes"}, people=["Ada"])
    address = reverse("shared:photo", args=[share.token, photo.pk])
    for word in ("Ada", "Rhodes", photo.original_name):
        assertNotContains(client.get(address), word)
    sharing.change(share, shows_details=True)
    for word in ("Ada at the pier", "Rhodes"):
        assertContains(client.get(address), word)


def test_without_originals_there_are_only_colors(
    client: Client, share: Share, photo: Photo
) -> None:
    gray = make_photo(photo.album)
    sharing.change(share, shows_originals=False)
    for name in ("thumbnail", "display"):
        assert client.get(file(share, photo, name)).status_code == 404
    tiles = reverse("shared:tiles", args=[share.token, photo.pk, "original"])
    assert client.get(tiles).status_code == 404
    assert client.get(file(share, photo, "color")).status_code == 200
    assert statuses(client, everything(share, gray)[1:]) == {404}
    response = client.get(page(share))
    assertContains(response, "1 photo<")
    assertNotContains(response, "print__before")


@pytest.mark.parametrize(
    ("choices", "given"),
    [
        ({}, set()),
        ({"shows_details": True}, set()),
        ({"allows_downloads": True}, {"image"}),
        ({"allows_downloads": True, "shows_details": True}, {"image", "original"}),
        (
            {"allows_downloads": True, "shows_details": True, "shows_originals": False},
            {"image"},
        ),
    ],
)
def test_downloads_are_what_the_owner_allows(
    client: Client, share: Share, photo: Photo, choices: dict[str, Any], given: set[str]
) -> None:
    sharing.change(share, **choices)
    names = ("image", "original")
    found = {name for name in names if client.get(file(share, photo, name)).status_code == 200}
    assert found == given


def test_a_download_is_not_called_as_the_file(client: Client, share: Share, photo: Photo) -> None:
    sharing.change(share, allows_downloads=True)
    response = client.get(file(share, photo, "image"))
    assert response["Content-Disposition"] == 'attachment; filename="Photo.jpg"'


def test_tiles_come_out_of_their_pack(client: Client, share: Share, photo: Photo) -> None:
    make_pack(photo.original, "tiles", ["0/0_0"])
    address = reverse("shared:tile", args=[share.token, photo.pk, "original"])
    assert client.get(address, {"name": "0/0_0"}).status_code == 200


def test_a_photo_is_no_film(client: Client, share: Share, photo: Photo) -> None:
    assert client.get(file(share, photo, "film")).status_code == 404


def test_a_film_is_played(client: Client, share: Share, photo: Photo) -> None:
    film = make_photo(photo.album, film_bytes(), "boat.mp4")
    make_colorization(film, variant="video")
    assert client.get(file(share, film, "film"))["Content-Type"] == "video/mp4"
    response = client.get(reverse("shared:photo", args=[share.token, film.pk]))
    assertContains(response, f'src="{file(share, film, "film")}"')
    assertContains(response, "film__gray")
    sharing.change(share, shows_originals=False)
    response = client.get(reverse("shared:photo", args=[share.token, film.pk]))
    assertNotContains(response, "film__gray")


def test_a_visit_counts_once_and_the_owner_not_at_all(share: Share, photo: Photo) -> None:
    visitor, owner = Client(), Client()
    owner.force_login(share.owner)
    for client in (visitor, visitor, owner):
        for address in everything(share, photo):
            client.get(address)
        client.head(page(share))
    share.refresh_from_db()
    assert share.view_count == 1


class TestPassword:
    @pytest.fixture(autouse=True)
    def _password(self, share: Share) -> None:
        sharing.change(share, password="grandma's cake")

    def unlock(self, client: Client, share: Share, password: str) -> int:
        address = reverse("shared:unlock", args=[share.token])
        return client.post(address, {"password": password}).status_code

    def test_nothing_is_shown_without(self, client: Client, share: Share, photo: Photo) -> None:
        first, own, *files = everything(share, photo)
        assert statuses(client, files) == {404}
        for address in (first, own):
            response = client.get(address)
            assertContains(response, "These photos have a password")
            assertNotContains(response, "Summer")
            # Else the form could not be sent.
            assert response["Referrer-Policy"] == "same-origin"

    def test_the_right_one_opens_it_in_this_browser(
        self, client: Client, share: Share, photo: Photo
    ) -> None:
        assert self.unlock(client, share, "grandma's cake") == 302
        assert statuses(client, everything(share, photo)) == {200}
        assert statuses(Client(), everything(share, photo)[2:]) == {404}

    def test_a_wrong_one_does_not(self, client: Client, share: Share, photo: Photo) -> None:
        assert self.unlock(client, share, "cake") == 403
        assert self.unlock(client, share, "") == 400
        assert statuses(client, everything(share, photo)[2:]) == {404}

    def test_another_password_locks_out_who_knew_the_old_one(
        self, client: Client, share: Share, photo: Photo
    ) -> None:
        self.unlock(client, share, "grandma's cake")
        sharing.change(share, password="grandpa's cake")
        assert statuses(client, everything(share, photo)[2:]) == {404}
        sharing.change(share, password="")
        assert statuses(client, everything(share, photo)) == {200}

    def test_it_stays_open_with_a_new_secret_key_of_the_site(
        self, client: Client, share: Share, photo: Photo, settings: Settings
    ) -> None:
        self.unlock(client, share, "grandma's cake")
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
        assert statuses(client, everything(share, photo)[2:]) == {200}
        settings.SECRET_KEY_FALLBACKS = []
        assert statuses(client, everything(share, photo)[2:]) == {404}

    def test_it_opens_no_other_link(self, client: Client, share: Share, photo: Photo) -> None:
        other = sharing.create(share.owner, photo, password="grandma's cake")
        self.unlock(client, share, "grandma's cake")
        client.cookies["share_access"]["path"] = "/"
        assert client.get(file(other, photo, "color")).status_code == 404

    def test_only_so_many_are_tried(self, client: Client, share: Share, settings: Settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {
            **settings.ACCOUNT_RATE_LIMITS,
            "share_password": "2/h/key",
        }
        tried = [self.unlock(client, share, "cake") for _ in range(3)]
        assert tried == [403, 403, 429]
        assert self.unlock(client, share, "grandma's cake") == 429

    def test_as_many_open_it_as_know_it(self, share: Share, settings: Settings) -> None:
        """A whole class, over one network address."""
        settings.ACCOUNT_RATE_LIMITS = {
            **settings.ACCOUNT_RATE_LIMITS,
            "share_password": "2/h/key",
            "share_password_anywhere": "2/h/key",
        }
        opened = [self.unlock(Client(), share, "grandma's cake") for _ in range(5)]
        assert opened == [302] * 5
        assert [self.unlock(Client(), share, "cake") for _ in range(3)] == [403, 403, 429]


def test_a_member_who_has_closed_their_account_still_looks_at_what_others_share(
    client: Client, share: Share
) -> None:
    member = make_user()
    close(member)
    member.refresh_from_db()
    client.force_login(member)
    assert client.get(page(share)).status_code == 200
