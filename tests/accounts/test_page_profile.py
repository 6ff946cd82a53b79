"""The settings: who somebody is, and how the site is to look and speak to them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db

PROFILE, PREFERENCES = "/settings/", "/settings/preferences/"


@pytest.fixture
def ada(client: Client) -> User:
    ada = make_user("ada@example.org", name="Ada")
    client.force_login(ada)
    return ada


def test_the_account_menu_leads_to_the_settings(client: Client, ada: User) -> None:
    assertContains(client.get("/"), f'href="{PROFILE}"')


def test_a_name_is_changed(client: Client, ada: User) -> None:
    assertRedirects(client.post(PROFILE, {"name": "Ada Lovelace"}), PROFILE)
    ada.refresh_from_db()
    assert ada.name == "Ada Lovelace"


def test_the_page_says_who_sees_the_name(client: Client, ada: User) -> None:
    """It stands beside a published album."""
    album = make_album(ada, public=True)
    assertContains(Client().get(album.get_absolute_url()), "by Ada")
    assertContains(client.get(PROFILE), "Others see it beside the albums that you publish.")


def test_email_addresses_are_reached_from_the_profile(client: Client, ada: User) -> None:
    assertContains(client.get(PROFILE), reverse("account_email"))


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "settings:security"])
def test_each_page_has_the_list_of_sections(client: Client, ada: User, name: str) -> None:
    page = client.get(reverse(name))
    assertContains(page, 'aria-label="Settings"')
    assertContains(page, 'aria-current="page"', count=1)


def test_preferences_are_saved(client: Client, ada: User) -> None:
    chosen = {"language": "zh-hans", "theme": "dark", "mail_when_done": "on"}
    assertRedirects(client.post(PREFERENCES, chosen), PREFERENCES)
    ada.refresh_from_db()
    assert (ada.language, ada.theme, ada.mail_when_done) == ("zh-hans", "dark", True)


@pytest.mark.parametrize("wrong", [{"language": "tlh"}, {"theme": "pink"}])
def test_what_is_no_choice_is_refused(client: Client, ada: User, wrong: dict[str, str]) -> None:
    page = client.post(PREFERENCES, {"language": "", "theme": "auto", **wrong})
    assertContains(page, "errorlist")
    ada.refresh_from_db()
    assert (ada.language, ada.theme) == ("", "auto")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_there_with_the_first_byte(client: Client, ada: User, theme: str) -> None:
    User.objects.update(theme=theme)
    page = client.get("/")
    assertContains(page, f'data-theme="{theme}"')
    assertContains(page, f'<meta name="color-scheme" content="{theme}">', html=True)


def test_without_a_choice_the_device_decides(client: Client, ada: User) -> None:
    for page in (client.get("/"), Client().get("/")):
        assertNotContains(page, "data-theme")
        assertContains(page, '<meta name="color-scheme" content="light dark">', html=True)
