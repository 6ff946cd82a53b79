from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.services import suspend
from filestore.services import usage_of
from gallery.models import Photo
from gallery.services import publish
from tests.accounts.factors import add_app, add_recovery_codes, types_of
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    stored_files,
)
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    album = make_album(make_user())
    publish(album)
    make_colorization(make_photo(album))
    make_archive(album)
    return album.owner


def test_the_list_counts_photos_and_links_to_them(person: User) -> None:
    client = client_of(make_staff())
    response = client.get(page(User, "changelist"), {"q": person.email})
    assert [user.photo_count for user in response.context["cl"].queryset] == [1]
    response = client.get(page(Photo, "changelist"), {"q": person.email})
    assert response.context["cl"].result_count == 1


def test_the_list_tells_the_bytes_of_each_person_and_sorts_by_them(person: User) -> None:
    make_user()
    response = client_of(make_staff()).get(page(User, "changelist"), {"o": "-5"})
    users = list(response.context["cl"].queryset)
    assert users[0] == person
    assert [user.bytes_used for user in users] == [usage_of(person), 0, 0]
    link = f"/admin/filestore/storedfile/?owner__id__exact={person.pk}"
    assert link in response.content.decode()


def test_a_superuser_adds_a_person_who_can_log_in() -> None:
    form = {
        "email": "new@example.org",
        "usable_password": "true",
        "password1": "tin-type-1856",
        "password2": "tin-type-1856",
    }
    client_of(make_staff()).post(page(User, "add"), form)
    assert Client().login(username="new@example.org", password="tin-type-1856")


def test_suspending_asks_for_a_reason_first(person: User) -> None:
    response = act(client_of(make_staff()), "suspend", [person])
    assert "Reason:" in response.content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_a_suspended_person_is_out_on_the_next_request(person: User) -> None:
    session = client_of(person)
    album = person.albums.get()
    assert session.get(album.get_absolute_url()).status_code == 200
    act(client_of(make_staff()), "suspend", [person], reason="Spam")
    assert session.get(album.get_absolute_url()).status_code == 404
    assert log_of(person) == ["Suspended: Spam"]


def test_published_albums_of_a_suspended_person_vanish(person: User) -> None:
    photo = Photo.objects.get()
    thumbnail = reverse("gallery:photo-thumbnail", args=[photo.pk])
    assert Client().get(thumbnail).status_code == 200
    act(client_of(make_staff()), "suspend", [person], reason="Spam")
    assert Client().get(thumbnail).status_code == 404


def test_a_reinstated_person_is_back(person: User) -> None:
    suspend(person, "Spam", by=make_staff())
    act(client_of(make_staff()), "reinstate", [person])
    person.refresh_from_db()
    assert person.is_active
    assert not person.suspended_reason
    assert log_of(person) == ["Reinstated."]


def test_nobody_suspends_themselves() -> None:
    admin = make_staff()
    response = act(client_of(admin), "suspend", [admin], reason="Holiday")
    assert "was left alone" in response.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


@pytest.mark.parametrize("colleague", [make_moderator, make_staff])
def test_staff_cannot_suspend_edit_or_delete_colleagues(colleague: Callable[[], User]) -> None:
    target = colleague()
    client = client_of(make_moderator("accounts.change_user", "accounts.delete_user"))
    act(client, "suspend", [target], reason="Coup")
    client.post(page(User, "change", target), {"name": "Coup"})
    client.post(page(User, "delete", target), {"post": "yes"})
    act(client, "delete_selected", [target], post="yes")
    assert client.get(f"/admin/accounts/user/{target.pk}/password/").status_code == 403
    target.refresh_from_db()
    assert (target.is_active, target.name) == (True, "")


def test_staff_cannot_grant_permissions(person: User) -> None:
    group = Group.objects.create(name="Moderators")
    form = {"name": "Ann", "is_staff": "on", "is_superuser": "on", "groups": [group.pk]}
    client = client_of(make_moderator("accounts.change_user"))
    assert client.post(page(User, "change", person), form).status_code == 302
    person.refresh_from_db()
    assert person.name == "Ann"
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_a_superuser_grants_permissions(person: User) -> None:
    form = {"name": "Ann", "is_staff": "on"}
    client_of(make_staff()).post(page(User, "change", person), form)
    person.refresh_from_db()
    assert (person.name, person.is_staff) == ("Ann", True)


