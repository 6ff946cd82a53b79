"""Links that their owner shares, and what programs get by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from gallery import sharing
from gallery.details import edit_photo
from gallery.models import Photo
from gallery.models.shares import Share
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_user, photo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    """In color."""
    return photo_of(make_colorization(make_photo(make_album(make_user(name="Ada"), "Summer"))))


@pytest.fixture
def owner(photo: Photo) -> APIClient:
    return client_of(photo.album.owner)


@pytest.fixture
def visitor() -> APIClient:
    return client_of()


def create(client: APIClient, **choices: Any) -> Any:
    return client.post(address("share-list"), choices, format="json")


class TestOwner:
    def test_a_link_is_made_changed_and_deleted(self, owner: APIClient, photo: Photo) -> None:
        response = create(owner, album=photo.album.pk, message="Look!", allows_downloads=True)
        assert response.status_code == 201
        made = response.json()
        assert response["Location"] == made["url"]
        share = Share.objects.get()
        assert made["link"].endswith(f"/s/{share.token}/")
        assert (made["album_url"], made["photo_url"]) == (
            owner.get(address("album-detail", photo.album)).json()["url"],
            None,
        )
        assert (made["shows_originals"], made["allows_downloads"]) == (True, True)
        changed = owner.patch(made["url"], {"title": "For you"}, format="json").json()
        assert (changed["title"], changed["message"], changed["link"]) == (
            "For you",
            "Look!",
            made["link"],
        )
        assert owner.delete(made["url"]).status_code == 204
        assert not Share.objects.exists()

    def test_links_are_listed_by_what_they_are_of(self, owner: APIClient, photo: Photo) -> None:
        of_photo = create(owner, photo=photo.pk).json()
        of_album = create(owner, album=photo.album.pk).json()
        for query, expected in (
            ({}, [of_album, of_photo]),
            ({"photo": str(photo.pk)}, [of_photo]),
            ({"album": str(photo.album.pk)}, [of_album]),
        ):
            assert owner.get(address("share-list"), query).json()["results"] == expected

    def test_the_password_is_never_told(self, owner: APIClient, photo: Photo) -> None:
        made = create(owner, photo=photo.pk, password="cake ").json()
        assert (made["has_password"], "password" in made) == (True, False)
        changed = owner.patch(made["url"], {"password": ""}, format="json").json()
        assert changed["has_password"] is False

    @pytest.mark.parametrize("named", [(), ("album", "photo")])
    def test_it_is_of_one_thing(
        self, owner: APIClient, photo: Photo, named: tuple[str, ...]
    ) -> None:
        things = {"album": photo.album.pk, "photo": photo.pk}
        response = create(owner, **{name: things[name] for name in named})
        assert invalid_fields(response) == {"non_field_errors": "required"}

    def test_what_is_of_others_is_not_shared(self, photo: Photo) -> None:
        stranger = client_of(make_user())
        assert invalid_fields(create(stranger, album=photo.album.pk)) == {"album": "does_not_exist"}
        assert invalid_fields(create(stranger, photo=photo.pk)) == {"photo": "does_not_exist"}

    def test_it_ends_in_the_future_and_stays_what_it_is_of(
        self, owner: APIClient, photo: Photo
    ) -> None:
        past = timezone.now() - timedelta(minutes=1)
        assert invalid_fields(create(owner, photo=photo.pk, expires_at=past)) == {
            "expires_at": "min_value"
        }
        made = create(owner, photo=photo.pk).json()
        response = owner.patch(made["url"], {"album": photo.album.pk}, format="json")
        assert invalid_fields(response) == {"album": "invalid"}

    def test_there_are_only_so_many(
        self, owner: APIClient, photo: Photo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sharing, "MAX_SHARES", 1)
        assert create(owner, photo=photo.pk).status_code == 201
        assert invalid_fields(create(owner, photo=photo.pk)) == {
            "non_field_errors": "too_many_shares"
        }


class TestVisitor:
    @pytest.fixture
    def share(self, photo: Photo) -> Share:
        return sharing.create(photo.album.owner, photo.album, allows_downloads=True)

    def at(self, share: Share, rest: str = "") -> str:
        return f"/api/v1/shared/{share.token}/{rest}"

    def test_a_link_tells_what_its_page_does(self, visitor: APIClient, share: Share) -> None:
        response = visitor.get(self.at(share))
        body = response.json()
        assert (body["title"], body["owner_name"], body["photo_count"]) == ("Summer", "Ada", 1)
        assert share.owner.email not in response.content.decode()
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"

    def test_photos_come_with_addresses_of_what_is_open(
        self, visitor: APIClient, share: Share, photo: Photo
    ) -> None:
        edit_photo(photo, {"title": "Ada at the pier"}, people=["Ada"])
        gray = make_photo(photo.album)
        plain, colored = visitor.get(self.at(share, "photos/")).json()["results"]
        assert (plain["id"], colored["id"]) == (str(gray.pk), str(photo.pk))
        assert (colored["name"], colored["title"], colored["people"]) == ("Photo", "", [])
        closed = {name for name, value in colored.items() if value is None}
        assert closed == {"film_url", "original_url", "date_taken"}
        for name in ("thumbnail", "display", "color_thumbnail", "color", "image"):
            assert visitor.get(colored[f"{name}_url"]).status_code == 200
        assert plain["color_url"] is plain["image_url"] is None
        sharing.change(share, shows_details=True)
        [_, told] = visitor.get(self.at(share, "photos/")).json()["results"]
        assert (told["name"], told["people"]) == ("Ada at the pier", ["Ada"])
        assert visitor.get(told["original_url"]).status_code == 200

    def test_of_a_photo_there_is_one(self, visitor: APIClient, photo: Photo) -> None:
        make_photo(photo.album)
        share = sharing.create(photo.album.owner, photo)
        assert visitor.get(self.at(share)).json()["title"] == ""
        [found] = visitor.get(self.at(share, "photos/")).json()["results"]
        assert found["id"] == str(photo.pk)

    def test_what_is_closed_is_not_there(
        self, visitor: APIClient, share: Share, photo: Photo
    ) -> None:
        for rest in (f"photos/{photo.pk}/files/original/", f"photos/{photo.pk}/files/other/"):
            assert_problem(visitor.get(self.at(share, rest)), 404, "not_found")
        sharing.revoke(share)
        for rest in ("", "photos/", f"photos/{photo.pk}/files/color/"):
            assert_problem(visitor.get(self.at(share, rest)), 404, "not_found")

    def test_a_password_is_sent_once(self, visitor: APIClient, share: Share, photo: Photo) -> None:
        sharing.change(share, password="cake")
        rests = ("", "photos/", f"photos/{photo.pk}/files/color/")
        for rest in rests:
            assert_problem(visitor.get(self.at(share, rest)), 403, "share_locked")
        unlock = self.at(share, "unlock/")
        assert_problem(visitor.post(unlock, {"password": "pie"}), 403, "wrong_password")
        proof = visitor.post(unlock, {"password": "cake"}).json()["access"]
        for rest in rests:
            response = visitor.get(self.at(share, rest), headers={"Share-Access": proof})
            assert response.status_code == 200

    def test_only_so_many_passwords_are_tried(
        self, visitor: APIClient, share: Share, settings: Settings
    ) -> None:
        sharing.change(share, password="cake")
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "share_password": "1/h/key"}
        unlock = self.at(share, "unlock/")
        assert visitor.post(unlock, {"password": "pie"}).status_code == 403
        response = visitor.post(unlock, {"password": "cake"})
        assert_problem(response, 429, "throttled")
        assert response["Retry-After"] == "3600"
