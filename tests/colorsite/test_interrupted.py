"""What was typed into a form is given back after the login, by whichever way the session had ended."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from colorsite import interrupted
from gallery.models import Album
from tests.factories import PASSWORD, make_album, make_upload, make_user

pytestmark = pytest.mark.django_db

NEW_ALBUM = "/albums/new/"
TYPED = {"title": "Harbor 1932", "description": "Two\nlines"}
BY_SCRIPT = {"HX-Request": "true", "HX-Current-URL": f"{site.SITE_URL}/explore/?page=2"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


def log_in(client: Client, response: Any, email: str = "ada@example.org") -> Any:
    """From where the response leads, as a person does."""
    return client.post(response["Location"], {"login": email, "password": PASSWORD}, follow=True)


def kept_by(client: Client) -> dict[str, Any]:
    forms: dict[str, Any] = client.session.get(interrupted.SESSION_KEY, {})
    return forms


def test_what_was_typed_is_there_after_the_login(client: Client, ada: User) -> None:
    page = log_in(client, client.post(NEW_ALBUM, TYPED))
    assertContains(page, "Harbor 1932")
    assertContains(page, f'action="{NEW_ALBUM}"')
    assertContains(page, '<input type="hidden" name="title" value="Harbor 1932">', html=True)
    assert not Album.objects.exists(), "It was sent without being asked for."


def test_whoever_signs_up_then_is_not_logged_out_after_an_hour(client: Client) -> None:
    client.post(NEW_ALBUM, TYPED)
    form = {"email": "new@example.org", "password1": PASSWORD}
    client.post(reverse("account_signup"), form)
    assert "_auth_user_id" in client.session
    assert client.session.get_expiry_age() == site.SESSION_COOKIE_AGE


def test_the_button_sends_it(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value
    origin = {"Origin": site.SITE_URL}
    interrupted_form = client.post(
        NEW_ALBUM, {**TYPED, "csrfmiddlewaretoken": token}, headers=origin
    )
    page = client.post(
        interrupted_form["Location"],
        {"login": ada.email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers=origin,
        follow=True,
    )
    found = TOKEN.findall(page.content.decode())[-1]
    client.post(NEW_ALBUM, {**TYPED, "csrfmiddlewaretoken": found}, headers=origin)
    assert Album.objects.get().description == TYPED["description"]
    assert kept_by(client) == {}


def test_a_form_of_a_page_that_only_takes_forms(client: Client, ada: User) -> None:
    """It led to a bare 405."""
    address = reverse("settings:sessions-end-others")
    page = log_in(client, client.post(address))
    assert page.status_code == 200
    assertContains(page, f'action="{address}"')
    assertContains(page, "nothing in it but its button")


def test_keys_of_records_are_sent_but_not_shown(client: Client, ada: User) -> None:
    album = make_album(ada)
    for keys in (str(album.pk), f"{album.pk},{album.pk},"):
        page = log_in(client, client.post("/selection/move/", {"photos": keys, "to": "x"}))
        assertContains(page, f'name="photos" value="{keys}"')
        assertNotContains(page, f"<dd>{keys}</dd>")
        assertContains(page, "<dd>x</dd>")
        client.logout()


def test_what_was_typed_is_escaped(client: Client, ada: User) -> None:
    page = log_in(client, client.post(NEW_ALBUM, {"title": "<script>alert(1)</script>"}))
    assertNotContains(page, "<script>alert(1)")


def test_files_are_not_kept_and_it_says_so(client: Client, ada: User) -> None:
    referer = {"Referer": f"{site.SITE_URL}/explore/"}
    sent = client.post("/upload/", {"photos": make_upload(), "variant": "stable"}, headers=referer)
    page = log_in(client, sent)
    assertContains(page, "choose them again")
    assertContains(page, 'href="/explore/"')
    assertNotContains(page, "Send it now")


def test_another_browser_sees_nothing_of_it(client: Client, ada: User) -> None:
    client.post(NEW_ALBUM, TYPED)
    (key,) = kept_by(client)
    other = Client()
    other.force_login(ada)
    assert other.get(reverse("interrupted", args=[key])).status_code == 404


def test_logging_out_forgets_it(client: Client, ada: User) -> None:
    log_in(client, client.post(NEW_ALBUM, TYPED))
    client.post(reverse("account_logout"))
    assert kept_by(client) == {}


@pytest.mark.parametrize(
    "secret", [{"password": "x"}, {"new_password2": "x"}, {"credential": "{}"}, {"code": "123456"}]
)
def test_secrets_are_never_kept(client: Client, secret: dict[str, str]) -> None:
    response = client.post(NEW_ALBUM, {**TYPED, **secret})
    assert response["Location"].startswith(reverse("account_login"))
    assert kept_by(client) == {}


def test_forms_of_the_account_itself_are_not_kept(client: Client) -> None:
    client.post(reverse("account_email"), {"email": "x@example.org", "action_add": ""})
    assert kept_by(client) == {}


def test_a_book_is_not_kept(client: Client) -> None:
    response = client.post(NEW_ALBUM, {"title": "x" * interrupted.MAX_BYTES})
    assertRedirects(response, f"{reverse('account_login')}?next=%2F")
    assert kept_by(client) == {}


def test_the_last_few_are_kept(client: Client) -> None:
    for number in range(5):
        client.post(NEW_ALBUM, {"title": str(number)})
    titles = [dict(kept["fields"])["title"] for kept in kept_by(client).values()]
    assert titles == [["2"], ["3"], ["4"]]


def test_strangers_do_not_fill_the_database(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"interrupted": "2/h/ip"}
    for _ in range(3):
        assert Client().post(NEW_ALBUM, TYPED).status_code == 302
    client.post(NEW_ALBUM, TYPED)
    assert kept_by(client) == {}


def test_an_anonymous_session_is_short(client: Client) -> None:
    client.post(NEW_ALBUM, TYPED)
    assert client.session.get_expiry_age() <= interrupted.SECONDS


def test_pages_that_are_only_looked_at_lead_back_as_ever(client: Client, ada: User) -> None:
    response = client.get("/activity/?page=1")
    assert response["Location"] == f"{reverse('account_login')}?next=/activity/%3Fpage%3D1"


class TestScripts:
    def test_a_part_of_a_page_is_no_place_for_the_login(self, client: Client) -> None:
        response = client.get("/activity/", headers=BY_SCRIPT)
        assert response.status_code == 401
        assert response["HX-Redirect"] == "/accounts/login/?next=%2Fexplore%2F%3Fpage%3D2"

    def test_a_form_by_script_is_kept(self, client: Client) -> None:
        response = client.post(NEW_ALBUM, TYPED, headers=BY_SCRIPT)
        assert response.status_code == 401
        (key,) = kept_by(client)
        assert key in response["HX-Redirect"]

    def test_other_sites_are_no_pages_to_go_back_to(self, client: Client) -> None:
        elsewhere = {**BY_SCRIPT, "HX-Current-URL": "https://evil.example/x"}
        response = client.get("/activity/", headers=elsewhere)
        assert response["HX-Redirect"] == "/accounts/login/?next=%2F"


class TestExpiredTokens:
    """Somebody logged in again in another tab."""

    @pytest.fixture
    def client(self, ada: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        return client

    def test_what_was_typed_is_given_back(self, client: Client) -> None:
        own = {"Origin": site.SITE_URL}
        form = {**TYPED, "csrfmiddlewaretoken": "a" * 64}
        page = client.post(NEW_ALBUM, form, headers=own, follow=True)
        assertContains(page, "Harbor 1932")
        assert not Album.objects.exists()

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
    def test_nothing_that_others_send_is_kept(self, client: Client, origin: str) -> None:
        headers = {"Origin": origin} if origin else {}
        response = client.post(NEW_ALBUM, TYPED, headers=headers)
        assertContains(response, "This form has expired", status_code=403)
        assert kept_by(client) == {}

    def test_scripts_are_led_there(self, client: Client) -> None:
        headers = {"Origin": site.SITE_URL, **BY_SCRIPT}
        response = client.post(NEW_ALBUM, TYPED, headers=headers)
        assert response.status_code == 403
        assert response["HX-Redirect"].startswith("/continue/")
