from django.db import models


class ErrorCode(models.TextChoices):
    """Why a try to deliver something failed, beside `jobs.errors.ErrorCode`."""

    ADDRESS_REFUSED = "address_refused", "The address is not a public one"
    UNREACHABLE = "unreachable", "Nobody answered"
    NOT_TRUSTED = "not_trusted", "The certificate is not good"
    SECRET_LOST = "secret_lost", "The secret cannot be read: make a new one"
    WITHHELD = "withheld", "The webhook or the account was turned off meanwhile"
    BAD_STATUS = "bad_status", "The answer was not a success"
