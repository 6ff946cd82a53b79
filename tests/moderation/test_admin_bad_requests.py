"""Filters, searches and selections that nobody can mean: 400, or the list without them."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import make_colorization, make_staff

pytestmark = pytest.mark.django_db

LISTS = {
    model: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


@pytest.mark.parametrize("url", LISTS.values())
def test_every_list_stands_junk(staff: Client, url: str) -> None:
    for query in (
        "id__in=99999999999999999999",
        "pk__exact=x",
        "o=9.x",
        "p=" + "9" * 5000,
        "nope=1",
    ):
        assert staff.get(f"{url}?{query}").status_code in (200, 302, 400)
    for key in ("x", "", "99999999999999999999", "9" * 5000):
        form = {"action": "delete_selected", "_selected_action": key, "index": "0"}
        assert staff.post(url, form).status_code in (200, 302, 400)


@pytest.mark.parametrize(
    "query",
    [
        "queued_at__year=9999",
        "queued_at__year=10000",
        "queued_at__year=9999&queued_at__month=12&queued_at__day=31",
        "queued_at__gte=9999-12-31T23:59:59-23:59",
        "queued_at__exact=0001-01-01T00:00:00%2B23:59",
        "state__range=10000",
        "error_code__range=0",
        "priority__range=",
        "id__regex=(((",
        "error_text__iregex=(a%2B)%2B$",
    ],
)
def test_filters_that_cannot_be_used_are_refused(staff: Client, query: str) -> None:
    assert staff.get(f"/admin/jobs/job/?{query}").status_code in (302, 400)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_a_field_without_a_name_is_refused(staff: Client, page: str) -> None:
    job = make_colorization().job
    assert staff.get(f"/admin/jobs/job/{job.pk}/{page}/?_to_field=").status_code == 400


@pytest.mark.parametrize("key", ["x", "9999-12-31", "1,2", ""])
def test_a_selection_of_what_is_no_key_is_refused(staff: Client, key: str) -> None:
    form = {"action": "dismiss", "_selected_action": key, "index": "0"}
    assert staff.post("/admin/moderation/report/", form).status_code == 400
