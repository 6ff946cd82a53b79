"""The pages to take everything along, and to end an account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from gallery import closing
from gallery.models import Archive
from tests.factories import PASSWORD, bring_to, make_photo, make_staff, store_archive

pytestmark = pytest.mark.django_db

EXPORT = reverse("gallery:account-export")
DELETE = reverse("gallery:account-delete")
KEEP = reverse("gallery:account-keep")
REAUTHENTICATE = reverse("account_reauthenticate")


@pytest.fixture
def owner(client: Client) -> User:
    user = make_photo().album.owner
    client.force_login(user)
    return user


def type_password(client: Client, password: str = PASSWORD) -> str:
    """Where it leads."""
    address = client.post(DELETE)["Location"]
    assert address.startswith(REAUTHENTICATE)
    return client.post(address, {"password": password}).headers.get("Location", "")


def test_an_export_is_asked_for_and_found_again(client: Client, owner: User) -> None:
    response = client.post(EXPORT)
    archive = Archive.objects.get()
    assertRedirects(response, archive.get_absolute_url())
    assertContains(client.get(archive.get_absolute_url()), "Export of everything")
    bring_to(archive.job, archive.job.State.SUCCEEDED, lambda: store_archive(archive))
    assertContains(client.get(EXPORT), f'href="/archives/{archive.pk}/file/?part=1"')
    assertContains(client.get(DELETE), f'href="/archives/{archive.pk}/file/?part=1"')


def test_asking_twice_makes_one_export(client: Client, owner: User) -> None:
    for _ in range(2):
        client.post(EXPORT)
    assert Archive.objects.count() == 1


def test_the_page_names_what_goes(client: Client, owner: User) -> None:
    page = client.get(DELETE)
    assertContains(page, "<dt>Photos</dt><dd>1</dd>", html=True)
    assertContains(page, "For 7 days you can change your mind")
    assertContains(page, EXPORT)


def test_the_password_is_asked_for_first(client: Client, owner: User) -> None:
    type_password(client, "wrong")
    owner.refresh_from_db()
    assert owner.deletion_due_at is None


def test_with_the_password_it_is_closed(
    client: Client, owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert type_password(client) == "/"
    owner.refresh_from_db()
    assert owner.deletion_due_at is not None
    page = client.get("/")
    assertContains(page, "Your account is closed")
    assert not page.wsgi_request.user.is_authenticated


def test_who_logs_in_within_the_week_is_asked(client: Client, owner: User) -> None:
    closing.close(owner)
    client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    for address in ("/", "/activity/", "/explore/", owner.albums.get().get_absolute_url()):
        assertRedirects(client.get(address), DELETE)
    assertContains(client.get(DELETE), "Keep my account")
    assertContains(client.get(DELETE), "Log out")
    assertContains(client.post(KEEP, follow=True), "Welcome back")
    owner.refresh_from_db()
    assert owner.deletion_due_at is None


@pytest.mark.parametrize("name", ["privacy", "terms", "contact"])
def test_who_has_closed_it_reads_what_the_operator_says(
    client: Client, owner: User, name: str
) -> None:
    closing.close(owner)
    client.force_login(owner)
    assert client.get(reverse(f"legal:{name}")).status_code == 200


def test_who_keeps_nothing_changes_nothing(client: Client, owner: User) -> None:
    assertRedirects(client.post(KEEP), "/")
    assertNotContains(client.get("/"), "Welcome back")


def test_the_last_administrator_reads_why_not(client: Client) -> None:
    client.force_login(make_staff())
    page = client.get(DELETE)
    assertContains(page, "only administrator")
    assertNotContains(page, "Delete my account")
