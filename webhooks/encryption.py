"""Secrets of webhooks, encrypted at rest: a copy of the database alone signs nothing."""

from __future__ import annotations

import base64
import logging
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)
SALT: Final = "webhooks.secrets"


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Empty when it was encrypted with another SECRET_KEY, of which nobody has told us."""
    try:
        return _fernet().decrypt(token).decode() if token else ""
    except InvalidToken:
        logger.warning("A secret of a webhook was encrypted with another SECRET_KEY")
        return ""


class SecretField(models.CharField):  # type: ignore[type-arg]  # not to be had when it runs
    """A text that only the database has encrypted."""

    def get_prep_value(self, value: Any) -> str:
        return encrypt(super().get_prep_value(value))

    def from_db_value(self, value: str, *args: object) -> str:
        return decrypt(value)


def _fernet() -> MultiFernet:
    """The first key encrypts, each of them decrypts."""
    return MultiFernet(_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _key(secret: str | bytes) -> Fernet:
    digest = salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
