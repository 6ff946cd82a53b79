"""One spelling for every email address, so that no two spellings reach one mailbox."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _


def normalize(email: str) -> str:
    """In lower case, with the domain as mail servers write it: look-alikes of a name become that name."""
    local, at, domain = email.strip().lower().rpartition("@")
    return f"{local}{at}{_as_mail_servers_write(domain)}"


def clean(email: str) -> str:
    """An address that a person typed.

    Raises:
        ValidationError: no mail can be sent to it, or it has characters that look like others.
    """
    address = normalize(email)
    try:
        sanitize_address(address, settings.DEFAULT_CHARSET)
    except ValueError as error:  # such as a@xn--\xe9.org
        raise ValidationError(_("Enter a valid email address."), code="invalid") from error
    if not address.isascii():
        raise ValidationError(
            _("Enter an email address without accents or foreign letters."), code="invalid"
        )
    return address


def _as_mail_servers_write(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:  # no such domain can exist
        return domain
