"""Files that are being sent in parts: looked at only."""

from __future__ import annotations

import pytest

from accounts.models import User
from filestore.models import StoredFile, Upload
from tests.factories import begin_upload, make_staff, make_user, stored_files
from tests.staff import act, client_of, page

pytestmark = pytest.mark.django_db


def test_list_and_page_show_an_upload_and_its_owner() -> None:
    upload = begin_upload(make_user(), bytes(1000), 3000, filename="a.jpg")
    client = client_of(make_staff())
    for url in (page(Upload, "changelist"), page(Upload, "change", upload)):
        content = client.get(url).content.decode()
        assert upload.owner.email in content
        assert "1000\xa0bytes" in content
        assert "2.9\xa0KB" in content
    assert "a.jpg" in content


def test_uploads_cannot_be_added_edited_or_deleted() -> None:
    upload = begin_upload(make_user(), bytes(1000), 3000)
    client = client_of(make_staff())
    assert client.get(page(Upload, "add")).status_code == 403
    assert client.post(page(Upload, "delete", upload), {"post": "yes"}).status_code == 403
    client.post(page(Upload, "change", upload), {"state": "refused"})
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVING


@pytest.mark.django_db(transaction=True)
def test_they_go_with_their_owner() -> None:
    upload = begin_upload(make_user(), bytes(1000), 3000)
    act(client_of(make_staff()), "delete_selected", [upload.owner], post="yes")
    assert not User.objects.filter(pk=upload.owner_id).exists()
    assert not StoredFile.objects.exists()
    assert stored_files() == []
