"""How long what opens an account by the API is good for, as docs/api.md says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from accounts import api_keys
from accounts.models import ApiKey, User
from accounts.services import end_sessions, reinstate, suspend
from tests.accounts.visitors import NEW_PASSWORD, App, code_for
from tests.api import assert_problem
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db

TWO_WEEKS = timedelta(days=14)
A_DAY = timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def app(ada: User) -> App:
    app = App()
    app.log_in(ada.email)
    return app


class Script(App):
    """A program with an API key."""

    def __init__(self, owner: User) -> None:
        super().__init__()
        self._key = api_keys.create(owner, "Script", "write", None)[1]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"}


def test_a_token_is_good_for_two_weeks(app: App) -> None:
    assert Session.objects.get().expire_date - timezone.now() > TWO_WEEKS - A_DAY
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    response = app.client.get("/api/v1/me/", headers=app.headers)
    assert_problem(response, 401, "authentication_failed")


def test_who_uses_it_has_two_weeks_again(ada: User, app: App) -> None:
    nearly = timezone.now() - TWO_WEEKS + A_DAY
    User.objects.update(last_login=nearly)
    Session.objects.update(expire_date=timezone.now() + A_DAY)
    assert app.account() == ada.pk
    assert Session.objects.get().expire_date - timezone.now() > TWO_WEEKS - A_DAY


def test_a_key_lives_as_long_as_it_was_made_for(ada: User) -> None:
    script = Script(ada)
    assert script.account() == ada.pk
    ApiKey.objects.update(expires_at=timezone.now())
    assert script.account() is None


def test_a_new_password_ends_keys(ada: User, app: App) -> None:
    script = Script(ada)
    app.change_password(PASSWORD, NEW_PASSWORD)
    assert (app.account(), script.account()) == (ada.pk, None)


def test_logging_out_ends_one_token_and_no_key(ada: User, app: App) -> None:
    other, script = App(), Script(ada)
    other.log_in(ada.email)
    gone = dict(app.headers)
    app.send("DELETE", "auth/session")
    assert app.client.get("/api/v1/me/", headers=gone).status_code == 401
    assert other.account() == script.account() == ada.pk


def test_ending_all_sessions_ends_tokens_and_keys(ada: User, app: App) -> None:
    script = Script(ada)
    end_sessions(ada)
    assert (app.account(), script.account()) == (None, None)


def test_a_suspension_ends_tokens_and_keys_for_good(ada: User, app: App) -> None:
    script = Script(ada)
    suspend(ada, "Spam", make_staff())
    assert (app.account(), script.account()) == (None, None)
    reinstate(ada)
    assert (app.account(), script.account()) == (None, None)


def test_whoever_is_suspended_gets_no_token(ada: User) -> None:
    suspend(ada, "Spam", make_staff())
    response = App().log_in(ada.email)
    assert response.status_code == 401
    assert "session_token" not in response.json().get("meta", {})


def test_a_code_for_an_address_is_tried_three_times(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    app = App()
    app.sign_up("bob@example.org")
    code = code_for("bob@example.org")
    assert code
    for _ in range(3):
        app.enter_code("AAAA-AAAA")
    app.enter_code(code)
    assert app.account() is None
