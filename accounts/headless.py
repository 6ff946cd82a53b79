"""Where the API's addresses for accounts differ from allauth's: as the pages do, see forms.py."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import password_reset
from allauth.headless.account import inputs, views
from allauth.headless.account.response import PasswordResetKeyResponse
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.constants import Client
from allauth.headless.internal.restkit.response import ErrorResponse
from allauth.headless.mfa import inputs as mfa_inputs
from allauth.headless.mfa import views as mfa_views
from allauth.headless.usersessions import inputs as usersessions_inputs
from allauth.headless.usersessions import views as usersessions_views
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import BigIntegerField, QuerySet
from django.forms import IntegerField, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts import services
from accounts.forms import ResetPasswordForm, UsedOnce


class RequestPasswordResetInput(ResetPasswordForm, inputs.RequestPasswordResetInput):  # type: ignore[misc]  # allauth has no types
    pass


class RequestPasswordResetView(views.RequestPasswordResetView):  # type: ignore[misc]
    input_class = RequestPasswordResetInput


class ResetKeyInput(inputs.ResetPasswordKeyInput):  # type: ignore[misc]
    def clean_key(self) -> str:
        """allauth stumbles over a key that names no account, such as "-a"."""
        key: str = self.cleaned_data["key"]
        if not key.partition("-")[0].strip():
            raise get_adapter().validation_error("invalid_password_reset")
        return str(super().clean_key())


class ResetPasswordInput(ResetKeyInput, inputs.ResetPasswordInput):  # type: ignore[misc]
    pass


class ResetPasswordView(views.ResetPasswordView):  # type: ignore[misc]
    input_class = ResetPasswordInput

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As allauth's, which has no place to say which input reads the key."""
        key = ResetKeyInput({"key": request.headers.get("X-Password-Reset-Key", "")})
        response: HttpResponse = (
            PasswordResetKeyResponse(request, key.user)
            if key.is_valid()
            else ErrorResponse(request, input=key)
        )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As the page does it: what follows the reset is for the addresses that are proved by then."""
        user = self.input.user
        password_reset.reset_password(user, self.input.cleaned_data["password"])
        services.prove_by_reset(user)
        password_reset.finalize_password_reset(request, user)
        response: HttpResponse = AuthenticationResponse(request)
        return response


class VerifyEmailInput(inputs.VerifyEmailInput):  # type: ignore[misc]
    def clean_key(self) -> str:
        """allauth lets an address pass that its account has proved meanwhile, and fails on it later."""
        key = str(super().clean_key())
        if self.process.email_address.verified:
            raise get_adapter().validation_error("email_taken")
        return key


class VerifyEmailView(views.VerifyEmailView):  # type: ignore[misc]
    input_class = VerifyEmailInput


class AuthenticateInput(UsedOnce, mfa_inputs.AuthenticateInput):  # type: ignore[misc]
    pass


class AuthenticateView(mfa_views.AuthenticateView):  # type: ignore[misc]
    input_class = AuthenticateInput


class ReauthenticateInput(UsedOnce, mfa_inputs.ReauthenticateInput):  # type: ignore[misc]
    pass


class ReauthenticateView(mfa_views.ReauthenticateView):  # type: ignore[misc]
    input_class = ReauthenticateInput


class OwnRecords(ModelMultipleChoiceField):  # type: ignore[type-arg]
    def clean(self, value: Any) -> QuerySet[Any]:
        """Django looks for keys that the database cannot compare, and the database fails."""
        for key in value if isinstance(value, list) else []:
            IntegerField(min_value=0, max_value=BigIntegerField.MAX_BIGINT).clean(key)
        found: QuerySet[Any] = super().clean(value)
        return found


class SelectSessionsInput(usersessions_inputs.SelectSessionsInput):  # type: ignore[misc]
    sessions = OwnRecords(UserSession.objects.none())


class SessionsView(usersessions_views.SessionsView):  # type: ignore[misc]
    input_class: ClassVar[dict[str, Any]] = {"DELETE": SelectSessionsInput}


class DeleteWebAuthnInput(mfa_inputs.DeleteWebAuthnInput):  # type: ignore[misc]
    authenticators = OwnRecords(Authenticator.objects.none())


class ManageWebAuthnView(mfa_views.ManageWebAuthnView):  # type: ignore[misc]
    input_class: ClassVar[dict[str, Any]] = {
        **mfa_views.ManageWebAuthnView.input_class,
        "DELETE": DeleteWebAuthnInput,
    }


@csrf_exempt
def no_phones(request: HttpRequest) -> HttpResponse:
    """allauth has these addresses always, and what is behind them only for sites that ask for numbers."""
    raise Http404(_("Accounts have no phone numbers."))


def _for_apps(route: str, view: Any, name: str) -> URLPattern:
    pattern: URLPattern = path(route, view.as_api_view(client=Client.APP), name=name)
    return pattern


app_name = "accounts_api"
urlpatterns = [
    _for_apps("auth/email/verify", VerifyEmailView, "verify_email"),
    _for_apps("auth/password/request", RequestPasswordResetView, "request_password_reset"),
    _for_apps("auth/password/reset", ResetPasswordView, "reset_password"),
    _for_apps("auth/2fa/authenticate", AuthenticateView, "authenticate"),
    _for_apps("auth/2fa/reauthenticate", ReauthenticateView, "reauthenticate"),
    _for_apps("auth/sessions", SessionsView, "sessions"),
    _for_apps("account/authenticators/webauthn", ManageWebAuthnView, "manage_webauthn"),
    re_path(r"^(?:account|auth)/phone", no_phones, name="no_phones"),
]
