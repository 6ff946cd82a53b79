from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import suspend
from gallery.services import publish
from jobs.models import Job
from moderation.models import Report
from moderation.services import hide, report
from tests.factories import (
    PASSWORD,
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    photo_of,
)
from tests.staff import client_of, make_moderator

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def test_a_password_is_changed_where_attempts_are_counted() -> None:
    staff = make_staff()
    new = "another long phrase"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = client_of(staff).post(reverse("admin:password_change"), form)
    assert response["Location"] == reverse("account_change_password")
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def figures(user: User) -> dict[str, dict[str, tuple[int, str]]]:
    """Section -> label -> count and link, as shown to this user."""
    sections = client_of(user).get(INDEX).context["sections"]
    return {
        title: {figure.label: (figure.count, figure.url) for figure in found}
        for title, found in sections
    }


def counts(user: User, section: str) -> dict[str, int]:
    return {label: count for label, (count, _) in figures(user)[section].items()}


def test_people_are_counted_with_the_new_and_the_suspended() -> None:
    admin, veteran = make_staff(), make_user()
    User.objects.filter(pk=veteran.pk).update(date_joined=timezone.now() - timedelta(days=30))
    suspend(make_user(), "Spam", by=admin)
    assert counts(admin, "People") == {"accounts": 3, "new in 7 days": 2, "suspended": 1}


def test_uploads_and_albums_are_counted() -> None:
    admin = make_staff()
    album = make_album(make_user())
    publish(album)
    make_photo(album)
    hide(make_photo(album), by=admin, reason="Because")
    assert counts(admin, "Photos") == {"uploads": 2, "new in 7 days": 2, "hidden": 1}
    assert counts(admin, "Albums") == {"albums": 1, "published": 1, "hidden": 0}


def test_jobs_are_counted_by_state() -> None:
    photo = make_photo(make_album(make_user()))
    make_colorization(photo, Job.State.QUEUED)
    make_colorization(photo, Job.State.QUEUED)
    make_colorization(photo, Job.State.FAILED)
    make_archive(state=Job.State.QUEUED)
    assert counts(make_staff(), "Jobs") == {
        "queued": 3,
        "running": 0,
        "succeeded": 0,
        "failed": 1,
        "cancelled": 0,
    }


def test_an_open_report_is_shown_with_its_picture() -> None:
    colorization = make_colorization(make_photo(make_album(make_user())), Job.State.SUCCEEDED)
    complaint = report(colorization, None, Report.Reason.PRIVACY, "")
    content = client_of(make_staff()).get(INDEX).content.decode()
    assert reverse("gallery:photo-thumbnail", args=[photo_of(colorization).pk]) in content
    assert reverse("admin:moderation_report_change", args=[complaint.pk]) in content


def test_every_figure_leads_to_a_list_of_as_many() -> None:
    admin = make_staff()
    album = make_album(make_user())
    publish(album)
    photo = make_photo(album)
    hide(photo, by=admin, reason="Because")
    for state in Job.State:
        colorization = make_colorization(photo, state)
    report(colorization, None, Report.Reason.PRIVACY, "")
    client = client_of(admin)
    for section in figures(admin).values():
        for count, url in section.values():
            assert client.get(url).context["cl"].result_count == count, url


def test_staff_see_figures_of_what_they_may_see() -> None:
    assert set(figures(make_moderator("gallery.view_photo"))) == {"Photos"}


def test_open_reports_are_for_those_who_may_see_reports() -> None:
    colorization = make_colorization(make_photo(make_album(make_user())), Job.State.SUCCEEDED)
    report(colorization, None, Report.Reason.PRIVACY, "")
    content = client_of(make_moderator("gallery.view_photo")).get(INDEX).content.decode()
    assert "Waiting for a decision" not in content


def test_visitors_log_in_on_the_sites_own_page_and_come_back() -> None:
    staff, client = make_staff(), Client()
    response = client.get(INDEX, follow=True)
    login, _ = response.redirect_chain[-1]
    assert login == f"{reverse('account_login')}?next=%2Fadmin%2F"
    response = client.post(login, {"login": staff.email, "password": PASSWORD})
    assert response["Location"] == INDEX


def test_customers_are_refused() -> None:
    assert client_of(make_user()).get(INDEX, follow=True).status_code == 403
