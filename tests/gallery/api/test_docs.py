from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.api import assert_problem, client_of
from tests.factories import make_user

pytestmark = pytest.mark.slow


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "text/html,*/*;q=0.8", "*/*"])
def test_people_get_a_page(accept: str) -> None:
    response = Client().get(reverse("api:docs"), headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_get_a_problem_and_no_page(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = "x"
    response = client.generic(method, reverse("api:docs"))
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("name", ["json", "yaml"])
def test_the_address_names_the_format_of_the_description(name: str) -> None:
    response = client_of().get(reverse("api:schema"), {"format": name})
    assert response.status_code == 200
    assert response.content.startswith(b"{") == (name == "json")
    assert_problem(client_of().get(reverse("api:schema"), {"format": "xml"}), 400, "invalid")


def test_problems_of_the_description_are_json_whatever_it_is_asked_for_as() -> None:
    for accept in ("application/yaml", "application/json"):
        headers = {"Accept": accept}
        response = client_of().get(reverse("api:schema"), {"hidden": "yes"}, headers=headers)
        assert_problem(response, 400, "invalid")


@pytest.mark.django_db
def test_the_page_knows_who_is_logged_in() -> None:
    client, user = Client(), make_user(name="Ada")
    client.force_login(user)
    assertContains(client.get(reverse("api:docs")), "Log out")
