"""Error pages."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error
from pytest_django.asserts import assertContains

pytestmark = pytest.mark.django_db


def test_an_address_without_a_page(client: Client) -> None:
    assertContains(client.get("/nowhere/"), "Page not found", status_code=404)


def test_a_form_without_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assertContains(client.post("/accounts/login/"), "This form has expired", status_code=403)


def test_a_fault_of_ours_is_told_without_any_context(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    assertContains(response, "Something went wrong on our side", status_code=500)


@pytest.mark.parametrize("status", [400, 403, 429])
def test_every_error_has_a_way_out(status: int) -> None:
    assert 'href="/"' in render_to_string(f"{status}.html")
