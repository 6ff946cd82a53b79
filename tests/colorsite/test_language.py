"""The language of pages, errors and the API: the person's, or else the browser's."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from tests.api import address, client_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-Hans-SG", "zh-hans"),
        ("de,zh-cn;q=0.8,en;q=0.2", "zh-hans"),
        ("en-GB", "en"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        (";;;q=\x00", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_browser_decides(client: Client, asked: str, language: str) -> None:
    page = client.get("/explore/", headers={"Accept-Language": asked})
    assert page["Content-Language"] == language
    if page.status_code == 200:
        assertContains(page, f'<html lang="{language}"')


def test_what_somebody_chose_comes_first(client: Client) -> None:
    client.force_login(make_user(language="zh-hans"))
    page = client.get("/settings/", headers={"Accept-Language": "en"})
    assert page["Content-Language"] == "zh-hans"
    assertContains(page, "个人资料")


def test_a_language_that_is_gone_does_no_harm(client: Client) -> None:
    client.force_login(make_user(language="tlh"))
    assert client.get("/settings/")["Content-Language"] == "en"


def test_the_next_visitor_gets_their_own() -> None:
    Client().get("/explore/", headers=CHINESE)
    assert Client().get("/explore/")["Content-Language"] == "en"


def test_caches_know_that_it_matters(client: Client) -> None:
    assert "Accept-Language" in client.get("/explore/")["Vary"]


def test_the_api_speaks_it_too() -> None:
    headers = {**CHINESE, "Authorization": "Bearer tt_wrong"}
    response = client_of().get(address("me"), headers=headers)
    assert response.json()["detail"] == "API 密钥无效或已失效。"
    assert response["Content-Language"] == "zh-hans"


def test_fields_of_the_api_are_refused_in_it() -> None:
    client = client_of(make_user())
    response = client.post(address("album-list"), {"title": ""}, headers=CHINESE)
    assert "title" in response.json()["detail"]
    assert not response.json()["detail"].isascii()


def test_the_choice_is_in_force_with_the_next_page(client: Client) -> None:
    ada = make_user()
    client.force_login(ada)
    chosen = {"language": "zh-hans", "theme": "auto"}
    page = client.post("/settings/preferences/", chosen, follow=True)
    assertContains(page, "偏好设置已保存。")
    assert User.objects.get().language == "zh-hans"


def test_visitors_choose_on_every_page_and_stay_where_they_are(client: Client) -> None:
    assertContains(client.get("/explore/?page=1"), 'name="next" value="/explore/?page=1"')
    choice = {"language": "zh-hans", "next": "/explore/?page=1"}
    assertRedirects(client.post("/language/", choice), "/explore/?page=1")
    assert client.get("/explore/")["Content-Language"] == "zh-hans"


def test_a_choice_leads_nowhere_else(client: Client) -> None:
    choice = {"language": "zh-hans", "next": "https://example.org/"}
    assert client.post("/language/", choice)["Location"] == "/"


def test_members_choose_in_their_settings(client: Client) -> None:
    client.force_login(make_user())
    assertNotContains(client.get("/explore/"), 'action="/language/"')