def test_deleting_a_person_leaves_no_file(
    person: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(make_staff()).post(page(User, "delete", person), {"post": "yes"})
    assert not User.objects.filter(pk=person.pk).exists()
    assert not stored_files()


def test_deleting_many_people_leaves_no_file(
    person: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    people = [person, make_photo(make_album(make_user())).album.owner]
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(make_staff()), "delete_selected", people, post="yes")
    assert not Photo.objects.exists()
    assert not stored_files()


def test_deleting_needs_no_right_to_jobs_and_files_which_nobody_deletes_alone(person: User) -> None:
    permissions = [
        f"{app}.delete_{model}"
        for app, model in (
            ("accounts", "user"),
            ("gallery", "album"),
            ("gallery", "photo"),
            ("gallery", "archive"),
        )
    ]
    client = client_of(make_moderator(*permissions))
    assert client.post(page(User, "delete", person), {"post": "yes"}).status_code == 403
    client = client_of(make_moderator(*permissions, "colorizer.delete_colorization"))
    assert client.post(page(User, "delete", person), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()


def test_whoever_may_delete_people_deletes_one_who_has_signed_up() -> None:
    person = make_user()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = client_of(make_moderator("accounts.delete_user"))
    assert client.post(page(User, "delete", person), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()


def test_nobody_deletes_themselves() -> None:
    admin = make_staff()
    client = client_of(admin)
    assert client.post(page(User, "delete", admin), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [admin], post="yes")
    assert User.objects.filter(pk=admin.pk).exists()


def test_staff_who_may_only_look_cannot_suspend(person: User) -> None:
    act(client_of(make_moderator("accounts.view_user")), "suspend", [person], reason="Spam")
    person.refresh_from_db()
    assert person.is_active


def test_who_has_not_confirmed_the_address_yet_is_marked() -> None:
    make_user(awaits_confirmation=True)
    response = client_of(make_staff()).get(page(User, "changelist"))
    assert response.content.decode().count("Email not confirmed") == 1


def test_staff_reset_two_factor_authentication_and_it_is_logged() -> None:
    ada = make_user()
    add_app(ada)
    add_recovery_codes(ada)
    client = client_of(make_staff())
    act(client, "reset_two_factor", [ada], reason="She came with her passport")
    assert types_of(ada) == set()
    assert log_of(ada) == ["Two-factor authentication reset: She came with her passport"]


def test_the_button_to_reset_it_is_there_for_those_who_have_it() -> None:
    ada, bob = make_user(), make_user()
    add_app(ada)
    client = client_of(make_staff())
    button = 'name="action" value="reset_two_factor"'
    assert button in client.get(page(User, "change", ada)).content.decode()
    assert button not in client.get(page(User, "change", bob)).content.decode()


def test_moderators_do_not_reset_that_of_staff() -> None:
    staff = make_staff()
    add_app(staff)
    moderator = client_of(make_moderator("accounts.view_user", "accounts.change_user"))
    act(moderator, "reset_two_factor", [staff], reason="Why not")
    assert types_of(staff) == {"totp"}


def test_secrets_and_whereabouts_are_not_in_the_admin() -> None:
    client = client_of(make_staff())
    for address in ("mfa/authenticator/", "usersessions/usersession/"):
        assert client.get(f"/admin/{address}").status_code == 404


def test_an_action_for_all_pages_ends_in_time_or_is_refused() -> None:
    User.objects.bulk_create(User(email=f"{number}@example.org") for number in range(201))
    first = User.objects.earliest("pk")
    client = client_of(make_staff())
    response = act(client, "delete_selected", [first], select_across="1", post="yes")
    assert "Choose at most 200 at a time" in response.content.decode()
    assert User.objects.count() == 202
    act(client, "delete_selected", [first], post="yes")
    assert User.objects.count() == 201


@pytest.mark.parametrize(
    ("page_name", "form", "field"),
    [
        ("accounts_user_change", {"name": "Ada Lovelace"}, "name"),
        (
            "auth_user_password_change",
            {"usable_password": "true", "password1": "tin-1856", "password2": "tin-1856"},
            "password",
        ),
    ],
)
def test_what_is_changed_at_the_same_time_stays(
    person: User, page_name: str, form: dict[str, str], field: str
) -> None:
    """A colleague suspends the person after the form has read the account, and before it writes it."""
    colleague, client = make_staff(), client_of(make_staff())

    def suspend_first(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "accounts_user"') and person.is_active:
            suspend(person, "Spam", colleague)
        return execute(sql, *args)

    before = getattr(person, field)
    with connection.execute_wrapper(suspend_first):
        client.post(reverse(f"admin:{page_name}", args=[person.pk]), form)
    person.refresh_from_db()
    assert person.is_suspended
    assert getattr(person, field) != before
