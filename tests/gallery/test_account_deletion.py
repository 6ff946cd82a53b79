"""An account that its owner ends: closed at once, kept for a week, then gone from every table and from the storage."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, connections
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.services import suspend
from filestore.models import StoredFile
from gallery import closing, services
from gallery.models import Album, Photo
from gallery.queries import public_albums, visible_colorizations
from jobs.models import Job
from moderation import services as moderation
from moderation.models import Report
from tests.factories import make_album, make_photo, make_staff, make_user, stored_files
from tests.gallery.belongings import make_person, suspend_and_hide
from tests.staff import act, client_of, page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return make_person("Ada")


@pytest.fixture
def other() -> User:
    return make_person("Bob")


def let_the_week_pass(user: User) -> None:
    User.objects.filter(pk=user.pk).update(deletion_due_at=timezone.now() - timedelta(seconds=1))


def end(user: User) -> None:
    closing.close(user)
    let_the_week_pass(user)
    for _ in range(10):
        closing.delete_due()


def texts(model: type[Model]) -> Iterator[str]:
    """Every cell of a table, as the database has it."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  (a name of ours)
        for row in cursor.fetchall():
            yield from (str(cell) for cell in row)


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def test_nothing_is_left_in_any_table(person: User, other: User) -> None:
    staff = suspend_and_hide(person)
    key, email = str(person.pk), person.email
    assert any("Ada" in text for model in apps.get_models() for text in texts(model))
    end(person)
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                assert not model._base_manager.filter(**{field.name: key}).exists(), field
        left = [text for text in texts(model) if "Ada" in text or email in text]
        assert left == [], model
    assert User.objects.filter(pk__in=[other.pk, staff.pk]).count() == 2
    assert LogEntry.objects.count() == 3


def test_names_of_what_went_before_its_owner_are_not_left_in_the_log(
    person: User, other: User
) -> None:
    """Deleted by the owner after staff had hidden it, or by the staff."""
    client = client_of(make_staff())
    second = make_album(person, "Second attic of Ada")
    address = EmailAddress.objects.create(user=person, email="ada.second@example.org")
    kept = other.albums.get()
    act(client, "hide", [second, kept], reason="Under review")
    services.delete_album(second)
    for record in (address, person.shares.get(), Photo.objects.get(album__owner=person)):
        client.post(page(type(record), "delete", record), {"post": "yes"})
    act(client, "delete_selected", [person.albums.get()], post="yes")
    assert LogEntry.objects.count() == 6
    end(person)
    names = LogEntry.objects.values_list("object_repr", flat=True)
    assert sorted(names) == ["(deleted)"] * 5 + [str(kept)]


def test_what_staff_deleted_has_its_name_in_the_log_while_its_owner_stays(person: User) -> None:
    client = client_of(make_staff())
    client.post(page(Album, "delete", person.albums.get()), {"post": "yes"})
    end(make_person("Bob"))
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == (
        "Attic of Ada",
        f"Deleted. The owner was user {person.pk}.",
    )


def test_a_kind_of_an_earlier_release_is_in_nobodys_way(person: User) -> None:
    staff = suspend_and_hide(person)
    kind = ContentType.objects.create(app_label="gallery", model="daguerreotype")
    LogEntry.objects.create(
        user=staff, content_type=kind, object_id="1", object_repr="Of Ada", action_flag=CHANGE
    )
    end(person)
    assert set(LogEntry.objects.values_list("object_repr", flat=True)) == {"(deleted)"}


def test_as_many_rows_are_left_as_without_the_person(other: User) -> None:
    before = counts()
    person = make_person("Ada")
    end(person)
    after = counts()
    # The one that the person sent stays, without a name; counters only grow.
    different = {label for label in after if after[label] != before[label]}
    assert different <= {"jobs.Counter"}


def test_no_byte_of_theirs_is_left(person: User, other: User) -> None:
    end(person)
    assert sorted(Path(file.name.path) for file in StoredFile.objects.all()) == stored_files()
    assert set(StoredFile.objects.values_list("owner", flat=True)) == {other.pk}


def test_sessions_that_nobody_used_again_are_gone(person: User, other: User) -> None:
    assert Session.objects.count() == 2
    end(person)
    [session] = Session.objects.all()
    assert session.get_decoded()["_auth_user_id"] == str(other.pk)


