"""Stored files: looked at only, with the bytes by owner and purpose."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.defaultfilters import filesizeformat

from filestore.models import StoredFile
from filestore.services import usage_by_purpose, usage_of
from tests.factories import make_archive, make_colorization, make_staff
from tests.staff import act, client_of, make_moderator, page

pytestmark = pytest.mark.django_db


def usage(**query: int) -> dict[str, Any]:
    """What the list says of the files that it shows."""
    response = client_of(make_staff()).get(page(StoredFile, "changelist"), query)
    found: dict[str, Any] = response.context["usage"]
    return found


def test_list_and_page_show_a_file_and_its_owner() -> None:
    file = make_colorization().source
    client = client_of(make_staff())
    for url in (page(StoredFile, "changelist"), page(StoredFile, "change", file)):
        content = client.get(url).content.decode()
        assert str(file) in content
        assert file.owner.email in content
    assert file.sha256 in client.get(page(StoredFile, "change", file)).content.decode()


def test_the_list_tells_the_bytes_by_purpose() -> None:
    make_colorization()
    make_archive()
    found = usage()
    assert found["bytes"] == StoredFile.objects.all().total_bytes()
    assert {row["label"] for row in found["rows"]} == {
        "Original",
        "Display size",
        "Thumbnail",
        "Small thumbnail",
        "Result",
        "Preview",
        "Archive",
    }


def test_narrowed_to_an_owner_it_tells_the_bytes_of_that_owner() -> None:
    owner = make_colorization().source.owner
    make_colorization()
    found = usage(owner__id__exact=owner.pk)
    assert {row["purpose"]: row["bytes"] for row in found["rows"]} == usage_by_purpose(owner)
    assert found["bytes"] == usage_of(owner)
    content = client_of(make_staff()).get(
        page(StoredFile, "changelist"), {"owner__id__exact": owner.pk}
    )
    assert filesizeformat(usage_of(owner)) in content.content.decode()


def test_an_empty_list_tells_nothing() -> None:
    assert usage() == {"rows": [], "bytes": 0}


def test_files_cannot_be_added_edited_or_deleted() -> None:
    file = make_colorization().source
    client = client_of(make_staff())
    assert client.get(page(StoredFile, "add")).status_code == 403
    assert client.post(page(StoredFile, "change", file), {"sha256": "0" * 64}).status_code == 403
    assert client.post(page(StoredFile, "delete", file), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [file], post="yes")
    assert StoredFile.objects.filter(pk=file.pk, sha256=file.sha256).exists()


def test_files_are_for_those_who_may_view_them() -> None:
    client = client_of(make_moderator("gallery.view_photo"))
    assert client.get(page(StoredFile, "changelist")).status_code == 403
    client = client_of(make_moderator("filestore.view_storedfile"))
    assert client.get(page(StoredFile, "changelist")).status_code == 200
