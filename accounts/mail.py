"""Messages to people: in their language, and only to addresses that they have proved."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User

# RFC 5321, 4.2.1: a smaller code says that the message may be taken later.
FOR_GOOD: Final = 500


class NotSentError(Exception):
    """A message that somebody waits for was not sent, so nothing that needs it goes on."""


def is_for_nobody(error: OSError) -> bool:
    """Whether the mail server knows that no such mailbox will ever be there."""
    codes = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else []
    return bool(codes) and all(code >= FOR_GOOD for code, _ in codes)


def proved_address(user: User) -> str | None:
    """Their main address, when it is theirs."""
    return next(iter(proved_addresses(user)), None)


def proved_addresses(user: User) -> list[str]:
    """All that are theirs, the main one first."""
    proved = EmailAddress.objects.filter(user=user, verified=True)
    return list(proved.order_by("-primary", "pk").values_list("email", flat=True))


def send(template: str, address: str, language: str, **context: Any) -> None:
    """Render `<template>_subject.txt` and `<template>_message.txt`, and send them.

    Raises:
        OSError: the mail server did not take the message.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"{template}_subject.txt", context)
        message = render_to_string(f"{template}_message.txt", context)
    prefix = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX
    send_mail(prefix + " ".join(subject.split()), message.strip(), None, [address])