def test_it_goes_in_parts_that_bear_being_interrupted(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "PHOTOS_AT_ONCE", 1)
    make_photo(person.albums.get())
    closing.close(person)
    let_the_week_pass(person)
    left = []
    while User.objects.exists():
        closing.delete_due()
        left.append(Photo.objects.count())
    assert left == [1, 0, 0]


def test_several_hosts_may_do_it_at_once(person: User, other: User) -> None:
    closing.close(person)
    let_the_week_pass(person)

    def host(_: int) -> None:
        for _ in range(3):
            closing.delete_due()
        connections.close_all()

    with ThreadPoolExecutor(3) as hosts:
        list(hosts.map(host, range(3)))
    assert list(User.objects.all()) == [other]


def test_a_report_about_others_stays_without_a_name(person: User, other: User) -> None:
    version = visible_colorizations(other).filter(job__owner=other).succeeded()[0]
    moderation.report(version, person, Report.Reason.PRIVACY)
    end(person)
    assert list(version.reports.values_list("reporter", flat=True).order_by("pk")) == [
        other.pk,
        None,
    ]


def test_it_is_closed_at_once(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert closing.close(person)
    assert not Job.objects.open().exists()
    assert not public_albums().exists()
    anonymous = Client()
    album = person.albums.get()
    assert anonymous.get(album.get_absolute_url()).status_code == 404
    assert client.get("/activity/").status_code == 302
    client.force_login(person)
    for part in ("/texts.js", "/manifest.webmanifest", "/service-worker.js", "/offline/"):
        assert client.get(part).status_code == 200
    assert Photo.objects.exists()
    due = User.objects.get(pk=person.pk).deletion_due_at
    assert due
    assert timedelta(days=6, hours=23) < due - timezone.now() <= timedelta(days=7)


def test_nothing_is_deleted_within_the_week(person: User) -> None:
    closing.close(person)
    closing.delete_due()
    assert Photo.objects.exists()


def test_who_keeps_it_has_everything_back(person: User) -> None:
    closing.close(person)
    assert closing.keep(person)
    assert public_albums().exists()
    let_a_week = User.objects.get(pk=person.pk)
    assert let_a_week.deletion_due_at is None


def test_after_the_week_it_cannot_be_kept(person: User) -> None:
    closing.close(person)
    let_the_week_pass(person)
    assert not closing.keep(person)


def test_closing_twice_is_closing_once(person: User) -> None:
    assert closing.close(person)
    due = User.objects.get(pk=person.pk).deletion_due_at
    assert not closing.close(person)
    assert User.objects.get(pk=person.pk).deletion_due_at == due


def test_messages_tell_of_it(person: User) -> None:
    closing.close(person)
    let_the_week_pass(person)
    for _ in range(3):
        closing.delete_due()
    _key_was_made, closed, deleted = mail.outbox
    assert closed.to == deleted.to == ["ada@example.org"]
    assert closed.subject == "[Tintype] Your account is closed"
    assert "log in before that day" in closed.body
    assert "{" not in str(closed.body)
    assert deleted.subject == "[Tintype] Your account is deleted"


def test_an_address_that_nobody_proved_gets_no_message() -> None:
    end(make_user())
    assert mail.outbox == []


def test_a_mail_server_that_is_away_keeps_nothing(person: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    end(person)
    assert not User.objects.exists()


def test_what_staff_suspended_waits_for_the_staff(person: User) -> None:
    closing.close(person)
    suspend(User.objects.get(pk=person.pk), "Under investigation", by=make_staff())
    let_the_week_pass(person)
    closing.delete_due()
    assert Album.objects.filter(owner=person).exists()


def test_the_last_administrator_stays() -> None:
    first = make_staff()
    with pytest.raises(closing.CannotCloseError, match="only administrator"):
        closing.close(first)
    second = make_staff()
    assert closing.close(first)
    with pytest.raises(closing.CannotCloseError, match="only administrator"):
        closing.close(second)


def test_of_two_administrators_who_go_at_once_one_stays() -> None:
    def go(user: User) -> bool:
        try:
            return closing.close(user)
        except closing.CannotCloseError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        went = list(both.map(go, [make_staff(), make_staff()]))
    assert sorted(went) == [False, True]


def test_whose_decisions_are_in_the_log_stays(person: User) -> None:
    staff = suspend_and_hide(person)
    make_staff()
    with pytest.raises(closing.CannotCloseError, match="log that the site keeps"):
        closing.close(staff)
