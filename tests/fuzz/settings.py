"""The site's settings, with limits of rate that a fuzzer does not run into, and cheap passwords."""

from allauth.account import app_settings

from colorsite.api_settings import REST_FRAMEWORK
from colorsite.settings import *  # noqa: F403
from colorsite.settings import ACCOUNT_RATE_LIMITS, STORAGES

# A window of a second: what is counted stays short.
ACCOUNT_RATE_LIMITS = dict.fromkeys(
    [*app_settings.RATE_LIMITS, *ACCOUNT_RATE_LIMITS], "100000/s/ip"
)
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"user": "100000/s"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "tests.fuzz.mail.WrittenMail"
