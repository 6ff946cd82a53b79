"""Where our accounts differ from allauth's."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import is_headless_request
from allauth.headless.internal.restkit.response import ErrorResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import addresses, mail, security_notices, services
from accounts.models import TAKEN, User

logger = logging.getLogger(__name__)
MAX_USER_AGENT = 200


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email or the password is not correct."),
        "email_taken": TAKEN,
        "enter_current_password": _("Enter your current password."),
        "incorrect_code": _("This code is not correct."),
        "incorrect_password": _("This password is not correct."),
        "rate_limited": _("Too many requests. Try again in a minute."),
        "too_many_login_attempts": _("Too many failed attempts. Try again later."),
        "unverified_primary_email": _("Confirm this address before you make it your main address."),
    }

    def clean_email(self, email: str) -> str:
        return addresses.clean(email)

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` stays on this site: other names of this machine and other ports are other sites."""
        host, is_https = settings.SITE_HOST, settings.SITE_URL.startswith("https:")
        return url_has_allowed_host_and_scheme(url, {host}, require_https=is_https)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Over a Unix socket there is none: all these are one."""
        ip = super().get_client_ip(request) if request.META.get("REMOTE_ADDR") else "::"
        return str(ip)

    # Sign-up and confirmation

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.ConfirmAddressStage", "allauth.mfa.stages.AuthenticateStage"]

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        user.awaits_confirmation = settings.HAS_MAIL_SERVER
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The code was correct."""
        proved = services.prove(email_address)
        if not proved and is_headless_request(request):
            taken = self.validation_error("email_taken")
            raise ImmediateHttpResponse(ErrorResponse(request, exception=taken))
        if proved:
            _stay_logged_in(request, email_address.user)
        outcome = "email_confirmed" if proved else "email_confirmation_failed"
        self.add_message(
            request,
            messages.SUCCESS if proved else messages.ERROR,
            f"account/messages/{outcome}.txt",
            {"email": email_address.email},
        )
        return proved

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """The page says the same to everybody; the owner of an address that is taken reads it here."""
        email = emailconfirmation.email_address.email
        if EmailAddress.objects.is_verified(email):
            self.send_mail("account/email/email_taken", email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whose address it is.

        An address that nobody has gets the same response as any other: the message does not arrive.

        Raises:
            NotSentError: the mail server is away, or takes no message now.
        """
        holder = User.objects.holder_of(email)
        language = holder.language if holder else ""
        try:
            with translation.override(language or translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except OSError as error:
            if not mail.is_for_nobody(error):
                logger.exception("The mail server did not take a message")
                raise mail.NotSentError from error
            logger.warning("The mail server takes no messages for %s", email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Of a change of the account, whose name the prefix is."""
        security_notices.send(
            template_prefix,
            user,
            ip=self.get_client_ip(self.request),
            user_agent=self.get_http_user_agent(self.request)[:MAX_USER_AGENT],
        )

    # Log in

    def set_password(self, user: User, password: str) -> None:
        """Nothing else: to hash it takes a while, in which staff may suspend the account."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def login(self, request: HttpRequest, user: User) -> None:
        """The code that was just entered may have ended all sessions: this one begins after that.

        A form that was kept before may have given the session an hour (`colorsite.interrupted`).
        """
        user.refresh_from_db(fields=["sessions_ended"])
        request.session.set_expiry(None)
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only who knows the password gets here, so the reason is shown."""
        return render(request, "account/account_inactive.html", {"account": user}, status=403)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures count for an email address from one network address, and, much later, from all of them."""
        super().pre_authenticate(request, **credentials)
        anywhere = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_anywhere",
            key=addresses.normalize(credentials.get("email", "")),
        )
        if not anywhere:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += anywhere.usage

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{addresses.normalize(credentials.get('email', ''))} {ratelimit.get_ip(request)}"

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Who has chosen a new password by email gets in, whatever others have tried."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        key = addresses.normalize(credentials.get("email", ""))
        ratelimit.clear(request, app="allauth.account", action="login_failed_anywhere", key=key)


def _stay_logged_in(request: HttpRequest, user: User) -> None:
    """Where the code was typed, when it ended all sessions. Otherwise a token stays what it is."""
    is_current = request.session.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
    if request.user == user and not is_current:
        update_session_auth_hash(request, user)
