"""What staff see of things in the trash: that they are there, and no picture of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from moderation.models import Report
from tests.factories import make_album, make_colorization, make_photo, make_staff, photo_of
from tests.staff import act, client_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Colorization:
    version = make_colorization(make_photo(make_album(public=True, title="Trip"), name="lake.jpg"))
    Report.objects.create(colorization=version, reason=Report.Reason.PRIVACY)
    services.trash_album(photo_of(version).album)
    return version


def shown(address: str, **query: Any) -> str:
    content: str = client_of(make_staff()).get(address, query).content.decode()
    return content


MODELS = pytest.mark.parametrize("model", [Album, Photo, Colorization])


@MODELS
def test_lists_show_a_badge(version: Colorization, model: type) -> None:
    assert "In the trash</span>" in shown(page(model, "changelist"))


@MODELS
def test_lists_are_filtered_by_it(version: Colorization, model: type) -> None:
    row = 'class="action-select"'
    assert row in shown(page(model, "changelist"), trashed="yes")
    assert row not in shown(page(model, "changelist"), trashed="no")


def test_no_page_asks_for_a_picture_of_it(version: Colorization) -> None:
    photo = photo_of(version)
    pages = [
        page(Photo, "changelist"),
        page(Photo, "change", photo),
        page(Colorization, "changelist"),
        page(Colorization, "change", version),
        page(Report, "changelist"),
        page(Report, "change", version.reports.get()),
        reverse("admin:index"),
    ]
    for address in pages:
        content = shown(address)
        assert f"/photos/{photo.pk}/" not in content
        assert f"/colorizations/{version.pk}/" not in content


def test_the_page_tells_since_when(version: Colorization) -> None:
    assert "In the trash of its owner" in shown(page(Photo, "change", photo_of(version)))


def test_a_reported_photo_is_hidden_in_the_trash_and_after_it(version: Colorization) -> None:
    act(client_of(make_staff()), "hide_photo", [version.reports.get()], reason="Private")
    photo = photo_of(version)
    assert photo.is_hidden
    assert photo.is_trashed


def test_staff_delete_it_for_good(version: Colorization) -> None:
    act(client_of(make_staff()), "delete_selected", [photo_of(version).album], post="yes")
    assert not Photo.objects.exists()
